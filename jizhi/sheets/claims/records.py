"""What reading a sheet of claims yields: claims ready to file, questions for a person, refused cells.

A row is in exactly one of the three: a question keeps the half-understood claim so that an answer completes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from jizhi.sheets.roster.records import Note, Refusal, Skipped


@dataclass(frozen=True, slots=True)
class ItemName:
    """An item of the scheme as far as reading needs it; `unit` is what one unit of quantity is, if known."""

    id: str
    title: str
    aliases: Sequence[str] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    sheet: str
    row: int
    claim_date: date
    household_no: str
    head: str
    what: str  # in people's words
    item_id: str
    quantity: Decimal | None
    quantity_text: str
    unit: str
    witness: str
    remark: str


@dataclass(frozen=True, slots=True)
class ClaimQuestion:
    """One thing to ask about one row. `candidates` are item ids or quantities, the likeliest first."""

    sheet: str
    row: int
    column: str
    value: str
    kind: str  # "item", "quantity" or "head"
    question: str
    question_en: str
    candidates: tuple[str, ...]
    claim: ClaimRow


@dataclass(frozen=True, slots=True)
class ClaimSheet:
    read: int
    rows: list[ClaimRow]
    questions: list[ClaimQuestion] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    understood: list[Note] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
