"""Total: base and awards of every subject's periods, inside the range.

Where the rules are silent: a period is governed by the version in force on its last settled day, or by the first one
when none was yet, but base points need a version in force. Facts outside the settled days count for windows,
repetition and vetoes whether they lie before or after, so that a settlement always equals the ledger. A subject counts
as present in a period cut by the settled days when it took part on one of the days that are left. A longer period
carries the base of every shorter base period that begins in it. A standing looks back beyond the first settled day,
for that is what a validity is for; it counts up to the day of the same date, that day included, as periods of the
Civil Code (art. 201) do.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

PRESENT = """
SELECT s.subject, p.number AS period
FROM subjects s JOIN periods p
  ON s.first_day <= p.cut_last AND s.last_day >= p.cut_first AND s.first_day <= s.last_day"""


def sums_sql(awards: str) -> str:
    """What each subject was awarded in each stretch of days that lie in the same periods."""
    return f"""
SELECT a.subject, d.cell, CAST(SUM(a.awarded) AS BIGINT) AS awarded
FROM {awards} a JOIN days d ON d.day = a.day
WHERE d.cell IS NOT NULL GROUP BY a.subject, d.cell"""


def spent_sql(awards: str, *, rules: str = "rules", each: bool = False) -> str:
    """The spendable points among them and their worth in hundredths of a fen: together, or each subject's by cell."""
    by = "a.subject, d.cell" if each else ""
    return f"""
SELECT {by + "," if each else ""} CAST(COALESCE(SUM(a.awarded), 0) AS BIGINT) AS spendable,
       CAST(COALESCE(SUM(a.awarded * r.rate), 0) AS BIGINT) AS worth
FROM {awards} a JOIN days d ON d.day = a.day JOIN {rules} r ON r.rule = a.rule
WHERE d.cell IS NOT NULL AND r.rate IS NOT NULL {"GROUP BY " + by if each else ""}"""


def standings_sql(awards: str, validities: int) -> str:
    """Awards that are still valid on the last day of an appraised period."""
    until = " ".join(f"WHEN {n} THEN d.until_{n}" for n in range(validities))
    bound = f"CASE r.until {until} ELSE d.year_last END" if validities else "d.year_last"
    return f"""
SELECT a.subject, p.number AS period, CAST(SUM(a.awarded) AS BIGINT) AS awarded
FROM {awards} a
JOIN days d ON d.day = a.day
JOIN rules r ON r.rule = a.rule
JOIN periods p ON p.kind = 'standing' AND a.day <= p.cut_last AND {bound} >= p.last
WHERE a.awarded <> 0
GROUP BY a.subject, p.number"""


AWARDED = """
SELECT x.subject, x.period, CAST(SUM(x.awarded) AS BIGINT) AS awarded
FROM (
    SELECT s.subject, c.period, s.awarded
    FROM (SELECT subject, cell, CAST(SUM(awarded) AS BIGINT) AS awarded FROM sums GROUP BY subject, cell) s
    JOIN cells c ON c.cell = s.cell
    UNION ALL
    SELECT t.subject, t.period, t.awarded FROM standings t
) x GROUP BY x.subject, x.period"""

BASE = """
SELECT r.subject, b.period, CAST(SUM(b.points) AS BIGINT) AS base
FROM present r
JOIN base_periods b ON b.period = r.period
JOIN subjects s ON s.subject = r.subject AND s.first_day <= b.cut_last AND s.last_day >= b.cut_first
WHERE NOT EXISTS (
    SELECT 1 FROM vetoes v WHERE v.subject = r.subject AND v.first <= b.first AND b.last <= v.last
)
GROUP BY r.subject, b.period"""

VETOED = """
SELECT DISTINCT v.subject, p.number AS period
FROM vetoes v JOIN periods p ON v.first <= p.first AND p.last <= v.last"""

TOTALS = """
SELECT t.subject, t.period, t.version, t.kind, t.place, t.base, t.awarded,
       LEAST(GREATEST(t.base + t.awarded, t.floor), t.ceiling) AS total, t.vetoed
FROM (
    SELECT r.subject, r.period, p.version, p.kind, p.place, COALESCE(b.base, 0) AS base,
           COALESCE(a.awarded, 0) AS awarded, n.floor, n.ceiling, v.subject IS NOT NULL AS vetoed
    FROM present r
    JOIN periods p ON p.number = r.period
    JOIN ranges n ON n.version = p.version
    LEFT JOIN base b ON b.subject = r.subject AND b.period = r.period
    LEFT JOIN awarded a ON a.subject = r.subject AND a.period = r.period
    LEFT JOIN vetoed v ON v.subject = r.subject AND v.period = r.period
) t"""
