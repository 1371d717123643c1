"""The words of an outcome: which of its conditions this row met. Presentation only, so every evaluator uses it."""

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
        words = (
            ("低于", when.total.below),
            ("不低于", when.total.from_),
            ("高于", when.total.over),
            ("不高于", when.total.to),
        )
        bounds = "、".join(f"{word}{points(bound)}" for word, bound in words if bound is not None)
        parts.append(f"总分{points(total.total)}（{bounds}）")
    if when.level is not None:
        parts.append(f"等级{total.level}")
    if when.vetoed is not None:
        parts.append("一票否决" if total.vetoed else "无一票否决")
    if when.running > 1:
        parts.append(f"连续{when.running}期")
    return "；".join(parts)
