"""A simulation as files: subjects' changes, the groups', a summary for the assembly, the distribution, refused rows.

Reading and the settlement's own tables are in `files.py`.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jizhi.engine.files import decimal, write_csv
from jizhi.engine.simulate import Cost, Ground, Simulation, worth
from jizhi.engine.tables import Rejected

SUMMARY = ["measure", "old", "new"]
BUCKET = 1000  # the distribution counts totals in steps of ten points


def write(ground: Ground, found: Simulation, folder: Path, places: int) -> None:
    """changes, groups, distribution, summary and rejected, each as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    ground.database.copy(_changes(places), folder / "changes.csv")
    ground.database.copy(_groups(places), folder / "groups.csv")
    ground.database.copy(DISTRIBUTION, folder / "distribution.csv")
    write_csv(folder / "summary.csv", SUMMARY, summary(found, places))
    lines = ([row.table, row.line, row.reason] for row in rejected(found))
    write_csv(folder / "rejected.csv", ["table", "line", "reason"], lines)


def rejected(found: Simulation) -> list[Rejected]:
    """The rows that one of both documents cannot use; the reason says which when only one cannot."""
    before, after = set(found.rejected_before), set(found.rejected_after)
    named = [
        *(before & after),
        *(Rejected(row.table, row.line, f"old: {row.reason}") for row in before - after),
        *(Rejected(row.table, row.line, f"new: {row.reason}") for row in after - before),
    ]
    return sorted(named, key=lambda row: (row.table, row.line, row.reason))


def _points(column: str, places: int) -> str:
    return f"CAST(CAST({column} AS DECIMAL(16, 0)) * 0.01 AS DECIMAL(18, {places}))"


def _changes(places: int) -> str:
    """Every subject's periods under both: total, rank, level, outcomes, worth of the points, share of the pool."""
    sides = [
        f"{', '.join(f'{side}.{one} AS {name}_{one}' for one in ('outcomes', 'worth', 'share'))}"
        for side, name in (("x", "old"), ("y", "new"))
    ]
    return f"""
SELECT s.key AS subject, s.grp AS "group", c.kind AS period_kind, c.label AS period,
       {_points("c.old_total", places)} AS old_total, {_points("c.new_total", places)} AS new_total,
       {_points("c.change", places)} AS change, c.old_rank, c.new_rank,
       NULLIF(c.old_level, '') AS old_level, NULLIF(c.new_level, '') AS new_level, {", ".join(sides)}
FROM changes c
JOIN subjects s ON s.subject = c.subject
LEFT JOIN ({_beside("old")}) x ON x.subject = c.subject AND x.span = c.span
LEFT JOIN ({_beside("new")}) y ON y.subject = c.subject AND y.span = c.span
ORDER BY s.key, c.kind, c.label"""


def _beside(side: str) -> str:
    """What stands beside a total: outcomes, worth in fen of the spendable points, share in fen."""
    return f"""
SELECT t.subject, t.span, o.outcomes, w.fen AS worth, h.fen AS share
FROM {side}_totals t
JOIN spans p ON p.span = t.span
JOIN subjects s ON s.subject = t.subject
LEFT JOIN (SELECT subject, span, STRING_AGG(outcome, '; ' ORDER BY outcome) AS outcomes FROM {side}_outcomes
           GROUP BY subject, span) o ON o.subject = t.subject AND o.span = t.span
LEFT JOIN ({worth(side)}) w ON w.subject = t.subject AND w.kind = p.kind AND w.label = p.label
LEFT JOIN {side}_shares h ON h.subject = s.key AND h.period = p.label"""


def _groups(places: int) -> str:
    """Every group's periods: members, points under both, winners, losers, unchanged, worth under both."""
    return f"""
SELECT s.grp AS "group", c.kind AS period_kind, c.label AS period, COUNT(*) AS subjects,
       {_points("COALESCE(SUM(c.old_total), 0)", places)} AS old_points,
       {_points("COALESCE(SUM(c.new_total), 0)", places)} AS new_points,
       COUNT(*) FILTER (c.change > 0) AS winners, COUNT(*) FILTER (c.change < 0) AS losers,
       COUNT(*) FILTER (c.change = 0) AS unchanged,
       CAST(COALESCE(SUM(x.fen), 0) AS BIGINT) AS old_worth, CAST(COALESCE(SUM(y.fen), 0) AS BIGINT) AS new_worth
FROM changes c
JOIN subjects s ON s.subject = c.subject
LEFT JOIN ({worth("old")}) x ON x.subject = c.subject AND x.kind = c.kind AND x.label = c.label
LEFT JOIN ({worth("new")}) y ON y.subject = c.subject AND y.kind = c.kind AND y.label = c.label
GROUP BY s.grp, c.kind, c.label ORDER BY s.grp, c.kind, c.label"""


DISTRIBUTION = f"""
SELECT x.kind AS period_kind, x.label AS period, x.step * {BUCKET // 100} AS points_from,
       CAST(SUM(x.old) AS BIGINT) AS old, CAST(SUM(x.new) AS BIGINT) AS new
FROM (
    SELECT kind, label, CAST(FLOOR(old_total / {BUCKET}.0) AS BIGINT) AS step, 1 AS old, 0 AS new FROM changes
    WHERE old_total IS NOT NULL
    UNION ALL
    SELECT kind, label, CAST(FLOOR(new_total / {BUCKET}.0) AS BIGINT), 0, 1 FROM changes WHERE new_total IS NOT NULL
) x GROUP BY x.kind, x.label, x.step ORDER BY x.kind, x.label, x.step"""


def summary(found: Simulation, places: int) -> list[list[str]]:
    """Points, worth and pool under both; outcomes and levels; winners, losers and unchanged; the largest moves."""
    return [
        *_costs(found.old_cost, found.new_cost, places),
        ["rows that cannot be used", str(len(found.rejected_before)), str(len(found.rejected_after))],
        *_counts(found),
        *(
            [
                f"{one.period_kind} {one.period}: winners / losers / unchanged",
                "",
                f"{one.winners} / {one.losers} / {one.unchanged}",
            ]
            for one in found.effects
        ),
        *(
            [f"largest moves: {one.subject} ({one.group}) {one.period}", "", decimal(one.change, places)]
            for one in found.moves
        ),
    ]


def _costs(old: Cost, new: Cost, places: int) -> Iterator[list[str]]:
    yield ["spendable points", decimal(old.spendable, places), decimal(new.spendable, places)]
    yield ["worth in fen", str(old.fen), str(new.fen)]
    yield ["shared fen", str(old.shared_fen), str(new.shared_fen)]


def _counts(found: Simulation) -> Iterator[list[str]]:
    old, new = sum(before for _, before, _ in found.outcomes), sum(after for *_, after in found.outcomes)
    yield ["outcomes", str(old), str(new)]
    yield from ([f"outcome {name}", str(before), str(after)] for name, before, after in found.outcomes)
    yield from (
        [f"level {level} {period}", str(before), str(after)] for period, level, before, after in found.levels
    )
