"""Turns a workbook, CSV or HTML table into sheets of cells, whatever its extension claims.

The content decides the format. What the columns mean is for headers, values, roster and claims.
"""

from __future__ import annotations

from pathlib import Path

from jizhi.sheets.reading import delimited, legacy, markup, zipped
from jizhi.sheets.reading.cells import EMPTY, Cell, Row, Sheet, Span, column_letter
from jizhi.sheets.reading.errors import UnreadableFile

__all__ = ["EMPTY", "Cell", "Row", "Sheet", "Span", "UnreadableFile", "column_letter", "read_workbook"]

MAX_BYTES = 20 * 1024 * 1024
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOREIGN = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
}


def read_workbook(source: Path | bytes, filename: str) -> list[Sheet]:
    """All sheets with at least one filled row; raises UnreadableFile with a message for the user."""
    data = _load(source)
    sheets = [sheet for sheet in _dispatch(data, filename) if sheet.rows]
    if not sheets:
        raise UnreadableFile("文件里没有任何内容。", "The file has no content.")
    return sheets


def _load(source: Path | bytes) -> bytes:
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > MAX_BYTES:
            has, limit = size // 1024 // 1024, MAX_BYTES // 1024 // 1024
            raise UnreadableFile(
                f"文件太大（{has} MB），最多 {limit} MB。",
                f"The file is too large ({has} MB); the limit is {limit} MB.",
            )
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise UnreadableFile("打不开这个文件。", "The file cannot be opened.") from error
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("文件是空的。", "The file is empty.")
    return data


def _dispatch(data: bytes, filename: str) -> list[Sheet]:
    for signature, name in FOREIGN.items():
        if data.startswith(signature):
            raise UnreadableFile(
                f"这是 {name} 文件，不是表格。请上传 .xlsx、.xls 或 .csv。",
                f"This is a {name} file, not a table. Upload .xlsx, .xls or .csv.",
            )
    if data.startswith(ZIP):
        return zipped.read(data)
    if data.startswith(OLE):
        return legacy.read(data)
    text = delimited.decode(data)
    if markup.looks_like_markup(text):
        return markup.read(text)
    return delimited.read(text, Path(filename).stem or "CSV")
