"""The rules engine alone: a township's year through each evaluator, and many years of it through the batch one.

Facts are made from a seed; their amounts are of the size a real township has, their distribution is not.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from bench.timing import heading, row, timed
from config import environment
from jizhi.engine import batch, incremental, loader, reference
from jizhi.engine.tables import Fact, Subject

START, END = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
SCHEME = environment.CHECKOUT / "jizhi" / "packs" / "gaoyang" / "schemes" / "household"


def run() -> None:
    versions = loader.load_versions(SCHEME)
    heading("Rules engine")
    taken, _ = timed(lambda: loader.load_versions(SCHEME))
    row("reading the scheme of Gaoyang", f"{taken * 1000:.0f} ms")
    subjects = households(1_200)
    facts = acts(versions, subjects, 12_000)
    _all_evaluators(versions, subjects, facts)
    many = households(50_000)
    facts = acts(versions, many, 500_000)
    taken, result = timed(lambda: batch.settle(versions, many, facts, START, END))
    row(
        "batch: a county's year (50,000 households, 500,000 facts)",
        f"{taken:.1f} s, {len(result.totals):,} totals",
    )


def _all_evaluators(versions: loader.Versions, subjects: list[Subject], facts: list[Fact]) -> None:
    size = f"{len(subjects):,} households, {len(facts):,} facts"
    taken, settled = timed(lambda: batch.settle(versions, subjects, facts, START, END))
    row(f"batch: a township's year ({size})", f"{taken:.2f} s")
    taken, count = timed(lambda: _post_all(versions, subjects, facts))
    row("incremental: the same facts one by one", f"{taken:.2f} s, {count / taken:,.0f} facts a second")
    few = subjects[:100]
    names = {subject.subject for subject in few}
    own = [fact for fact in facts if fact.subject in names]
    taken, oracle = timed(lambda: reference.settle(versions, few, own, START, END))
    same = [award for award in settled.awards if award.subject in names] == oracle.awards
    row(f"reference: {len(few)} of them", f"{taken:.2f} s, awards {'equal' if same else 'NOT EQUAL'}")


def _post_all(versions: loader.Versions, subjects: list[Subject], facts: list[Fact]) -> int:
    books = {subject.subject: incremental.Book(versions, subject) for subject in subjects}
    count = 0
    for fact in facts:
        if books[fact.subject].refusal(fact) is None:
            books[fact.subject].post(fact)
            count += 1
    return count


def households(number: int) -> list[Subject]:
    """Households in villages of 400."""
    return [Subject(f"{n:06d}", group=f"v{n // 400:03d}", size=1 + n % 6) for n in range(number)]


def acts(versions: loader.Versions, subjects: list[Subject], number: int) -> list[Fact]:
    """That many acts of one year, mostly merits."""
    rng = random.Random(20250101)
    items = [item for item in versions.latest.items if type(item.points).__name__ != "Given"]
    weights = [1 if item.kind == "veto" else 40 if item.kind == "fault" else 200 for item in items]
    days = (END - START).days
    chosen = rng.choices(items, weights, k=number)
    return [
        Fact(
            fact=n,
            subject=rng.choice(subjects).subject,
            item=item.id,
            date=START + dt.timedelta(days=rng.randint(0, days)),
            quantity=Decimal(rng.randint(1, 4)),
            grade=rng.choice(_grades(item) or [None]),
        )
        for n, item in enumerate(chosen, 1)
    ]


def _grades(item: object) -> list[str]:
    return list(getattr(getattr(item, "points", None), "grades", ()))
