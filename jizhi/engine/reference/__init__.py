"""The reference evaluator: the rules as plain Python, slow and obviously right.

It shares documents and tables with the other evaluators and nothing else, so that an error in one shows against the
other. Only tests, and people who want to be sure, use it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from jizhi.engine.document.item import Item
from jizhi.engine.document.points import Bands, Between, Each
from jizhi.engine.loader import Versions
from jizhi.engine.reference.awards import acts_of
from jizhi.engine.reference.outcomes import outcomes, shares
from jizhi.engine.reference.totals import rows
from jizhi.engine.tables import Award, Fact, Rejected, Result, Subject


def settle(
    versions: Versions,
    subjects: Iterable[Subject],
    facts: Iterable[Fact],
    start: dt.date,
    end: dt.date,
    *,
    pool: int | None = None,
) -> Result:
    """All facts count for windows, repetition and vetoes; listed and totalled is what lies between the two days."""
    known, rejected = _subjects(subjects)
    usable: dict[str, list[Fact]] = {}
    seen: set[int] = set()
    for fact in facts:
        wrong = (
            f"fact: used twice: {fact.fact}"
            if fact.fact in seen
            else unusable(versions, known.get(fact.subject), fact)
        )
        if wrong:
            rejected.append(Rejected("facts", fact.fact, wrong))
            continue
        seen.add(fact.fact)
        usable.setdefault(fact.subject, []).append(fact)
    acts = {subject: acts_of(versions, known[subject], theirs) for subject, theirs in usable.items()}
    awards = [act.award() for theirs in acts.values() for act in theirs if start <= act.fact.date <= end]
    table = rows(versions, known, acts, start, end)
    listed = [
        total
        for period, totals in table
        for total in totals
        if period.kind == "standing" or period.kind in period.scheme.periods.settled
    ]
    return Result(
        sorted(awards, key=lambda award: award.fact),
        sorted(listed, key=lambda total: (total.subject, total.period_kind, total.period)),
        outcomes(table, known),
        shares(table, known, pool),
        sorted(rejected, key=lambda row: (row.table, row.line)),
    )


def awards_of(versions: Versions, subject: Subject, facts: Iterable[Fact]) -> list[Award]:
    """One subject's awards in ledger order, for usable facts."""
    return [act.award() for act in acts_of(versions, subject, list(facts))]


def _subjects(subjects: Iterable[Subject]) -> tuple[dict[str, Subject], list[Rejected]]:
    known: dict[str, Subject] = {}
    rejected = []
    for place, subject in enumerate(subjects, 1):
        if subject.subject in known:
            rejected.append(Rejected("subjects", place, "subject: used twice"))
        else:
            known[subject.subject] = subject
    return known, rejected


def unusable(versions: Versions, subject: Subject | None, fact: Fact) -> str:
    """Why a row cannot be used, or nothing."""
    if subject is None:
        return f"unknown subject: {fact.subject}"
    if not any(version.scheme.item(fact.item) for version in versions.entries):
        return f"unknown item: {fact.item}"
    if not 1900 <= fact.date.year <= 2199:
        return f"date: out of range: {fact.date}"
    scheme = versions.on(fact.date)
    item = scheme.item(fact.item) if scheme else None
    for name, number in (("quantity", fact.quantity), ("given", fact.given)):
        if number is not None and not number.is_finite():
            return f"{name}: not a number"
        wrong = _unusable_number(number) if number is not None and item and item.needs == name else ""
        if wrong:
            return f"{name}: {wrong}"
    if item is None:
        return ""
    if item.needs == "quantity":
        if fact.quantity is None:
            return "quantity: missing"
        each = max(
            [band.each for band in item.points.bands] if isinstance(item.points, Bands) else [_each(item)]
        )
        if fact.quantity * each > 10**11:
            return f"quantity: worth more than {10**11} points: {fact.quantity}"
    if item.needs == "grade" and (fact.grade or "") not in item.grades:
        return f"grade: unknown: {fact.grade}" if fact.grade else "grade: missing"
    if isinstance(item.points, Between):
        low, high = item.points.between
        if fact.given is None:
            return "given: missing"
        if not low <= fact.given <= high:
            return f"given: not between {low} and {high}"
    if isinstance(item.points, Each) and item.points.per_member and subject.size is None:
        return "size: missing, the item is priced per member"
    return ""


def _unusable_number(number: Decimal) -> str:
    if number < 0:
        return "negative"
    if number > 10**9:
        return f"more than {10**9}"
    return "" if number * 10**6 == int(number * 10**6) else "more than 6 decimals"


def _each(item: Item) -> Decimal:
    return item.points.each if isinstance(item.points, Each) else Decimal(0)
