"""Best-of: of one act only the largest magnitude stays; of equals the earliest. The rest is awarded nothing."""

from __future__ import annotations

from collections.abc import Iterable


def best(candidates: Iterable[tuple[int, int]]) -> int | None:
    """The fact that stays, out of (fact, price) pairs of one subject's act."""
    ordered = sorted(candidates, key=lambda pair: (-abs(pair[1]), pair[0]))
    return ordered[0][0] if ordered else None


SQL = """
CREATE TABLE chosen AS
SELECT m.fact, r.price, r.repeats,
       CASE WHEN m.best_of AND m.act IS NOT NULL
            THEN ROW_NUMBER() OVER (PARTITION BY m.subject, m.act, m.best_of ORDER BY r.price DESC, m.fact) > 1
            ELSE FALSE END AS dropped
FROM matched m JOIN repeated r ON r.fact = m.fact
"""
