"""A draft beside the version it began from, or any earlier save: by meaning, and line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from jizhi.drafting.selectors import reading
from jizhi.engine import differences

Difference = differences.Difference
AROUND = 2


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of the text diff: `same`, `gone`, `new`, or a `gap` where lines are left out."""

    kind: str
    old: int | None
    new: int | None
    text: str


@dataclass(frozen=True)
class Comparison:
    """Both kinds of difference. `by_meaning` is None while one of the texts has errors."""

    by_meaning: list[Difference] | None
    by_line: list[TextLine]


def compare(old: str, new: str, language: str) -> Comparison:
    """What `new` says otherwise."""
    before, after = reading.document(old).scheme, reading.document(new).scheme
    meaning = differences.between(before, after, language) if before and after else None
    return Comparison(meaning, lines(old, new))


def lines(old: str, new: str) -> list[TextLine]:
    """The lines that differ, with two around them."""
    before, after = old.splitlines(), new.splitlines()
    found: list[TextLine] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(AROUND):
        if found or group[0][1] > 0:
            found.append(TextLine("gap", None, None, ""))
        for tag, a, b, c, d in group:
            if tag == "equal":
                found += [TextLine("same", a + n + 1, c + n + 1, text) for n, text in enumerate(before[a:b])]
                continue
            found += [TextLine("gone", a + n + 1, None, text) for n, text in enumerate(before[a:b])]
            found += [TextLine("new", None, c + n + 1, text) for n, text in enumerate(after[c:d])]
    return found
