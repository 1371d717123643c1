"""What an import says about itself: counts, refused cells with their place, and the households as understood.

The whole form goes to the operator's own file (`as_json`); what is kept and shown on pages is masked (`masked`).
"""

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from jizhi.core import masking
from jizhi.people.rules import HEAD, Change, Fate


@dataclass(frozen=True)
class RefusedCell:
    """One cell that keeps its row out, where the spreadsheet shows it; reason in both languages."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    reason_en: str = ""


@dataclass(frozen=True)
class UnderstoodCell:
    """A cell read in a way its writer should see; the row is imported."""

    sheet: str
    row: int
    column: str
    value: str
    text: str
    text_en: str = ""


@dataclass(frozen=True)
class ReportedMember:
    """A person of the file as understood."""

    name: str
    id: str
    birth: dt.date | None
    relation: str
    party: bool


@dataclass(frozen=True)
class ReportedHousehold:
    """A household of the file as understood; `changes` says what an update alters."""

    no: str
    head: str
    size: int
    grid: str
    members: tuple[ReportedMember, ...]
    fate: Fate
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """The outcome of a roster. `read` counts data rows; created, unchanged and updated count households."""

    read: int
    dry_run: bool
    households: tuple[ReportedHousehold, ...]
    refused: tuple[RefusedCell, ...]
    understood: tuple[UnderstoodCell, ...] = ()
    new_grids: tuple[str, ...] = ()

    def _count(self, fate: Fate) -> int:
        return sum(household.fate is fate for household in self.households)

    @property
    def created(self) -> int:
        """Households that were not on the register."""
        return self._count(Fate.CREATED)

    @property
    def unchanged(self) -> int:
        """Households the register already has exactly so."""
        return self._count(Fate.UNCHANGED)

    @property
    def updated(self) -> int:
        """Households of which something changes."""
        return self._count(Fate.UPDATED)

    def as_json(self) -> dict[str, Any]:
        """The report file's content: whole ID numbers, as in the roster it was made from."""
        return {
            "read": self.read,
            "created": self.created,
            "unchanged": self.unchanged,
            "updated": self.updated,
            "refused": [
                {"sheet": r.sheet, "row": r.row, "column": r.column, "value": r.value, "reason": r.reason}
                for r in self.refused
            ],
            "households": [
                {
                    "no": household.no,
                    "head": household.head,
                    "head_id": next((m.id for m in household.members if m.relation == HEAD), ""),
                    "size": household.size,
                    "grid": household.grid,
                    "members": [
                        dataclasses.asdict(member)
                        | {"birth": member.birth.isoformat() if member.birth else None}
                        for member in household.members
                    ],
                }
                for household in self.households
            ],
        }

    def masked(self) -> "ImportReport":
        """The same report without a whole ID number anywhere: for pages and for keeping."""
        households = tuple(
            dataclasses.replace(
                household,
                members=tuple(dataclasses.replace(m, id=masking.mask_id(m.id)) for m in household.members),
            )
            for household in self.households
        )
        return dataclasses.replace(
            self,
            households=households,
            refused=tuple(dataclasses.replace(r, value=_mask_digits(r.value)) for r in self.refused),
            understood=tuple(dataclasses.replace(u, value=_mask_digits(u.value)) for u in self.understood),
        )


def _mask_digits(value: str) -> str:
    """A cell's value with anything long enough for an ID or a phone hidden."""
    if sum(character.isdigit() for character in value) < 8:
        return value
    compact = "".join(value.split())
    return masking.mask_phone(compact) if len(compact) <= 11 else masking.mask_id(compact)


def to_stored(report: ImportReport) -> dict[str, Any]:
    """The masked report as JSON, for the import's row."""
    stored: dict[str, Any] = json.loads(
        json.dumps(dataclasses.asdict(report.masked()), cls=DjangoJSONEncoder)
    )
    return stored


def from_stored(stored: dict[str, Any]) -> ImportReport:
    """The report of an import's row."""
    return ImportReport(
        read=stored["read"],
        dry_run=stored["dry_run"],
        households=tuple(_household(row) for row in stored["households"]),
        refused=tuple(RefusedCell(**row) for row in stored["refused"]),
        understood=tuple(UnderstoodCell(**row) for row in stored["understood"]),
        new_grids=tuple(stored["new_grids"]),
    )


def _household(row: dict[str, Any]) -> ReportedHousehold:
    members = (
        ReportedMember(
            **member | {"birth": dt.date.fromisoformat(member["birth"]) if member["birth"] else None}
        )
        for member in row["members"]
    )
    return ReportedHousehold(
        **row
        | {
            "members": tuple(members),
            "fate": Fate(row["fate"]),
            "changes": tuple(Change(change) for change in row["changes"]),
        }
    )


def unreadable(reason: str) -> dict[str, Any]:
    """The report file's content for a file that could not be read at all."""
    return {
        "read": 0,
        "created": 0,
        "unchanged": 0,
        "updated": 0,
        "refused": [{"sheet": "", "row": 0, "column": "", "value": "", "reason": reason}],
        "households": [],
    }
