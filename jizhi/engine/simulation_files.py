"""A simulation as files: every subject's change, a summary for the assembly, and the rows that could not be used.

Reading and the settlement's own tables are in `files.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jizhi.engine.files import decimal, write_csv
from jizhi.engine.simulate import Change, Simulation
from jizhi.engine.tables import Rejected

CHANGES = [
    "subject",
    "group",
    "period_kind",
    "period",
    "old_total",
    "new_total",
    "change",
    "old_rank",
    "new_rank",
    "old_level",
    "new_level",
]
SUMMARY = ["measure", "old", "new"]


def write(simulation: Simulation, rejected: Sequence[Rejected], folder: Path, places: int) -> None:
    """changes.csv, summary.csv and rejected.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "changes.csv", CHANGES, (_change(one, places) for one in simulation.changes))
    write_csv(folder / "summary.csv", SUMMARY, summary(simulation, places))
    lines = ([row.table, row.line, row.reason] for row in rejected)
    write_csv(folder / "rejected.csv", ["table", "line", "reason"], lines)


def _change(one: Change, places: int) -> list[object]:
    old, new = one.old, one.new
    return [
        one.subject,
        one.group,
        one.period_kind,
        one.period,
        decimal(old.total, places) if old else "",
        decimal(new.total, places) if new else "",
        decimal(one.points, places),
        old.rank if old else "",
        new.rank if new else "",
        old.level if old else "",
        new.level if new else "",
    ]


def summary(simulation: Simulation, places: int) -> list[list[str]]:
    """Points, worth and pool under both; winners, losers and unchanged in every period."""
    old, new = simulation.old_cost, simulation.new_cost
    rows = [
        ["spendable points", decimal(old.spendable, places), decimal(new.spendable, places)],
        ["worth in fen", str(old.fen), str(new.fen)],
        ["shared fen", str(old.shared_fen), str(new.shared_fen)],
        ["rows that cannot be used", str(len(simulation.old.rejected)), str(len(simulation.new.rejected))],
        ["outcomes", str(len(simulation.old.outcomes)), str(len(simulation.new.outcomes))],
    ]
    for kind, period in sorted({(one.period_kind, one.period) for one in simulation.changes}):
        gain, lose, same = simulation.count(kind, period)
        rows.append([f"{kind} {period}: winners / losers / unchanged", "", f"{gain} / {lose} / {same}"])
    return rows
