"""Understands one line of a roster: every cell parsed, every problem with its place.

What lines mean together (the same household twice, one person in two households) is decided in `gathering`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from jizhi.sheets import values
from jizhi.sheets.reading import Cell
from jizhi.sheets.roster.grids import GridRule
from jizhi.sheets.roster.layout import Line, Shape
from jizhi.sheets.roster.records import Note, Refusal
from jizhi.sheets.values import Outcome, Saying
from jizhi.sheets.vocabulary import Role

T = TypeVar("T")


@dataclass(slots=True)
class Entry:
    """A line with its values. Empty text means the cell is blank; `size` 0 that none is declared."""

    line: Line
    shape: Shape
    no: str = ""
    head: str = ""
    head_id: str = ""
    name: str = ""
    id_number: str = ""
    birth_date: date | None = None
    relation: str = ""
    phone: str = ""
    party: bool = False
    party_class: str = ""
    sex: str = ""
    residence: str = ""
    registered_place: str = ""
    size: int = 0
    grid: str = ""
    address: str = ""
    refused: list[Refusal] = field(default_factory=list)
    noted: list[Note] = field(default_factory=list)

    @property
    def place(self) -> tuple[str, int]:
        return self.line.sheet.name, self.line.row.number

    def refuse(self, role: Role, reason: Saying, value: str | None = None) -> None:
        shown = self.line.cell(role).shown.strip() if value is None else value
        self.refused.append(Refusal(*self.place, self.line.label(role), shown, reason.zh, reason.en))

    def note(self, role: Role, text: Saying) -> None:
        shown = self.line.cell(role).shown.strip()
        self.noted.append(Note(*self.place, self.line.label(role), shown, text.zh, text.en))

    def take(self, role: Role, parse: Callable[[Cell], Outcome[T]], default: T) -> T:
        outcome = parse(self.line.cell(role))
        if outcome.problem is not None:
            self.refuse(role, outcome.problem)
        elif outcome.note is not None and self.line.cell(role).is_own:
            self.note(role, outcome.note)
        return default if outcome.value is None else outcome.value


def parse_entry(line: Line, shape: Shape, grids: GridRule, no_width: int, on: date | None) -> Entry:
    entry = Entry(line, shape)
    entry.no = entry.take(Role.NO, lambda cell: values.parse_household_no(cell, width=no_width), "")
    entry.head = entry.take(Role.HEAD, values.parse_name, "")
    entry.head_id = entry.take(Role.HEAD_ID, values.parse_id_number, "")
    if shape is Shape.PERSONS:
        entry.name = entry.take(Role.NAME, values.parse_name, "")
        entry.id_number = entry.take(Role.ID, values.parse_id_number, "")
        entry.relation = entry.take(Role.RELATION, values.parse_text, "")
    entry.phone = entry.take(Role.PHONE, values.parse_phone, "")
    entry.party = entry.take(Role.PARTY, values.parse_party, False)
    _take_person(entry)
    entry.size = entry.take(Role.SIZE, values.parse_size, 0)
    entry.grid = entry.take(Role.GRID, grids.check, "")
    entry.address = entry.take(Role.ADDRESS, values.parse_text, "")
    _settle_birth_date(entry, on)
    return entry


def _take_person(entry: Entry) -> None:
    """Sex, residence and class; a class makes a party member, a sex that the ID number denies is refused."""
    entry.party_class = entry.take(Role.PARTY_CLASS, values.parse_party_class, "")
    entry.party = entry.party or bool(entry.party_class)
    entry.residence = entry.take(Role.RESIDENCE, values.parse_residence, "")
    entry.registered_place = entry.take(Role.REGISTERED, values.parse_text, "")
    entry.sex = entry.take(Role.SEX, values.parse_sex, "")
    number = entry.id_number if entry.shape is Shape.PERSONS else entry.head_id
    digit = number[16:17]
    inside = ("male" if int(digit) % 2 else "female") if digit.isdecimal() else ""
    if entry.sex and inside and entry.sex != inside:
        entry.refuse(Role.SEX, Saying("与身份证号里的性别不一致", "differs from the sex in the ID number"))


def _settle_birth_date(entry: Entry, on: date | None) -> None:
    """The birth date of the ID number; a column that says another day is refused, not averaged away."""
    number = entry.id_number if entry.shape is Shape.PERSONS else entry.head_id
    inside = values.birth_date_of(number) if number else None
    cell = entry.line.cell(Role.BIRTH)
    partial = values.partial_date(cell) if not cell.fault else None
    if inside and partial and partial[0] == inside.year and partial[1] in (None, inside.month):
        entry.birth_date = inside
    else:
        entry.birth_date = entry.take(Role.BIRTH, lambda c: _parse_birth(entry, c), None) or inside
    if inside and entry.birth_date and entry.birth_date != inside:
        entry.refuse(
            Role.BIRTH,
            Saying(
                f"与身份证号里的出生日期 {inside} 不一致",
                f"differs from the birth date {inside} in the ID number",
            ),
        )
    elif on and entry.birth_date and entry.birth_date > on:
        role = Role.BIRTH if not cell.is_blank else Role.ID
        entry.refuse(role, Saying("出生日期在今天以后", "the birth date lies in the future"))


def _parse_birth(entry: Entry, cell: Cell) -> Outcome[date | None]:
    outcome = values.parse_date(cell, since_1904=entry.line.sheet.since_1904)
    return Outcome(outcome.value, outcome.problem, outcome.note)
