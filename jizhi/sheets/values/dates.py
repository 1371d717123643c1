"""Understands dates in the spellings villages use, and refuses what could be two different days.

Excel serial numbers count from 1900, or from 1904 in workbooks that say so.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from jizhi.sheets.numerals import replace_numerals
from jizhi.sheets.reading import Cell
from jizhi.sheets.values.outcome import Outcome, clean_text, is_nothing, refuse, refuses_faults, squeeze

YEARS = range(1850, 2101)
SERIALS = range(2101, 73051)  # 1905-10-01 to 2100-01-01; smaller numbers are years, not days
TIME = re.compile(r"[ T](上午|下午)?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
SPACED = re.compile(r"(\d{4}) +(\d{1,2}) +(\d{1,2})")
FULL = re.compile(r"(\d{4})[年./\-_、,。·](\d{1,2})[月./\-_、,。·](\d{1,2})[日号]?(?:出?生)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(\d{4})(?:[年./\-_、](\d{1,2})?[月.]?)?|(\d{4})(\d{2})")
SHORT = re.compile(r"['’]?\d{2}[年./\-_、]\d{1,2}[月./\-_、]\d{1,2}[日号]?|\d{6}")


@refuses_faults
def parse_date(cell: Cell, *, since_1904: bool = False) -> Outcome[date]:
    value = cell.value
    if isinstance(value, datetime):
        return _in_range(value.date(), cell)
    if isinstance(value, date):
        return _in_range(value, cell)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value, since_1904)
    if is_nothing(cell.shown):
        return Outcome()
    return _from_text(cell.shown, since_1904)


def _in_range(day: date, cell: Cell) -> Outcome[date]:
    if day.year in YEARS:
        return Outcome(day)
    return refuse(f"日期 {cell.shown} 不合理", f"the date {cell.shown} is implausible")


def _from_number(number: int | float, since_1904: bool) -> Outcome[date]:
    whole = int(number)
    compact = COMPACT.fullmatch(str(whole))
    if compact and number == whole:
        return _build(*compact.groups())
    if whole in SERIALS:
        return Outcome((date(1904, 1, 1) if since_1904 else date(1899, 12, 30)) + timedelta(days=whole))
    return refuse(f"{number} 不是完整的日期", f"{number} is not a complete date")


def _from_text(shown: str, since_1904: bool) -> Outcome[date]:
    text = TIME.sub("", clean_text(shown))
    spaced = SPACED.fullmatch(text)
    text = "-".join(spaced.groups()) if spaced else replace_numerals(squeeze(text))
    found = FULL.fullmatch(text) or COMPACT.fullmatch(text)
    if found:
        return _build(*found.groups())
    if re.fullmatch(r"\d{5}", text) and int(text) in SERIALS:
        return _from_number(int(text), since_1904)
    if SHORT.fullmatch(text):
        return refuse("年份只有两位，不能确定是哪一年", "the year has two digits only")
    if MONTH.fullmatch(text):
        return refuse("日期不完整，缺少月或日", "the date lacks its month or day")
    return refuse("看不懂的日期", "not a date that can be understood")


def _build(year: str, month: str, day: str) -> Outcome[date]:
    try:
        built = date(int(year), int(month), int(day))
    except ValueError:
        built = None
    if built is None or built.year not in YEARS:
        return refuse(f"日期 {year}-{month}-{day} 不存在", f"the date {year}-{month}-{day} does not exist")
    return Outcome(built)


def partial_date(cell: Cell) -> tuple[int, int | None] | None:
    """Year, and month where given, of an incomplete date; it can confirm a date known from elsewhere."""
    text = replace_numerals(squeeze(cell.shown))
    found = MONTH.fullmatch(text)
    if not found:
        return None
    year, month = found.group(1) or found.group(3), found.group(2) or found.group(4)
    return int(year), int(month) if month else None
