"""Outcome and streak: conditions over rank, total, level and veto, held in so many periods in a row.

Where the rules are silent: a streak is counted over the settled periods only; the conditions are those of the version
that governs the last period; percentages are rounded down as in levels; `bottom` counts from the end, and whoever ties
for the last place is in.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

from collections.abc import Sequence

from jizhi.engine.document.base import Portion
from jizhi.engine.document.outcome import When
from jizhi.engine.document.scheme import Scheme


def _places(portion: Portion) -> str:
    if not portion.percent:
        return str(int(portion.number))
    return f"(r.members * {int(portion.number.scaleb(6))} // 100000000)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def condition(when: When) -> str:
    """When a row of `levelled` meets all conditions."""
    parts = ["TRUE"]
    if when.rank and when.rank.top is not None:
        parts.append(f"r.rank <= {_places(when.rank.top)}")
    if when.rank and when.rank.bottom is not None:
        parts.append(f"r.members - r.rank - r.same + 2 <= {_places(when.rank.bottom)}")
    if when.total:
        signs = (
            ("<", when.total.below),
            (">=", when.total.from_),
            (">", when.total.over),
            ("<=", when.total.to),
        )
        parts += [f"r.total {sign} {bound}" for sign, bound in signs if bound is not None]
    if when.level is not None:
        parts.append(f"r.level IN ({', '.join(_quoted(level) for level in when.level) or 'NULL'})")
    if when.vetoed is not None:
        parts.append("r.vetoed" if when.vetoed else "NOT r.vetoed")
    return " AND ".join(parts)


NOBODY = """
SELECT CAST(0 AS INTEGER) AS subject, CAST(0 AS INTEGER) AS period, CAST(0 AS INTEGER) AS outcome WHERE FALSE"""


def asks(schemes: Sequence[Scheme]) -> tuple[bool, bool]:
    """Whether the conditions look at the size of the group, and at how many share a rank."""
    ranks = [rule.when.rank for scheme in schemes for rule in scheme.outcomes if rule.when.rank]
    bottom = any(rank.bottom is not None for rank in ranks)
    return bottom or any(rank.top is not None and rank.top.percent for rank in ranks), bottom


def sql(schemes: Sequence[Scheme]) -> str:
    """A query for (subject, period, outcome's place in its version's list)."""
    queries = [
        f"""
SELECT h.subject, h.period, {place} AS outcome FROM (
    SELECT r.subject, r.period, r.version,
           SUM(CASE WHEN {condition(rule.when)} THEN 1 ELSE 0 END) OVER (
               PARTITION BY r.subject ORDER BY r.place RANGE BETWEEN {rule.when.running - 1} PRECEDING AND CURRENT ROW
           ) AS held
    FROM levelled r WHERE r.kind = '{rule.when.period}'
) h WHERE h.version = {version} AND h.held = {rule.when.running}"""
        for version, scheme in enumerate(schemes)
        for place, rule in enumerate(scheme.outcomes)
    ]
    return "\nUNION ALL\n".join(queries) if queries else NOBODY
