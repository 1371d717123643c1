"""Why this number: from a period's total down to each fact, and on to rank, level, outcomes and share.

`explain` does it from one subject's facts and, where there is one, a settlement; `settled` from plain tables; `check`
compares with a settlement. `explain_words` puts it into sentences.
"""

from __future__ import annotations

from jizhi.engine.explain.parts import Explanation, UnsoundExplanation
from jizhi.engine.explain.reasoning import check, explain, first_day
from jizhi.engine.explain.whole import UnknownPeriod, UnknownSubject, settled

__all__ = [
    "Explanation",
    "UnknownPeriod",
    "UnknownSubject",
    "UnsoundExplanation",
    "check",
    "explain",
    "first_day",
    "settled",
]
