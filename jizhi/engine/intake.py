"""Sorting out rows before a settlement: what can be used, and what is refused with a reason.

Used by the batch and the incremental evaluator; the reference looks at rows by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from jizhi.engine.document.item import Item
from jizhi.engine.loader import Versions
from jizhi.engine.stages import match
from jizhi.engine.tables import Fact, Rejected, Subject


@dataclass(frozen=True)
class Intake:
    """Usable rows, facts in ledger order, and the refused ones."""

    subjects: dict[str, Subject]
    facts: list[Fact]
    rejected: list[Rejected]


def sift(versions: Versions, subjects: Iterable[Subject], facts: Iterable[Fact]) -> Intake:
    """Refuses what cannot be used."""
    known: dict[str, Subject] = {}
    rejected: list[Rejected] = []
    for place, subject in enumerate(subjects, 1):
        if subject.subject in known:
            rejected.append(Rejected("subjects", place, f"subject: used twice: {subject.subject}"))
        else:
            known[subject.subject] = subject
    names = {item.id for version in versions.entries for item in version.scheme.items}
    items: dict[dt.date, dict[str, Item]] = {}
    seen: set[int] = set()
    usable = []
    for fact in facts:
        if fact.date not in items:
            scheme = versions.on(fact.date)
            items[fact.date] = scheme.items_by_id if scheme else {}
        item = items[fact.date].get(fact.item)
        wrong = (
            f"fact: used twice: {fact.fact}"
            if fact.fact in seen
            else match.refusal(fact, known.get(fact.subject), item, fact.item in names)
        )
        if wrong:
            rejected.append(Rejected("facts", fact.fact, wrong))
            continue
        seen.add(fact.fact)
        usable.append(fact)
    usable.sort(key=lambda fact: fact.fact)
    return Intake(known, usable, sorted(rejected, key=lambda row: (row.table, row.line)))
