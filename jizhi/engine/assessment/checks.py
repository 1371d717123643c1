"""Whether a rating's cells fit its indicator: the right column, inside its bounds, from a group that rates the line."""

from __future__ import annotations

from collections.abc import Container
from decimal import Decimal

from jizhi.engine.assessment.modes import MET
from jizhi.engine.assessment.rows import Rating
from jizhi.engine.assessment.steps import Unusable
from jizhi.engine.document.assessment.assessment import Assessment, Line
from jizhi.engine.document.assessment.indicator import Indicator, Mode
from jizhi.engine.document.assessment.rater import SELF
from jizhi.engine.reading import nearest

LARGEST = 10**9
DECIMALS = 6
USES: dict[Mode, tuple[str, ...]] = {
    Mode.ALL_OR_NONE: ("grade",),
    Mode.DEDUCT: ("count",),
    Mode.CLASS: ("grade",),
    Mode.LINEAR: ("value",),
    Mode.COUNT: ("count",),
    Mode.RANK: ("count",),
    Mode.BALLOT: ("grade", "count"),
    Mode.PANEL: ("value",),
    Mode.VETO: ("grade", "count"),
}


def columns(indicator: Indicator) -> tuple[str, ...]:
    """The columns that a rating of the indicator may fill."""
    if indicator.mode == Mode.ALL_OR_NONE and indicator.target is not None:
        return ("value",)
    if indicator.mode == Mode.RANK and indicator.order != "given":
        return ("value",)
    if indicator.mode == Mode.DEDUCT and indicator.faults is not None:
        return ("grade", "count")
    return USES[indicator.mode]


def check_group(shares: Container[str], row: Rating, line: Line, *, counts: bool) -> None:
    """The counting step takes the groups that rate the line; the subject's own column lines of parts only."""
    indicator = line.indicator
    if row.rater_group == SELF:
        if line.extra:
            raise Unusable(f"indicator: {indicator.id} takes no self-rating")
        if indicator.order != "given":
            raise Unusable(
                f"indicator: {indicator.id} takes no self-rating: the place follows from the ratings"
            )
    elif counts and row.rater_group not in shares:
        raise Unusable(f"rater_group: {row.rater_group} does not rate {indicator.id}")


def check_value(indicator: Indicator, row: Rating) -> None:
    """Only the columns that the mode uses, and inside their bounds."""
    given = {"value": row.value is not None, "grade": bool(row.grade), "count": row.count is not None}
    used = columns(indicator)
    for name, filled in given.items():
        if filled and name not in used:
            raise Unusable(f"{name}: nothing to do with {indicator.id}, which takes {', '.join(used)}")
    if row.count is not None and not 0 <= row.count <= LARGEST:
        raise Unusable(f"count: not from 0 to {LARGEST}: {row.count}")
    if indicator.mode == Mode.VETO:
        _check_veto(row)
    elif used == ("count",):
        _check_count(indicator, row)
    elif used == ("value",):
        _check_number(indicator, row)
    elif not _is_no_fault(indicator, row):
        _check_grade(indicator, row)


def _is_no_fault(indicator: Indicator, row: Rating) -> bool:
    """Of listed faults, `count` 0 without a name says that there are none."""
    return indicator.faults is not None and not row.grade and row.count == 0


def _check_veto(row: Rating) -> None:
    if not row.grade and row.count is None:
        raise Unusable("count: missing")
    if row.grade and row.count is not None:
        raise Unusable("count: either a count or a grade")
    if row.grade and row.grade.lower() not in MET:
        raise Unusable(f"grade: neither yes nor no: {row.grade}")


def _check_count(indicator: Indicator, row: Rating) -> None:
    if row.count is None:
        raise Unusable("count: missing")
    if indicator.mode == Mode.RANK and row.count < 1:
        raise Unusable(f"count: not a place: {row.count}")


def _check_number(indicator: Indicator, row: Rating) -> None:
    value = row.value
    if value is None:
        raise Unusable("value: missing")
    if abs(value) > LARGEST:
        raise Unusable(f"value: not from -{LARGEST} to {LARGEST}: {value}")
    if -int(value.normalize().as_tuple().exponent) > DECIMALS:
        raise Unusable(f"value: more than {DECIMALS} decimals: {value}")
    if indicator.mode == Mode.PANEL and not 0 <= value <= indicator.scale:
        raise Unusable(f"value: not from 0 to {plain(indicator.scale)}: {value}")


def _check_grade(indicator: Indicator, row: Rating) -> None:
    if not row.grade:
        raise Unusable("grade: missing")
    if indicator.mode == Mode.ALL_OR_NONE:
        if row.grade.lower() not in MET:
            raise Unusable(f"grade: neither met nor unmet: {row.grade}")
    elif row.grade not in indicator.names:
        near = nearest(row.grade, indicator.names)
        raise Unusable(f"grade: unknown: {row.grade}" + (f", did you mean {near}" if near else ""))


def is_duplicate(indicator: Indicator, row: Rating, other: Rating) -> bool:
    """Whether two usable rows of one rater say the same thing twice; ballots and faults are counted by name."""
    named = row.grade and other.grade and row.grade != other.grade
    counted = row.count is not None and other.count is not None
    return not (named and (counted or indicator.faults is not None))


def check_decision(document: Assessment, row: Rating, line: Line | None) -> None:
    """A decided value lies between 0 and the full mark; without an indicator a grade is decided."""
    if row.count is not None:
        raise Unusable("count: a decision is a value, or a grade without an indicator")
    if line is None:
        if row.value is not None:
            raise Unusable("indicator: missing")
        grades = document.grades_of(document.round)
        names = [step.grade for step in grades.steps] if grades else []
        if row.grade and row.grade not in names:
            near = nearest(row.grade, names)
            raise Unusable(f"grade: unknown: {row.grade}" + (f", did you mean {near}" if near else ""))
        return
    if row.grade:
        raise Unusable("grade: only in a decision without an indicator")
    if row.value is None:
        return
    most = Decimal(1) if line.indicator.mode == Mode.VETO else Decimal(line.indicator.full_mark) / 100
    if not 0 <= row.value <= most:
        raise Unusable(f"value: not from 0 to {plain(most)}: {row.value}")
    places = 0 if line.indicator.mode == Mode.VETO else document.unit.places
    if -int(row.value.normalize().as_tuple().exponent) > places:
        raise Unusable(f"value: more than {places} decimals: {row.value}")


def plain(number: Decimal) -> str:
    """Without an exponent and needless zeros."""
    return f"{number.normalize():f}"
