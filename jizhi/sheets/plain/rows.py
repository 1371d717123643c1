"""The rows of a file one after the other, whatever kind of file it is, with memory that does not grow with its length.

Small workbooks and old formats go through `sheets.reading`, which knows merged cells; large ones through `streamed`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from jizhi.sheets.plain import streamed
from jizhi.sheets.reading import Cell, UnreadableFile, delimited, markup, read_workbook
from jizhi.sheets.reading.cells import make_cell

SMALL = 512 * 1024
SAMPLE = 256 * 1024
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(slots=True)
class RawRow:
    """A row with at least one filled cell, numbered as the spreadsheet shows it."""

    sheet: str
    number: int
    cells: dict[int, Cell]
    since_1904: bool = False


def raw_rows(source: Path, filename: str) -> Iterator[RawRow]:
    """All rows of all sheets; raises UnreadableFile with a message for the user."""
    try:
        with source.open("rb") as file:
            start = file.read(SAMPLE)
        size = source.stat().st_size
    except OSError as error:
        raise UnreadableFile("打不开这个文件。", "The file cannot be opened.") from error
    if start.startswith(ZIP) and size > SMALL:
        for sheet, number, cells, since_1904 in streamed.rows(source):
            yield RawRow(sheet, number, cells, since_1904)
    elif _is_text(start) and size > SMALL:
        yield from _text_rows(source, filename, start)
    else:
        for small in read_workbook(source, filename):
            for row in small.rows:
                yield RawRow(small.name, row.number, row.cells, small.since_1904)


def _is_text(start: bytes) -> bool:
    return not start.startswith((ZIP, OLE, b"%PDF", b"\x89PNG", b"\xff\xd8\xff"))


def _text_rows(source: Path, filename: str, start: bytes) -> Iterator[RawRow]:
    # Cut at a line's end, so that no character of several bytes is torn.
    sample = start[: start.rfind(b"\n") + 1] or start
    text = delimited.decode(sample)
    if markup.looks_like_markup(text):
        yield from (
            RawRow(s.name, r.number, r.cells) for s in read_workbook(source, filename) for r in s.rows
        )
        return
    separator, body = delimited.declared_separator(text)
    encoding = delimited.encoding_of(source, sample)
    name = Path(filename).stem or "CSV"
    with source.open(encoding=encoding, newline="") as file:
        if separator:
            file.readline()
        yield from _records(file, separator or delimited.find_separator(body), name)


def _records(file: IO[str], separator: str, name: str) -> Iterator[RawRow]:
    csv.field_size_limit(delimited.MAX_FIELD)
    number = 0
    try:
        for number, record in enumerate(csv.reader(file, delimiter=separator), start=1):
            cells = {
                column: make_cell(value) for column, value in enumerate(record, start=1) if value.strip()
            }
            if cells:
                yield RawRow(name, number, cells)
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"第 {number + 1} 行附近的引号、分隔符或文字编码有误，读不下去。",
            f"Quotes, separators or the encoding near row {number + 1} are wrong; reading stopped.",
        ) from error
