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
from jizhi.engine.notes import Note
from jizhi.engine.plan import Plan
from jizhi.engine.tables import Fact, Result, Subject


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
    plan = Plan(versions, start, end)
    rules: dict[tuple[int | None, str], int] = {
        (rule.version, rule.item.id): rule.number for rule in plan.rules
    }
    bits = {
        rule.number: {step.names.get(rule.number): step.bit for step in plan.limit_steps}
        for rule in plan.rules
    }
    theirs: dict[str, list[Fact]] = {}
    for fact in rows.facts:
        theirs.setdefault(fact.subject, []).append(fact)
    awards: list[tuple[Any, ...]] = []
    vetoes: list[tuple[Any, ...]] = []
    for number, (name, subject) in enumerate(rows.subjects.items()):
        book = Book(versions, subject, theirs.get(name, ()))
        for one in book.awards:
            rule = rules.get((plan.version_number(one.date), one.item), -1)
            mask = sum(bits[rule][cut] for cut in one.limit.split("; ") if cut)
            numbers = one.fact, number, plan.names.items[one.item], one.date.toordinal(), rule
            awards.append(
                (
                    *numbers,
                    one.price,
                    one.awarded,
                    one.held_back,
                    mask,
                    Note[one.note.upper() or "NONE"].value,
                )
            )
        vetoes += [(number, span.start.toordinal(), span.end.toordinal()) for span in set(book.veto_spans)]
    with backends.Embedded() as database:
        batch.load_subjects(database, rows)
        batch.load_document(database, plan, {fact.date for fact in rows.facts})
        database.load("awards", batch.AWARDS, awards)
        database.load("vetoes", batch.VETOES, vetoes)
        batch.sum_up(database, plan, "awards")
        batch.run_totals(database, plan)
        return batch.result(database, plan, pool, rows)
