"""Under which items of a village's scheme taking part may count: merits that the grid worker may claim for others.

Items that need a grade or an amount of something other than hours are left out: a sign-in list does not know it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jizhi.claims import selectors as claims
from jizhi.claims.rules import Channel
from jizhi.core.errors import DomainError

if TYPE_CHECKING:
    from jizhi.areas.models import Area
    from jizhi.engine.document.item import Item

HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Choice:
    """An item as a form offers it; `title` has both languages, `points` is in the reader's."""

    id: str
    title: object
    points: str


def items_for_attendance(village: Area, day: dt.date) -> list[Item]:
    """The items, in the scheme's order; none where no scheme is in force on that day."""
    try:
        groups = claims.items_to_claim(village, claims.HOUSEHOLD_SCHEME, Channel.ACTIVITY, on=day)
    except DomainError:
        return []
    return [item for _section, items in groups for item in items if item.kind == "merit" and _fits(item)]


def _fits(item: Item) -> bool:
    return item.needs == "none" or (item.needs == "quantity" and _per_hour(item))


def _per_hour(item: Item) -> bool:
    return item.unit_word is not None and str(item.unit_word) == HOUR


def counts_hours(village: Area, item_id: str, day: dt.date) -> bool:
    """Whether the item counts hours; otherwise each attendance is one time."""
    return any(item.id == item_id and _per_hour(item) for item in items_for_attendance(village, day))


def item_choices(village: Area, day: dt.date, language: str) -> list[Choice]:
    """The items as a form offers them."""
    return [
        Choice(item.id, item.title, claims.points_words(item, language))
        for item in items_for_attendance(village, day)
    ]
