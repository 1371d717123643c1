"""Reads a plain table row by row: finds the header, understands each cell, names every problem with its place.

Rows are yielded as they are read; nothing of the file is kept but the header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jizhi.sheets.plain.columns import Column
from jizhi.sheets.plain.rows import RawRow, raw_rows
from jizhi.sheets.reading import EMPTY, UnreadableFile, column_letter
from jizhi.sheets.roster.records import Refusal
from jizhi.sheets.rows import SIGNATURE, TOTAL
from jizhi.sheets.values import clean_text
from jizhi.sheets.vocabulary import normalise

SEARCH_ROWS = 40


@dataclass(slots=True)
class Line:
    """A row: its place, the value of each column by key, the texts as written, and its problems (none: usable)."""

    sheet: str
    row: int
    values: dict[str, Any]
    shown: dict[str, str]
    problems: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class _Header:
    row: int
    places: dict[str, int]
    titles: dict[int, str]


@dataclass(slots=True)
class PlainTable:
    """A file being read: iterate once. `unused` are titles of columns nobody asked for.

    `sheets` are those whose header fits, `skipped` the others; a workbook may hold tables of several kinds.
    """

    source: Path
    filename: str
    columns: Sequence[Column]
    unused: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    @property
    def skipped(self) -> list[str]:
        """Sheets that hold something, but not these columns."""
        return [name for name in self.seen if name not in self.sheets]

    def __iter__(self) -> Iterator[Line]:
        """The rows below the header of each sheet that has one; raises UnreadableFile where none has."""
        names = {name: column.key for column in self.columns for name in column.names}
        nearest: list[Column] = list(self.columns)
        sheet, header, tried = "", None, 0
        for raw in raw_rows(self.source, self.filename):
            if raw.sheet != sheet:
                sheet, header, tried = raw.sheet, None, 0
                self.seen.append(sheet)
            if header is None:
                if tried < SEARCH_ROWS:
                    tried += 1
                    header, missing = self._as_header(raw, names)
                    nearest = min(nearest, missing, key=len)
            elif not self._is_no_data(raw, header):
                yield self._line(raw, header)
        if not self.sheets:
            raise _no_header(nearest, self.columns)

    def _as_header(self, raw: RawRow, names: dict[str, str]) -> tuple[_Header | None, list[Column]]:
        titles = {
            n: "".join(clean_text(cell.shown).split()) for n, cell in raw.cells.items() if cell.shown.strip()
        }
        places: dict[str, int] = {}
        for number, title in titles.items():
            if key := names.get(normalise(title)):
                places.setdefault(key, number)
        required = [column for column in self.columns if column.required]
        missing = [column for column in required if column.key not in places]
        if not places or missing:
            return None, missing or list(self.columns)
        used = set(places.values())
        self.sheets.append(raw.sheet)
        self.unused += [title for number, title in titles.items() if number not in used]
        return _Header(raw.number, places, titles), []

    def _is_no_data(self, raw: RawRow, header: _Header) -> bool:
        """Blank rows, totals, signatures and a header printed again."""
        cells = [raw.cells.get(place, EMPTY) for place in header.places.values()]
        texts = ["".join(cell.shown.split()) for cell in cells if not cell.is_blank]
        if not texts:
            first = next((cell.shown for cell in raw.cells.values() if not cell.is_blank), "")
            return not first or len(header.places) > 0
        if len(texts) <= 3 and any(TOTAL.fullmatch(text) or SIGNATURE.fullmatch(text) for text in texts[:2]):
            return True
        return (
            texts[0] == header.titles[next(iter(header.places.values()))]
            and len(texts) > 1
            and all(
                normalise(text) in {normalise(title) for title in header.titles.values()} for text in texts
            )
        )

    def _line(self, raw: RawRow, header: _Header) -> Line:
        line = Line(raw.sheet, raw.number, {}, {})
        for column in self.columns:
            place = header.places.get(column.key)
            cell = raw.cells.get(place, EMPTY) if place is not None else EMPTY
            outcome = column.understand(cell, since_1904=raw.since_1904)
            line.values[column.key] = outcome.value
            line.shown[column.key] = cell.shown.strip()
            label = f"{column_letter(place)} {column.title}" if place else column.title
            if outcome.problem is not None:
                line.problems.append(
                    Refusal(raw.sheet, raw.number, label, cell.shown.strip()[:200], *outcome.problem)
                )
            elif column.required and outcome.value is None:
                line.problems.append(
                    Refusal(raw.sheet, raw.number, label, "", "不能空着", "must not be empty")
                )
        return line


def open_table(source: Path, filename: str, columns: Sequence[Column]) -> PlainTable:
    """The table in a file, to be iterated; the content decides what kind of file it is, not its name."""
    return PlainTable(source, filename, columns)


def _no_header(missing: Sequence[Column], columns: Sequence[Column]) -> UnreadableFile:
    if len(missing) < len([column for column in columns if column.required]):
        zh = "、".join(column.title for column in missing)
        en = ", ".join(column.title_en for column in missing)
        return UnreadableFile(f"表头里缺少这些列：{zh}。", f"The header lacks these columns: {en}.")
    zh = "、".join(column.title for column in columns)
    en = ", ".join(column.title_en for column in columns)
    return UnreadableFile(
        f"没有找到表头。表里应有这些列：{zh}。", f"No header was found. The columns are: {en}."
    )
