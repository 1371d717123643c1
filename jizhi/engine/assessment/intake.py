"""Sorting out the rows of one round: what can be used, and what is refused with line and reason.

Of a rating given twice by the same rater the first line counts. Nothing is priced here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial

from jizhi.engine.assessment import checks, steps, weighting
from jizhi.engine.assessment.rows import Rating
from jizhi.engine.assessment.steps import Unusable
from jizhi.engine.document.assessment.assessment import Assessment, Line
from jizhi.engine.document.assessment.rater import SELF
from jizhi.engine.reading import nearest
from jizhi.engine.tables import Rejected, Subject
from jizhi.engine.windows import Span

# rater group → rater → rows
Groups = Mapping[str, Mapping[str, list[Rating]]]


def _tree() -> defaultdict[tuple[str, str, str], dict[str, dict[str, list[Rating]]]]:
    return defaultdict(partial(defaultdict, partial(defaultdict, list)))


@dataclass
class Intake:
    """The usable rows of a round under (subject, indicator, step), those refused, and the shares of each line."""

    document: Assessment
    subjects: dict[str, Subject]
    shares: dict[str, dict[str, Fraction]]
    ratings: defaultdict[tuple[str, str, str], dict[str, dict[str, list[Rating]]]] = field(
        default_factory=_tree
    )
    decisions: dict[tuple[str, str], Rating] = field(default_factory=dict)
    returns: dict[str, list[Rating]] = field(default_factory=lambda: defaultdict(list))
    recusals: set[tuple[str, str, str]] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)

    @cached_property
    def counting(self) -> str:
        """The step whose ratings make the score."""
        return steps.counting_id(self.document)

    def refuse(self, row: Rating, reason: str) -> None:
        """Keeps a row that cannot be used, with the reason."""
        self.rejected.append(Rejected("ratings", row.line, reason))

    def groups(self, subject: str, indicator: str, step: str) -> Groups:
        """What was said about a subject on an indicator in a step."""
        return self.ratings.get((subject, indicator, step), {})

    def recused(self, row: Rating) -> bool:
        """Whether the rater does not rate this subject, on all lines or on this one."""
        return any((row.subject, row.rater, one) in self.recusals for one in ("", row.indicator))


def sift(document: Assessment, span: Span, subjects: Mapping[str, Subject], rows: Iterable[Rating]) -> Intake:
    """The rows of one round, in the order of their lines; `subjects` are all that are known."""
    present = {name: one for name, one in subjects.items() if span.meets(one.from_date, one.to_date)}
    shares = {name: weighting.weights(document, line) for name, line in document.lines.items()}
    intake = Intake(document, present, shares)
    ordered = sorted(rows, key=_in_order)
    for row in ordered:
        if row.recused and row.rater_group != SELF:
            intake.recusals.add((row.subject, row.rater, row.indicator))
    for row in ordered:
        try:
            _check_subject(intake, subjects, row)
            _take(intake, row)
        except Unusable as wrong:
            intake.refuse(row, str(wrong))
    return intake


def _in_order(row: Rating) -> tuple[int, str, str, str, str, str, str]:
    """By line; rows of one line number in an order of their own, so that how they come in does not matter."""
    return (row.line, row.subject, row.indicator, row.rater_group, row.rater, row.grade, repr(row))


def _check_subject(intake: Intake, subjects: Mapping[str, Subject], row: Rating) -> None:
    if row.subject not in subjects:
        raise Unusable(_unknown("subject", row.subject, subjects))
    if row.subject not in intake.subjects:
        raise Unusable(f"subject: does not take part in this round: {row.subject}")


def _unknown(what: str, name: str, names: Iterable[str]) -> str:
    near = nearest(name, names)
    return f"{what}: unknown: {name}" + (f", did you mean {near}" if near else "")


def _take(intake: Intake, row: Rating) -> None:
    document = intake.document
    if row.rater_group != SELF and row.rater_group not in document.groups:
        raise Unusable(_unknown("rater_group", row.rater_group, document.groups))
    line = document.lines.get(row.indicator)
    if row.indicator and line is None:
        raise Unusable(_unknown("indicator", row.indicator, document.lines))
    if line and not document.open_to(line, intake.subjects[row.subject].klass):
        raise Unusable(
            f"indicator: {row.indicator} is not for class {intake.subjects[row.subject].klass or '-'}"
        )
    if row.returned:
        _take_return(intake, row)
        return
    if row.recused:
        _take_recusal(row)
        return
    step = steps.step_of(document, row)
    if document.deciding and step == document.deciding.id:
        _take_decision(intake, row, line)
        return
    if line is None:
        raise Unusable("indicator: missing")
    _take_rating(intake, row, line, step)


def _take_return(intake: Intake, row: Rating) -> None:
    """A step sends a sheet, or one line of it, back: the reason must be given."""
    steps.step_of(intake.document, row)
    if row.rater_group == SELF:
        raise Unusable("returned: a subject does not return its own sheet")
    if not row.reason:
        raise Unusable("reason: missing, a sheet is returned with a reason")
    intake.returns[row.subject].append(row)


def _take_recusal(row: Rating) -> None:
    """A recusal says who does not rate whom; a rating in the same row is refused."""
    if row.rater_group == SELF:
        raise Unusable("recused: a subject is not recused from its own column")
    if row.value is not None or row.grade or row.count is not None:
        raise Unusable(f"rater: {row.rater} is recused for {row.subject}")


def _take_decision(intake: Intake, row: Rating, line: Line | None) -> None:
    if intake.recused(row):
        raise Unusable(f"rater: {row.rater} is recused for {row.subject}")
    if (row.subject, row.indicator) in intake.decisions:
        first = intake.decisions[row.subject, row.indicator].line
        raise Unusable(f"rater: decided twice, first in line {first}: {row.indicator or row.subject}")
    checks.check_decision(intake.document, row, line)
    intake.decisions[row.subject, row.indicator] = row


def _take_rating(intake: Intake, row: Rating, line: Line, step: str) -> None:
    checks.check_group(intake.shares[row.indicator], row, line, counts=step == intake.counting)
    checks.check_value(line.indicator, row)
    if row.rater_group != SELF and row.rater == row.subject:
        raise Unusable(f"rater: {row.rater} rates itself and is recused")
    if intake.recused(row):
        raise Unusable(f"rater: {row.rater} is recused for {row.subject}")
    taken = intake.ratings[row.subject, row.indicator, step][row.rater_group][row.rater]
    for other in taken:
        if checks.is_duplicate(line.indicator, row, other):
            raise Unusable(f"rater: {row.rater} rates twice, first in line {other.line}")
    taken.append(row)
