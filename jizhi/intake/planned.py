"""From planners that compare rows with the register to outcomes of the import screen, reasons in both languages.

A planner says its refusals in the language that is active; so it is asked in Chinese and, where it refuses, again in
English. Nothing here knows a noun.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from jizhi.core.tables import PlannedRow, RowFate
from jizhi.imports.rules import Fate, Outcome, Problem, Row
from jizhi.sheets.lists import ListRow
from jizhi.sheets.reading.cells import make_cell

FATES = {
    RowFate.NEW: Fate.CREATED,
    RowFate.CHANGED: Fate.UPDATED,
    RowFate.SAME: Fate.UNCHANGED,
    RowFate.REFUSED: Fate.REFUSED,
}
ListPlan = Callable[[list[ListRow]], list[PlannedRow]]


@dataclass(frozen=True, slots=True)
class Said:
    """What a planner says of a row: its fate, and (column, value, reason) of each problem."""

    fate: Fate
    problems: tuple[tuple[str, str, str], ...] = ()


def in_both_languages(
    plan: Callable[[], Sequence[Any]], said: Callable[[Any], Said]
) -> tuple[Sequence[Any], list[Outcome]]:
    """The plan's own rows, and an outcome for each."""
    with translation.override("zh-hans"):
        lines = plan()
        told = [said(line) for line in lines]
    english = told
    if any(one.problems for one in told):
        with translation.override("en"):
            english = [said(line) for line in plan()]
    outcomes = []
    for here, there in zip(told, english, strict=True):
        pairs = zip(here.problems, there.problems, strict=True)
        problems = tuple(
            Problem(reason, reason_en, column, value)
            for (column, value, reason), (_column, _value, reason_en) in pairs
        )
        outcomes.append(Outcome(here.fate, problems))
    return lines, outcomes


def list_rows(rows: Sequence[Row]) -> list[ListRow]:
    """Rows as the planners of plain lists take them; a column is called by its key."""
    return [_list_row(row) for row in rows]


def _list_row(row: Row) -> ListRow:
    cells = {}
    for key, value in row.values.items():
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            value = value.isoformat()
        if value is not None:
            cells[key] = make_cell(value)
    return ListRow(row.sheet, row.line, cells, {key: key for key in row.values})


def of_planned_row(line: PlannedRow) -> Said:
    """A row of `core.tables` planners."""
    return Said(FATES[line.fate], tuple((one.column, one.value, one.reason) for one in line.problems))


def refused_since(outcome: Outcome, line: PlannedRow) -> Outcome:
    """The outcome after applying: what was refused on the way says so."""
    if line.fate is not RowFate.REFUSED or outcome.fate is Fate.REFUSED:
        return outcome
    problems = tuple(Problem(one.reason, "", one.column, one.value) for one in line.problems)
    return Outcome(Fate.REFUSED, problems)


def all_together(area: Any) -> Callable[[Any], str]:
    """For tables whose rows name each other: one chunk, however long the file is."""
    return lambda values: "."
