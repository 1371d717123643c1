"""Large .xlsx files as a stream: rows are cut out of the sheet's XML as it is unpacked, so length costs no memory.

Only values, number formats and stored results of formulas are read; merged cells and hidden rows are not looked at.
The texts that the sheets share are kept packed in one block of bytes.
"""

from __future__ import annotations

import contextlib
import posixpath
import re
import zipfile
from array import array
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import IO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from jizhi.sheets.reading.cells import Cell, Value, error_cell, formula_cell, make_cell
from jizhi.sheets.reading.errors import UnreadableFile, damaged, encrypted, too_large

BLOCK = 1 << 20
LONGEST_ROW = 8 << 20
MAX_UNPACKED = 4 << 30
ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.*?)</(?:\w+:)?v>", re.DOTALL)
TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?t>)", re.DOTALL)
PHONETIC = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
ITEM = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
Streamed = tuple[str, int, dict[int, Cell], bool]


def rows(source: Path) -> Iterator[Streamed]:
    """Sheet name, row number, cells by column, whether days count from 1904; raises UnreadableFile."""
    try:
        with zipfile.ZipFile(source) as archive:
            yield from _Workbook(archive).rows()
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError) as error:
        raise damaged() from error


class _Workbook:
    """The parts of an open archive that every sheet needs."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {name.replace("\\", "/"): name for name in archive.namelist()}
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise too_large()
        if "EncryptedPackage" in self.names:
            raise encrypted()
        if "xl/workbook.xml" not in self.names:
            raise UnreadableFile(
                "这不是 .xlsx 表格；大文件请另存为 .xlsx 或 .csv 再传。",
                "This is no .xlsx workbook; save large files as .xlsx or .csv.",
            )
        book = self._part("xl/workbook.xml")
        self.since_1904 = bool(re.search(rb'date1904\s*=\s*"(1|true)"', book))
        self.sheets = self._sheets(book)
        self.formats = self._formats()
        self.texts = _Texts()
        for name in self.names:
            if name.lower() == "xl/sharedstrings.xml":
                with self.archive.open(self.names[name]) as part:
                    self.texts.read(part)

    def _part(self, name: str) -> bytes:
        return self.archive.read(self.names[name]) if name in self.names else b""

    def _sheets(self, book: bytes) -> list[tuple[str, str]]:
        targets = {}
        for found in re.finditer(
            rb"<(?:\w+:)?Relationship\b([^>]*)>", self._part("xl/_rels/workbook.xml.rels")
        ):
            known = _attributes(found.group(1))
            target = known.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[known.get("Id", "")] = path
        sheets = []
        for found in re.finditer(rb"<(?:\w+:)?sheet\b([^>]*)>", book):
            known = _attributes(found.group(1))
            key = next((value for name, value in known.items() if name.endswith(":id")), "")
            if targets.get(key) in self.names:
                sheets.append((known.get("name", ""), targets[key]))
        return sheets

    def _formats(self) -> list[str]:
        styles = self._part("xl/styles.xml")
        own = {}
        for found in re.finditer(rb"<(?:\w+:)?numFmt\b([^>]*)>", styles):
            known = _attributes(found.group(1))
            own[known.get("numFmtId", "")] = known.get("formatCode", "General")
        block = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
        ids = []
        for found in re.finditer(rb"<(?:\w+:)?xf\b([^>]*)>", block.group() if block else b""):
            ids.append(_attributes(found.group(1)).get("numFmtId", "0"))
        return [own.get(one) or BUILTIN_FORMATS.get(int(one), "General") for one in ids]

    def rows(self) -> Iterator[Streamed]:
        for title, path in self.sheets:
            number = 0
            with self.archive.open(self.names[path]) as part:
                for attributes, body in _elements(part, ROW, b"row>"):
                    given = re.search(rb'\br="(\d+)"', attributes)
                    number = int(given.group(1)) if given else number + 1
                    cells = self._cells(body)
                    if cells:
                        yield title, number, cells, self.since_1904

    def _cells(self, body: bytes) -> dict[int, Cell]:
        cells: dict[int, Cell] = {}
        column = 0
        for found in CELL.finditer(body):
            known = dict(_PAIR.findall(found.group(1)))
            place = known.get(b"r")
            column = _column(place) if place else column + 1
            content = found.group(2)
            if content:
                cell = self._cell(known.get(b"t", b"n"), known.get(b"s"), content)
                if cell is not None:
                    cells[column] = cell
        return cells

    def _cell(self, kind: bytes, style: bytes | None, content: bytes) -> Cell | None:
        if kind == b"inlineStr":
            return _text_cell(_joined(content))
        value = VALUE.search(content)
        if value is None or not value.group(1):
            formula = FORMULA.search(content)
            return formula_cell("=" + _plain(formula.group(1) or b"")) if formula and kind != b"str" else None
        raw = value.group(1)
        if kind == b"s":
            return _text_cell(self.texts[int(raw)])
        if kind in (b"str", b"d"):
            return _text_cell(_plain(raw))
        if kind == b"e":
            return error_cell(_plain(raw))
        if kind == b"b":
            return make_cell(raw.strip() == b"1")
        return self._number(
            raw, self.formats[int(style)] if style and int(style) < len(self.formats) else "General"
        )

    def _number(self, raw: bytes, number_format: str) -> Cell:
        text = raw.decode("ascii", "replace").strip()
        value: Value = int(text) if text.lstrip("-").isdigit() else float(text)
        if number_format != "General" and is_date_format(number_format):
            epoch = CALENDAR_MAC_1904 if self.since_1904 else CALENDAR_WINDOWS_1900
            with contextlib.suppress(ValueError, OverflowError):
                moment = from_excel(value, epoch)
                # A time of day alone has no year; it is written out, as it is for small workbooks.
                return make_cell(moment if isinstance(moment, datetime) else str(moment), number_format)
        return make_cell(value, number_format)


_PAIR = re.compile(rb'\b(r|s|t)="([^"]*)"')


class _Texts:
    """The shared texts, packed: one block of bytes and where each begins."""

    def __init__(self) -> None:
        self.block = bytearray()
        self.ends = array("Q", [0])

    def read(self, part: IO[bytes]) -> None:
        for _attributes, body in _elements(part, ITEM, b"si>"):
            self.block += _joined(body).encode()
            self.ends.append(len(self.block))

    def __getitem__(self, number: int) -> str:
        if number + 1 >= len(self.ends):
            raise ValueError(f"no shared text {number}")
        return self.block[self.ends[number] : self.ends[number + 1]].decode()


def _elements(part: IO[bytes], pattern: re.Pattern[bytes], end: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Attributes and content of each element, read block by block."""
    rest = b""
    while block := part.read(BLOCK):
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise damaged()
        rest += block
        cut = rest.rfind(end)
        if cut < 0:
            if len(rest) > LONGEST_ROW:
                raise too_large()
            continue
        cut += len(end)
        for found in pattern.finditer(rest, 0, cut):
            yield found.group(1) if pattern is ROW else b"", found.group(pattern.groups) or b""
        rest = rest[cut:]


def _attributes(text: bytes) -> dict[str, str]:
    return {name.decode(): _plain(one or other) for name, one, other in ATTRIBUTE.findall(text)}


def _plain(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    text = unescape(text) if "&" in text else text
    return ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _joined(body: bytes) -> str:
    if b"rPh" in body:
        body = PHONETIC.sub(b"", body)
    return "".join(_plain(found) for found in TEXT.findall(body))


def _text_cell(text: str) -> Cell | None:
    return make_cell(text) if text.strip() else None


def _column(place: bytes) -> int:
    number = 0
    for letter in place:
        if letter < 65:
            break
        number = number * 26 + (letter & 0xDF) - 64
    return number
