"""The branches of an explanation: what a total is made of, down to each fact, and what follows from it.

Numbers and names only, points in hundredths, money in fen; the words for them are in `explain_words`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jizhi.engine.document.base import Portion
from jizhi.engine.document.item import Item
from jizhi.engine.document.outcome import Outcome as OutcomeRule
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.text import Text


class UnsoundExplanation(AssertionError):
    """Parts that do not add up to their whole: never expected, never shown."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What one limit took from a fact; `name` as in the awards table, cap and used in points or in times.

    `used` is what earlier facts had used of the window from `start` to `end`.
    """

    name: str
    points: int
    cap: int
    used: int
    times: bool
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class Repetition:
    """The earlier fact that makes this one a repetition; `once` is the price before it was multiplied."""

    fact: int
    date: dt.date
    factor: Decimal
    once: int


@dataclass(frozen=True, slots=True)
class Better:
    """The fact that counts instead, for the same act."""

    fact: int
    title: Text
    price: int


@dataclass(frozen=True, slots=True)
class Wiped:
    """The veto that wiped something out, and the days that it reaches."""

    fact: int
    title: Text
    date: dt.date
    start: dt.date
    end: dt.date


Unmatched = Literal["", "no-version", "no-item", "absent", "class"]


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: what was done, what it was worth, what is left, and under which version."""

    fact: int
    date: dt.date
    item: str
    title: Text
    section: Text | None
    kind: str
    quantity: Decimal | None
    size: int | None
    grade: str | None
    given: Decimal | None
    act: str | None
    price: int
    repetition: Repetition | None
    better: Better | None
    cuts: tuple[Cut, ...]
    wiped: Wiped | None
    awarded: int
    held_back: int
    note: str
    unmatched: Unmatched
    version: dt.date | None
    file: str
    reference: Reference | None
    document: Item | None
    scheme: Scheme | None

    @property
    def repeated(self) -> bool:
        """Whether the price was multiplied."""
        return self.repetition is not None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row of the subject that could not be used."""

    fact: int
    date: dt.date
    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class BaseLine:
    """One base period: what it gave, and why not when it gave nothing; note is empty, `veto` or `absent`."""

    period: str
    points: int
    counted: int
    note: str
    wiped: Wiped | None = None


@dataclass(frozen=True, slots=True)
class RankLine:
    """The place in the group: `rank` of `members`, shared by `same` of them, who all have the same `total`."""

    rank: int
    members: int
    same: int
    within: tuple[str, ...]
    group: str
    klass: str
    tie_break: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelLine:
    """The level, and what set it: a ruling, or the step that fits; `places` is what `top` comes to in this group."""

    level: Text
    ruling: FactLine | None = None
    over: int | None = None
    from_: int | None = None
    top: Portion | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of an outcome: what was asked, what was found."""

    name: Literal["top", "bottom", "below", "from", "over", "to", "level", "vetoed"]
    wanted: Portion | int | bool | tuple[str, ...]
    found: int | bool | str
    met: bool


@dataclass(frozen=True, slots=True)
class StreakPeriod:
    """One period of a streak: whether the conditions held in it, or that the subject did not take part.

    Not `listed`: the version of that time made no totals for periods of this kind, so nothing can be shown.
    """

    period: str
    held: bool
    present: bool
    listed: bool


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome of the scheme for periods of this kind: does it follow, and why."""

    rule: OutcomeRule
    met: bool
    conditions: tuple[Condition, ...]
    streak: tuple[StreakPeriod, ...]


@dataclass(frozen=True, slots=True)
class ShareLine:
    """The part of the pool: points of the whole, whole fen first, then one of the fen that remained, or not."""

    points: int
    above: int
    whole: int
    pool: int
    exact: int
    remainder: int
    fen: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A subject's period as a tree of lines that add up."""

    scheme: str
    title: Text
    subject: str
    group: str
    period_kind: str
    period: str
    start: dt.date
    end: dt.date
    places: int
    base: int
    base_lines: tuple[BaseLine, ...]
    awarded: int
    lines: tuple[FactLine, ...]
    refused: tuple[Refused, ...]
    unclamped: int
    floor: int | None
    ceiling: int | None
    total: int
    vetoed: bool
    rank: int | None
    level: str
    rank_line: RankLine | None
    level_line: LevelLine | None
    outcomes: tuple[OutcomeLine, ...]
    share: ShareLine | None
    version: dt.date | None
    file: str
    reference: Reference | None
    document: Scheme
