"""The rules engine by itself: a township's year through each evaluator, pricing fact by fact, and moving a draft.

The large settlements are in `settle.py`. Facts are made from a seed; their amounts are of the size a real township
has, their distribution is not.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb

from bench import county
from bench.timing import heading, row, timed
from config import environment
from jizhi.engine import batch, incremental, loader, reference, simulate
from jizhi.engine.tables import Fact, Subject

START, END = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
SCHEME = environment.CHECKOUT / "jizhi" / "packs" / "gaoyang" / "schemes" / "household"
COUNTY = int(os.environ.get("JIZHI_BENCH_COUNTY", "15000000"))
FEW = 400
MOVES = (
    ("the value of one item", "title: 会议, points: 1", "title: 会议, points: 2"),
    ("the same value again", "title: 会议, points: 1", "title: 会议, points: 3"),
    ("a monthly limit", "{points: 20, per: month}, {points: 120", "{points: 24, per: month}, {points: 120"),
    ("a level's threshold", "over: 400", "over: 450"),
)


def run() -> None:
    """The measurements, as rows of a table."""
    heading("Rules engine")
    versions = loader.load_versions(SCHEME)
    taken, _ = timed(lambda: loader.load_versions(SCHEME))
    row("reading the scheme of Gaoyang", f"{taken * 1000:.0f} ms")
    subjects = households(1_200)
    _all_evaluators(versions, subjects, acts(versions, subjects, 12_000))
    with tempfile.TemporaryDirectory() as name:
        county.make(Path(name), 1_000_000)
        _fact_by_fact(Path(name))
    with tempfile.TemporaryDirectory() as name:
        county.make(Path(name), COUNTY)
        _drafts(Path(name))


def _all_evaluators(versions: loader.Versions, subjects: list[Subject], facts: list[Fact]) -> None:
    size = f"{len(subjects):,} households, {len(facts):,} facts"
    taken, settled = timed(lambda: batch.settle(versions, subjects, facts, START, END))
    row(f"batch: a township's year ({size})", f"{taken:.2f} s")
    few = subjects[:100]
    names = {subject.subject for subject in few}
    own = [fact for fact in facts if fact.subject in names]
    taken, oracle = timed(lambda: reference.settle(versions, few, own, START, END))
    same = [award for award in settled.awards if award.subject in names] == oracle.awards
    row(f"reference: {len(few)} of them", f"{taken:.2f} s, awards {'equal' if same else 'NOT EQUAL'}")


def _fact_by_fact(folder: Path) -> None:
    """Pricings a second of one processor, the database apart, beside the loop that knows this scheme only."""
    versions = loader.load_versions(county.SCHEME)
    with duckdb.connect() as database:
        query = f"SELECT fact, subject, item, date, quantity, grade, given FROM '{folder}/facts.parquet' "
        rows = database.execute(
            query + f"WHERE subject < 'h{FEW:08d}' AND NOT reversed ORDER BY fact"
        ).fetchall()
    facts = [Fact(*one) for one in rows]
    books = {key: incremental.Book(versions, Subject(key)) for key in {fact.subject for fact in facts}}
    begun = time.process_time()
    for fact in facts:
        books[fact.subject].post(fact)
    each = (time.process_time() - begun) / len(facts)
    row(
        f"incremental: {len(facts):,} facts of {len(books)} households posted one by one",
        f"**{1 / each:,.0f} pricings a second** of one processor",
    )


def _drafts(folder: Path) -> None:
    """How long a person waits after moving a value."""
    text = county.SCHEME.read_text("utf-8")
    old = loader.Versions.of(loader.load_scheme(text))
    feed = simulate.from_files(folder / "subjects.parquet", folder / "facts.parquet")
    begun = time.perf_counter()
    with simulate.ground(old, feed, START, END, memory="5GB", detail=False) as ground:
        size = f"{COUNTY // county.FACTS_EACH:,} households, {COUNTY:,} facts"
        row(
            f"simulation: reading and settling the year once ({size})", f"{time.perf_counter() - begun:.1f} s"
        )
        for what, taken, again in _moved(ground, text):
            row(f"simulation: moving {what}", f"**{taken:.1f} s** ({again:,} facts settled again)")


def _moved(ground: simulate.Ground, text: str) -> Iterator[tuple[str, float, int]]:
    for what, before, after in MOVES:
        draft = loader.Versions.of(loader.load_scheme(text.replace(before, after)))
        taken, found = timed(lambda draft=draft: ground.compare(draft))  # type: ignore[misc]
        yield what, taken, found.settled_again


def households(number: int) -> list[Subject]:
    """Households in villages of 400."""
    return [Subject(f"{n:06d}", group=f"v{n // 400:03d}", size=1 + n % 6) for n in range(number)]


def acts(versions: loader.Versions, subjects: list[Subject], number: int) -> list[Fact]:
    """That many acts of one year, mostly merits."""
    rng = random.Random(20250101)
    items = list(versions.latest.items)
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
            grade=rng.choice(list(item.grades) or [None]),
            given=Decimal(rng.randint(1, 4)),
        )
        for n, item in enumerate(chosen, 1)
    ]
