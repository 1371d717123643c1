"""The words of an outcome: which of its conditions this row met, for one row and for a whole table.

Presentation only: nothing is decided by it.
"""

from __future__ import annotations

from jizhi.engine.document.outcome import When
from jizhi.engine.tables import Total


def points(hundredths: int) -> str:
    """Points without needless zeros."""
    sign, whole = "-" if hundredths < 0 else "", abs(hundredths)
    return f"{sign}{whole // 100}.{whole % 100:02}".rstrip("0").rstrip(".")


def reason(when: When, total: Total) -> str:
    """Such as `排名第3（前5）；连续4期`."""
    parts = []
    if when.rank and when.rank.top is not None:
        parts.append(f"排名第{total.rank}（前{when.rank.top}）")
    if when.rank and when.rank.bottom is not None:
        parts.append(f"排名第{total.rank}（后{when.rank.bottom}）")
    if when.total:
        parts.append(f"总分{points(total.total)}（{_bounds(when)}）")
    if when.level is not None:
        parts.append(f"等级{total.level}")
    if when.vetoed is not None:
        parts.append("一票否决" if total.vetoed else "无一票否决")
    if when.running > 1:
        parts.append(f"连续{when.running}期")
    return "；".join(parts)


def _bounds(when: When) -> str:
    """Such as `不低于60、低于80`."""
    assert when.total is not None
    words = (
        ("低于", when.total.below),
        ("不低于", when.total.from_),
        ("高于", when.total.over),
        ("不高于", when.total.to),
    )
    return "、".join(f"{word}{points(bound)}" for word, bound in words if bound is not None)


def sql(when: When) -> str:
    """The same words for a row of `levelled` called `l`, as an SQL expression."""
    parts = []
    if when.rank and when.rank.top is not None:
        parts.append(f"'排名第' || CAST(l.rank AS VARCHAR) || '（前{when.rank.top}）'")
    if when.rank and when.rank.bottom is not None:
        parts.append(f"'排名第' || CAST(l.rank AS VARCHAR) || '（后{when.rank.bottom}）'")
    if when.total:
        bounds = f"（{_bounds(when)}）"
        parts.append(f"'总分' || {_points_sql('l.total')} || '{bounds}'")
    if when.level is not None:
        parts.append("'等级' || l.level")
    if when.vetoed is not None:
        parts.append("CASE WHEN l.vetoed THEN '一票否决' ELSE '无一票否决' END")
    if when.running > 1:
        parts.append(f"'连续{when.running}期'")
    return " || '；' || ".join(parts) or "''"


def _points_sql(column: str) -> str:
    """Points without needless zeros."""
    whole, rest = f"CAST(ABS({column}) // 100 AS VARCHAR)", f"ABS({column}) % 100"
    return (
        f"CASE WHEN {column} < 0 THEN '-' ELSE '' END || {whole} || "
        f"CASE WHEN {rest} = 0 THEN '' WHEN {rest} % 10 = 0 THEN '.' || CAST({rest} // 10 AS VARCHAR) "
        f"WHEN {rest} < 10 THEN '.0' || CAST({rest} AS VARCHAR) ELSE '.' || CAST({rest} AS VARCHAR) END"
    )
