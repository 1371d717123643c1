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
CREATE TABLE present AS
SELECT s.subject, p.number AS period
FROM subjects s JOIN periods p
  ON s.first_day <= p.cut_last AND s.last_day >= p.cut_first AND s.first_day <= s.last_day
"""

AWARDED = """
CREATE TABLE awarded AS
SELECT a.subject, p.number AS period, CAST(SUM(a.awarded) AS BIGINT) AS awarded
FROM awards a JOIN period_days y ON y.day = a.day JOIN periods p ON p.number = y.period
WHERE a.awarded <> 0
GROUP BY a.subject, p.number
"""

BASE = """
CREATE TABLE base AS
SELECT r.subject, b.period, CAST(SUM(b.points) AS BIGINT) AS base
FROM present r
JOIN bases b ON b.period = r.period
JOIN subjects s ON s.subject = r.subject AND s.first_day <= b.cut_last AND s.last_day >= b.cut_first
WHERE NOT EXISTS (
    SELECT 1 FROM vetoes v WHERE v.subject = r.subject AND v.first <= b.first AND b.last <= v.last
)
GROUP BY r.subject, b.period
"""


def standing_sql(validities: int) -> str:
    """`standing`: awards that are still valid on the last day of an appraised period."""
    until = " ".join(f"WHEN {n} THEN d.until_{n}" for n in range(validities))
    bound = f"CASE a.until {until} ELSE d.year_last END" if validities else "d.year_last"
    return f"""
CREATE TABLE standing AS
SELECT a.subject, p.number AS period, CAST(SUM(a.awarded) AS BIGINT) AS awarded
FROM awards a
JOIN days d ON d.day = a.day
JOIN periods p ON p.kind = 'standing' AND a.day <= p.cut_last AND {bound} >= p.last
WHERE a.awarded <> 0
GROUP BY a.subject, p.number
"""


SQL = """
CREATE TABLE totals AS
SELECT t.subject, t.period, t.base, t.awarded,
       LEAST(GREATEST(t.base + t.awarded, t.floor), t.ceiling) AS total, t.vetoed
FROM (
    SELECT r.subject, r.period, COALESCE(b.base, 0) AS base,
           COALESCE(a.awarded, 0) + COALESCE(g.awarded, 0) AS awarded, n.floor, n.ceiling,
           EXISTS (SELECT 1 FROM vetoes v
                   WHERE v.subject = r.subject AND v.first <= p.first AND p.last <= v.last) AS vetoed
    FROM present r
    JOIN periods p ON p.number = r.period
    JOIN ranges n ON n.version = p.version
    LEFT JOIN base b ON b.subject = r.subject AND b.period = r.period
    LEFT JOIN awarded a ON a.subject = r.subject AND a.period = r.period
    LEFT JOIN standing g ON g.subject = r.subject AND g.period = r.period
) t
"""
