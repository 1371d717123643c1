"""The same facts under another document: who gains, who loses, what it costs.

Both documents are settled by the batch evaluator; nothing is decided here. A draft in a single file is applied to all
days, whatever day its name carries, for the question is what last year would have been under it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jizhi.engine import batch
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Result, Subject, Total


@dataclass(frozen=True, slots=True)
class Change:
    """One subject's period under both; None where it has no row."""

    subject: str
    group: str
    period_kind: str
    period: str
    old: Total | None
    new: Total | None

    @property
    def points(self) -> int:
        """What the subject gains, in hundredths."""
        return (self.new.total if self.new else 0) - (self.old.total if self.old else 0)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one document hands out: spendable points, their worth in fen, and the pool that was shared."""

    spendable: int
    fen: int
    shared_fen: int


@dataclass(frozen=True)
class Simulation:
    """Both settlements and their differences."""

    old: Result
    new: Result
    changes: list[Change]
    old_cost: Cost
    new_cost: Cost

    def count(self, kind: str, period: str) -> tuple[int, int, int]:
        """Winners, losers and unchanged in one period."""
        points = [one.points for one in self.changes if (one.period_kind, one.period) == (kind, period)]
        return sum(one > 0 for one in points), sum(one < 0 for one in points), sum(one == 0 for one in points)


def simulate(
    old: Versions,
    new: Versions,
    subjects: Sequence[Subject],
    facts: Sequence[Fact],
    start: dt.date,
    end: dt.date,
    *,
    pool: int | None = None,
) -> Simulation:
    """Settles the facts under both documents and compares every period's totals."""
    draft = Versions.of(new.latest) if len(new.entries) == 1 else new
    before = batch.settle(old, subjects, facts, start, end, pool=pool)
    after = batch.settle(draft, subjects, facts, start, end, pool=pool)
    return Simulation(before, after, _changes(before, after), _cost(old, before), _cost(draft, after))


def _changes(before: Result, after: Result) -> list[Change]:
    def keyed(result: Result) -> dict[tuple[str, str, str], Total]:
        return {(one.subject, one.period_kind, one.period): one for one in result.totals}

    old, new = keyed(before), keyed(after)
    groups = {one.subject: one.group for one in [*before.totals, *after.totals]}
    return [
        Change(key[0], groups[key[0]], key[1], key[2], old.get(key), new.get(key))
        for key in sorted({*old, *new})
    ]


def _cost(versions: Versions, result: Result) -> Cost:
    spendable = fen = 0
    for award in result.awards:
        scheme = versions.on(award.date)
        item = scheme.item(award.item) if scheme else None
        if scheme is not None and item is not None and item.spendable:
            spendable += award.awarded
            fen += award.awarded * (scheme.redeem.fen_per_point if scheme.redeem else 0)
    return Cost(spendable, fen // 100, sum(share.fen for share in result.shares))
