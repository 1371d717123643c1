"""One subject's sheet: every line from the groups' ratings to its score, then parts, lists, vetoes and the sum.

Each line is rounded once, when its groups have been joined; everything after that is adding whole hundredths. Ranks
and grades need the others and are given in `grades.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from jizhi.engine.assessment import modes, weighting
from jizhi.engine.assessment.intake import Groups, Intake
from jizhi.engine.assessment.rows import Missing, Rating
from jizhi.engine.document.assessment.assessment import BONUS, PENALTY, Assessment, Line
from jizhi.engine.document.assessment.indicator import Mode
from jizhi.engine.document.assessment.rater import SELF
from jizhi.engine.tables import Rejected, Subject


@dataclass(frozen=True, slots=True)
class GroupLine:
    """What one rater group gave to a line: its share of 1, exact points, and the rows behind them."""

    group: str
    share: Fraction
    points: Fraction
    rows: tuple[Rating, ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """What one step made of a line, exactly and rounded."""

    step: str
    groups: tuple[GroupLine, ...]
    exact: Fraction
    points: int


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line with all its steps; `decision` is the deciding body's row when it spoke on this line."""

    line: Line
    own: StepLine | None
    reviews: tuple[StepLine, ...]
    rated: StepLine | None
    vetoed: bool
    decision: Rating | None
    score: int | None
    missing: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the deciding body's points are not those of the ratings."""
        if self.decision is None or self.decision.value is None or self.rated is None:
            return False
        return int(self.decision.value * 100) != self.rated.points


@dataclass
class Sheet:
    """A subject's round before ranks: lines, sums, what is missing and what the deciding body said in vain."""

    subject: Subject
    lines: list[SheetLine] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)
    bonus: int = 0
    penalty: int = 0
    total: int | None = None
    vetoes: tuple[str, ...] = ()
    decision: Rating | None = None


def fill(intake: Intake, subject: Subject, period: str) -> Sheet:
    """The subject's sheet of that round."""
    document, sheet = intake.document, Sheet(subject)
    for line in document.lines.values():
        if not document.open_to(line, subject.klass):
            continue
        found = _line(intake, sheet, line, period)
        if found is not None:
            sheet.lines.append(found)
    for row in intake.returns.get(subject.subject, ()):
        reason = f"returned in line {row.line}: {row.reason}"
        sheet.missing.append(Missing(subject.subject, period, row.indicator, row.rater_group, reason))
    _add_up(document, sheet)
    sheet.decision = intake.decisions.get((subject.subject, ""))
    if sheet.decision and sheet.total is None:
        _refuse(sheet, sheet.decision, "rater: nothing to decide yet, the sheet is not complete")
        sheet.decision = None
    return sheet


def _refuse(sheet: Sheet, row: Rating, reason: str) -> None:
    sheet.rejected.append(Rejected("ratings", row.line, reason))


def _line(intake: Intake, sheet: Sheet, line: Line, period: str) -> SheetLine | None:
    """None for bonus, penalty and vetoes that nobody reported."""
    document, name, indicator = intake.document, sheet.subject.subject, line.indicator
    counting = intake.counting
    given = intake.groups(name, indicator.id, counting)
    shares = intake.shares[indicator.id]
    decision = intake.decisions.get((name, indicator.id))
    own, reviews = _own(intake, name, line), _reviews(intake, name, line)
    if line.extra and not given:
        if decision:
            _refuse(sheet, decision, f"rater: nothing to decide, {indicator.id} has no rating")
        return SheetLine(line, own, reviews, None, False, None, 0, ()) if own or reviews else None
    if indicator.mode == Mode.VETO:
        return _veto(sheet, line, reviews, given, decision)
    rated, missing = _counted(document, line, counting, shares, given)
    for group, reason in missing:
        sheet.missing.append(Missing(name, period, indicator.id, group, reason))
    if rated is None:
        if decision:
            _refuse(sheet, decision, f"rater: nothing to decide yet, {indicator.id} is not fully rated")
        return SheetLine(line, own, reviews, None, False, None, None, tuple(group for group, _ in missing))
    decision, score = _decided(sheet, decision, rated.points)
    return SheetLine(line, own, reviews, rated, False, decision, score, ())


def _decided(sheet: Sheet, row: Rating | None, points: int) -> tuple[Rating | None, int]:
    """The deciding body's points, when it gave a reason for changing them."""
    if row is None or row.value is None:
        return row, points
    decided = int(row.value * 100)
    if decided != points and not row.reason:
        _refuse(sheet, row, "reason: missing, a change is decided with a written reason")
        return None, points
    return row, decided


def _counted(
    document: Assessment, line: Line, step: str, shares: dict[str, Fraction], given: Groups
) -> tuple[StepLine | None, list[tuple[str, str]]]:
    """The counting step's word on a line, or the groups that are missing, with the reason."""
    missing: list[tuple[str, str]] = []
    points: dict[str, Fraction] = {}
    for group in shares:
        if not given.get(group):
            missing.append((group, "no rating"))
            continue
        try:
            points[group] = modes.group_points(line.indicator, given[group])
        except modes.TooFew as wrong:
            missing.append((group, str(wrong)))
    if missing:
        return None, missing
    return _step_line(document, line, step, shares, points, given), []


def _step_line(
    document: Assessment,
    line: Line,
    step: str,
    shares: dict[str, Fraction],
    points: dict[str, Fraction],
    given: Groups,
) -> StepLine:
    exact = weighting.joined(line, shares, points)
    groups = tuple(
        GroupLine(
            group,
            share,
            points[group],
            tuple(row for _, rows in sorted(given[group].items()) for row in rows),
        )
        for group, share in shares.items()
    )
    return StepLine(step, groups, exact, weighting.rounded(exact, document.unit.places))


def _own(intake: Intake, name: str, line: Line) -> StepLine | None:
    given = intake.groups(name, line.indicator.id, SELF)
    return _shown(intake, line, SELF, given)


def _reviews(intake: Intake, name: str, line: Line) -> tuple[StepLine, ...]:
    """What the steps said that do not count: shown, never added."""
    counting = intake.counting
    found = []
    for step in intake.document.steps:
        if step.id != counting and not step.is_self and not step.decides:
            given = intake.groups(name, line.indicator.id, step.id)
            shown = None if line.indicator.mode == Mode.VETO else _shown(intake, line, step.id, given)
            found += [shown] if shown else []
    return tuple(found)


def _shown(intake: Intake, line: Line, step: str, given: Groups) -> StepLine | None:
    """A step's word on a line from the groups that rated there; None when nobody did."""
    points: dict[str, Fraction] = {}
    for group in sorted(given):
        try:
            points[group] = modes.group_points(line.indicator, given[group])
        except modes.TooFew:
            return None
    if not points:
        return None
    weights = intake.shares[line.indicator.id]
    shares = weighting.scaled({group: weights.get(group) for group in points})
    return _step_line(intake.document, line, step, shares, points, given)


def _veto(
    sheet: Sheet, line: Line, reviews: tuple[StepLine, ...], given: Groups, decision: Rating | None
) -> SheetLine:
    """A veto strikes when anybody reports it, unless the deciding body lifts it with a reason."""
    rows = tuple(row for _, raters in sorted(given.items()) for rows in raters.values() for row in rows)
    struck = any(modes.MET[row.grade.lower()] if row.grade else bool(row.count) for row in rows)
    decision, score = _decided(sheet, decision, 100 if struck else 0)
    reported = Fraction(100 if struck else 0)
    said = tuple(GroupLine(row.rater_group, Fraction(0), reported, (row,)) for row in rows)
    rated = StepLine("", said, reported, int(reported))
    return SheetLine(line, None, reviews, rated, score == 100, decision, 0, ())


def _add_up(document: Assessment, sheet: Sheet) -> None:
    """Parts, lists with their limits, vetoes, range; no total while anything is missing."""
    sums: dict[str, int] = {part.id: 0 for part in document.parts} | {BONUS: 0, PENALTY: 0}
    for one in sheet.lines:
        sums[one.line.part] += one.score or 0
    struck = [one.line.indicator for one in sheet.lines if one.vetoed]
    zeroed = {one.effect.zero for one in struck if one.effect}
    sheet.vetoes = tuple(one.id for one in struck)
    sheet.parts = {part.id: 0 if part.id in zeroed else sums[part.id] for part in document.parts}
    sheet.bonus = _limited(sums[BONUS], document.bonus.limit if document.bonus else None)
    sheet.penalty = _limited(sums[PENALTY], document.penalty.limit if document.penalty else None)
    if sheet.missing:
        return
    total = sum(sheet.parts.values()) + sheet.bonus - sheet.penalty
    sheet.total = _clamped(document, 0 if zeroed & {"total", "year"} else total)


def _limited(points: int, limit: int | None) -> int:
    return points if limit is None else min(points, limit)


def _clamped(document: Assessment, points: int) -> int:
    low, high = document.range.min, document.range.max
    points = points if low is None else max(points, low)
    return points if high is None else min(points, high)
