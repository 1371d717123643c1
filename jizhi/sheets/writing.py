"""Writes good-looking workbooks: every export and every import template uses it.

Text stays text: nothing a user typed becomes a formula, ID numbers keep all digits. What is exported, and who may
export it, is decided by the caller.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | bool | Decimal | date | datetime | None

ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MAX_TEXT = 32_000  # Excel refuses cells above 32,767 characters
FONT = "Microsoft YaHei"
INK, SHADE, LINE = "1F2937", "E7EFEA", "C9D2CD"
EDGE = Side(style="thin", color=LINE)
BORDER = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)


class Kind(StrEnum):
    """How a column's values are written. POINTS are integers of hundredths, FEN integers of a hundredth yuan."""

    TEXT = "text"
    ID = "id"
    INTEGER = "integer"
    NUMBER = "number"
    POINTS = "points"
    FEN = "fen"
    DATE = "date"
    DATETIME = "datetime"


FORMATS = {
    Kind.TEXT: "@",
    Kind.ID: "@",
    Kind.INTEGER: "#,##0",
    Kind.NUMBER: "General",
    Kind.FEN: "#,##0.00",
    Kind.DATE: "yyyy-mm-dd",
    Kind.DATETIME: "yyyy-mm-dd hh:mm",
}
NUMERIC = (Kind.INTEGER, Kind.NUMBER, Kind.POINTS, Kind.FEN)
HUNDREDTHS = (Kind.POINTS, Kind.FEN)


@dataclass(frozen=True, slots=True)
class Column:
    header: str
    kind: Kind = Kind.TEXT
    width: float = 14
    places: int = 1  # decimals of POINTS


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: `rows` hold one value per column; `notes` stand below the title."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    notes: Sequence[str] = ()
    sheet_name: str = ""


def write_table(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], notes: Sequence[str] = ()
) -> bytes:
    """A workbook of one sheet: title, notes, frozen header, rows."""
    return write_tables([Table(title, columns, rows, notes)])


def write_tables(tables: Sequence[Table]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    taken: set[str] = set()
    for table in tables:
        name = _sheet_name(table.sheet_name or table.title, taken)
        taken.add(name.lower())
        _write_sheet(workbook.create_sheet(name), table)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def stream_table(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> IO[bytes]:
    """A plain workbook of one sheet, written row by row into a temporary file, for tables of any length.

    The header is in the first row and the columns are as wide as asked; there are no borders and no notes.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_sheet_name(title, set()))
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.append([_plain_cell(sheet, Column(column.header), column.header, bold=True) for column in columns])
    for values in rows:
        pairs = zip(columns, values, strict=True)
        sheet.append([None if one is None else _plain_cell(sheet, column, one) for column, one in pairs])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    workbook.save(file)
    file.seek(0)
    return file


def _plain_cell(sheet: Worksheet, column: Column, value: Value, *, bold: bool = False) -> Cell:
    cell = WriteOnlyCell(sheet)
    if column.kind in (Kind.TEXT, Kind.ID) or isinstance(value, str):
        _set_text(cell, str(value))
        cell.number_format = "@"
    else:
        cell.value = value
        cell.number_format = _format_of(column)
    if bold:
        cell.font = Font(name=FONT, size=11, bold=True, color=INK)
        cell.fill = PatternFill("solid", fgColor=SHADE)
    return cell


def safe_text(text: str) -> str:
    """Text as it may stand in a CSV cell: a leading apostrophe keeps spreadsheets from calculating it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _sheet_name(title: str, taken: set[str]) -> str:
    name = re.sub(r"[\[\]:*?/\\']", " ", ILLEGAL.sub("", title)).strip()[:28] or "Sheet"
    count, unique = 2, name
    while unique.lower() in taken:
        unique, count = f"{name} {count}", count + 1
    return unique


def _write_sheet(sheet: Worksheet, table: Table) -> None:
    last = len(table.columns)
    _write_line(sheet, 1, table.title, last, Font(name=FONT, size=15, bold=True, color=INK), 30)
    for row, note in enumerate(table.notes, start=2):
        _write_line(sheet, row, note, last, Font(name=FONT, size=10, color="5B6770"), 18)
    header = 2 + len(table.notes)
    for number, column in enumerate(table.columns, start=1):
        _style_header(sheet.cell(header, number), column)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[header].height = 24
    row, styles = header, dict[tuple[bool, str], StyleArray]()
    for row, values in enumerate(table.rows, start=header + 1):
        for number, (column, value) in enumerate(zip(table.columns, values, strict=True), start=1):
            _write_cell(sheet.cell(row, number), column, value, styles)
    sheet.freeze_panes = sheet.cell(header + 1, 1)
    sheet.auto_filter.ref = f"A{header}:{get_column_letter(last)}{row}"
    _set_up_print(sheet, header, last)


def _write_line(sheet: Worksheet, row: int, text: str, last: int, font: Font, height: float) -> None:
    if last > 1:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
    cell = sheet.cell(row, 1)
    _set_text(cell, text)
    cell.font = font
    cell.alignment = Alignment(
        horizontal="center" if row == 1 else "left", vertical="center", wrap_text=row > 1
    )
    sheet.row_dimensions[row].height = height


def _style_header(cell: Cell, column: Column) -> None:
    _set_text(cell, column.header)
    cell.font = Font(name=FONT, size=11, bold=True, color=INK)
    cell.fill = PatternFill("solid", fgColor=SHADE)
    cell.border = BORDER
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _write_cell(cell: Cell, column: Column, value: Value, styles: dict[tuple[bool, str], StyleArray]) -> None:
    is_text = isinstance(value, str) or (value is not None and column.kind in (Kind.TEXT, Kind.ID))
    right = column.kind in NUMERIC and not isinstance(value, str)
    _style_cell(cell, right, "@" if is_text else _format_of(column), styles)
    if value is None:
        return
    if is_text:
        _set_text(cell, str(value))
    elif column.kind in HUNDREDTHS and not isinstance(value, (bool, date)):
        cell.value = Decimal(value) / 100
    elif isinstance(value, datetime):
        # Excel has no time zones; the caller hands over local time.
        cell.value = value.replace(tzinfo=None) if column.kind is Kind.DATETIME else value.date()
        cell.number_format = _format_of(column)
    else:
        cell.value = value
        cell.number_format = _format_of(column)


def _style_cell(
    cell: Cell, right: bool, number_format: str, styles: dict[tuple[bool, str], StyleArray]
) -> None:
    """Style the first cell of a look; the others copy it, which is ten times as fast in a long table."""
    look = (right, number_format)
    if look not in styles:
        cell.font = Font(name=FONT, size=11, color=INK)
        cell.border = BORDER
        cell.alignment = Alignment(horizontal="right" if right else "left", vertical="center", wrap_text=True)
        cell.number_format = number_format
        styles[look] = copy(cell._style)
    cell._style = copy(styles[look])


def _format_of(column: Column) -> str:
    if column.kind is Kind.POINTS:
        return "#,##0" + ("." + "0" * column.places if column.places else "")
    return FORMATS[column.kind]


def _set_text(cell: Cell, text: str) -> None:
    clean = ILLEGAL.sub("", text)[:MAX_TEXT]
    if not clean:
        return
    cell.value = clean
    cell.data_type = "s"  # openpyxl would make a formula of a leading "="
    cell.quotePrefix = clean.startswith(FORMULA_STARTS)


def _set_up_print(sheet: Worksheet, header: int, columns: int) -> None:
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if columns > 6 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
