"""How far a household has come towards its limits of points in a month: for reading, not for pricing.

What a limit really cuts is decided by the engine when a fact is posted, and stands on the entry.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from jizhi.engine.document.base import Window
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.text import Text
from jizhi.ledger import selectors as ledger
from jizhi.people.models import Subject
from jizhi.schemes import selectors as schemes


@dataclass(frozen=True, slots=True)
class LimitUse:
    """Merits counted in the month and the most that can count, in hundredths; no title for the whole scheme."""

    title: Text | None
    used: int
    cap: int

    @property
    def is_full(self) -> bool:
        return self.used >= self.cap


def month_limits(subject: Subject, scheme: str, start: dt.date, end: dt.date) -> list[LimitUse]:
    """The monthly limits of the scheme and of its sections, with what was counted from `start` to `end`.

    Empty where no scheme is in force on the last day.
    """
    try:
        document = schemes.scheme_on(subject.village, scheme, end)
    except schemes.NotInForce:
        return []
    sums = ledger.awarded_by_item(subject.pk, scheme, start, end)
    found = [LimitUse(None, _used(document.items, sums), cap) for cap in _caps(document.limits, subject.size)]
    for section in document.sections:
        items = [item for item in document.items if item.section == section.id]
        found += [
            LimitUse(section.title, _used(items, sums), cap) for cap in _caps(section.limits, subject.size)
        ]
    return found


def _used(items: Iterable[Item], sums: dict[str, int]) -> int:
    return sum(sums.get(item.id, 0) for item in items if item.kind is Kind.MERIT)


def _caps(limits: Iterable[Limit], size: int) -> list[int]:
    monthly = [limit for limit in limits if limit.per is Window.MONTH and limit.kind == "merit"]
    return [limit.cap * (size if limit.per_member else 1) for limit in monthly if not limit.counts_times]
