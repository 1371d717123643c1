"""The small tables that a batch joins its facts with, as rows of whole numbers, made from a plan.

Each table is named with its columns and SQL types. No SQL is written here, and nothing is read but the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from jizhi.engine.document.base import Window
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.points import Each, Fixed, Grades, Ladder
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.plan import BASES, Period, Plan
from jizhi.engine.stages.price import MILLION, TO_HUNDREDTHS, form, millionths, rounded

WINDOWS = [window.value for window in Window]
INTS = "BIGINT"
WIDE = 4_000_000_000_000_000_000
Rows = Iterator[tuple[Any, ...]]

RULES = {
    "rule": "INTEGER",
    "version": "INTEGER",
    "item": "INTEGER",
    "sign": "INTEGER",
    "form": "VARCHAR",
    "amount": INTS,
    "factor": INTS,
    "before": "INTEGER",
    "until": "INTEGER",
    "zero": "VARCHAR",
    "restricted": "BOOLEAN",
    "rate": INTS,
}
GRADES = {"rule": "INTEGER", "grade": "INTEGER", "amount": INTS}
CLASSES = {"rule": "INTEGER", "class": "VARCHAR"}
CAPS = {"rule": "INTEGER", "k": "INTEGER", "plain": INTS, "member": INTS}
PERIODS = {
    "number": "INTEGER",
    "kind": "VARCHAR",
    "label": "VARCHAR",
    "first": "INTEGER",
    "last": "INTEGER",
    "cut_first": "INTEGER",
    "cut_last": "INTEGER",
    "version": "INTEGER",
    "place": "INTEGER",
    "listed": "BOOLEAN",
}
CELLS = {"cell": "INTEGER", "period": "INTEGER"}
BASE_PERIODS = {
    "base": "INTEGER",
    "period": "INTEGER",
    "first": "INTEGER",
    "last": "INTEGER",
    "cut_first": "INTEGER",
    "cut_last": "INTEGER",
    "points": INTS,
}
RANGES = {"version": "INTEGER", "floor": INTS, "ceiling": INTS}
RULINGS = {"subject": "INTEGER", "fact": INTS, "first": "INTEGER", "last": "INTEGER", "level": "VARCHAR"}


def rules(plan: Plan) -> Rows:
    """One row for every item of every version."""
    for rule in plan.rules:
        item = rule.item
        yield (
            rule.number,
            rule.version,
            rule.item_number,
            item.sign,
            form(item),
            _amount(item, plan.versions.latest.unit.places),
            millionths(item.repeat.factor) if item.repeat else None,
            plan.durations.index(item.repeat.within) if item.repeat else None,
            plan.validities.index(item.valid) if item.valid else None,
            item.effect.zero if item.kind == Kind.VETO and item.effect else None,
            bool(item.classes),
            rate(plan.schemes[rule.version]) if item.spendable else None,
        )


def rate(scheme: Scheme) -> int:
    """What a spendable point is worth, in fen."""
    return scheme.redeem.fen_per_point if scheme.redeem else 0


def _amount(item: Item, places: int) -> int:
    """The price in hundredths where it is fixed, millionths where it is multiplied, else nothing."""
    points = item.points
    if isinstance(points, Fixed):
        return rounded(millionths(points.fixed) * MILLION, TO_HUNDREDTHS, places)
    return millionths(points.each) if isinstance(points, Each) else 0


def grades(plan: Plan) -> Rows:
    """The price in hundredths of every grade of every rule."""
    for rule in plan.rules:
        points, amounts = rule.item.points, []
        if isinstance(points, Grades):
            amounts = [(key, grade.points) for key, grade in points.grades.items()]
        if isinstance(points, Ladder):
            amounts = [(str(place), amount) for place, amount in enumerate(points.ladder, 1)]
        for key, amount in amounts:
            raw = millionths(amount) * MILLION
            price = rounded(raw, TO_HUNDREDTHS, plan.versions.latest.unit.places)
            yield rule.number, plan.names.grades[key], price


def classes(plan: Plan) -> Rows:
    """The classes to which a rule is limited."""
    for rule in plan.rules:
        for klass in dict.fromkeys(rule.item.classes):
            yield rule.number, klass


def day_columns(plan: Plan) -> dict[str, str]:
    """Columns of `days`."""
    windows = {f"{window}_{side}": "INTEGER" for window in WINDOWS for side in ("first", "last")}
    more = [f"before_{n}" for n in range(len(plan.durations))] + [
        f"until_{n}" for n in range(len(plan.validities))
    ]
    return {
        "day": "INTEGER",
        "date": "DATE",
        "version": "INTEGER",
        "cell": "INTEGER",
        **windows,
        **dict.fromkeys(more, "INTEGER"),
    }


def days(plan: Plan, acts: Iterable[dt.date]) -> Rows:
    """One row for each day on which something happened; its cell is NULL outside the settled days."""
    cells = {periods: number for number, periods in enumerate(_cells(plan))}
    for day in sorted(acts):
        spans = [plan.calendar.span(window, day) for window in WINDOWS]
        bounds = [bound for span in spans for bound in (span.start.toordinal(), span.end.toordinal())]
        before = [duration.before(day).toordinal() for duration in plan.durations]
        until = [duration.after(day).toordinal() for duration in plan.validities]
        number = day.toordinal()
        cell = cells.get(_around(plan, number)) if plan.start <= day <= plan.end else None
        yield (number, day, plan.version_number(day), cell, *bounds, *before, *until)


def cells(plan: Plan) -> Rows:
    """The stretches of days that lie in the same periods, and those periods."""
    for number, periods in enumerate(_cells(plan)):
        for period in periods:
            yield number, period


def _cells(plan: Plan) -> list[tuple[int, ...]]:
    first, last = plan.start.toordinal(), plan.end.toordinal()
    edges = {first, *(one.first for one in plan.periods), *(one.last + 1 for one in plan.periods)}
    around = [_around(plan, day) for day in sorted(edges) if first <= day <= last]
    return [periods for periods, _ in groupby(around) if periods]


def _around(plan: Plan, day: int) -> tuple[int, ...]:
    return tuple(
        one.number for one in plan.periods if one.kind != "standing" and one.first <= day <= one.last
    )


def periods(plan: Plan) -> Rows:
    """number, kind, label, first, last, cut_first, cut_last, version, place, listed."""
    for one in plan.periods:
        first, last = one.span.start.toordinal(), one.span.end.toordinal()
        label, listed = one.span.label, plan.listed(one)
        yield one.number, one.kind, label, first, last, one.first, one.last, one.version, one.place, listed


def base_periods(plan: Plan) -> Rows:
    """base, period, first, last, cut_first, cut_last, points: which base periods make up which period."""
    number = 0
    for period in plan.periods:
        for first, last, cut_first, cut_last, points in _bases(plan, period):
            yield number, period.number, first, last, cut_first, cut_last, points
            number += 1


def _bases(plan: Plan, period: Period) -> Rows:
    kind = plan.appraise(period.version) if period.kind == "standing" else period.kind
    for per in BASES[: BASES.index(kind) + 1]:
        for span, points in plan.base_spans(per, period.span):
            first, last = max(span.start, plan.start), min(span.end, plan.end)
            if first <= last:
                bounds = (span.start, span.end, first, last)
                yield (*(day.toordinal() for day in bounds), points)


def ranges(plan: Plan) -> Rows:
    """Floor and ceiling of every version's totals."""
    for number, scheme in enumerate(plan.schemes):
        floor, ceiling = scheme.range.min, scheme.range.max
        yield number, -WIDE if floor is None else floor, WIDE if ceiling is None else ceiling
