"""A document's versions as quick lookups: which version a day has, through which limits an item's facts go, where a
window begins.

Nothing here is worked out that the plan and the stages do not say as well; it only remembers. One rulebook serves all
books of the same versions.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

from jizhi.engine.document.item import Item
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.stages import limit
from jizhi.engine.windows import Calendar, Span


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """One limit of the cascade; gates are equal only when they are the same."""

    slot: limit.Slot
    order: tuple[int, int, int]


Way = tuple[tuple[Gate, limit.Cap], ...]


@dataclass(eq=False)
class Rulebook:
    """Lookups over one set of versions."""

    versions: Versions
    calendar: Calendar = field(init=False)
    items: frozenset[str] = field(init=False)
    _schemes: list[Scheme] = field(init=False)
    _of_day: dict[dt.date, Scheme | None] = field(default_factory=dict)
    _gates: dict[limit.Slot, Gate] = field(default_factory=dict)
    _ways: dict[tuple[int, str], Way] = field(default_factory=dict)
    _spans: dict[tuple[str, dt.date], Span] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.calendar = Calendar.of(self.versions.latest)
        self._schemes = [version.scheme for version in self.versions.entries]
        self.items = frozenset(item.id for scheme in self._schemes for item in scheme.items)

    def on(self, day: dt.date) -> Scheme | None:
        """The scheme in force on that day, or None."""
        if day not in self._of_day:
            self._of_day[day] = self.versions.on(day)
        return self._of_day[day]

    def way(self, scheme: Scheme, item: Item) -> Way:
        """The limits through which the item's facts go under this version, in order."""
        key = (id(scheme), item.id)
        if key not in self._ways:
            slots = limit.slots(self._schemes, scheme, item)
            self._ways[key] = tuple((self._gate(slot), cap) for slot, cap in slots)
        return self._ways[key]

    def _gate(self, slot: limit.Slot) -> Gate:
        return self._gates.setdefault(slot, Gate(slot, slot.order))

    def span(self, window: str, day: dt.date) -> Span:
        """The window of that kind to which the day belongs."""
        key = (window, day)
        if key not in self._spans:
            self._spans[key] = self.calendar.span(window, day)
        return self._spans[key]


class _Same:
    """Versions told apart by being themselves, not by what they say."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions

    def __hash__(self) -> int:
        return id(self.versions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.versions is self.versions


@lru_cache(maxsize=64)
def _rulebook(same: _Same) -> Rulebook:
    return Rulebook(same.versions)


def of(versions: Versions) -> Rulebook:
    """The rulebook of these versions, made once."""
    return _rulebook(_Same(versions))
