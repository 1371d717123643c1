"""Matches what people write to the items of the scheme, by title and aliases.

Only equal words match, leaving aside verbs such as 参加 and endings such as 活动. Likeness yields candidates for a
question, never a match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from jizhi.sheets.claims.records import ItemName
from jizhi.sheets.values import clean_text

OPENING = re.compile(r"^(积极|主动|自觉|按时|参加|参与|帮助|协助|开展|进行|完成|做好?|村里?|组织的?)+(?=..)")
ENDING = re.compile(r"(?<=..)(活动|工作|行为|[一1]次)+$")
MAX_CANDIDATES = 5
LIKENESS = 0.45


def plain_words(text: str) -> str:
    return re.sub(r"[^\w]", "", clean_text(text).lower())


def core_words(text: str) -> str:
    return ENDING.sub("", OPENING.sub("", plain_words(text)))


class ItemMatcher:
    def __init__(self, items: Sequence[ItemName]) -> None:
        self.items = list(items)
        self.exact = self._index(plain_words)
        self.core = self._index(core_words)

    def _index(self, words: Callable[[str], str]) -> dict[str, list[ItemName]]:
        index: dict[str, list[ItemName]] = {}
        for item in self.items:
            for name in {words(name) for name in (item.title, *item.aliases)} - {""}:
                index.setdefault(name, []).append(item)
        return index

    def match(self, text: str) -> ItemName | None:
        """The one item these words name; None where none or several do."""
        for found in (self.exact.get(plain_words(text)), self.core.get(core_words(text))):
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def candidates(self, text: str) -> tuple[str, ...]:
        """Items to offer with the question, the likeliest first."""
        words = core_words(text)
        ranked = sorted(
            ((self._likeness(words, item), item.id) for item in self.items), key=lambda p: (-p[0], p[1])
        )
        return tuple(item_id for likeness, item_id in ranked[:MAX_CANDIDATES] if likeness >= LIKENESS)

    def _likeness(self, words: str, item: ItemName) -> float:
        names = [core_words(name) for name in (item.title, *item.aliases)]
        return max((_likeness(words, name) for name in names if name), default=0.0)


def _likeness(one: str, other: str) -> float:
    if one and (one in other or other in one):
        return 0.6 + 0.4 * min(len(one), len(other)) / max(len(one), len(other))
    return SequenceMatcher(None, one, other).ratio()
