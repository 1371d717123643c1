"""An explanation in words, Chinese or English: as text for a terminal or a letter, and as data for JSON.

Sentences only: every number comes from `explain`. Keys and codes of the document never show in them.
"""

from __future__ import annotations

from jizhi.engine.explain_words.data import as_data
from jizhi.engine.explain_words.sentences import (
    clamp,
    level,
    note,
    outcome,
    rank,
    reckoning,
    share,
    version,
    with_reason,
)
from jizhi.engine.explain_words.tree import text

__all__ = [
    "as_data",
    "clamp",
    "level",
    "note",
    "outcome",
    "rank",
    "reckoning",
    "share",
    "text",
    "version",
    "with_reason",
]
