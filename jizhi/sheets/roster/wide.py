"""Rosters with one row per household and its members in the same row: in columns of their own, or in one cell.

Each member becomes a line like one of a sheet of persons, so that everything after this sees persons only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jizhi.sheets.headers import Header
from jizhi.sheets.reading import EMPTY, Cell, Row
from jizhi.sheets.rows import DataRow
from jizhi.sheets.values import clean_text, is_nothing
from jizhi.sheets.vocabulary import Role

PERSONAL = (Role.NAME, Role.ID, Role.RELATION, Role.BIRTH, Role.PHONE, Role.PARTY)
SEPARATORS = re.compile(r"[、,，;；/\n]+")
HEAD_CELL = Cell("户主", "户主")


def is_wide(header: Header, data: list[DataRow]) -> bool:
    """Whether rows are households that carry their members along."""
    names, head, no = (header.columns.get(role, []) for role in (Role.NAME, Role.HEAD, Role.NO))
    if not names or not head or not no:
        return False
    if len(names) > 1:
        return True
    return Role.RELATION not in header.columns and any(
        SEPARATORS.search(entry.row.cell(names[0]).shown.strip()) for entry in data
    )


def member_cells(
    header: Header, row: Row, household: dict[Role, Cell], columns: dict[Role, int]
) -> Iterator[tuple[dict[Role, Cell], dict[Role, int]]]:
    """Cells and columns of each person of one row, the head first."""
    names = sorted(header.columns[Role.NAME])
    shared = {role: column for role, column in columns.items() if role not in PERSONAL}
    own: dict[Role, int] = _personal(header, 0, names[0])
    own.pop(Role.RELATION, None)
    own[Role.NAME] = columns[Role.HEAD]
    if Role.HEAD_ID in columns:
        own[Role.ID] = columns[Role.HEAD_ID]
    head = _cells(household, row, own) | {Role.RELATION: HEAD_CELL}
    yield head, shared | own
    for start, end in zip(names, [*names[1:], 10**6], strict=True):
        places = _personal(header, start, end)
        cells = _cells(household, row, places)
        for name in _split(cells.get(Role.NAME, EMPTY)):
            person = cells | {Role.NAME: name}
            if not _is_blank(person) and not _is_same(person, head):
                yield person, shared | places


def _personal(header: Header, start: int, end: int) -> dict[Role, int]:
    """The columns of one person: from its name to the next person's."""
    found = {}
    for role in PERSONAL:
        column = min((c for c in header.columns.get(role, []) if start <= c < end), default=None)
        if column is not None:
            found[role] = column
    return found


def _cells(household: dict[Role, Cell], row: Row, places: dict[Role, int]) -> dict[Role, Cell]:
    shared = {role: cell for role, cell in household.items() if role not in PERSONAL}
    return shared | {role: row.cell(column) for role, column in places.items()}


def _split(cell: Cell) -> list[Cell]:
    parts = [part for part in SEPARATORS.split(cell.shown) if not is_nothing(part)]
    return [Cell(part, part) for part in parts] if len(parts) > 1 and not cell.fault else [cell]


def _is_blank(person: dict[Role, Cell]) -> bool:
    return all(is_nothing(person.get(role, EMPTY).shown) for role in (Role.NAME, Role.ID))


def _is_same(person: dict[Role, Cell], head: dict[Role, Cell]) -> bool:
    """The head listed once more among the members."""

    def text(cells: dict[Role, Cell], role: Role) -> str:
        return "".join(clean_text(cells.get(role, EMPTY).shown).split()).upper()

    same_number = text(person, Role.ID) in ("", text(head, Role.ID))
    return text(person, Role.NAME) == text(head, Role.NAME) and same_number
