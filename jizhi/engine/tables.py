"""The rows that go into a settlement and the rows that come out of it.

Points are integers in hundredths and money is in fen; quantities are Decimal. This is not a store: nothing here reads
or writes files, see `files.py` for that.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Subject:
    """Whoever is scored, in a group, from one day to another (None = open, both ends belong to it)."""

    subject: str
    group: str = ""
    klass: str = ""
    size: int | None = None
    from_date: dt.date | None = None
    to_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One decided act; `fact` is its place in the ledger's order."""

    fact: int
    subject: str
    item: str
    date: dt.date
    quantity: Decimal | None = None
    grade: str | None = None
    given: Decimal | None = None
    act: str | None = None
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Award:
    """What one fact is worth: `price` after rounding and repetition, `awarded` after every cut."""

    fact: int
    subject: str
    item: str
    date: dt.date
    price: int
    awarded: int
    held_back: int
    limit: str
    note: str


@dataclass(frozen=True, slots=True)
class Total:
    """One subject's period."""

    subject: str
    group: str
    period_kind: str
    period: str
    base: int
    awarded: int
    total: int
    rank: int
    level: str
    vetoed: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from a period."""

    subject: str
    group: str
    period: str
    outcome: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Share:
    """One subject's part of a money pool."""

    subject: str
    group: str
    period: str
    points: int
    fen: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be used. `line` is the file's line, or the fact number when rows came from memory."""

    table: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """All that a settlement yields, every list sorted by its key."""

    awards: list[Award] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
