"""Reads a village's roster of households from whatever workbook it is kept in.

`read_roster` is the door; the records it returns are in `records`. It writes nothing and knows no database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

from jizhi.sheets.reading import Sheet, UnreadableFile, read_workbook
from jizhi.sheets.roster.gathering import Gathering
from jizhi.sheets.roster.grids import GridRule
from jizhi.sheets.roster.layout import Layout, Line, Shape, find_layouts
from jizhi.sheets.roster.parsing import parse_entry
from jizhi.sheets.roster.records import Note, Refusal, Roster, RosterHousehold, RosterMember, Skipped
from jizhi.sheets.values import clean_text, parse_id_number
from jizhi.sheets.values.plain import NO_WIDTH
from jizhi.sheets.vocabulary import Role

__all__ = [
    "Note",
    "Refusal",
    "Roster",
    "RosterHousehold",
    "RosterMember",
    "Skipped",
    "UnreadableFile",
    "read_roster",
]


def read_roster(
    source: Path | bytes, filename: str, known_grids: Collection[str] | None = None, *, on: date | None = None
) -> Roster:
    """Read a roster; `known_grids` are the village's grids where it already has some, `on` is today.

    Raises UnreadableFile where no sheet is a roster; every other problem is a refusal with its place.
    """
    layouts, refused, skipped = _find_layouts(read_workbook(source, filename))
    lines = [(layout, line) for layout in layouts for line in layout.lines()]
    grids = GridRule(((_no_text(line), line.cell(Role.GRID).shown) for _, line in lines), known_grids)
    width = _no_width(line for _, line in lines)
    gathering = Gathering()
    # Rows that declare households come first: persons on other sheets then join them.
    for wanted in (Shape.HOUSEHOLDS, Shape.PERSONS):
        for layout, line in lines:
            if layout.shape is wanted:
                gathering.add(parse_entry(line, layout.shape, grids, width, on))
    households = gathering.households()
    places = {(line.sheet.name, line.row.number): index for index, (_, line) in enumerate(lines)}
    refused += sorted(gathering.refused, key=lambda refusal: places[refusal.sheet, refusal.row])
    skipped += [entry for layout in layouts for entry in layout.skipped]
    read = sum(len(layout.data) for layout in layouts)
    return Roster(read, households, refused, gathering.noted, skipped)


def _find_layouts(sheets: list[Sheet]) -> tuple[list[Layout], list[Refusal], list[Skipped]]:
    layouts: list[Layout] = []
    refused: list[Refusal] = []
    skipped: list[Skipped] = []
    for sheet in sheets:
        found = [] if sheet.hidden else find_layouts(sheet)
        layouts += [layout for layout in found if Role.NO in layout.columns]
        refused += [_without_numbers(layout) for layout in found if Role.NO not in layout.columns]
        if sheet.hidden:
            skipped.append(Skipped(sheet.name, 0, "hidden sheet", ""))
        elif not found and _holds_persons(sheet):
            refused.append(_without_header(sheet))
        elif not found:
            skipped.append(Skipped(sheet.name, 0, "no table", sheet.rows[0].own()[0][1].shown[:120]))
    if not layouts:
        raise _no_roster(refused)
    return layouts, refused, skipped


def _holds_persons(sheet: Sheet) -> bool:
    cells = (cell for row in sheet.rows for _, cell in row.own() if len(cell.shown) >= 15)
    return any(parse_id_number(cell).value for cell in cells)


def _without_header(sheet: Sheet) -> Refusal:
    reason, english = "找不到表头，整张表没有读入", "no header row found; the sheet was not read"
    return Refusal(sheet.name, sheet.rows[0].number, "", "", reason, english)


def _without_numbers(layout: Layout) -> Refusal:
    reason = "没有“户编号”一列，整张表没有读入"
    english = "there is no column of household numbers; the sheet was not read"
    return Refusal(layout.sheet.name, layout.header.last_row, "", "", reason, english)


def _no_roster(refused: list[Refusal]) -> UnreadableFile:
    if refused:
        return UnreadableFile(f"{refused[0].reason}。", f"{refused[0].reason_en}.")
    return UnreadableFile(
        "找不到花名册的表头：至少要有“户编号”和“户主”（或“姓名”）两列。",
        "No roster header found: at least a household number (户编号) and a head (户主) or name (姓名) are needed.",
    )


def _no_text(line: Line) -> str:
    return "".join(clean_text(line.cell(Role.NO).shown).split())


def _no_width(lines: Iterable[Line]) -> int:
    """How many digits household numbers have here: the widest one written with leading zeros."""
    padded = (text for text in map(_no_text, lines) if text.isdigit() and text.startswith("0"))
    return max((len(text) for text in padded), default=0) or NO_WIDTH
