"""What follows from results: conditions over rank, grade, total and veto, held in n periods in a row.

Former results come from the caller; a period in which the subject has no total breaks a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from jizhi.engine.assessment import grades, rounds
from jizhi.engine.assessment.rows import Result
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.document.assessment.consequence import Consequence, When
from jizhi.engine.document.level import PeriodKind
from jizhi.engine.document.outcome import When as SchemeWhen
from jizhi.engine.stages import reason
from jizhi.engine.tables import Outcome, Total
from jizhi.engine.windows import Calendar


@dataclass(frozen=True)
class _Field:
    """All results of one kind of period: by subject and label, and the totals of each group of comparison."""

    rows: Mapping[tuple[str, str], Result]
    ranks: Mapping[tuple[str, tuple[str, str]], list[int]]


def follow(document: Assessment, results: Iterable[Result], history: Iterable[Result] = ()) -> list[Outcome]:
    """The outcomes of `results`; `history` holds results of earlier periods, for conditions that run over several."""
    results = list(results)
    known = {(one.subject, one.period_kind, one.period): one for one in [*history, *results]}
    calendar = rounds.calendar_of(document)
    found = []
    for kind in {one.period_kind for one in results}:
        field = _field(document, [one for one in known.values() if one.period_kind == kind])
        rules = [rule for rule in document.outcomes if (rule.when.period or document.round) == kind]
        for result in results:
            if result.period_kind == kind:
                found += [
                    _outcome(document, rule, result)
                    for rule in rules
                    if _held(document, calendar, field, rule, result)
                ]
    return sorted(found, key=lambda one: (one.subject, one.period, one.outcome))


def _field(document: Assessment, rows: list[Result]) -> _Field:
    ranks: dict[tuple[str, tuple[str, str]], list[int]] = {}
    for one in rows:
        if one.rank is not None:
            ranks.setdefault((one.period, grades.inside(document, one)), []).append(one.rank)
    return _Field({(one.subject, one.period): one for one in rows}, ranks)


def _held(document: Assessment, calendar: Calendar, field: _Field, rule: Consequence, last: Result) -> bool:
    """Whether the condition holds in the last period and in as many before it as the rule asks for."""
    label = last.period
    for _ in range(rule.when.running):
        result = field.rows.get((last.subject, label))
        if result is None or result.total is None or not _meets(document, field, rule.when, result):
            return False
        label = rounds.before(calendar, last.period_kind, label)
    return True


def _meets(document: Assessment, field: _Field, when: When, result: Result) -> bool:
    total, rank = result.total or 0, result.rank or 0
    if when.vetoed is not None and when.vetoed != result.vetoed:
        return False
    if when.grade is not None and result.grade not in when.grade:
        return False
    if when.rank is not None:
        ranks = field.ranks[result.period, grades.inside(document, result)]
        size, same = len(ranks), ranks.count(rank)
        if when.rank.top is not None and rank > when.rank.top.of(size):
            return False
        if when.rank.bottom is not None and not grades.among_last(when.rank.bottom, rank, size, same):
            return False
    bounds = when.total
    return bounds is None or not (
        (bounds.below is not None and total >= bounds.below)
        or (bounds.from_ is not None and total < bounds.from_)
        or (bounds.over is not None and total <= bounds.over)
        or (bounds.to is not None and total > bounds.to)
    )


def _outcome(document: Assessment, rule: Consequence, result: Result) -> Outcome:
    """The row, with its reason in the words that a scheme's outcomes have."""
    when, grades_given = rule.when, document.grades_of(result.period_kind)
    titles = {step.grade: step.title.zh for step in grades_given.steps} if grades_given else {}
    words = reason.reason(
        SchemeWhen(
            period=cast(PeriodKind, result.period_kind),
            rank=when.rank,
            total=when.total,
            level=when.grade,
            vetoed=when.vetoed,
            running=when.running,
        ),
        Total(
            result.subject, result.group, result.period_kind, result.period, 0, 0, result.total or 0,
            result.rank or 0, titles.get(result.grade, result.grade), result.vetoed,
        ),
    )  # fmt: skip
    return Outcome(result.subject, result.group, result.period, rule.id, rule.title.zh, words)
