"""One household scheme and made-up facts of any number, for measuring settlements: the same work done in three ways.

Facts are drawn by the database from a hash, so every run has the same ones; a household has about a hundred a year.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

SCHEME = Path(__file__).parent / "scheme.yaml"
VILLAGE = 400
FACTS_EACH = 100

SUBJECTS = """
SELECT printf('h%08d', i) AS subject, printf('v%05d', i // {village}) AS "group",
       CAST(1 + hash(i) % 6 AS INTEGER) AS size
FROM range({households}) t(i)"""
FACTS = """
SELECT CAST(i AS BIGINT) AS fact, printf('h%08d', CAST(hash(i * 7 + 1) % {households} AS BIGINT)) AS subject, item,
       DATE '2025-01-01' + CAST(hash(i * 3 + 7) % 365 AS INTEGER) AS date,
       CAST(CASE WHEN item IN ('volunteering', 'helping') THEN 1 + hash(i * 13 + 5) % 16 END AS DECIMAL(6, 1)) * 0.5
           AS quantity,
       CASE WHEN item = 'honour' THEN ['county', 'village', 'village', 'city', 'village', 'province'][
           CAST(1 + hash(i * 17 + 5) % 6 AS INTEGER)] END AS grade,
       CASE WHEN item = 'proposal' THEN CAST(1 + hash(i * 19 + 5) % 10 AS DECIMAL(9, 2)) END AS given,
       hash(i * 29 + 3) % 500 = 0 AS reversed
FROM (
    SELECT i, CASE WHEN r < 480 THEN 'volunteering' WHEN r < 960 THEN 'cleaning' WHEN r < 1280 THEN 'meeting'
                   WHEN r < 1560 THEN 'helping' WHEN r < 1600 THEN 'honour' WHEN r < 1700 THEN 'proposal'
                   WHEN r < 1800 THEN 'litter' WHEN r < 1900 THEN 'noise' WHEN r < 19995 / 10 THEN 'parking'
                   ELSE 'forged' END AS item
    FROM (SELECT i, hash(i * 11 + 2) % 20000 / 10 AS r FROM range(1, {facts} + 1) t(i))
)"""


def make(folder: Path, facts: int) -> None:
    """`subjects.parquet` and `facts.parquet`."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {"households": facts // FACTS_EACH, "village": VILLAGE, "facts": facts}
    with duckdb.connect(config={"memory_limit": "3GB"}) as database:
        database.execute("SET enable_progress_bar = false")
        for name, query in (("subjects", SUBJECTS), ("facts", FACTS)):
            path = folder / f"{name}.parquet"
            database.execute(f"COPY ({query.format(**sizes)}) TO '{path}' (FORMAT parquet)")
