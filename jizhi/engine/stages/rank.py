"""Rank: by total inside a group, equal totals sharing the lower number (1, 1, 3).

Groups are `group`, `class`, both, or `all`; tie-break columns are `awarded`, `base` and `size`, larger first.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

from collections.abc import Sequence

from jizhi.engine.document.scheme import Scheme

COLUMNS = {"awarded": "t.awarded", "base": "t.base", "size": "s.size"}


def within(schemes: Sequence[Scheme]) -> tuple[str, str]:
    """SQL for group and class, as far as a period's version compares inside them."""
    parts = []
    for name, column in (("group", "s.grp"), ("class", "s.class")):
        cases = [
            f"WHEN {n} THEN {column}"
            for n, scheme in enumerate(schemes)
            if name in scheme.rank.within and "all" not in scheme.rank.within
        ]
        parts.append(f"CASE t.version {' '.join(cases)} ELSE '' END" if cases else "CAST('' AS VARCHAR)")
    return parts[0], parts[1]


def ties(schemes: Sequence[Scheme]) -> list[str]:
    """SQL for the tie-break columns in order."""
    depth = max((len(scheme.rank.tie_break) for scheme in schemes), default=0)
    found = []
    for place in range(depth):
        cases = [
            f"WHEN {n} THEN COALESCE({COLUMNS[scheme.rank.tie_break[place]]}, 0)"
            for n, scheme in enumerate(schemes)
            if place < len(scheme.rank.tie_break)
        ]
        found.append(f"CASE t.version {' '.join(cases)} ELSE 0 END")
    return found


def sql(schemes: Sequence[Scheme], *, members: bool, same: bool) -> str:
    """Totals with their rank and, where somebody asks, the size of the group and how many share the rank."""
    group, klass = within(schemes)
    breaks = ties(schemes)
    columns = "".join(f", {column} AS t{n}" for n, column in enumerate(breaks))
    order = ", ".join(["r.total DESC", *(f"r.t{n} DESC" for n in range(len(breaks)))])
    equal = ", ".join(["r.total", *(f"r.t{n}" for n in range(len(breaks)))])
    part = "r.period, r.g1, r.g2"
    counted = f", CAST(COUNT(*) OVER (PARTITION BY {part}) AS BIGINT) AS members" if members else ""
    counted += f", CAST(COUNT(*) OVER (PARTITION BY {part}, {equal}) AS BIGINT) AS same" if same else ""
    return f"""
SELECT r.subject, r.period, r.version, r.kind, r.place, r.base, r.awarded, r.total, r.vetoed,
       CAST(RANK() OVER (PARTITION BY {part} ORDER BY {order}) AS BIGINT) AS rank{counted}
FROM (
    SELECT t.subject, t.period, t.version, t.kind, t.place, t.base, t.awarded, t.total, t.vetoed,
           {group} AS g1, {klass} AS g2{columns}
    FROM totals t JOIN subjects s ON s.subject = t.subject
) r"""
