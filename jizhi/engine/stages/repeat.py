"""Repeat: the same act again within the time is multiplied once.

It is a repetition when an earlier fact of the ledger has an act day not earlier than the day minus the time. A later
act day of an earlier fact qualifies as well: the ledger's order decides what came first.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt

from jizhi.engine.document.item import Repeat


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


def sql(durations: int) -> str:
    """`repeated`: the priced facts with `price` and `note` as they stand after repetition."""
    bounds = " ".join(f"WHEN {n} THEN d.before_{n}" for n in range(durations))
    bound = f"CASE m.before {bounds} END" if durations else "CAST(NULL AS INTEGER)"
    return f"""
CREATE TABLE repeated AS
SELECT r.fact, r.repeats,
       CASE WHEN r.repeats
            THEN CAST((2 * CAST(r.price AS HUGEINT) * r.factor + 1000000 * r.unit)
                      // (2000000 * r.unit) * r.unit AS BIGINT)
            ELSE r.price END AS price
FROM (
    SELECT m.fact, p.price, m.factor, u.unit, COALESCE(
        MAX(m.day) OVER (PARTITION BY m.subject, m.item ORDER BY m.fact
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) >= {bound}, FALSE) AS repeats
    FROM matched m
    JOIN priced p ON p.fact = m.fact
    JOIN days d ON d.day = m.day
    CROSS JOIN unit u
) r
"""
