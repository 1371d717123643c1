"""Reads .xls and other binary workbooks with calamine.

Also the second reader for .xlsx files openpyxl cannot take. Number formats are not available here.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import python_calamine

from jizhi.sheets.reading.cells import Cell, Row, Sheet, Span, Value, finish, make_cell
from jizhi.sheets.reading.errors import UnreadableFile, damaged, encrypted, too_large

MAX_CELLS = 3_000_000


def read(data: bytes) -> list[Sheet]:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted()
    if "WordDocument".encode("utf-16-le") in data or "PowerPoint Document".encode("utf-16-le") in data:
        raise UnreadableFile(
            "这是文档，不是表格。请上传 .xlsx、.xls 或 .csv。",
            "This is a document, not a table. Upload .xlsx, .xls or .csv.",
        )
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(data))
        return [_read_sheet(workbook, index) for index in range(len(workbook.sheet_names))]
    except UnreadableFile:
        raise
    except python_calamine.PasswordError as error:
        raise encrypted() from error
    except BaseException as error:
        # calamine panics (a BaseException) on some truncated files; interrupts must pass through.
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise damaged() from error


def _read_sheet(workbook: Any, index: int) -> Sheet:
    sheet = workbook.get_sheet_by_index(index)
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise too_large()
    rows = [
        Row(number, {column: _convert(value) for column, value in enumerate(values, start=1) if value != ""})
        for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1)
    ]
    spans = [
        Span(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    ]
    visible = workbook.sheets_metadata[index].visible == python_calamine.SheetVisibleEnum.Visible
    return finish(sheet.name, rows, spans, hidden=not visible)


def _convert(value: object) -> Cell:
    plain: Value = value if isinstance(value, (str, int, float, bool, datetime, date)) else str(value)
    return make_cell(plain)
