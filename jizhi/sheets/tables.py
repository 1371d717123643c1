"""Cuts a sheet into the tables it holds: one below the other, or two side by side to save paper.

Each table comes with its own header and only its own cells; row numbers stay those of the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from jizhi.sheets.headers import Header, build, find_header, names_columns, repeats_header, single
from jizhi.sheets.reading import Row, Sheet
from jizhi.sheets.vocabulary import Role, normalise

Suffices = Callable[[Collection[Role]], bool]


def find_tables(sheet: Sheet, suffices: Suffices) -> list[tuple[Sheet, Header]]:
    header = find_header(sheet, suffices)
    if header is None:
        return []
    cut = _next_header(sheet, header, suffices)
    upper, lower = _parted(sheet, sheet.rows[:cut]), _parted(sheet, sheet.rows[cut:])
    tables = [(_columns_of(upper, part), part) for part in _side_by_side(header)]
    return tables + (find_tables(lower, suffices) if lower.rows else [])


def _next_header(sheet: Sheet, header: Header, suffices: Suffices) -> int:
    """Where a table with other columns begins, together with the heading above it."""
    for index, row in enumerate(sheet.rows):
        if row.number <= header.last_row or not names_columns(row) or repeats_header(row, header):
            continue
        found = single(row)
        if found is not None and len(found.titles) > 2 and suffices(found.columns):
            while len(sheet.rows[index - 1].own()) == 1:
                index -= 1
            return index
    return len(sheet.rows)


def _parted(sheet: Sheet, rows: list[Row]) -> Sheet:
    return Sheet(sheet.name, rows, sheet.hidden, sheet.since_1904, sheet.spans)


def _side_by_side(header: Header) -> list[Header]:
    numbers = sorted(header.columns.get(Role.NO) or header.columns.get(Role.SERIAL) or [])
    words = {normalise(header.titles[column]) for column in numbers}
    people = max(len(header.columns.get(role, [])) for role in (Role.HEAD, Role.NAME))
    if len(numbers) < 2 or len(words) > 1 or people % len(numbers):
        return [header]
    serials = header.columns.get(Role.SERIAL, [])
    starts = [min(header.titles)] + [n - 1 if n - 1 in serials else n for n in numbers[1:]]
    parts = []
    for start, end in zip(starts, [*starts[1:], max(header.titles) + 1], strict=True):
        titles = {column: title for column, title in header.titles.items() if start <= column < end}
        part = build(header.first_row, header.last_row, titles)
        if part is None:
            return [header]
        parts.append(part)
    return parts


def _columns_of(sheet: Sheet, header: Header) -> Sheet:
    """The sheet's rows as far as they lie under this header."""
    first, last = min(header.titles), max(header.titles)
    rows = []
    for row in sheet.rows:
        below = row.number > header.last_row
        cells = {
            c: cell for c, cell in row.cells.items() if not below or first <= c <= last or len(row.own()) == 1
        }
        part = Row(row.number, cells, row.hidden)
        if part.own():
            rows.append(part)
    return _parted(sheet, rows)
