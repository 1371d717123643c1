"""The reference's own calendar: windows by counting months, so that it shares nothing with `windows.py`."""

from __future__ import annotations

import datetime as dt

from jizhi.engine.document.base import add_months
from jizhi.engine.document.scheme import Scheme

DAY = dt.timedelta(days=1)
MONTHS = {"quarter": 3, "half": 6, "year": 12}


def window(scheme: Scheme, kind: str, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the window of that kind around the day."""
    if kind == "day":
        return day, day
    if kind == "week":
        monday = day
        while monday.weekday() != 0:
            monday -= DAY
        return monday, monday + 6 * DAY
    if kind == "month":
        return day.replace(day=1), add_months(day.replace(day=1), 1) - DAY
    if kind == "ever":
        return dt.date.min, dt.date.max
    start, length = _first(scheme), MONTHS.get(kind, 12 * scheme.term.years)
    if kind == "term" and scheme.term.starts:
        start = scheme.term.starts
    while start > day:
        start = add_months(start, -length)
    while add_months(start, length) <= day:
        start = add_months(start, length)
    return start, add_months(start, length) - DAY


def _first(scheme: Scheme) -> dt.date:
    month, day = scheme.year.starts.split("-")
    return dt.date(2021, int(month), int(day))


def label(scheme: Scheme, kind: str, start: dt.date) -> str:
    """What a period that starts on that day is called."""
    if kind == "month":
        return start.strftime("%Y-%m")
    year_start = window(scheme, "year", start)[0]
    if kind == "year":
        return f"{year_start.year}"
    number = next(n for n in range(4) if add_months(year_start, n * MONTHS[kind]) == start)
    return f"{year_start.year}-{'Q' if kind == 'quarter' else 'H'}{number + 1}"


def windows(scheme: Scheme, kind: str, start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """All windows of that kind that touch the days from start to end."""
    found = [window(scheme, kind, start)]
    while found[-1][1] < end:
        found.append(window(scheme, kind, found[-1][1] + DAY))
    return found
