"""The modes: how what one rater, then one group, said becomes points between 0 and the full mark.

Points stay exact fractions of hundredths here; they are rounded once, in `weighting.py`, after the groups are joined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from jizhi.engine.assessment.rows import Rating
from jizhi.engine.document.assessment.indicator import Indicator, Mode

MET = {
    **dict.fromkeys(("met", "yes", "true", "1", "达标", "是", "有"), True),
    **dict.fromkeys(("unmet", "no", "false", "0", "未达标", "不达标", "否", "无"), False),
}
Ballots = Sequence[Rating]


class TooFew(ValueError):
    """A group whose ratings are not enough to say anything."""


def group_points(indicator: Indicator, raters: Mapping[str, Ballots]) -> Fraction:
    """What one group gives: ballots are counted together, a panel may drop its extremes, else the mean."""
    if indicator.mode == Mode.BALLOT:
        return _ballots(indicator, [row for rows in raters.values() for row in rows])
    each = sorted(rater_points(indicator, rows) for rows in raters.values())
    if indicator.trim:
        if len(each) <= 2 * indicator.trim:
            raise TooFew(f"{len(each)} raters, at least {2 * indicator.trim + 1} needed")
        each = each[indicator.trim : -indicator.trim]
    return sum(each, Fraction(0)) / len(each)


def rater_points(indicator: Indicator, rows: Ballots) -> Fraction:
    """What one rater gives, never below 0 and never above the full mark."""
    points = RULES[indicator.mode](indicator, rows)
    return min(max(points, Fraction(0)), Fraction(indicator.full_mark))


def _ballots(indicator: Indicator, rows: Ballots) -> Fraction:
    shares = indicator.ballots or {}
    count = sum(_count(row) for row in rows)
    if not count:
        raise TooFew("no ballots")
    weighted = sum((Fraction(shares[row.grade]) / 100 * _count(row) for row in rows), Fraction(0))
    return weighted / count * indicator.full_mark


def _count(row: Rating) -> int:
    return 1 if row.count is None else row.count


def _all_or_none(indicator: Indicator, rows: Ballots) -> Fraction:
    return Fraction(indicator.full_mark if is_met(indicator, rows[0]) else 0)


def is_met(indicator: Indicator, row: Rating) -> bool:
    """Whether the rater found the standard met: in words, or by a value that reaches the target."""
    if indicator.target is not None:
        return row.value is not None and row.value >= indicator.target
    return MET[row.grade.lower()]


def _deduct(indicator: Indicator, rows: Ballots) -> Fraction:
    """Starts full; every fault takes its points."""
    if indicator.faults is None:
        taken = Fraction(indicator.each or 0) * 100 * _count(rows[0])
    else:
        taken = Fraction(sum(indicator.faults[row.grade].points * _count(row) for row in rows if row.grade))
    return indicator.full_mark - taken


def _class(indicator: Indicator, rows: Ballots) -> Fraction:
    return Fraction((indicator.grades or {})[rows[0].grade].points)


def _linear(indicator: Indicator, rows: Ballots) -> Fraction:
    """Factor times the actual value; the full mark from `full_from` on."""
    actual = Fraction(rows[0].value or 0)
    if indicator.full_from is not None and actual >= indicator.full_from:
        return Fraction(indicator.full_mark)
    return actual * Fraction(indicator.factor or 0) * 100


def _each(indicator: Indicator, rows: Ballots) -> Fraction:
    return Fraction(indicator.each or 0) * 100 * _count(rows[0])


def _rank(indicator: Indicator, rows: Ballots) -> Fraction:
    """The points of the place; a place beyond the list brings what the rest gets."""
    return Fraction((indicator.places or {}).get(rows[0].count or 0, indicator.rest))


def _panel(indicator: Indicator, rows: Ballots) -> Fraction:
    return Fraction(rows[0].value or 0) / Fraction(indicator.scale) * indicator.full_mark


RULES: dict[Mode, Callable[[Indicator, Ballots], Fraction]] = {
    Mode.ALL_OR_NONE: _all_or_none,
    Mode.DEDUCT: _deduct,
    Mode.CLASS: _class,
    Mode.LINEAR: _linear,
    Mode.COUNT: _each,
    Mode.RANK: _rank,
    Mode.PANEL: _panel,
    Mode.BALLOT: _ballots,
}
