"""The batch evaluator: everybody at once. (Placeholder signature; the SQL is being written.)"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jizhi.engine import reference
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Result, Subject


def settle(
    versions: Versions, subjects: Iterable[Subject], facts: Iterable[Fact], start: dt.date, end: dt.date,
    *, pool: int | None = None,
) -> Result:
    """Everything from the facts up to `end`; listed and totalled is what lies between the two days."""
    return reference.settle(versions, subjects, facts, start, end, pool=pool)
