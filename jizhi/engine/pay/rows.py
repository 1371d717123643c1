"""Who is paid and what comes out: persons, lines, sheets. Money is in fen, stars are in hundredths; nothing is
worked out here, see `lines.py`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jizhi.engine.document.text import Text

TITLES = {
    "base": Text(zh="基础工资", en="Base pay"),
    "performance": Text(zh="绩效工资", en="Performance pay"),
    "added_stars": Text(zh="增星奖励", en="Added stars"),
    "pension": Text(zh="养老保险补助", en="Pension contribution"),
    "leaving": Text(zh="离任补贴", en="Leaving allowance"),
}


class Unpayable(ValueError):
    """Somebody whose pay cannot be worked out; `field` is the column that is wrong."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        self.field = field
        self.message = Text(zh=f"{field}：{zh}", en=f"{field}: {en}")
        super().__init__(self.message.en)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever is paid: level and stars of the year, the stars they are compared with, first and last day in post.

    A person who left keeps the stars of the day of leaving; `left_normally` is false when the post was lost.
    """

    person: str
    name: str = ""
    group: str = ""
    level: str = ""
    stars: int | None = None
    previous_stars: int | None = None
    first_stars: int | None = None
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    left_normally: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One amount in fen and how it came about; `kind` is a key of `TITLES`."""

    kind: str
    fen: int
    reason: Text

    @property
    def title(self) -> Text:
        """The words for this kind of line."""
        return TITLES[self.kind]


@dataclass(frozen=True, slots=True)
class PaySheet:
    """One person's year; `months` says when the base pay is due, in fen by month."""

    person: Person
    year: int
    lines: tuple[Line, ...]
    months: dict[str, int]

    @property
    def total(self) -> int:
        """The sum of the lines in fen."""
        return sum(line.fen for line in self.lines)

    def fen(self, kind: str) -> int:
        """The amount of that kind, 0 when there is no such line."""
        return sum(line.fen for line in self.lines if line.kind == kind)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the pay year: its days, and how many of them the person was in post."""

    label: str
    start: dt.date
    days: int
    served: int
