"""The county's scheme settled by SQL that a good analyst would write for this one scheme, on the same engine.

A measure to compare with, not a part of the product: it knows this scheme only, checks no row and explains nothing.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

BEFORE = "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
EARLIER = f"max(date) OVER (PARTITION BY subject, item ORDER BY fact {BEFORE})"
PRICED = f"""
CREATE TABLE priced AS
SELECT fact, subject, item, date, reversed, CASE WHEN again THEN 2 * price ELSE price END AS price, again,
       CASE item WHEN 'volunteering' THEN 2000 WHEN 'cleaning' THEN 1000 WHEN 'meeting' THEN 400
                 WHEN 'helping' THEN 1500 WHEN 'litter' THEN 2000 WHEN 'parking' THEN 1000 ELSE 1e9
                 END::BIGINT AS month_cap,
       CASE item WHEN 'volunteering' THEN 12000 WHEN 'cleaning' THEN 6000 WHEN 'helping' THEN 9000
                 WHEN 'honour' THEN 10000 WHEN 'proposal' THEN 2000 WHEN 'parking' THEN 5000 ELSE 1e9
                 END::BIGINT AS year_cap
FROM (
    SELECT fact, subject, item, date, reversed,
           CASE item WHEN 'volunteering' THEN round(quantity * 2, 1) * 100
                WHEN 'helping' THEN round(quantity * 1.5, 1) * 100
                WHEN 'cleaning' THEN 200 WHEN 'meeting' THEN 100 WHEN 'proposal' THEN given * 100
                WHEN 'honour' THEN CASE grade WHEN 'national' THEN 10000 WHEN 'province' THEN 6000 WHEN 'city' THEN 3000
                                              WHEN 'county' THEN 2000 ELSE 500 END
                WHEN 'litter' THEN 200 WHEN 'noise' THEN 100 WHEN 'parking' THEN 100 ELSE 0 END::BIGINT AS price,
           coalesce(CASE item WHEN 'litter' THEN {EARLIER} >= date - INTERVAL 1 YEAR
                              WHEN 'noise' THEN {EARLIER} >= date - INTERVAL 3 MONTH END, FALSE) AS again
    FROM '{{folder}}/facts.parquet' WHERE NOT reversed
)"""
LIMITED = f"""
CREATE TABLE limited AS
SELECT *, greatest(0, least(monthly, year_cap - coalesce(sum(monthly) OVER (
              PARTITION BY subject, item ORDER BY fact {BEFORE}), 0)))::BIGINT AS awarded
FROM (
    SELECT *, greatest(0, least(price, month_cap - coalesce(sum(price) OVER (
                  PARTITION BY subject, item, date_trunc('month', date) ORDER BY fact {BEFORE}), 0)))::BIGINT AS monthly
    FROM priced
)"""
VETOES = """
CREATE TABLE vetoes AS SELECT DISTINCT subject, date_trunc('quarter', date) AS quarter FROM limited
WHERE item = 'forged'"""
AWARDS = """
COPY (
    SELECT l.fact, l.subject, l.item, l.date, (sign * price * 0.01)::DECIMAL(18, 1) AS price,
           (CASE WHEN v.subject IS NULL THEN sign * awarded ELSE 0 END * 0.01)::DECIMAL(18, 1) AS awarded,
           (sign * (price - awarded) * 0.01)::DECIMAL(18, 1) AS held_back,
           CASE WHEN monthly < price AND awarded < monthly THEN 'month; year' WHEN monthly < price THEN 'month'
                WHEN awarded < monthly THEN 'year' ELSE '' END AS "limit",
           CASE WHEN v.subject IS NOT NULL THEN 'veto' WHEN again THEN 'repeat' ELSE '' END AS note
    FROM (SELECT *, CASE WHEN item IN ('litter', 'noise', 'parking') THEN -1 ELSE 1 END AS sign FROM limited) l
    LEFT JOIN vetoes v ON v.subject = l.subject AND v.quarter = date_trunc('quarter', l.date)
    UNION ALL
    SELECT fact, subject, item, date, 0, 0, 0, '', 'reversed' FROM '{folder}/facts.parquet' WHERE reversed
    ORDER BY fact
) TO '{out}/awards.parquet' (FORMAT parquet)"""
SUMS = """
CREATE TABLE sums AS
SELECT l.subject, date_trunc('month', l.date) AS month,
       sum(CASE WHEN v.subject IS NOT NULL THEN 0 WHEN item IN ('litter', 'noise', 'parking') THEN -awarded
                ELSE awarded END)::BIGINT AS awarded
FROM limited l LEFT JOIN vetoes v ON v.subject = l.subject AND v.quarter = date_trunc('quarter', l.date)
GROUP BY 1, 2"""
TOTALS = """
CREATE TABLE totals AS
WITH periods AS (
    SELECT 'month' AS kind, m AS first FROM range(DATE '2025-01-01', DATE '2026-01-01', INTERVAL 1 MONTH) r(m)
    UNION ALL SELECT 'quarter', q FROM range(DATE '2025-01-01', DATE '2026-01-01', INTERVAL 3 MONTH) r(q)
    UNION ALL SELECT 'year', DATE '2025-01-01'
), sums_of AS (
    SELECT subject, 'month' AS kind, month AS first, awarded FROM sums
    UNION ALL SELECT subject, 'quarter', date_trunc('quarter', month), sum(awarded) FROM sums GROUP BY ALL
    UNION ALL SELECT subject, 'year', date_trunc('year', month), sum(awarded) FROM sums GROUP BY ALL
), added AS (
    SELECT s.subject, s."group", p.kind, p.first, CASE WHEN p.kind = 'year' THEN 10000 ELSE 0 END AS base,
           coalesce(a.awarded, 0)::BIGINT AS awarded
    FROM '{folder}/subjects.parquet' s CROSS JOIN periods p
    LEFT JOIN sums_of a ON a.subject = s.subject AND a.kind = p.kind AND a.first = p.first
), ranked AS (
    SELECT *, greatest(0, base + awarded) AS total,
           rank() OVER (PARTITION BY "group", kind, first ORDER BY greatest(0, base + awarded) DESC) AS rank,
           count(*) OVER (PARTITION BY "group", kind, first) AS members
    FROM added
)
SELECT r.*, CASE WHEN kind <> 'year' THEN '' WHEN total > 40000 THEN '五星' WHEN total >= 30000 THEN '四星'
                 WHEN rank <= members * 30 // 100 THEN '三星' ELSE '无星' END AS level,
       CASE kind WHEN 'month' THEN strftime(first, '%Y-%m') WHEN 'year' THEN '2025'
                 ELSE '2025-Q' || quarter(first) END AS period,
       v.subject IS NOT NULL AND kind IN ('month', 'quarter') AS vetoed
FROM ranked r LEFT JOIN vetoes v ON v.subject = r.subject AND v.quarter = date_trunc('quarter', r.first)"""
OUT = """
COPY (SELECT subject, "group", kind AS period_kind, period, (base * 0.01)::DECIMAL(18, 1) AS base,
             (awarded * 0.01)::DECIMAL(18, 1) AS awarded, (total * 0.01)::DECIMAL(18, 1) AS total, rank, level, vetoed
      FROM totals ORDER BY subject, kind, period) TO '{out}/totals.parquet' (FORMAT parquet)"""
OUTCOMES = """
COPY (
    SELECT subject, period, 'excellent' AS outcome FROM totals WHERE kind = 'quarter' AND rank <= 5
    UNION ALL SELECT subject, period, 'talk' FROM totals WHERE kind = 'year' AND total < 6000
    UNION ALL SELECT subject, period, 'steady' FROM (
        SELECT subject, period, sum(CASE WHEN rank <= members * 20 // 100 THEN 1 ELSE 0 END) OVER (
                   PARTITION BY subject ORDER BY first ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS held
        FROM totals WHERE kind = 'month') WHERE held = 4
    ORDER BY subject, period, outcome) TO '{out}/outcomes.parquet' (FORMAT parquet)"""


def settle(folder: Path, out: Path, memory: str) -> None:
    """Writes awards, totals and outcomes beside each other."""
    out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"memory_limit": memory, "temp_directory": str(out / "spill")}) as database:
        database.execute("SET enable_progress_bar = false")
        for step in (PRICED, LIMITED, VETOES, AWARDS, SUMS, TOTALS, OUT, OUTCOMES):
            database.execute(step.replace("{folder}", str(folder)).replace("{out}", str(out)))
