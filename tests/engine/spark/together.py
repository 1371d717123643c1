"""Many settlements in one run: every case moves to days, subjects, items and fact numbers of its own.

A statement costs Spark most of a second whether a table holds one row or a million, so a hundred small cases one by one
would take half an hour. The batch sees days, subjects, rules and periods as numbers; cases whose numbers never meet do
not touch each other. The cases of one run share the decimal places, which are part of the statements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from jizhi.engine import backends, batch, intake, plan_rows
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Version, Versions
from jizhi.engine.plan import Names, Plan
from jizhi.engine.tables import Fact, Result, Subject

STRIDE = 10_000_000  # days from one case to the next: more than there are in the calendar
MOST = 12  # cases: a run of this size costs what three cases alone do, and its plans fit a small driver
STAYS = {
    "date",
    "version",
    "cell",
    "number",
    "kind",
    "label",
    "place",
    "listed",
    "period",
    "base",
    "points",
    "level",
}
STAYS |= {
    "subject",
    "fact",
    "item",
    "quantity",
    "grade",
    "given",
    "act",
    "reversed",
    "key",
    "grp",
    "class",
    "size",
}
STAYS |= {"size_or_one"}  # every other column of the tables below holds a day
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Case:
    """What one settlement is given."""

    name: str
    versions: Versions
    subjects: Sequence[Subject]
    facts: Sequence[Fact]
    start: dt.date
    end: dt.date
    pool: int | None = None


@dataclass(frozen=True)
class Day:
    """A day beyond the calendar."""

    number: int

    def toordinal(self) -> int:
        return self.number


def settle(database: backends.Backend, cases: Sequence[Case]) -> list[Result]:
    """The result of every case, all of them settled at once."""
    assert len(cases) <= MOST
    sifted = [intake.sift(case.versions, case.subjects, case.facts) for case in cases]
    subjects = {
        f"{n:03}/{one.subject}": replace(one, subject=f"{n:03}/{one.subject}")
        for n, rows in enumerate(sifted)
        for one in rows.subjects.values()
    }
    homes = [n for n, rows in enumerate(sifted) for _ in rows.subjects]
    kinds = _kinds(cases)
    originals: list[int] = []
    facts = []
    for n, rows in enumerate(sifted):
        for fact in sorted(rows.facts, key=lambda one: one.fact):
            originals.append(fact.fact)
            moved = {
                "fact": len(originals),
                "subject": f"{n:03}/{fact.subject}",
                "item": f"{kinds[n]:03}/{fact.item}",
            }
            facts.append(replace(fact, **moved))  # type: ignore[arg-type]
    apart = Apart(database, cases, sifted, homes)
    merged = batch.settle_rows(apart, apart.whole, intake.Intake(subjects, facts, []), None)
    return [_of_case(n, case, sifted[n], merged, originals) for n, case in enumerate(cases)]


def _of_case(n: int, case: Case, rows: intake.Intake, merged: Result, originals: list[int]) -> Result:
    """The rows of one case under the names that it gave."""
    head = f"{n:03}/"

    def own(found: Iterable[Any]) -> Iterator[Any]:
        return (replace(one, subject=one.subject[4:]) for one in found if one.subject.startswith(head))

    awards = [
        replace(
            one, fact=originals[one.fact - 1], item=one.item[4:], limit=one.limit.replace(one.item[:4], "")
        )
        for one in own(merged.awards)
        if case.start <= one.date <= case.end
    ]
    return Result(
        awards, list(own(merged.totals)), list(own(merged.outcomes)), list(own(merged.shares)), rows.rejected
    )


class Apart:
    """A database between the batch and the real one: it moves the days of every case out of the others' way."""

    def __init__(
        self,
        database: backends.Backend,
        cases: Sequence[Case],
        sifted: Sequence[intake.Intake],
        homes: Sequence[int],
    ) -> None:
        self.chunk, self.gathers = database.chunk, database.gathers
        self.define, self.append, self.drop, self.compact = (
            database.define,
            database.append,
            database.drop,
            database.compact,
        )
        self._database, self._cases, self._homes = database, cases, homes
        self._days = [sorted({fact.date for fact in rows.facts}) for rows in sifted]
        self._plans = [Plan(case.versions, case.start, case.end) for case in cases]
        self.whole = _whole(cases)
        for plan in self._plans:
            plan.__dict__["durations"], plan.__dict__["validities"] = (
                self.whole.durations,
                self.whole.validities,
            )

    def load(self, table: str, columns: dict[str, str], rows: Iterable[Row]) -> None:
        if table in ("subjects", "facts", "rulings"):
            at = list(columns).index("subject")
            rows = [_moved(columns, row, self._homes[row[at]] * STRIDE) for row in rows]
        elif table in ("days", "periods", "cells", "base_periods"):
            rows = list(self._rows_of_cases(table, columns))
        self._database.load(table, columns, rows)

    def rows(self, query: str) -> list[Row]:
        if query == "SELECT DISTINCT day FROM facts":
            return []
        found = self._database.rows(query)
        if not query.startswith("SELECT subject, fact, day, rule FROM awards"):
            return found
        back = [(subject, fact, day % STRIDE, rule) for subject, fact, day, rule in found]
        return [row for row in back if row[2] <= self._cases[self._homes[row[0]]].end.toordinal()]

    def _versions(self) -> list[int]:
        """The number of each case's first version."""
        kinds = _kinds(self._cases)
        sizes = {kind: len(plan.schemes) for kind, plan in zip(kinds, self._plans, strict=True)}
        starts = _starts(sizes[kind] for kind in sorted(sizes))
        return [starts[kind] for kind in kinds]

    def _rows_of_cases(self, table: str, columns: dict[str, str]) -> Iterator[Row]:
        """The table's rows of every case, with the numbers of versions, cells, periods and bases going on."""
        starts = {
            "version": self._versions(),
            "cell": _starts(
                1 + max((cell for cell, _ in plan_rows.cells(plan)), default=0) for plan in self._plans
            ),
            "period": _starts(len(plan.periods) for plan in self._plans),
            "base": _starts(len(list(plan_rows.base_periods(plan))) for plan in self._plans),
        }
        starts["number"] = starts["period"]
        for n, plan in enumerate(self._plans):
            own = plan_rows.days(plan, self._days[n]) if table == "days" else getattr(plan_rows, table)(plan)
            for row in own:
                counted = [
                    value if value is None or name not in starts else value + starts[name][n]
                    for name, value in zip(columns, row, strict=True)
                ]
                yield _moved(columns, tuple(counted), n * STRIDE)


def _starts(counts: Iterable[int]) -> list[int]:
    return [0, *accumulate(counts)]


def _moved(columns: Iterable[str], row: Row, by: int) -> Row:
    return tuple(
        value if value is None or name in STAYS else value + by
        for name, value in zip(columns, row, strict=True)
    )


def _kinds(cases: Sequence[Case]) -> list[int]:
    """For every case the number of its document: cases of one document share its rules, their subjects differ."""
    found: dict[tuple[int, int | None], int] = {}
    return [found.setdefault((id(case.versions), case.pool), len(found)) for case in cases]


def _whole(cases: Sequence[Case]) -> Plan:
    """The plan of all cases: their schemes as if they were versions of one."""
    firsts = dict(reversed(list(zip(_kinds(cases), cases, strict=True))))
    schemes = [
        _renamed(entry.scheme, f"{kind:03}/", firsts[kind].pool)
        for kind in sorted(firsts)
        for entry in firsts[kind].versions.entries
    ]
    renamed = Versions(tuple(Version(None, scheme) for scheme in schemes))
    whole = Plan(cases[0].versions, Day(0), Day(2**31 - 1), Names.of(renamed))  # type: ignore[arg-type]
    whole.__dict__["schemes"] = schemes
    return whole


def _renamed(scheme: Scheme, head: str, pool: int | None) -> Scheme:
    """The scheme with items and sections of its own, and the case's pool as the document's."""
    share = (
        scheme.share.model_copy(update={"pool": pool}) if scheme.share and pool is not None else scheme.share
    )
    items = [
        one.model_copy(update={"id": head + one.id, "section": head + one.section}) for one in scheme.items
    ]
    sections = [one.model_copy(update={"id": head + one.id}) for one in scheme.sections]
    made = scheme.model_copy(update={"items": tuple(items), "sections": tuple(sections), "share": share})
    for name in set(made.__dict__) - set(type(made).model_fields):
        del made.__dict__[name]  # what the old one had looked up already
    return made
