"""Recognises the sheets of a roster and how each is laid out: one row per household, or one per person.

In a sheet of persons the household's cells stand once, merged or blank downwards; `Layout.lines` fills them in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from jizhi.sheets.headers import Header
from jizhi.sheets.reading import EMPTY, Cell, Row, Sheet
from jizhi.sheets.roster import wide
from jizhi.sheets.roster.records import Skipped
from jizhi.sheets.rows import DataRow, split_rows
from jizhi.sheets.tables import find_tables
from jizhi.sheets.values import clean_text, parse_name
from jizhi.sheets.vocabulary import Role

HOUSEHOLD_ROLES = (Role.NO, Role.HEAD, Role.HEAD_ID, Role.GRID, Role.ADDRESS, Role.SIZE)
NUMBERED_GRID = re.compile(r"第[\d一二三四五六七八九十]+网格")
HEADS = frozenset(["户主", "本人", "户主本人", "本人(户主)", "户主(本人)", "1", "是", "√", "✓"])


class Shape(StrEnum):
    HOUSEHOLDS = "households"
    PERSONS = "persons"


@dataclass(frozen=True, slots=True)
class Line:
    """A data row with the household's cells carried down to it."""

    sheet: Sheet
    header: Header
    row: Row
    cells: dict[Role, Cell]
    columns: dict[Role, int]

    def cell(self, role: Role) -> Cell:
        return self.cells.get(role, EMPTY)

    def label(self, role: Role) -> str:
        return self.header.label(self.columns.get(role))

    @property
    def is_head(self) -> bool:
        return _says_head(self.cell(Role.RELATION))


def _says_head(cell: Cell) -> bool:
    return "".join(clean_text(cell.shown).split()) in HEADS


@dataclass(slots=True)
class Layout:
    sheet: Sheet
    header: Header
    shape: Shape
    columns: dict[Role, int]
    data: list[DataRow]
    skipped: list[Skipped] = field(default_factory=list)
    wide: bool = False  # members stand in the row of their household

    def lines(self) -> Iterator[Line]:
        carried: dict[Role, Cell] = {}
        head_seen = False
        for entry in self.data:
            cells = self._cells(entry)
            if self.wide:
                for person, columns in wide.member_cells(self.header, entry.row, cells, self.columns):
                    yield Line(self.sheet, self.header, entry.row, person, columns)
                continue
            line = Line(self.sheet, self.header, entry.row, cells, self.columns)
            if self.shape is Shape.PERSONS:
                if _starts_household(cells, carried, head_seen and line.is_head):
                    carried, head_seen = {}, False
                _carry(cells, carried, HOUSEHOLD_ROLES)
                head_seen = head_seen or line.is_head
            elif self._grid_stands_once():
                _carry(cells, carried, (Role.GRID,))
            yield line

    def _cells(self, entry: DataRow) -> dict[Role, Cell]:
        cells = {role: entry.row.cell(column) for role, column in self.columns.items()}
        if cells.get(Role.PHONE, EMPTY).is_blank:
            others = (entry.row.cell(column) for column in self.header.columns.get(Role.PHONE, []))
            cells[Role.PHONE] = next((cell for cell in others if not cell.is_blank), EMPTY)
        if Role.GRID not in self.columns and entry.section:
            cells[Role.GRID] = Cell(entry.section, entry.section)
        return cells

    def _grid_stands_once(self) -> bool:
        """Whether the grid is written at the first household of each grid only."""
        column = self.columns.get(Role.GRID)
        if column is None or not self.data:
            return False
        blank = sum(1 for entry in self.data if entry.row.cell(column).is_blank)
        return blank * 2 > len(self.data) and not self.data[0].row.cell(column).is_blank


def _starts_household(cells: dict[Role, Cell], carried: dict[Role, Cell], second_head: bool) -> bool:
    no, head = cells.get(Role.NO, EMPTY), cells.get(Role.HEAD, EMPTY)
    if not no.is_blank:
        return carried.get(Role.NO, EMPTY).shown != no.shown
    other_head = head.is_own and parse_name(head).value != parse_name(carried.get(Role.HEAD, head)).value
    return second_head or other_head


def _carry(cells: dict[Role, Cell], carried: dict[Role, Cell], roles: Collection[Role]) -> None:
    for role in roles:
        cell = cells.get(role, EMPTY)
        if cell.is_blank and role in carried:
            cells[role] = carried[role]
        elif not cell.is_blank:
            carried[role] = cell


def _suffices(roles: Collection[Role]) -> bool:
    """A roster names a person and numbers households; a table of claims or points is none."""
    if Role.WHAT in roles or Role.POINTS in roles:
        return False
    names = Role.HEAD in roles or Role.NAME in roles
    return names and (Role.NO in roles or Role.SERIAL in roles or Role.ID in roles) and len(roles) >= 2


def find_layouts(sheet: Sheet) -> list[Layout]:
    """The tables of the sheet that are rosters, each with its shape."""
    return [_lay_out(part, header) for part, header in find_tables(sheet, _suffices)]


def _lay_out(sheet: Sheet, header: Header) -> Layout:
    columns = {role: places[0] for role, places in header.columns.items()}
    data, skipped = [], []
    for entry in split_rows(sheet, header):
        if isinstance(entry, DataRow):
            data.append(DataRow(entry.row, entry.section or _form_grid(sheet, header)))
        else:
            skipped.append(Skipped(sheet.name, entry.row.number, entry.kind, entry.text))
    if Role.NO not in columns and _serial_counts_households(columns, data):
        columns[Role.NO] = columns[Role.SERIAL]
    if Role.GRID not in columns and Role.GROUP in columns:
        columns[Role.GRID] = columns[Role.GROUP]
    layout = Layout(sheet, header, _shape(columns, data), columns, data, skipped, wide.is_wide(header, data))
    _name_columns(layout)
    return layout


def _serial_counts_households(columns: dict[Role, int], data: list[DataRow]) -> bool:
    """Whether a mere serial number stands once per household, so that it can number the households."""
    serial, relation = columns.get(Role.SERIAL), columns.get(Role.RELATION)
    if serial is None or (relation is None and Role.HEAD in columns and Role.NAME in columns):
        return False
    if relation is None:
        return True
    members = [entry for entry in data if not _says_head(entry.row.cell(relation))]
    return not any(entry.row.cell(serial).is_own for entry in members)


def _shape(columns: dict[Role, int], data: list[DataRow]) -> Shape:
    if Role.RELATION in columns or (Role.HEAD in columns and Role.NAME in columns):
        return Shape.PERSONS
    if Role.HEAD in columns or Role.NO not in columns:
        return Shape.HOUSEHOLDS
    numbers = [entry.row.cell(columns[Role.NO]) for entry in data]
    repeated = sum(1 for cell in numbers if cell.is_blank or cell.filled)
    return Shape.PERSONS if repeated * 5 > len(numbers) else Shape.HOUSEHOLDS


def _name_columns(layout: Layout) -> None:
    """Give the plain words `姓名` and `身份证` the meaning they have in this shape."""
    columns = layout.columns
    if layout.shape is Shape.PERSONS:
        if Role.NAME not in columns and Role.HEAD in columns:
            columns[Role.NAME] = columns.pop(Role.HEAD)
        return
    for plain, meant in ((Role.NAME, Role.HEAD), (Role.ID, Role.HEAD_ID)):
        if meant not in columns and plain in columns:
            columns[meant] = columns.pop(plain)


def _form_grid(sheet: Sheet, header: Header) -> str:
    """A grid named once for the whole sheet: in a form line above the header, or by the sheet's name."""
    for row in sheet.rows:
        if row.number >= header.first_row:
            break
        for _, cell in row.own():
            text = "".join(clean_text(cell.shown).split())
            label, found, name = text.partition(":")
            if found and label.endswith("网格") and name:
                return name
            if numbered := NUMBERED_GRID.search(text):
                return numbered.group()
    name = "".join(sheet.name.split())
    return name if name.endswith("网格") else ""
