"""Best-of: of one act only the largest magnitude stays; of equals the earliest. The rest is awarded nothing."""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jizhi.engine.notes import Note


def best(candidates: Iterable[tuple[int, int]]) -> int | None:
    """The fact that stays, out of (fact, price) pairs of one subject's act."""
    ordered = sorted(candidates, key=lambda pair: (-abs(pair[1]), pair[0]))
    return ordered[0][0] if ordered else None


def sql(source: str, columns: Sequence[str], rules: Sequence[int]) -> str:
    """The rows of `source` as they enter the limits: with their amount, alive unless another of the act is larger."""
    kept = [column for column in columns if column != "act"]
    dropped = {"note": f"CASE WHEN x.place > 1 THEN {Note.BEST_OF:d} ELSE x.note END AS note"}
    among = f"(m.rule IN ({', '.join(str(rule) for rule in rules)}) AND m.act IS NOT NULL)"
    return f"""
SELECT {", ".join(f"m.{column}" for column in kept)}, m.price AS amount, TRUE AS live, CAST(0 AS BIGINT) AS mask
FROM {source} m WHERE NOT {among}
UNION ALL
SELECT {", ".join(dropped.get(column, f"x.{column}") for column in kept)},
       CASE WHEN x.place > 1 THEN 0 ELSE x.price END AS amount, x.place = 1 AS live, CAST(0 AS BIGINT) AS mask
FROM (
    SELECT m.*, ROW_NUMBER() OVER (PARTITION BY m.subject, m.act ORDER BY m.price DESC, m.fact) AS place
    FROM {source} m WHERE {among}
) x"""


def all_alive(source: str, columns: Sequence[str]) -> str:
    """The same where no item says `best_of`."""
    kept = ", ".join(f"m.{column}" for column in columns if column != "act")
    return f"SELECT {kept}, m.price AS amount, TRUE AS live, CAST(0 AS BIGINT) AS mask FROM {source} m"
