"""A settlement by the incremental evaluator: a book per subject, then totals and what follows from the books' awards.

For checking and for scripts; a village's own ledger keeps its entries and does not come here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from jizhi.engine import backends, batch, intake
from jizhi.engine.incremental import Book
from jizhi.engine.loader import Versions
from jizhi.engine.plan import Plan
from jizhi.engine.tables import Fact, Result, Subject

AWARDS = {
    "fact": "BIGINT",
    "subject": "INTEGER",
    "item": "INTEGER",
    "day": "INTEGER",
    "price": "BIGINT",
    "awarded": "BIGINT",
    "held_back": "BIGINT",
    "cuts": "VARCHAR",
    "note": "VARCHAR",
    "until": "INTEGER",
}
VETOES = {"subject": "INTEGER", "first": "INTEGER", "last": "INTEGER"}


def settle(
    versions: Versions,
    subjects: Iterable[Subject],
    facts: Iterable[Fact],
    start: dt.date,
    end: dt.date,
    *,
    pool: int | None = None,
) -> Result:
    """The same as `batch.settle`, fact by fact."""
    rows = intake.sift(versions, subjects, facts)
    plan = Plan(versions, start, end, frozenset(fact.date for fact in rows.facts))
    theirs: dict[str, list[Fact]] = {}
    for fact in rows.facts:
        theirs.setdefault(fact.subject, []).append(fact)
    awards: list[tuple[Any, ...]] = []
    vetoes: list[tuple[Any, ...]] = []
    for number, (name, subject) in enumerate(rows.subjects.items()):
        book = Book(versions, subject, theirs.get(name, ()))
        awards += [
            (
                one.fact,
                number,
                plan.item_numbers[one.item],
                one.date.toordinal(),
                one.price,
                one.awarded,
                one.held_back,
                one.limit,
                one.note,
                _until(plan, one.item, one.date),
            )
            for one in book.awards
        ]
        vetoes += [(number, span.start.toordinal(), span.end.toordinal()) for span in set(book.veto_spans)]
    with backends.Embedded() as database:
        batch.load_subjects(database, rows)
        database.load("days", plan.day_columns, plan.days())
        database.load("awards", AWARDS, awards)
        database.load("vetoes", VETOES, vetoes)
        return batch.totalled(database, plan, rows, pool)


def _until(plan: Plan, item_id: str, day: dt.date) -> int | None:
    scheme = plan.versions.on(day)
    item = scheme.item(item_id) if scheme else None
    return plan.validities.index(item.valid) if item and item.valid else None
