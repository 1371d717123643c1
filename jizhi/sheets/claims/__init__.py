"""Reads a sheet of claims: dates, household numbers, what was done in people's words, how much.

The words are matched to the scheme's items; what cannot be matched becomes a question, never a guess. Items come
in as plain names, so this library needs no rules engine.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from jizhi.sheets import values
from jizhi.sheets.claims.matching import ItemMatcher
from jizhi.sheets.claims.quantities import Quantity, parse_quantity
from jizhi.sheets.claims.records import ClaimQuestion, ClaimRow, ClaimSheet, ItemName
from jizhi.sheets.headers import Header, find_header
from jizhi.sheets.reading import EMPTY, Cell, Row, Sheet, UnreadableFile, read_workbook
from jizhi.sheets.roster.records import Note, Refusal, Skipped
from jizhi.sheets.rows import DataRow, split_rows
from jizhi.sheets.values import Outcome, Saying
from jizhi.sheets.values.plain import NO_WIDTH
from jizhi.sheets.vocabulary import Role

__all__ = ["ClaimQuestion", "ClaimRow", "ClaimSheet", "ItemName", "UnreadableFile", "read_claims"]

T = TypeVar("T")
MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
NO_YEAR = re.compile(r"(\d{1,2})[月./-](\d{1,2})[日号]?")


def read_claims(
    source: Path | bytes,
    filename: str,
    items: Sequence[ItemName],
    *,
    heads: Mapping[str, str] | None = None,
    on: date | None = None,
) -> ClaimSheet:
    """Read claims; `heads` maps the village's household numbers to their heads, `on` is today."""
    reader = _Reader(ItemMatcher(items), heads, on)
    for sheet in read_workbook(source, filename):
        header = None if sheet.hidden else find_header(sheet, _suffices)
        if header is None:
            kind = "hidden sheet" if sheet.hidden else "no table"
            reader.result.skipped.append(Skipped(sheet.name, 0, kind, sheet.rows[0].own()[0][1].shown[:120]))
        else:
            reader.read_sheet(sheet, header)
    if not reader.sheets:
        raise UnreadableFile(
            "找不到申报登记表的表头：要有“日期”“户编号”“申报事项”等列。",
            "No header of a claim sheet found: date (日期), household number (户编号) and item (申报事项).",
        )
    done = reader.result
    return ClaimSheet(reader.read, done.rows, done.questions, done.refused, done.understood, done.skipped)


def _suffices(roles: Collection[Role]) -> bool:
    return Role.WHAT in roles and (Role.NO in roles or Role.HEAD in roles or Role.NAME in roles)


@dataclass(slots=True)
class _Line:
    """One data row while it is being understood."""

    sheet: Sheet
    header: Header
    row: Row
    month: tuple[int, int] | None
    refused: list[Refusal]
    noted: list[Note]
    asked: list[tuple[Role, str, Saying, tuple[str, ...]]]

    def cell(self, role: Role) -> Cell:
        column = self.header.column(role)
        return self.row.cell(column) if column is not None else EMPTY

    def refuse(self, role: Role, reason: Saying) -> None:
        place = self.sheet.name, self.row.number, self.header.label(self.header.column(role))
        self.refused.append(Refusal(*place, self.cell(role).shown.strip(), *reason))

    def note(self, role: Role, text: Saying) -> None:
        place = self.sheet.name, self.row.number, self.header.label(self.header.column(role))
        self.noted.append(Note(*place, self.cell(role).shown.strip(), *text))

    def take(self, role: Role, outcome: Outcome[T], default: T, missing: Saying | None = None) -> T:
        if outcome.problem is not None:
            self.refuse(role, outcome.problem)
        elif outcome.value in (None, "") and missing is not None:
            self.refuse(role, missing)
        elif outcome.note is not None:
            self.note(role, outcome.note)
        return default if outcome.value is None else outcome.value


class _Reader:
    def __init__(self, matcher: ItemMatcher, heads: Mapping[str, str] | None, on: date | None) -> None:
        self.matcher, self.heads, self.on = matcher, heads, on
        self.result = ClaimSheet(0, [])
        self.read = self.sheets = 0
        self.no_width = max((len(no) for no in heads or () if no.isdigit()), default=NO_WIDTH)
        self.seen: dict[tuple[object, ...], tuple[str, int]] = {}

    def read_sheet(self, sheet: Sheet, header: Header) -> None:
        self.sheets += 1
        month = _month_of(sheet, header)
        for entry in split_rows(sheet, header):
            if isinstance(entry, DataRow):
                self.read += 1
                self._read_line(_Line(sheet, header, entry.row, month, [], [], []))
            else:
                self.result.skipped.append(Skipped(sheet.name, entry.row.number, entry.kind, entry.text))

    def _read_line(self, line: _Line) -> None:
        claim = self._understand(line)
        if line.refused:
            self.result.refused.extend(line.refused)
            return
        self.result.understood.extend(line.noted)
        for role, kind, question, candidates in line.asked:
            label, shown = line.header.label(line.header.column(role)), line.cell(role).shown.strip()
            self.result.questions.append(
                ClaimQuestion(claim.sheet, claim.row, label, shown, kind, *question, candidates, claim)
            )
        if not line.asked:
            self.result.rows.append(claim)

    def _understand(self, line: _Line) -> ClaimRow:
        head_role = Role.HEAD if Role.HEAD in line.header.columns else Role.NAME
        day = line.take(Role.DATE, _parse_day(line), date.min, NO_DATE)
        if self.on and day > self.on:
            line.refuse(Role.DATE, Saying("日期在今天以后", "the date lies in the future"))
        no = line.take(Role.NO, self._parse_no(line.cell(Role.NO)), "", NO_NUMBER)
        head = line.take(head_role, values.parse_name(line.cell(head_role)), "")
        self._check_household(line, no, head, head_role)
        what = line.take(Role.WHAT, values.parse_text(line.cell(Role.WHAT)), "", NO_ITEM)
        item, quantity = self._find_item(line, what)
        claim = ClaimRow(
            sheet=line.sheet.name,
            row=line.row.number,
            claim_date=day,
            household_no=no,
            head=head,
            what=what,
            item_id=item.id if item else "",
            quantity=quantity.value,
            quantity_text=line.cell(Role.QUANTITY).shown.strip(),
            unit=quantity.unit,
            witness=line.take(Role.WITNESS, values.parse_text(line.cell(Role.WITNESS)), ""),
            remark=line.take(Role.REMARK, values.parse_text(line.cell(Role.REMARK)), ""),
        )
        self._note_repeat(line, claim)
        return claim

    def _parse_no(self, cell: Cell) -> Outcome[str]:
        return values.parse_household_no(cell, width=self.no_width)

    def _check_household(self, line: _Line, no: str, head: str, head_role: Role) -> None:
        if self.heads is None or not no:
            return
        if no not in self.heads:
            line.refuse(Role.NO, Saying("村里没有这个户编号", "the village has no household of this number"))
        elif head and head != self.heads[no]:
            known = self.heads[no]
            question = Saying(
                f"{no} 户的户主是 {known}，登记的是 {head}，是这一户吗？",
                f"The head of {no} is {known}. Is it meant?",
            )
            line.asked.append((head_role, "head", question, (no,)))

    def _find_item(self, line: _Line, what: str) -> tuple[ItemName | None, Quantity]:
        item = self.matcher.match(what) if what else None
        if what and item is None:
            question = Saying(f"“{what}”是哪一项？", f"Which item is “{what}”?")
            line.asked.append((Role.WHAT, "item", question, self.matcher.candidates(what)))
        quantity = parse_quantity(line.cell(Role.QUANTITY), item.unit if item else "")
        if quantity.problem is not None:
            line.refuse(Role.QUANTITY, quantity.problem)
        elif quantity.question is not None:
            line.asked.append((Role.QUANTITY, "quantity", quantity.question, quantity.candidates))
        return item, quantity

    def _note_repeat(self, line: _Line, claim: ClaimRow) -> None:
        key = (claim.claim_date, claim.household_no, claim.what, claim.quantity_text, claim.head)
        if key in self.seen and not line.refused:
            sheet, row = self.seen[key]
            line.note(
                Role.WHAT, Saying(f"与“{sheet}”第{row}行完全相同", f"the same as row {row} of “{sheet}”")
            )
        self.seen.setdefault(key, (claim.sheet, claim.row))


NO_DATE = Saying("缺少日期", "the date is missing")
NO_NUMBER = Saying("缺少户编号，不知道是哪一户", "the household number is missing")
NO_ITEM = Saying("缺少申报事项", "what was done is missing")


def _month_of(sheet: Sheet, header: Header) -> tuple[int, int] | None:
    """The month the sheet is for, from its title; it completes dates written without a year."""
    above = [row for row in sheet.rows if row.number < header.first_row]
    texts = [cell.shown for row in above for _, cell in row.own()] + [sheet.name]
    found = next((match for text in texts if (match := MONTH.search(values.clean_text(text)))), None)
    return (int(found.group(1)), int(found.group(2))) if found else None


def _parse_day(line: _Line) -> Outcome[date]:
    cell = line.cell(Role.DATE)
    short = (
        NO_YEAR.fullmatch("".join(values.clean_text(cell.shown).split()))
        if isinstance(cell.value, str)
        else None
    )
    if short and line.month and int(short.group(1)) == line.month[1]:
        year, month = line.month
        text = f"{year}-{month}-{short.group(2)}"
        outcome = values.parse_date(Cell(text, text))
        return Outcome(outcome.value, outcome.problem, Saying(f"理解为 {text}", f"understood as {text}"))
    return values.parse_date(cell, since_1904=line.sheet.since_1904)
