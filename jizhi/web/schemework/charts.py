"""The distribution of totals as a drawing, two bars for each step. The table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT, FOOT = 720, 220, 28
GAP = 0.2


@dataclass(frozen=True, slots=True)
class Bar:
    """A step: where its two bars stand, and the label below."""

    points_from: int
    old: int
    new: int
    x_old: float
    x_new: float
    width: float
    y_old: float
    y_new: float
    h_old: float
    h_new: float
    label_x: float
    labelled: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole drawing."""

    width: int
    height: int
    base: int
    most: int
    bars: tuple[Bar, ...]


def distribution(buckets: Sequence[Any]) -> Chart | None:
    """Bars for the steps; None where there is nothing to draw."""
    most = max((max(one.old, one.new) for one in buckets), default=0)
    if not most:
        return None
    base, step = HEIGHT - FOOT, WIDTH / len(buckets)
    wide = step * (1 - GAP) / 2
    every = max(1, len(buckets) // 8)
    bars = []
    for n, one in enumerate(buckets):
        left = n * step + step * GAP / 2
        old, new = ((base - 16) * count / most for count in (one.old, one.new))
        bars.append(
            Bar(
                one.points_from, one.old, one.new, round(left, 1), round(left + wide, 1), round(wide - 1, 1),
                round(base - old, 1), round(base - new, 1), round(old, 1), round(new, 1),
                round(left + wide, 1), n % every == 0,
            )
        )  # fmt: skip
    return Chart(WIDTH, HEIGHT, base, most, tuple(bars))
