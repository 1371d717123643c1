"""Level: the first step that fits, top down, unless a ruling sets it.

Where the rules are silent: a ruling sets the level of the period of its day, and with `for` of every period that has a
day up to its end; the latest ruling of the ledger wins; it stands even when a veto wipes the points of its day.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

from collections.abc import Sequence

from jizhi.engine.document.base import Portion
from jizhi.engine.document.level import Levels, Step
from jizhi.engine.document.scheme import Scheme


def quoted(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def places(portion: Portion, members: str) -> str:
    """How many of a group a portion is, rounded down, in whole numbers."""
    if not portion.percent:
        return str(int(portion.number))
    return f"({members} * {int(portion.number.scaleb(6))} // 100000000)"


def condition(step: Step, ties: str) -> str:
    """When a row of `ranked` reaches the step."""
    parts = ["TRUE"]
    if step.over is not None:
        parts.append(f"r.total > {step.over}")
    if step.from_ is not None:
        parts.append(f"r.total >= {step.from_}")
    if step.top is not None:
        last = "r.rank" if ties == "in" else "r.rank + r.same - 1"
        parts.append(f"{last} <= {places(step.top, 'r.members')}")
    return " AND ".join(parts)


def _cases(levels: Levels) -> str:
    steps = " ".join(
        f"WHEN {condition(step, step.ties or levels.ties)} THEN {quoted(step.level.zh)}"
        for step in levels.steps
    )
    return f"CASE {steps} ELSE '' END"


RULED = """
SELECT o.subject, o.period, o.level
FROM (
    SELECT r.subject, p.number AS period, r.level,
           ROW_NUMBER() OVER (PARTITION BY r.subject, p.number ORDER BY r.fact DESC) AS place
    FROM rulings r JOIN periods p ON r.first <= p.last AND p.first <= r.last
) o WHERE o.place = 1"""


def sql(schemes: Sequence[Scheme], *, ruled: bool) -> str:
    """Ranked rows with their level."""
    fitting = {n: _cases(scheme.levels) for n, scheme in enumerate(schemes) if scheme.levels}
    cases = [
        f"WHEN r.version = {n} AND r.kind = '{scheme.levels.period}' "
        f"THEN {f'COALESCE(u.level, {fitting[n]})' if ruled else fitting[n]}"
        for n, scheme in enumerate(schemes)
        if scheme.levels
    ]
    level = f"CASE {' '.join(cases)} ELSE '' END" if cases else "CAST('' AS VARCHAR)"
    join = "LEFT JOIN ruled u ON u.subject = r.subject AND u.period = r.period" if ruled else ""
    return f"SELECT r.*, {level} AS level FROM ranked r {join}"


def asks(schemes: Sequence[Scheme]) -> tuple[bool, bool]:
    """Whether the steps look at the size of the group, and at how many share a rank."""
    found = [
        (scheme.levels, step)
        for scheme in schemes
        if scheme.levels
        for step in scheme.levels.steps
        if step.top
    ]
    members = any(step.top.percent for _, step in found if step.top)
    return members, any((step.ties or levels.ties) == "out" for levels, step in found)
