"""Veto: inside its window every fact of the subject is awarded nothing.

It comes after the limits, so what it wipes has used them up. Base points are handled by `total`, bars by people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from jizhi.engine.windows import Span


def wiped(day: dt.date, spans: Iterable[Span]) -> bool:
    """Whether an act of that day lies inside any veto's window."""
    return any(span.holds(day) for span in spans)
