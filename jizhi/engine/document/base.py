"""What every part of a document has in common: frozen models, and the reading of numbers, days and durations.

Numbers are read from the text of the document, never through floats. Problems are raised as ValueError; the loader
adds the file and the line.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

MAX_DECIMALS = 6
MAX_POINTS = Decimal(10) ** 6
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


class Model(BaseModel):
    """A part of a document: cannot be changed, and knows no other keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @classmethod
    def written_keys(cls) -> list[str]:
        """The keys as they are written in a document."""
        return [info.alias or name for name, info in cls.model_fields.items()]


class Wrong(ValueError):
    """What should stand there; where the model knows better than the reader: what was found, under which key, and the
    valid names."""

    def __init__(self, expected: str, *, found: str = "", key: str = "", names: Sequence[str] = ()) -> None:
        super().__init__(expected)
        self.expected, self.found, self.key, self.names = expected, found, key, tuple(names)


class Window(StrEnum):
    """A calendar window of the day of the act."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    TERM = "term"
    EVER = "ever"


NARROW_TO_WIDE = {window: place for place, window in enumerate(Window)}


def read_amount(value: Any) -> Decimal:
    """Points as written: not negative, at most six decimals."""
    text = str(value).strip()
    if not NUMBER.fullmatch(text):
        raise ValueError("a number of points without sign, such as 5 or 0.25")
    amount = Decimal(text)
    if amount > MAX_POINTS or len(text.partition(".")[2].rstrip("0")) > MAX_DECIMALS:
        raise ValueError("a number of points up to 1,000,000 with at most 6 decimals")
    return amount


def read_hundredths(value: Any) -> int:
    """Points in hundredths, where nothing may be rounded."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    hundredths = read_amount(value) * 100
    if hundredths != int(hundredths):
        raise ValueError("a number of points with at most 2 decimals")
    return int(hundredths)


def read_signed_hundredths(value: Any) -> int:
    """Like `read_hundredths`, for thresholds that may lie below zero."""
    text = str(value).strip()
    return -read_hundredths(text[1:]) if text.startswith("-") else read_hundredths(text)


def read_date(value: Any) -> dt.date:
    """An ISO day."""
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError("a day such as 2022-03-01") from None


@dataclass(frozen=True, slots=True)
class Portion:
    """A count (`5`) or a percentage (`30%`) of a group."""

    number: Decimal
    percent: bool

    def of(self, size: int) -> int:
        """How many of `size`, rounded down."""
        return int(self.number.scaleb(6)) * size // 10**8 if self.percent else int(self.number)

    def __str__(self) -> str:
        return f"{self.number.normalize():f}%" if self.percent else str(int(self.number))


def read_portion(value: Any) -> Portion:
    """`5` or `30%`."""
    if isinstance(value, Portion):
        return value
    text = str(value).strip()
    percent = text.endswith(("%", "％"))
    try:
        number = Decimal(text.rstrip("%％ ").strip())
    except InvalidOperation:
        raise ValueError("a count such as 5 or a percentage such as 30%") from None
    if not number.is_finite() or number < 0 or (percent and number > 100):
        raise ValueError("a count from 0, or a percentage from 0% to 100%")
    if percent and number.normalize() != number.quantize(Decimal("0.000001")):
        raise ValueError("a percentage with at most 6 decimals")
    if not percent and number != int(number):
        raise ValueError("a whole count such as 5, or a percentage such as 30%")
    return Portion(number, percent)


DURATION = re.compile(r"(\d{0,4})\s*(day|week|month|quarter|half|year|天|周|个月|年)s?")
UNITS = {"天": "day", "周": "week", "个月": "month", "年": "year", "quarter": "quarter", "half": "half"}
DURATION_UNITS = ("day", "week", "month", "quarter", "year")
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time by the calendar: `30 days`, `6 months`, `1 year`."""

    count: int
    unit: str

    def before(self, day: dt.date) -> dt.date:
        """The day so long before; 29 February minus a year is 28 February."""
        return self._moved(day, -1)

    def after(self, day: dt.date) -> dt.date:
        """The day so long after."""
        return self._moved(day, 1)

    def _moved(self, day: dt.date, sign: int) -> dt.date:
        try:
            if self.unit in MONTHS:
                return add_months(day, sign * self.count * MONTHS[self.unit])
            return day + dt.timedelta(days=sign * self.count * (7 if self.unit == "week" else 1))
        except (OverflowError, ValueError):
            return dt.date.min if sign < 0 else dt.date.max

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def read_duration(value: Any) -> Duration:
    """`1 year`, `6 months`, `2 weeks`, `30 days`; `year` alone is one year."""
    if isinstance(value, Duration):
        return value
    match = DURATION.fullmatch(str(value).strip())
    if not match or int(match[1] or 1) < 1:
        count = re.match(r"[1-9]\d{0,3}", str(value).strip())
        units = [unit if count and count[0] == "1" else f"{unit}s" for unit in DURATION_UNITS]
        names = [f"{count[0]} {unit}" for unit in units] if count else []
        raise Wrong("a length of time such as '30 days', '6 months' or '1 year'", names=names)
    return Duration(int(match[1] or 1), UNITS.get(match[2], match[2]))


def read_list(value: Any) -> Any:
    """A list, or one thing that stands for a list of one."""
    return value if isinstance(value, list | tuple) else [value]


Amount = Annotated[Decimal, BeforeValidator(read_amount)]
Hundredths = Annotated[int, BeforeValidator(read_hundredths)]
SignedHundredths = Annotated[int, BeforeValidator(read_signed_hundredths)]
Day = Annotated[dt.date, BeforeValidator(read_date)]
APortion = Annotated[Portion, BeforeValidator(read_portion)]
ADuration = Annotated[Duration, BeforeValidator(read_duration)]
