"""What reading a roster yields: households, refused cells, notes and rows that are not data.

Plain frozen records without behaviour beyond counting; the reading itself is in the sibling modules.
Row numbers are the ones the spreadsheet shows, columns read `D 户主身份证`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Refusal:
    """One problem of one cell. A row with three problems yields three refusals and imports nothing."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something understood in a way the reader of the dry run should see; the row still imports."""

    sheet: str
    row: int
    column: str
    value: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row (or, with row 0, a whole sheet) that holds no data: titles, totals, notes, signatures."""

    sheet: str
    row: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class RosterMember:
    name: str
    id_number: str
    birth_date: date | None
    relation: str
    phone: str
    party: bool | None  # None: not said
    row: int
    sex: str = ""
    residence: str = ""
    registered_place: str = ""
    party_class: str = ""


@dataclass(frozen=True, slots=True)
class RosterHousehold:
    """One household. `size` is what the sheet declares; where it declares nothing, the members imported."""

    no: str
    head: str
    head_id: str
    size: int
    grid: str
    phone: str
    address: str
    row: int
    sheet: str
    members: tuple[RosterMember, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """The whole file. `read` counts data rows: households or persons, whichever the rows are."""

    read: int
    households: list[RosterHousehold]
    refused: list[Refusal] = field(default_factory=list)
    understood: list[Note] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def refused_rows(self) -> list[tuple[str, int]]:
        """The places of refused rows, each once, in reading order."""
        return list(dict.fromkeys((refusal.sheet, refusal.row) for refusal in self.refused))

    @property
    def grids(self) -> list[str]:
        """Names of the grids households live in, in order of first appearance."""
        return list(dict.fromkeys(h.grid for h in self.households if h.grid))
