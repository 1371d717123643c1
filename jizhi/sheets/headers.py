"""Finds the header row of a sheet and tells what its columns hold.

Headers stand under titles and form lines, are spaced out (`户 主 姓 名`), span two rows or carry remarks in
brackets. What the columns mean for a roster or a claim sheet is said in `vocabulary`; this module only finds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import pairwise

from jizhi.sheets.reading import Cell, Row, Sheet, column_letter
from jizhi.sheets.values import clean_text
from jizhi.sheets.vocabulary import Role, classify, normalise, preference

SEARCH_ROWS = 40
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Header:
    first_row: int
    last_row: int
    titles: dict[int, str]
    columns: dict[Role, list[int]]

    def column(self, role: Role) -> int | None:
        return self.columns[role][0] if self.columns.get(role) else None

    def label(self, column: int | None) -> str:
        """`D 户主身份证`: the column as a person finds it in the sheet."""
        if column is None:
            return ""
        return f"{column_letter(column)} {self.titles.get(column, '')}".strip()


def find_header(sheet: Sheet, suffices: Callable[[Collection[Role]], bool]) -> Header | None:
    """The best header among the first rows, or None where no row names the columns needed."""
    rows = sheet.rows[:SEARCH_ROWS]
    candidates = [single(row) for row in rows]
    candidates += [_double(sheet, row, below) for row, below in pairwise(rows)]
    good = [candidate for candidate in candidates if candidate is not None and suffices(candidate.columns)]
    # max() keeps the first of equals: one row rather than two, the upper rather than the lower.
    return max(good, key=lambda header: len(header.columns), default=None)


def single(row: Row) -> Header | None:
    titles = {column: _title(cell) for column, cell in row.own() if isinstance(cell.value, str)}
    return build(row.number, row.number, titles)


def _double(sheet: Sheet, row: Row, below: Row) -> Header | None:
    if not names_columns(below):
        return None
    groups = _groups(sheet, row, below)
    titles = {}
    for column in sorted(set(groups) | {column for column, _ in below.own()}):
        upper, lower = groups.get(column, ""), _title(below.cell(column)) if below.cell(column).is_own else ""
        titles[column] = _join(upper, lower)
    return build(row.number, below.number, titles)


def names_columns(row: Row) -> bool:
    """Whether most cells of the row are header words themselves; a row of data is not."""
    if any(not isinstance(cell.value, str) or len(cell.shown) > LONGEST_TITLE for _, cell in row.own()):
        return False
    texts = [_title(cell) for _, cell in row.own()]
    known = [text for text in texts if classify(text) is not None]
    return (
        len(texts) >= 2
        and len(known) * 10 >= len(texts) * 6
        and not any(re.search(r"\d{4}", t) for t in texts)
    )


def _groups(sheet: Sheet, row: Row, below: Row) -> dict[int, str]:
    """The upper header's texts, spread over the columns they stand above."""
    groups = {column: _title(cell) for column, cell in row.own()}
    spread = dict(groups)
    spans = [span for span in sheet.spans if span.top == row.number and span.right > span.left]
    for span in spans:
        for column in range(span.left, span.right + 1):
            spread.setdefault(column, groups.get(span.left, ""))
    if not sheet.spans and groups:
        current = ""
        for column in range(1, max(below.cells) + 1):
            current = groups.get(column, current)
            if column not in groups and below.cell(column).is_own:
                spread[column] = current
    return spread


def _join(upper: str, lower: str) -> str:
    if not upper or not lower or upper == lower:
        return upper or lower
    return upper + lower if classify(upper + lower) is not None else lower


def build(first: int, last: int, titles: dict[int, str]) -> Header | None:
    columns: dict[Role, list[int]] = {}
    for column, title in titles.items():
        role = classify(title)
        if role is not None:
            columns.setdefault(role, []).append(column)
    if len(titles) < 2 or not columns:
        return None
    for role, places in columns.items():
        ranked = sorted((preference(role, titles[column]), column) for column in places)
        columns[role] = [column for _, column in ranked]
    return Header(first, last, titles, columns)


def _title(cell: Cell) -> str:
    return "".join(clean_text(cell.shown).split())


def repeats_header(row: Row, header: Header) -> bool:
    """A header printed again on the next page."""
    own = row.own()
    same = [1 for column, cell in own if normalise(_title(cell)) == normalise(header.titles.get(column, ""))]
    return len(own) >= 2 and len(same) * 10 >= len(own) * 7
