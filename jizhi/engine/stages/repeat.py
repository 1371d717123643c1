"""Repeat: the same act again within the time is multiplied once.

It is a repetition when an earlier fact of the ledger has an act day not earlier than the day minus the time. A later
act day of an earlier fact qualifies as well: the ledger's order decides what came first.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from jizhi.engine.document.item import Repeat
from jizhi.engine.notes import Note


def is_repeat(repeat: Repeat | None, day: dt.date, latest_before: dt.date | None) -> bool:
    """`latest_before` is the latest act day among the earlier matched facts of the same subject and item."""
    return repeat is not None and latest_before is not None and latest_before >= repeat.within.before(day)


def multiplied(price: int, repeat: Repeat, places: int) -> int:
    """The signed price times the factor, rounded like a price."""
    factor = int(repeat.factor.scaleb(6))
    unit: int = 10 ** (2 - places)
    whole = 1_000_000 * unit
    magnitude = (2 * abs(price) * factor + whole) // (2 * whole) * unit
    return -magnitude if price < 0 else magnitude


def sql(source: str, columns: Sequence[str], items: Sequence[int], durations: int, unit: int) -> str:
    """The rows of `source`, multiplied where an item that repeats was done before; all others as they are."""
    kept = ", ".join(columns)
    priced = ", ".join(
        {
            "price": f"CASE WHEN x.repeats THEN {_multiplied(unit)} ELSE x.price END AS price",
            "note": f"CASE WHEN x.repeats THEN {Note.REPEAT:d} ELSE x.note END AS note",
        }.get(column, f"x.{column}")
        for column in columns
    )
    bounds = " ".join(f"WHEN {n} THEN d.before_{n}" for n in range(durations))
    among = f"item IN ({', '.join(str(item) for item in items)})"
    return f"""
SELECT {kept} FROM {source} WHERE NOT {among}
UNION ALL
SELECT {priced} FROM (
    SELECT m.*, r.factor, COALESCE(CASE r.before {bounds} END <= MAX(m.day) OVER (
               PARTITION BY m.subject, m.item ORDER BY m.fact
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), FALSE) AS repeats
    FROM {source} m
    JOIN days d ON d.day = m.day
    JOIN rules r ON r.rule = m.rule
    WHERE m.{among}
) x"""


def _multiplied(unit: int) -> str:
    return f"CAST((2 * CAST(x.price AS HUGEINT) * x.factor + {10**6 * unit}) // {2 * 10**6 * unit} * {unit} AS BIGINT)"
