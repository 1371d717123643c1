"""The same facts under another document: who gains, who loses, what it costs.

A ground is settled once under the document in force; every draft is then compared with it, and only the facts of the
items that the draft touches are settled again. Nothing is decided here. A draft in a single file is applied to all
days, whatever day its name carries, for the question is what last year would have been under it.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jizhi.engine import affected, backends, batch, intake, outputs, staging
from jizhi.engine.document.item import Kind
from jizhi.engine.loader import Versions
from jizhi.engine.plan import Names, Plan
from jizhi.engine.stages import outcome, total
from jizhi.engine.tables import Fact, Rejected, Subject

Feed = Callable[[backends.Embedded, Versions, Names], list[Rejected]]
LARGEST = 20

KINDS = (
    "CASE p.kind WHEN 'month' THEN 1 WHEN 'quarter' THEN 2 WHEN 'half' THEN 3 WHEN 'year' THEN 4 ELSE 5 END"
)
STANDING = f"""
SELECT l.subject, p.first * 10 + {KINDS} AS span, l.total, l.rank, l.level
FROM levelled l JOIN periods p ON p.number = l.period WHERE p.listed"""
SPANS = f"""
SELECT DISTINCT p.first * 10 + {KINDS} AS span, p.kind, p.label
FROM (SELECT first, kind, label FROM periods UNION ALL SELECT first, kind, label FROM old_periods) p"""
CHANGES = """
SELECT COALESCE(o.subject, n.subject) AS subject, COALESCE(o.span, n.span) AS span, o.total AS old_total,
       n.total AS new_total, COALESCE(n.total, 0) - COALESCE(o.total, 0) AS change, o.rank AS old_rank,
       n.rank AS new_rank, o.level AS old_level, n.level AS new_level
FROM old_totals o
FULL JOIN new_totals n ON n.subject = o.subject AND n.span = o.span"""
MOVED = "SELECT c.*, s.kind, s.label FROM changed c JOIN spans s ON s.span = c.span"


def worth(side: str) -> str:
    """What the spendable points of each subject's periods are worth in fen, now (`old`) or then (`new`)."""
    before = "old_" if side == "old" else ""
    return f"""
SELECT m.subject, p.kind, p.label, CAST(SUM(m.worth) AS BIGINT) // 100 AS fen
FROM {before}money m JOIN {before}cells c ON c.cell = m.cell JOIN {before}periods p ON p.number = c.period
WHERE p.listed GROUP BY m.subject, p.kind, p.label"""


def following(plan: Plan) -> str:
    """subject, span, outcome: what follows from the periods."""
    whens = " ".join(
        f"WHEN p.version = {version} AND o.outcome = {place} THEN {backends.literal(rule.id)}"
        for version, scheme in enumerate(plan.schemes)
        for place, rule in enumerate(scheme.outcomes)
    )
    return f"""
SELECT o.subject, p.first * 10 + {KINDS} AS span, {f"CASE {whens} ELSE '' END" if whens else "''"} AS outcome
FROM ({outcome.sql(plan.schemes)}) o JOIN periods p ON p.number = o.period"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one document hands out: spendable points, their worth in fen, and the pool that was shared."""

    spendable: int
    fen: int
    shared_fen: int


@dataclass(frozen=True, slots=True)
class Effect:
    """One period under both documents: how many subjects gain, lose, stay, and their totals together."""

    period_kind: str
    period: str
    winners: int
    losers: int
    unchanged: int
    old_points: int
    new_points: int


@dataclass(frozen=True, slots=True)
class Move:
    """How far one subject's total moves in one period, in hundredths."""

    subject: str
    group: str
    period_kind: str
    period: str
    change: int


@dataclass(frozen=True)
class Simulation:
    """What a draft would change. The tables behind it stay in the ground's database until the next comparison."""

    old_cost: Cost
    new_cost: Cost
    effects: list[Effect]
    moves: list[Move]
    levels: list[tuple[str, str, int, int]]
    outcomes: list[tuple[str, int, int]]
    rejected_before: list[Rejected]
    rejected_after: list[Rejected]
    settled_again: int


def from_files(subjects: Path, facts: Path) -> Feed:
    """Facts out of files; UnreadableFile when one cannot be read."""
    return lambda database, versions, names: staging.Staging(database, versions, names).read(subjects, facts)


def from_rows(subjects: Iterable[Subject], facts: Iterable[Fact]) -> Feed:
    """Facts at hand; the line of a refused one is its number."""
    owners, acts = list(subjects), list(facts)

    def feed(database: backends.Embedded, versions: Versions, names: Names) -> list[Rejected]:
        rows = intake.sift(versions, owners, acts)
        batch.load_subjects(database, rows)
        batch.load_facts(database, names, rows.subjects, rows.facts)
        return rows.rejected

    return feed


@contextmanager
def ground(
    old: Versions,
    feed: Feed,
    start: dt.date,
    end: dt.date,
    *,
    pool: int | None = None,
    memory: str = "",
    detail: bool = True,
) -> Iterator[Ground]:
    """Settles the facts under the document in force, to compare drafts with.

    Without `detail` a comparison is quicker, and says what the draft costs altogether but not what each subject gets.
    """
    with backends.Embedded(memory) as database:
        yield Ground(database, old, feed, start, end, pool, detail)


class Ground:
    """A county's facts between two days, settled under the document in force."""

    def __init__(
        self,
        database: backends.Embedded,
        old: Versions,
        feed: Feed,
        start: dt.date,
        end: dt.date,
        pool: int | None,
        detail: bool,
    ) -> None:
        self.database, self._detail = database, detail
        self._feed, self._span, self._pool = feed, (start, end), pool
        self._plan = Plan(old, start, end)
        self.rejected = self._refused = self._read(self._plan)
        batch.run(database, self._plan, batch.Kept(spent=True, money=detail))
        for table in ("awards", "sums", "spent", "money", "rules", "cells", "periods"):
            database.define(f"old_{table}", f"SELECT * FROM {table}")
        database.drop("awards")
        database.compact()
        self._first_day = dt.date.fromordinal(database.rows("SELECT MIN(day) FROM days")[0][0] or 1)
        self._keep("old", self._plan)
        self._cost = self._costs("old")

    def _read(self, plan: Plan) -> list[Rejected]:
        """Loads the facts that can be used under a document."""
        self._read_for = _needs(plan)
        return self._feed(self.database, plan.versions, plan.names)

    def compare(self, new: Versions) -> Simulation:
        """Settles what the draft touches and compares every period."""
        draft = Versions.of(new.latest) if len(new.entries) == 1 else new
        plan = Plan(draft, *self._span)
        if _needs(plan) != self._read_for:
            self._refused = self._read(plan)
        same_facts = _needs(plan) == _needs(self._plan)
        items = affected.touched(self._plan, plan, self._first_day) if same_facts else None
        count = self._settle(plan, items)
        self._keep("new", plan)
        self.database.define("spans", SPANS)
        self.database.define("changed", CHANGES)
        self.database.view("changes", MOVED)
        return Simulation(
            self._cost,
            self._costs("new"),
            self._effects(),
            self._moves(),
            self._levels(),
            self._outcomes(),
            self.rejected,
            self._refused,
            count,
        )

    def _settle(self, plan: Plan, items: set[str] | None) -> int:
        """Settles the items' facts, or all, and puts the others' sums beside; how many facts were settled."""
        kept = batch.Kept(awards=False, spent=True, money=self._detail)
        if items is None:
            batch.run(self.database, plan, kept)
            return int(self.database.rows("SELECT COUNT(*) FROM facts")[0][0])
        always = {
            item.id
            for scheme in plan.schemes
            for item in scheme.items
            if item.kind in (Kind.VETO, Kind.RULING)
        }
        numbers = [plan.names.items[name] for name in sorted(items | always)]
        gone = ", ".join(str(plan.names.items[name]) for name in sorted(items)) or "-1"
        before = f"(SELECT * FROM old_awards WHERE item IN ({gone}))"
        sums = f"SELECT * FROM old_sums UNION ALL SELECT subject, cell, -awarded FROM ({total.sums_sql(before)}) x"
        theirs = [total.spent_sql(before, rules="old_rules", each=each) for each in (False, True)]
        spent = f"SELECT * FROM old_spent UNION ALL SELECT -spendable, -worth FROM ({theirs[0]}) x"
        money = (
            f"SELECT * FROM old_money UNION ALL SELECT subject, cell, -spendable, -worth FROM ({theirs[1]}) x"
        )
        batch.run(self.database, plan, kept, among=batch.Part(numbers, sums, spent, money))
        return int(self.database.rows(f"SELECT COUNT(*) FROM facts WHERE item IN ({gone})")[0][0])

    def _keep(self, side: str, plan: Plan) -> None:
        """Puts aside what the draft, or the document in force, makes of the facts."""
        database = self.database
        keep = database.view if side == "new" else database.define
        keep(f"{side}_totals", STANDING)
        database.define(f"{side}_outcomes", following(plan))
        database.define(f"{side}_shares", outputs.shares(plan, self._pool))

    def _costs(self, side: str) -> Cost:
        query = "SELECT CAST(SUM(spendable) AS BIGINT), CAST(SUM(worth) AS BIGINT) FROM spent"
        ((spendable, fen),) = self.database.rows(query)
        ((shared,),) = self.database.rows(f"SELECT CAST(SUM(fen) AS BIGINT) FROM {side}_shares")
        return Cost(spendable or 0, (fen or 0) // 100, shared or 0)

    def _effects(self) -> list[Effect]:
        query = """
SELECT kind, label, COUNT(*) FILTER (change > 0), COUNT(*) FILTER (change < 0), COUNT(*) FILTER (change = 0),
       CAST(COALESCE(SUM(old_total), 0) AS BIGINT), CAST(COALESCE(SUM(new_total), 0) AS BIGINT)
FROM changes GROUP BY kind, label ORDER BY kind, label"""
        return [Effect(*row) for row in self.database.rows(query)]

    def _moves(self) -> list[Move]:
        """The largest gains and losses, the largest first."""
        query = f"""
SELECT s.key, s.grp, c.kind, c.label, c.change FROM changes c JOIN subjects s ON s.subject = c.subject
WHERE c.change <> 0 ORDER BY ABS(c.change) DESC, s.key, c.kind, c.label LIMIT {LARGEST}"""
        return [Move(*row) for row in self.database.rows(query)]

    def _levels(self) -> list[tuple[str, str, int, int]]:
        """period, level, how many have it now, how many would."""
        return self.database.rows("""
SELECT x.label, x.level, CAST(SUM(x.old) AS BIGINT), CAST(SUM(x.new) AS BIGINT) FROM (
    SELECT label, old_level AS level, 1 AS old, 0 AS new FROM changes WHERE old_level <> ''
    UNION ALL SELECT label, new_level, 0, 1 FROM changes WHERE new_level <> ''
) x GROUP BY x.label, x.level ORDER BY x.label, x.level""")

    def _outcomes(self) -> list[tuple[str, int, int]]:
        """outcome, how often now, how often then."""
        return self.database.rows("""
SELECT x.outcome, CAST(SUM(x.old) AS BIGINT), CAST(SUM(x.new) AS BIGINT) FROM (
    SELECT outcome, 1 AS old, 0 AS new FROM old_outcomes UNION ALL SELECT outcome, 0, 1 FROM new_outcomes
) x GROUP BY x.outcome ORDER BY x.outcome""")


def _needs(plan: Plan) -> tuple[object, ...]:
    """What decides which facts can be used, and by which numbers they go."""
    dates = [version.from_date for version in plan.versions.entries]
    needs = list(staging.needs(plan.versions, plan.names))
    grades = list(staging.needed_grades(plan.versions, plan.names))
    return dates if len(dates) > 1 else [], plan.names, needs, grades
