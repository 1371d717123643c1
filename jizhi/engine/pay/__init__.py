"""Pay sheets: what each person earns in a year, to the fen, every line with its reasoning.

A pure function of the pay table and of persons with their settled levels and stars; no stars are counted here, see
`jizhi/engine/stars`, and no files are read, see `files.py`. The sheet's total is the sum of its lines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jizhi.engine.dividends import largest_remainder
from jizhi.engine.document.base import add_months
from jizhi.engine.document.pay import Pay
from jizhi.engine.pay import lines
from jizhi.engine.pay.lines import written
from jizhi.engine.pay.rows import TITLES, Line, Month, PaySheet, Person, Unpayable

__all__ = ["TITLES", "Line", "PaySheet", "Person", "Unpayable", "settle", "sheet", "written"]

COMMON = 28 * 29 * 30 * 31  # every month's length divides it


def settle(
    table: Pay, persons: Iterable[Person], year: int, starts: str = "01-01"
) -> tuple[list[PaySheet], list[tuple[int, Unpayable]]]:
    """Sheets in the order given, and whoever cannot be paid with their place from 0."""
    sheets: list[PaySheet] = []
    refused: list[tuple[int, Unpayable]] = []
    for place, person in enumerate(persons):
        try:
            sheets.append(sheet(table, person, year, starts))
        except Unpayable as error:
            refused.append((place, error))
    return sheets, refused


def sheet(table: Pay, person: Person, year: int, starts: str = "01-01") -> PaySheet:
    """One person's sheet of the year that begins in `year` on `starts`; Unpayable names what stands in the way."""
    months = _months(person, year, starts)
    first, after = months[0].start, add_months(months[0].start, 12)
    left = person.to_date is not None and person.to_date < after
    left_before = person.to_date is not None and person.to_date < first
    found: list[Line] = []
    if any(month.served for month in months):
        found += [*lines.salary(table, person, months), *lines.for_stars(table, person)]
    elif not left_before or table.leaving is None:
        column = "to_date" if left_before else "from_date"
        raise Unpayable(column, f"{year} 年不在任", f"not in post in {year}")
    if table.leaving and left:
        found.append(lines.leaving(table.leaving, person, months))
    base = sum(line.fen for line in found if line.kind == "base")
    return PaySheet(person, year, tuple(found), _by_month(base, months))


def _months(person: Person, year: int, starts: str) -> list[Month]:
    month, day = (int(part) for part in starts.split("-"))
    first = dt.date(year, month, day)
    found = []
    for place in range(12):
        start = add_months(first, place)
        end = add_months(first, place + 1) - dt.timedelta(days=1)
        came, went = max(person.from_date or start, start), min(person.to_date or end, end)
        found.append(Month(f"{start:%Y-%m}", start, (end - start).days + 1, max(0, (went - came).days + 1)))
    return found


def _by_month(fen: int, months: list[Month]) -> dict[str, int]:
    """An amount over the months in post by days, largest remainder; equal remainders go to the earlier month."""
    weights = {one.label: one.served * COMMON // one.days for one in months if one.served}
    return largest_remainder(fen, weights) if fen else {}
