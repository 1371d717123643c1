"""Reads text tables: decodes UTF-8, UTF-16 and GB18030, finds the separator, keeps Excel's row numbers.

Excel counts a record as one row even where a quoted cell breaks lines, so rows here are records, not lines.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from jizhi.sheets.reading.cells import Row, Sheet, finish, make_cell
from jizhi.sheets.reading.errors import UnreadableFile

SEPARATORS = (",", "\t", ";", "，", "|")
SAMPLE_ROWS = 40
MAX_FIELD = 200_000
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(data: bytes) -> str:
    text = _try_encodings(data)
    if text is None or _is_binary(text):
        raise UnreadableFile(
            "无法识别文件内容，不是表格。请上传 .xlsx、.xls 或 .csv。",
            "The content is not a table. Upload .xlsx, .xls or .csv.",
        )
    return text.removeprefix("\ufeff")


def encoding_of(source: Path, sample: bytes) -> str:
    """The first encoding in which the whole file reads, looked at in blocks; raises UnreadableFile."""
    for encoding in _candidates(sample):
        try:
            with source.open(encoding=encoding, newline="") as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding if encoding != "utf-8" else "utf-8-sig"
    raise UnreadableFile("无法识别文件的文字编码。", "The text encoding of the file is unknown.")


def _try_encodings(data: bytes) -> str | None:
    for encoding in _candidates(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _candidates(data: bytes) -> list[str]:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return [encoding]
    even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
    if odd > even and odd > 3:
        return ["utf-16-le"]
    if even > odd and even > 3:
        return ["utf-16-be"]
    return ["utf-8", "gb18030"]


def _is_binary(text: str) -> bool:
    sample = text[:20_000]
    controls = sum(1 for char in sample if ord(char) < 32 and char not in "\t\r\n\x0b\x0c")
    private = sum(1 for char in sample if "\ue000" <= char <= "\uf8ff")
    return "\x00" in sample or (controls + private) * 20 > len(sample)


def read(text: str, name: str) -> list[Sheet]:
    separator, text = declared_separator(text)
    separator = separator or find_separator(text)
    rows = []
    try:
        for number, record in enumerate(_records(text, separator), start=1):
            cells = {column: make_cell(value) for column, value in enumerate(record, start=1) if value != ""}
            rows.append(Row(number, cells))
    except csv.Error as error:
        raise UnreadableFile(
            f"第 {len(rows) + 1} 行附近的引号或分隔符有误，读不下去。",
            f"Quotes or separators near row {len(rows) + 1} are wrong; reading stopped.",
        ) from error
    return [finish(name, rows, [])]


def declared_separator(text: str) -> tuple[str, str]:
    """Excel's own first line `sep=;` names the separator and is not a row."""
    first, _, rest = text.partition("\n")
    declared = first.strip().strip('"')
    if declared.lower().startswith("sep=") and len(declared) <= 5:
        return (declared[4:] or "\t"), rest
    return "", text


def _records(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_FIELD)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def find_separator(text: str) -> str:
    return max(SEPARATORS, key=lambda separator: _regularity(text, separator))


def _regularity(text: str, separator: str) -> tuple[int, int]:
    """How many columns most rows share, and how many rows share them."""
    try:
        widths = [len(record) for record in islice(_records(text, separator), SAMPLE_ROWS) if len(record) > 1]
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    width, rows = Counter(widths).most_common(1)[0]
    return width * rows, rows
