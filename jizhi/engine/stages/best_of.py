"""Best-of: of one act only the largest magnitude stays; of equals the earliest. The rest is awarded nothing."""

from __future__ import annotations

from collections.abc import Iterable


def best(candidates: Iterable[tuple[int, int]]) -> int | None:
    """The fact that stays, out of (fact, price) pairs of one subject's act."""
    ordered = sorted(candidates, key=lambda pair: (-abs(pair[1]), pair[0]))
    return ordered[0][0] if ordered else None
