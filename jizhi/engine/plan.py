"""The small tables that a batch needs beside the facts: calendar days, items, caps, periods, bases.

All calendar arithmetic and all reading of the document happens here, once; the SQL that follows joins whole numbers.
Days are proleptic ordinals. It holds no facts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jizhi.engine.document.base import Duration, Window
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.points import Bands, Between, Each, Fixed, Grades, Ladder
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.stages import limit
from jizhi.engine.stages.price import millionths
from jizhi.engine.windows import Calendar, Span

WINDOWS = [window.value for window in Window]
KINDS = ("month", "quarter", "half", "year")
BASES = ("day", "week", *KINDS)
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Period:
    """One period of the settlement and the version that governs it."""

    number: int
    kind: str
    span: Span
    first: int
    last: int
    version: int
    place: int


@dataclass(frozen=True)
class Plan:
    """What the document says about the days of the facts and the periods to settle."""

    versions: Versions
    start: dt.date
    end: dt.date
    fact_days: frozenset[dt.date]

    @cached_property
    def calendar(self) -> Calendar:
        """The windows of all versions."""
        return Calendar.of(self.versions.latest)

    @cached_property
    def schemes(self) -> list[Scheme]:
        """The versions' schemes; their place is the version's number."""
        return [version.scheme for version in self.versions.entries]

    @cached_property
    def item_numbers(self) -> dict[str, int]:
        """A number for every item of any version."""
        names = dict.fromkeys(item.id for scheme in self.schemes for item in scheme.items)
        return {name: number for number, name in enumerate(names)}

    @cached_property
    def durations(self) -> list[Duration]:
        """Every `within` of the versions."""
        return list(dict.fromkeys(item.repeat.within for item in self._items() if item.repeat))

    @cached_property
    def validities(self) -> list[Duration]:
        """Every `valid` of the versions."""
        return list(dict.fromkeys(item.valid for item in self._items() if item.valid))

    def _items(self) -> Iterator[Item]:
        return (item for scheme in self.schemes for item in scheme.items)

    def version_number(self, day: dt.date) -> int | None:
        """The number of the version in force."""
        version = self.versions.version_on(day)
        return self.versions.entries.index(version) if version else None

    @cached_property
    def day_columns(self) -> dict[str, str]:
        """Columns of `days`."""
        windows = {f"{window}_{side}": "INTEGER" for window in WINDOWS for side in ("first", "last")}
        more = [f"before_{n}" for n in range(len(self.durations))] + [
            f"until_{n}" for n in range(len(self.validities))
        ]
        return {"day": "INTEGER", "version": "INTEGER", **windows, **dict.fromkeys(more, "INTEGER")}

    def days(self) -> Iterator[tuple[Any, ...]]:
        """One row for each day on which something happened."""
        for day in sorted(self.fact_days):
            spans = [self.calendar.span(window, day) for window in WINDOWS]
            bounds = [bound for span in spans for bound in (span.start.toordinal(), span.end.toordinal())]
            before = [duration.before(day).toordinal() for duration in self.durations]
            until = [duration.after(day).toordinal() for duration in self.validities]
            yield (day.toordinal(), self.version_number(day), *bounds, *before, *until)

    def items(self) -> Iterator[tuple[Any, ...]]:
        """version, item, kind, sign, form, amount, factor, before, until, best_of, section, restricted, places."""
        for version, scheme in enumerate(self.schemes):
            sections = {section: number for number, section in enumerate(self.section_names)}
            for item in scheme.items:
                form, amount = _form(item)
                yield (
                    version,
                    self.item_numbers[item.id],
                    item.kind.value,
                    item.sign,
                    form,
                    amount,
                    millionths(item.repeat.factor) if item.repeat else None,
                    self.durations.index(item.repeat.within) if item.repeat else None,
                    self.validities.index(item.valid) if item.valid else None,
                    item.best_of is not None,
                    sections[item.section],
                    bool(item.classes),
                )

    @cached_property
    def section_names(self) -> list[str]:
        """Every section that an item of any version names."""
        return list(dict.fromkeys(item.section for item in self._items()))

    def grades(self) -> Iterator[tuple[Any, ...]]:
        """version, item, grade, amount."""
        for version, item in self._versioned():
            if isinstance(item.points, Grades):
                for key, grade in item.points.grades.items():
                    yield version, self.item_numbers[item.id], key, millionths(grade.points)
            if isinstance(item.points, Ladder):
                for place, amount in enumerate(item.points.ladder, 1):
                    yield version, self.item_numbers[item.id], str(place), millionths(amount)

    def bands(self) -> Iterator[tuple[Any, ...]]:
        """version, item, floor, ceiling, each."""
        for version, item in self._versioned():
            floor = 0
            for band in item.points.bands if isinstance(item.points, Bands) else ():
                ceiling = None if band.to is None else millionths(band.to)
                yield version, self.item_numbers[item.id], floor, ceiling, millionths(band.each)
                floor = ceiling or floor

    def classes(self) -> Iterator[tuple[Any, ...]]:
        """version, item, class."""
        for version, item in self._versioned():
            for klass in dict.fromkeys(item.classes):
                yield version, self.item_numbers[item.id], klass

    def _versioned(self) -> Iterator[tuple[int, Item]]:
        return ((version, item) for version, scheme in enumerate(self.schemes) for item in scheme.items)

    @cached_property
    def limit_steps(self) -> list[limit.Step]:
        """The steps of the cascade in order, each with its caps."""
        found: dict[tuple[int, int, int], list[tuple[Any, ...]]] = {}
        kinds: dict[tuple[int, int, int], limit.Slot] = {}
        for version, item in self._versioned():
            for slot, cap in limit.slots(self.schemes, self.schemes[version], item):
                row = (version, self.item_numbers[item.id], cap.plain, cap.per_member, slot.name)
                found.setdefault(slot.order, []).append(row)
                kinds[slot.order] = slot
        steps = []
        for number, order in enumerate(sorted(found)):
            slot, rows = kinds[order], found[order]
            steps.append(
                limit.Step(number, slot.scope, slot.times, slot.window, rows, self._changing(slot, order))
            )
        return steps

    def _changing(self, slot: limit.Slot, order: tuple[int, int, int]) -> bool:
        """Whether one window of this step may see different caps, which only several versions bring about."""
        caps: dict[tuple[str, str], set[limit.Cap]] = {}
        for version, item in self._versioned():
            for other, cap in limit.slots(self.schemes, self.schemes[version], item):
                if other.order == order:
                    caps.setdefault((other.owner, other.kind), set()).add(cap)
        return any(len(different) > 1 for different in caps.values())

    def effects(self) -> Iterator[tuple[Any, ...]]:
        """version, item, zero window, level, for: what vetoes and rulings do."""
        for version, item in self._versioned():
            if item.kind in (Kind.VETO, Kind.RULING) and item.effect:
                level = item.effect.level.zh if item.effect.level and item.kind == Kind.RULING else None
                zero = item.effect.zero if item.kind == Kind.VETO else None
                yield version, self.item_numbers[item.id], zero, level

    @cached_property
    def periods(self) -> list[Period]:
        """Every period that touches the settled days, standings included."""
        found: list[Period] = []
        for kind in KINDS:
            for place, span in enumerate(self.calendar.spans(kind, self.start, self.end)):
                first, last = max(span.start, self.start), min(span.end, self.end)
                version = self.version_number(last) or 0
                cut = first.toordinal(), last.toordinal()
                found.append(Period(len(found), kind, span, *cut, version, place))
                if self.stands and kind == self.appraise(version):
                    found.append(Period(len(found), "standing", span, *cut, version, place))
        return found

    @cached_property
    def stands(self) -> bool:
        """Whether there are standings."""
        return any(scheme.uses_valid for scheme in self.schemes)

    def appraise(self, version: int) -> str:
        """The period kind of a version's standings."""
        kind = self.schemes[version].periods.appraise
        return kind.value if kind in KINDS else "year"

    def listed(self, period: Period) -> bool:
        """Whether its rows are part of the output."""
        return period.kind == "standing" or period.kind in self.schemes[period.version].periods.settled

    def period_rows(self) -> Iterator[tuple[Any, ...]]:
        """number, kind, label, first, last, cut_first, cut_last, version, place, listed."""
        for one in self.periods:
            yield (
                one.number,
                one.kind,
                one.span.label,
                one.span.start.toordinal(),
                one.span.end.toordinal(),
                one.first,
                one.last,
                one.version,
                one.place,
                self.listed(one),
            )

    def bases(self) -> Iterator[tuple[Any, ...]]:
        """base, period, first, last, cut_first, cut_last, points: which base periods make up which period."""
        number = 0
        for period in self.periods:
            kind = self.appraise(period.version) if period.kind == "standing" else period.kind
            for per in BASES[: BASES.index(kind) + 1]:
                for span, points in self.base_spans(per, period.span):
                    first, last = max(span.start, self.start), min(span.end, self.end)
                    if first <= last:
                        yield (
                            number,
                            period.number,
                            span.start.toordinal(),
                            span.end.toordinal(),
                            first.toordinal(),
                            last.toordinal(),
                            points,
                        )
                        number += 1

    def base_spans(self, per: str, outer: Span) -> Iterator[tuple[Span, int]]:
        """The base periods of one kind that begin inside a longer one, with their points."""
        if not any(scheme.base and scheme.base.per == per for scheme in self.schemes):
            return
        for span in self.calendar.spans(per, outer.start, outer.end):
            scheme = self.versions.on(min(span.end, self.end))
            if outer.holds(span.start) and scheme and scheme.base and scheme.base.per == per:
                yield span, scheme.base.points


def _form(item: Item) -> tuple[str, int]:
    points = item.points
    if isinstance(points, Fixed):
        return "fixed", millionths(points.fixed)
    if isinstance(points, Each):
        return ("member" if points.per_member else "each"), millionths(points.each)
    if isinstance(points, Grades | Ladder):
        return "grade", 0
    if isinstance(points, Bands):
        return "bands", 0
    return ("given", 10**6) if isinstance(points, Between) else ("none", 0)
