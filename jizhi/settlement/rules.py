"""Periods of a settlement: their keys, their days and which of them a day belongs to. Plain Python only."""

import calendar
import datetime as dt
from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum


class PeriodKind(LabelledEnum):
    MONTH = "month", N_("月")
    QUARTER = "quarter", N_("季")
    HALF = "half", N_("半年")
    YEAR = "year", N_("年")
    STANDING = "standing", N_("现行")


MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
MARK = {PeriodKind.QUARTER: "Q", PeriodKind.HALF: "H"}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One calendar period, e.g. `2022-05`, `2022-Q2`, `2022`."""

    start: dt.date
    end: dt.date
    kind: PeriodKind
    key: str


def period_of(kind: PeriodKind, day: dt.date) -> Period:
    """The calendar period of `kind` that contains `day`."""
    months = MONTHS[kind]
    index = (day.month - 1) // months
    first = index * months + 1
    last = first + months - 1
    start = dt.date(day.year, first, 1)
    end = dt.date(day.year, last, calendar.monthrange(day.year, last)[1])
    if kind is PeriodKind.MONTH:
        key = f"{day.year}-{day.month:02d}"
    elif kind is PeriodKind.YEAR:
        key = f"{day.year}"
    else:
        key = f"{day.year}-{MARK[kind]}{index + 1}"
    return Period(start, end, kind, key)


def parse_period(key: str) -> Period:
    """The period that a key names. Raises ValueError for anything else than `2022-05`, `2022-Q2`, `2022-H1`, `2022`."""
    year, _, part = key.partition("-")
    number = int(year)
    if not part:
        return period_of(PeriodKind.YEAR, dt.date(number, 1, 1))
    for kind, mark in MARK.items():
        if part.startswith(mark):
            months = MONTHS[kind]
            return period_of(kind, dt.date(number, (int(part[1:]) - 1) * months + 1, 1))
    return period_of(PeriodKind.MONTH, dt.date(number, int(part), 1))


def settled_kind(window: str) -> PeriodKind:
    """The kind of period of a document's rhythm; what turns faster than the month goes by the month."""
    return PeriodKind.MONTH if window in ("day", "week") else PeriodKind(window)
