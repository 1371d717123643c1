"""Joining rater groups by their weights, and the one rounding of an indicator.

A group that has to rate and did not is a hole, never a zero. Weights that come from the groups are scaled to 100 %
among those that rate the line; weights written at the line add up to 100 % by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from jizhi.engine.document.assessment.assessment import Assessment, Line
from jizhi.engine.document.assessment.indicator import Mode


def weights(document: Assessment, line: Line) -> dict[str, Fraction]:
    """The groups that rate a line with the part that each has, adding up to 1; by default the usual ones."""
    named = line.raters if line.raters is not None else dict.fromkeys(document.usual_raters)
    return scaled({name: _weight(document, name, percent) for name, percent in named.items()})


def _weight(document: Assessment, name: str, percent: object) -> Fraction | None:
    own = percent if percent is not None else document.groups[name].weight
    return None if own is None else Fraction(str(own))


def scaled(parts: Mapping[str, Fraction | None]) -> dict[str, Fraction]:
    """Parts of 1 in proportion; equal ones when any has no weight of its own."""
    known = {name: part for name, part in parts.items() if part is not None}
    whole = sum(known.values(), Fraction(0))
    if len(known) < len(parts) or not whole:
        return {name: Fraction(1, len(parts)) for name in parts}
    return {name: part / whole for name, part in known.items()}


def joined(line: Line, shares: Mapping[str, Fraction], points: Mapping[str, Fraction]) -> Fraction:
    """The weighted mean of the groups; all or none goes by whether more than half of the weight says yes."""
    mean = sum((share * points[name] for name, share in shares.items()), Fraction(0))
    if line.indicator.mode != Mode.ALL_OR_NONE:
        return mean
    full = line.indicator.full_mark
    return Fraction(full if 2 * mean > full else 0)


def rounded(points: Fraction, places: int) -> int:
    """Hundredths at the unit's places, half away from zero: the only rounding of an indicator, and that of a year."""
    step: int = (100, 10, 1)[places]
    whole = (2 * abs(points.numerator) + step * points.denominator) // (2 * step * points.denominator)
    return (whole if points >= 0 else -whole) * step
