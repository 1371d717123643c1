"""Reads a workbook of areas: level, code, names, parent and first day, one area a row, in any order of rows.

It only finds the columns and cleans the cells. Whether a level exists or a parent is known, the areas app says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from jizhi.sheets.reading import Cell, Row, Sheet, UnreadableFile, read_workbook
from jizhi.sheets.values.dates import parse_date
from jizhi.sheets.values.outcome import INVISIBLE, clean_text

COLUMNS: Mapping[str, re.Pattern[str]] = {
    "parent": re.compile(r"^(上级|父级|所属)(区划)?(代码|编码)$|^parent( code)?$", re.IGNORECASE),
    "code": re.compile(r"^(区划|网格)?(代码|编码)$|^(area )?code$", re.IGNORECASE),
    "level": re.compile(r"^(层级|级别)$|^level$", re.IGNORECASE),
    "name_en": re.compile(r"^英文名称?$|^english name$", re.IGNORECASE),
    "name": re.compile(r"^(区划|网格)?名称$|^name$", re.IGNORECASE),
    "from_date": re.compile(r"^(设立|开始|生效)日期$|^from( date)?$|^first day of the area$", re.IGNORECASE),
}
NEEDED = {"code", "level", "name"}
HEADER_WITHIN = 10


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be read, with its reason in both languages."""

    column: str
    value: str
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area as the file tells it; `titles` are the headers of its columns, `faults` what cannot be read."""

    sheet: str
    row: int
    level: str
    code: str
    name: str
    name_en: str
    parent: str
    from_date: date | None
    titles: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[CellFault, ...] = ()


def read_areas(source: Path | bytes, filename: str) -> list[AreaRow]:
    """All rows of all sheets that have the columns; raises UnreadableFile where none has."""
    rows: list[AreaRow] = []
    found = False
    for sheet in read_workbook(source, filename):
        header = None if sheet.hidden else _header(sheet)
        if header is not None:
            found = True
            rows += _rows(sheet, *header)
    if not found:
        raise UnreadableFile(
            "找不到区划表的表头：要有“层级”“区划代码”“名称”等列。",
            "No header of an area table found: level (层级), code (区划代码) and name (名称).",
        )
    return rows


def _header(sheet: Sheet) -> tuple[int, dict[str, int], dict[str, str]] | None:
    for row in sheet.rows[:HEADER_WITHIN]:
        columns: dict[str, int] = {}
        titles: dict[str, str] = {}
        for column, cell in row.own():
            title = clean_text(cell.shown)
            role = next((key for key, words in COLUMNS.items() if words.search(title)), None)
            if role is not None and role not in columns:
                columns[role], titles[role] = column, title
        if set(columns) >= NEEDED:
            return row.number, columns, titles
    return None


def _rows(sheet: Sheet, header: int, columns: dict[str, int], titles: dict[str, str]) -> list[AreaRow]:
    rows = [row for row in sheet.rows if row.number > header]
    told = [_row(sheet, row, columns, titles) for row in rows]
    return [one for one in told if one.code or one.name or one.parent]


def _row(sheet: Sheet, row: Row, columns: dict[str, int], titles: dict[str, str]) -> AreaRow:
    faults: list[CellFault] = []

    def cell(role: str) -> Cell:
        return row.cell(columns.get(role, 0))

    def text(role: str) -> str:
        if fault := cell(role).fault:
            faults.append(CellFault(titles[role], cell(role).shown, fault, cell(role).fault_en))
        return clean_text(cell(role).shown)

    day = parse_date(cell("from_date"), since_1904=sheet.since_1904)
    if day.problem is not None:
        faults.append(CellFault(titles["from_date"], cell("from_date").shown, day.problem.zh, day.problem.en))
    return AreaRow(
        sheet=sheet.name,
        row=row.number,
        level=text("level"),
        code=_code(cell("code"), text("code")),
        name=_written(text("name"), cell("name")),
        name_en=_written(text("name_en"), cell("name_en")),
        parent=_code(cell("parent"), text("parent")),
        from_date=day.value,
        titles=titles,
        faults=tuple(faults),
    )


def _written(clean: str, cell: Cell) -> str:
    """A name as it is written: full-width brackets stay, stray blanks and invisible signs go."""
    return " ".join(INVISIBLE.sub("", cell.shown).split()) if clean else ""


def _code(cell: Cell, shown: str) -> str:
    """Spreadsheets turn long codes into numbers; whole ones are written out again."""
    if (
        isinstance(cell.value, float | int)
        and not isinstance(cell.value, bool)
        and cell.value == int(cell.value)
    ):
        return str(int(cell.value))
    return shown.lower()
