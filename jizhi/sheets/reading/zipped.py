"""Reads .xlsx (and .xlsm, .xlsb, .ods) after checking that the archive is sane.

openpyxl gives formats, merged cells and hidden rows; calamine steps in for files openpyxl cannot take.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl

from jizhi.sheets.reading import legacy
from jizhi.sheets.reading.cells import (
    Cell,
    Row,
    Sheet,
    Span,
    Value,
    error_cell,
    finish,
    formula_cell,
    make_cell,
)
from jizhi.sheets.reading.errors import UnreadableFile, damaged, too_large

MAX_UNPACKED = 120 * 1024 * 1024
MAX_PARTS = 3000
MAX_MERGED_AREA = 400_000
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


def read(data: bytes) -> list[Sheet]:
    kind = _check_archive(data)
    if kind == "xlsx":
        # openpyxl raises anything on files other programs wrote; calamine then has the last word.
        with contextlib.suppress(Exception):
            return _read_xlsx(data)
    return legacy.read(data)


def _check_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _check_parts(archive)
    except UnreadableFile:
        raise
    except Exception as error:  # zipfile, zlib and struct have one each for damaged archives
        raise damaged() from error


def _check_parts(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise too_large()
    names = {part.filename.replace("\\", "/") for part in parts}
    kinds = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
    kind = next((kind for part, kind in kinds.items() if part in names), "")
    if not kind:
        raise UnreadableFile(
            "这不是表格文件（可能是文档或压缩包）。请上传 .xlsx、.xls 或 .csv。",
            "This is not a workbook (a document or an archive, perhaps). Upload .xlsx, .xls or .csv.",
        )
    for part in parts:
        if part.filename.endswith(".xml"):
            _check_part(archive.read(part))
    return kind


def _check_part(xml: bytes) -> None:
    """Entity declarations and gigantic merged areas are how small files fill a server's memory."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise damaged()
    area = 0
    for left, top, right, bottom in MERGED.findall(xml):
        area += (int(bottom) - int(top) + 1) * (_column(right) - _column(left) + 1)
    if area > MAX_MERGED_AREA:
        raise too_large()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read_xlsx(data: bytes) -> list[Sheet]:
    written = _open(data, data_only=False)
    has_formulas = any(cell.data_type == "f" for sheet in written.worksheets for cell in _cells(sheet))
    shown = _open(data, data_only=True) if has_formulas else written
    since_1904 = written.epoch.year == 1904
    return [_read_sheet(sheet, shown[sheet.title], since_1904) for sheet in written.worksheets]


def _open(data: bytes, *, data_only: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only, keep_links=False)


def _cells(sheet: Any) -> Iterator[Any]:
    # Not iter_rows(): it creates every cell up to a stray mark in row 1,048,576.
    return iter(sheet._cells.values())


def _read_sheet(written: Any, shown: Any, since_1904: bool) -> Sheet:
    rows: dict[int, Row] = {}
    for cell in _cells(written):
        if cell.value is None:
            continue
        row = rows.get(cell.row)
        if row is None:
            row = rows[cell.row] = Row(cell.row, {}, hidden=_is_hidden(written, cell.row))
        row.cells[cell.column] = _convert(cell, shown)
    spans = [Span(r.min_row, r.min_col, r.max_row, r.max_col) for r in written.merged_cells.ranges]
    hidden = written.sheet_state != "visible"
    ordered = [rows[number] for number in sorted(rows)]
    return finish(written.title, ordered, spans, hidden=hidden, since_1904=since_1904)


def _is_hidden(sheet: Any, number: int) -> bool:
    return number in sheet.row_dimensions and bool(sheet.row_dimensions[number].hidden)


def _convert(cell: Any, shown: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if kind == "f":
        result = shown._cells.get((cell.row, cell.column))
        value, kind = (result.value, result.data_type) if result is not None else (None, "n")
        if value is None:
            return formula_cell(_formula_text(cell.value))
    if kind == "e":
        return error_cell(str(value))
    return make_cell(_plain(value), cell.number_format or "General")


def _formula_text(formula: object) -> str:
    text = getattr(formula, "text", None)
    return text if isinstance(text, str) else str(formula)


def _plain(value: object) -> Value:
    if isinstance(value, (str, int, float, bool, datetime, date)) or value is None:
        return value
    return str(value)
