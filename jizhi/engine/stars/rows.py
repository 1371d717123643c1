"""A star sheet and its lines: stars in hundredths, what was taken with a minus. Nothing is counted here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jizhi.engine.document.reference import Reference
from jizhi.engine.document.text import Text


@dataclass(frozen=True, slots=True)
class StarLine:
    """One decided fact, or years in post (`fact` is None): what it was worth and what of it is in force.

    `until` is the last day on which it counts, None when nothing of it ever does; `note` is as in the awards table, or
    `lapsed`.
    """

    part: str
    item: str
    title: Text
    fact: int | None
    date: dt.date
    until: dt.date | None
    price: int
    held_back: int
    limit: str
    counted: int
    takes_all: bool
    note: str
    reason: Text
    reference: Reference | None


@dataclass(frozen=True, slots=True)
class StarSheet:
    """One person on one day. The six sums add up to `stars`; whoever is not rated yet has none and
    the level `unrated`.

    `removed` has what single removals took and what one of all took; `floor_lift` and `ceiling_cut` bring the sum
    between nothing and the ceiling.
    """

    person: str
    group: str
    date: dt.date
    rated: bool
    base: int
    raised: int
    dropped: int
    removed: int
    floor_lift: int
    ceiling_cut: int
    stars: int
    level: str
    lines: tuple[StarLine, ...]
    reason: Text
