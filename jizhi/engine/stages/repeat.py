"""Repeat: the same act again within the time is multiplied once.

It is a repetition when an earlier fact of the ledger has an act day not earlier than the day minus the time. A later
act day of an earlier fact qualifies as well: the ledger's order decides what came first.
"""

from __future__ import annotations

import datetime as dt

from jizhi.engine.document.item import Repeat


def is_repeat(repeat: Repeat | None, day: dt.date, latest_before: dt.date | None) -> bool:
    """`latest_before` is the latest act day among the earlier matched facts of the same subject and item."""
    return repeat is not None and latest_before is not None and latest_before >= repeat.within.before(day)


def multiplied(price: int, repeat: Repeat, places: int) -> int:
    """The signed price times the factor, rounded like a price."""
    factor = int(repeat.factor.scaleb(6))
    unit = 10 ** (2 - places)
    whole = 10**6 * unit
    magnitude = (2 * abs(price) * factor + whole) // (2 * whole) * unit
    return -magnitude if price < 0 else magnitude
