"""The county's scheme settled by a plain Python loop, as the script of an afternoon would: another way to compare with.

It knows this scheme only; awards and totals stay in memory.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

FIXED = {"cleaning": 200, "meeting": 100, "litter": 200, "noise": 100, "parking": 100}
GRADES = {"national": 10000, "province": 6000, "city": 3000, "county": 2000, "village": 500}
MONTH = {
    "volunteering": 2000,
    "cleaning": 1000,
    "meeting": 400,
    "helping": 1500,
    "litter": 2000,
    "parking": 1000,
}
YEAR = {
    "volunteering": 12000,
    "cleaning": 6000,
    "helping": 9000,
    "honour": 10000,
    "proposal": 2000,
    "parking": 5000,
}
FAULTS = {"litter": 366, "noise": 92, "parking": 0}


def settle(folder: Path) -> dict[tuple[str, int], int]:
    """The sum of every household's months."""
    with duckdb.connect() as database:
        rows = database.execute(f"SELECT * FROM '{folder}/facts.parquet' ORDER BY fact").fetchall()
    months: dict[Any, int] = defaultdict(int)
    years: dict[Any, int] = defaultdict(int)
    latest: dict[Any, Any] = {}
    vetoes = {(row[1], (row[3].month - 1) // 3) for row in rows if row[2] == "forged" and not row[7]}
    totals: dict[tuple[str, int], int] = defaultdict(int)
    for _, subject, item, day, quantity, grade, given, reversed_ in rows:
        if reversed_:
            continue
        price = _price(item, quantity, grade, given)
        if FAULTS.get(item):
            before = latest.get((subject, item))
            if before is not None and (day - before).days <= FAULTS[item]:
                price *= 2
            latest[subject, item] = max(before or day, day)
        left = _left(months, (subject, item, day.month), price, MONTH.get(item))
        left = _left(years, (subject, item), left, YEAR.get(item))
        if (subject, (day.month - 1) // 3) not in vetoes:
            totals[subject, day.month] += -left if item in FAULTS else left
    return totals


def _price(item: str, quantity: Any, grade: str | None, given: Any) -> int:
    if item in FIXED:
        return FIXED[item]
    if item == "volunteering":
        return int(quantity * 200)
    if item == "helping":
        return int((quantity * 15 * 2 + 1) // 2) * 10
    if item == "honour":
        return GRADES[grade or ""]
    return int(given * 100) if item == "proposal" else 0


def _left(used: dict[Any, int], key: Any, amount: int, cap: int | None) -> int:
    if cap is None:
        return amount
    left = max(0, min(amount, cap - used[key]))
    used[key] += left
    return left
