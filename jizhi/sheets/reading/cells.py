"""Cells, rows and sheets as the reader hands them over, sparse and with the numbers the spreadsheet shows.

A cell keeps its value, the text a person sees in it, and a fault where it has one: an error value, or a
formula without a stored result.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

Value = str | int | float | bool | datetime | date | None

ERROR_TEXT = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)|#{3,}")


@dataclass(frozen=True, slots=True)
class Cell:
    value: Value = None
    shown: str = ""
    fault: str = ""
    fault_en: str = ""
    filled: bool = False  # the value comes from the merged cell above, not from this row

    @property
    def is_blank(self) -> bool:
        return not self.fault and not self.shown.strip("\u200b\ufeff\xa0 \t\r\n\u3000")

    @property
    def is_own(self) -> bool:
        return not self.filled and not self.is_blank


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Span:
    """A merged range, 1-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Row:
    number: int
    cells: dict[int, Cell]
    hidden: bool = False

    def cell(self, column: int) -> Cell:
        return self.cells.get(column, EMPTY)

    def own(self) -> list[tuple[int, Cell]]:
        """The filled cells that are written in this row itself, left to right."""
        return [(column, cell) for column, cell in sorted(self.cells.items()) if cell.is_own]


@dataclass(slots=True)
class Sheet:
    name: str
    rows: list[Row]
    hidden: bool = False
    since_1904: bool = False
    spans: list[Span] = field(default_factory=list)


def column_letter(column: int) -> str:
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def make_cell(value: Value, number_format: str = "General") -> Cell:
    """A cell of a plain value; error texts become faults in every format alike."""
    if isinstance(value, float) and not math.isfinite(value):
        return error_cell(str(value))
    shown = show(value, number_format)
    if isinstance(value, str) and ERROR_TEXT.fullmatch(value.strip()):
        return error_cell(value.strip())
    return Cell(value, shown)


def error_cell(shown: str) -> Cell:
    return Cell(None, shown, f"单元格是错误值 {shown}", f"the cell holds the error {shown}")


def formula_cell(formula: str) -> Cell:
    return Cell(
        None,
        formula,
        "公式没有计算结果，请在 Excel 里打开、保存后再传",
        "the formula has no stored result; open and save the file in Excel first",
    )


def show(value: Value, number_format: str = "General") -> str:
    """The text a person sees in the cell, as far as it matters for finding it again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time().isoformat() == "00:00:00" else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    return _show_number(value, number_format)


def _show_number(value: int | float, number_format: str) -> str:
    zeros = re.fullmatch(r"0+", number_format)
    if zeros and value == int(value):
        return str(int(value)).zfill(len(number_format))
    if abs(value) >= 1e11 and not number_format.startswith(("0", "#")):
        return f"{value:.5E}" if abs(value) >= 1e12 else str(int(value))
    if value == int(value):
        return str(int(value))
    return f"{value:.10g}"


def finish(name: str, rows: Iterable[Row], spans: list[Span], **options: bool) -> Sheet:
    """A sheet without blank rows, with merged cells filled downwards."""
    kept = [row for row in rows if row.own()]
    sheet = Sheet(name, kept, spans=spans, **options)
    for row, column, cell in _fillings(sheet):
        if row.cell(column).is_blank:
            row.cells[column] = Cell(cell.value, cell.shown, cell.fault, cell.fault_en, filled=True)
    return sheet


def _fillings(sheet: Sheet) -> Iterator[tuple[Row, int, Cell]]:
    by_number = {row.number: row for row in sheet.rows}
    last = max(by_number, default=0)
    for span in sheet.spans:
        top = by_number.get(span.top)
        if top is None or span.bottom == span.top or top.cell(span.left).is_blank:
            continue
        numbers = range(span.top + 1, min(span.bottom, last) + 1)
        below = (by_number[number] for number in numbers if number in by_number)
        yield from ((row, span.left, top.cell(span.left)) for row in below)
