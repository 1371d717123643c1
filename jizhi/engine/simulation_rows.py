"""A simulation subject by subject, as rows for whoever stores them; the tables are the ground's.

One row covers everything between the ground's two days: the totals of the widest period that the document lists, added
up where several lie between them.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

from dataclasses import dataclass

from jizhi.engine.backends import literal
from jizhi.engine.simulate import Ground

WIDE_FIRST = ("year", "half", "quarter", "month")


@dataclass(frozen=True, slots=True)
class Row:
    """One subject under both documents: totals and spendable points in hundredths, the level at the end or nothing."""

    subject: str
    old_total: int
    new_total: int
    old_level: str
    new_level: str
    old_spendable: int
    new_spendable: int

    @property
    def change(self) -> int:
        return self.new_total - self.old_total


def rows(ground: Ground) -> list[Row]:
    """After a comparison: every subject that has a total under either document."""
    kinds = {kind for (kind,) in ground.database.rows("SELECT DISTINCT kind FROM changes")}
    kind = next((one for one in WIDE_FIRST if one in kinds), "")
    if not kind:
        return []
    listed = f"SELECT * FROM changes WHERE kind = {literal(kind)}"
    levels = "SELECT * FROM changes WHERE old_level <> '' OR new_level <> ''"
    query = f"""
SELECT s.key, CAST(t.old_total AS BIGINT), CAST(t.new_total AS BIGINT), COALESCE(l.old_level, ''),
       COALESCE(l.new_level, ''), COALESCE(x.points, 0), COALESCE(y.points, 0)
FROM (SELECT subject, SUM(COALESCE(old_total, 0)) AS old_total, SUM(COALESCE(new_total, 0)) AS new_total
      FROM ({listed}) c GROUP BY subject) t
JOIN subjects s ON s.subject = t.subject
LEFT JOIN (SELECT subject, ARG_MAX(old_level, span) AS old_level, ARG_MAX(new_level, span) AS new_level
           FROM ({levels}) c GROUP BY subject) l ON l.subject = t.subject
LEFT JOIN (SELECT subject, CAST(SUM(spendable) AS BIGINT) AS points FROM old_money GROUP BY subject) x
       ON x.subject = t.subject
LEFT JOIN (SELECT subject, CAST(SUM(spendable) AS BIGINT) AS points FROM money GROUP BY subject) y
       ON y.subject = t.subject
ORDER BY s.key"""
    return [Row(*row) for row in ground.database.rows(query)]
