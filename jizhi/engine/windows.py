"""Calendar windows: which day, week, month, quarter, half, year or term a day belongs to.

Not a clock: the days come from the caller. A scheme's year may start on another day than 1 January, which moves its
quarters and halves along; months and weeks stay those of the calendar. A year is named after the calendar year in
which it starts. Terms of office last five years unless the scheme says otherwise, counted from the start of the
scheme's year 2021, the common election year of village committees.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jizhi.engine.document.base import Window, add_months
from jizhi.engine.document.scheme import Scheme

FIRST_TERM = 2021


@dataclass(frozen=True, slots=True)
class Span:
    """One window with its first and last day."""

    kind: str
    label: str
    start: dt.date
    end: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether the day lies inside."""
        return self.start <= day <= self.end

    def inside(self, other: Span) -> bool:
        """Whether all of it lies inside the other."""
        return other.start <= self.start and self.end <= other.end

    def meets(self, start: dt.date | None, end: dt.date | None) -> bool:
        """Whether any of its days lies between the two (None = open)."""
        return (start is None or start <= self.end) and (end is None or self.start <= end)


EVER = Span("ever", "ever", dt.date.min, dt.date.max)


@dataclass(frozen=True)
class Calendar:
    """The windows of one scheme."""

    month: int = 1
    day: int = 1
    term_start: dt.date = dt.date(FIRST_TERM, 1, 1)
    term_years: int = 5

    @classmethod
    def of(cls, scheme: Scheme) -> Calendar:
        """The calendar that a scheme asks for."""
        month, day = (int(part) for part in scheme.year.starts.split("-"))
        return cls(month, day, scheme.term.starts or dt.date(FIRST_TERM, month, day), scheme.term.years)

    def span(self, kind: str, day: dt.date) -> Span:
        """The window of that kind to which the day belongs."""
        return _span(self, kind, day)

    def parse(self, label: str) -> Span:
        """The span of a label such as `2022-05`, `2022-Q2`, `2022-H1` or `2022`; ValueError for anything else."""
        head, _, tail = label.strip().partition("-")
        if not head.isdigit() or len(head) != 4:
            raise ValueError(label)
        start = dt.date(int(head), self.month, self.day)
        if not tail:
            return self.span("year", start)
        if tail[:1] in "QH" and tail[1:].isdigit():
            kind, step = ("quarter", 3) if tail[0] == "Q" else ("half", 6)
            if not 1 <= int(tail[1:]) <= 12 // step:
                raise ValueError(label)
            return self.span(kind, add_months(start, step * (int(tail[1:]) - 1)))
        return self.span("month", dt.date(int(head), int(tail), 1))

    def spans(self, kind: str, start: dt.date, end: dt.date) -> Iterator[Span]:
        """Every window of that kind that has a day between the two, in order."""
        span = self.span(kind, start)
        while span.start <= end:
            yield span
            if span.end == dt.date.max:
                return
            span = self.span(kind, span.end + dt.timedelta(days=1))


@lru_cache(maxsize=65536)
def _span(calendar: Calendar, kind: str, day: dt.date) -> Span:
    if kind == Window.DAY:
        return Span(kind, day.isoformat(), day, day)
    if kind == Window.WEEK:
        start = day - dt.timedelta(days=day.weekday())
        year, week, _ = day.isocalendar()
        return Span(kind, f"{year}-W{week:02}", start, start + dt.timedelta(days=6))
    if kind == Window.EVER:
        return EVER
    if kind == Window.MONTH:
        return _months(kind, day.replace(day=1), 1, f"{day:%Y-%m}")
    if kind == Window.TERM:
        return _term(calendar, day)
    year_start = dt.date(day.year, calendar.month, calendar.day)
    if day < year_start:
        year_start = add_months(year_start, -12)
    if kind == Window.YEAR:
        return _months(kind, year_start, 12, f"{year_start.year:04}")
    step, letter = (3, "Q") if kind == Window.QUARTER else (6, "H")
    number = next(n for n in range(12 // step, 0, -1) if add_months(year_start, step * (n - 1)) <= day)
    return _months(
        kind, add_months(year_start, step * (number - 1)), step, f"{year_start.year:04}-{letter}{number}"
    )


def _months(kind: str, start: dt.date, count: int, label: str) -> Span:
    return Span(str(kind), label, start, add_months(start, count) - dt.timedelta(days=1))


def _term(calendar: Calendar, day: dt.date) -> Span:
    first = calendar.term_start
    number = (day.year - first.year) // calendar.term_years
    start = add_months(first, 12 * number * calendar.term_years)
    if day < start:
        start = add_months(start, -12 * calendar.term_years)
    return _months(Window.TERM, start, 12 * calendar.term_years, f"term {start.isoformat()}")
