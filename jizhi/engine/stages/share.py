"""Share: a money pool of each group split by what lies above `from`, largest remainder, to the fen.

Where the rules are silent: every group has a pool of its own of that size; a subject's points are what its total has
above `from`; whoever has none gets no row; equal remainders go to the lower subject key; without a pool there is
nothing to split and there are no rows.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

from collections.abc import Sequence

from jizhi.engine.document.scheme import Scheme

NOTHING = """
SELECT CAST(0 AS INTEGER) AS subject, CAST(0 AS INTEGER) AS period, CAST(0 AS BIGINT) AS points,
       CAST(0 AS BIGINT) AS fen
WHERE FALSE"""


def sql(schemes: Sequence[Scheme], pool: int | None) -> str:
    """A query for (subject, period, points, fen); it has no rows when there is nothing to split."""
    queries = []
    for version, scheme in enumerate(schemes):
        rule = scheme.share
        fen = pool if pool is not None else rule.pool if rule else None
        if rule is None or fen is None:
            continue
        group = "s.grp" if "group" in rule.within and "all" not in rule.within else "''"
        klass = "s.class" if "class" in rule.within and "all" not in rule.within else "''"
        queries.append(f"""
SELECT e.subject, e.period, e.points,
       CAST(e.part + CASE WHEN ROW_NUMBER() OVER (PARTITION BY e.period, e.g1, e.g2 ORDER BY e.rest DESC, e.key)
                               <= {fen} - SUM(e.part) OVER (PARTITION BY e.period, e.g1, e.g2)
                          THEN 1 ELSE 0 END AS BIGINT) AS fen
FROM (
    SELECT w.subject, w.key, w.period, w.g1, w.g2, w.points,
           CAST({fen} AS HUGEINT) * w.points // w.whole AS part, CAST({fen} AS HUGEINT) * w.points % w.whole AS rest
    FROM (
        SELECT r.subject, s.key, r.period, {group} AS g1, {klass} AS g2, r.total - {rule.from_} AS points,
               CAST(SUM(r.total - {rule.from_}) OVER (PARTITION BY r.period, {group}, {klass}) AS HUGEINT) AS whole
        FROM levelled r JOIN subjects s ON s.subject = r.subject
        WHERE r.version = {version} AND r.kind = '{rule.period}' AND r.total > {rule.from_}
    ) w
) e""")
    return "\nUNION ALL\n".join(queries) if queries else NOTHING
