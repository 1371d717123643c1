"""Settling a round, or a year of rounds: from ratings to scores, results, outcomes, and what is missing or refused.

A round is held under the version in force on its last day, a year under that of its own last day. The order of the
rows does not matter. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jizhi.engine.assessment import consequences, grades, intake, places, rounds, sheet, words, year
from jizhi.engine.assessment.rows import Rating, Result, Score, Settled
from jizhi.engine.assessment.sheet import Sheet
from jizhi.engine.assessment.versions import Versions
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.document.assessment.indicator import Mode
from jizhi.engine.tables import Rejected, Subject
from jizhi.engine.windows import Span


class NotInForce(rounds.Unanswerable):
    """No version of the assessment applies on the last day of the round."""


@dataclass(frozen=True)
class Round:
    """One settled round with the sheets behind its rows."""

    document: Assessment
    span: Span
    sheets: dict[str, Sheet]
    settled: Settled


def settle(
    versions: Versions,
    subjects: Iterable[Subject],
    ratings: Iterable[Rating],
    period: str,
    *,
    history: Sequence[Result] = (),
) -> Settled:
    """Everything about a round such as `2022-H1`, or about a year and its rounds.

    Rows without a period belong to the round that is settled; for a year every row names its round. Rounds before it
    that have ratings are settled too, for conditions that run over several; of them only refused rows are listed.
    `history` adds results that are known already and wins over ratings. UnknownPeriod and NotInForce say what cannot
    be settled.
    """
    known, rejected = _subjects(subjects)
    span = rounds.parse(versions.latest, period)
    document = governing(versions, span)
    asked = [span] if span.kind == document.round else rounds.of_year(document, span)
    by_round, wrong = _by_round(document, asked, ratings)
    earlier, refused = _earlier(versions, known, by_round, asked[0])
    settled = [
        settle_round(governing(versions, one), known, by_round.pop(one.label, []), one) for one in asked
    ]
    results = [result for one in settled for result in one.settled.results]
    missing = [hole for one in settled for hole in one.settled.missing]
    if span.kind != document.round:
        of_year, holes = year.combine(document, known, results, span)
        results, missing = results + of_year, missing + holes
    return Settled(
        sorted(
            (score for one in settled for score in one.settled.scores),
            key=lambda one: (one.subject, one.period),
        ),
        sorted(results, key=lambda one: (one.subject, one.period)),
        consequences.follow(document, results, [*earlier, *history]),
        sorted(
            missing, key=lambda one: (one.subject, one.period, one.indicator, one.rater_group, one.reason)
        ),
        sorted(
            [*rejected, *wrong, *refused, *(row for one in settled for row in one.settled.rejected)],
            key=lambda row: (row.table, row.line, row.reason),
        ),
    )


def governing(versions: Versions, span: Span) -> Assessment:
    """The version in force on the last day of a round or year."""
    document = versions.on(span.end)
    if document is None:
        raise NotInForce(
            f"{versions.id}：{span.end} 没有施行的版本", f"{versions.id}: no version in force on {span.end}"
        )
    return document


def _subjects(subjects: Iterable[Subject]) -> tuple[dict[str, Subject], list[Rejected]]:
    known: dict[str, Subject] = {}
    rejected = []
    for place, subject in enumerate(subjects, 1):
        if subject.subject in known:
            rejected.append(Rejected("subjects", place, f"subject: used twice: {subject.subject}"))
        else:
            known[subject.subject] = subject
    return known, rejected


def _by_round(
    document: Assessment, asked: Sequence[Span], ratings: Iterable[Rating]
) -> tuple[dict[str, list[Rating]], list[Rejected]]:
    """The rows of each round up to the last one asked for."""
    found: dict[str, list[Rating]] = {}
    rejected = []
    wrong: dict[str, str] = {}
    for row in ratings:
        label = row.period or (asked[0].label if len(asked) == 1 else "")
        if label not in wrong:
            wrong[label] = _no_round(document, asked, label)
        if wrong[label]:
            rejected.append(Rejected("ratings", row.line, wrong[label]))
        else:
            found.setdefault(label, []).append(row)
    return found, rejected


def _no_round(document: Assessment, asked: Sequence[Span], label: str) -> str:
    """Why a label names no round that can have ratings here, or nothing."""
    if not label:
        return "period: missing"
    try:
        span = rounds.calendar_of(document).parse(label)
    except ValueError:
        span = None
    if span is None or span.kind != document.round:
        return f"period: not a {document.round} such as {asked[0].label}: {label}"
    return f"period: after the settled one: {label}" if span.start > asked[-1].start else ""


def _earlier(
    versions: Versions, subjects: dict[str, Subject], by_round: dict[str, list[Rating]], first: Span
) -> tuple[list[Result], list[Rejected]]:
    """Results of the rounds, and of whole years of rounds, before the first one asked for; and their refused rows."""
    calendar = rounds.calendar_of(versions.latest)
    found: list[Result] = []
    rejected: list[Rejected] = []
    years: dict[str, Span] = {}
    for label in sorted(by_round):
        span = calendar.parse(label)
        if span.start >= first.start:
            continue
        document = versions.on(span.end)
        if document is None:
            reason = f"period: no version in force on {span.end}"
            rejected += [Rejected("ratings", row.line, reason) for row in by_round[label]]
            continue
        settled = settle_round(document, subjects, by_round[label], span).settled
        found, rejected = found + settled.results, rejected + settled.rejected
        of = calendar.span("year", span.end)
        if document.appraise and of.end < first.start:
            years[of.label] = of
    for of in years.values():
        found += year.combine(governing(versions, of), subjects, found, of)[0]
    return found, rejected


def settle_round(
    document: Assessment, subjects: dict[str, Subject], rows: Iterable[Rating], span: Span
) -> Round:
    """One round of one version: sheets, results with rank and grade, what is missing and refused; no outcomes."""
    taken = intake.sift(document, span, subjects, rows)
    places.fill_in(taken)
    sheets = {name: sheet.fill(taken, one, span.label) for name, one in sorted(taken.subjects.items())}
    rejected = taken.rejected + [row for one in sheets.values() for row in one.rejected]
    results = grades.ranked(document, [_result(document, one, span) for one in sheets.values()])
    decided = []
    for result in results:
        one, wrong = _decided(sheets[result.subject], result)
        decided.append(one)
        rejected += wrong
    scores = [score for one in sheets.values() for score in _scores(document, one, span)]
    missing = [hole for one in sheets.values() for hole in one.missing]
    return Round(document, span, sheets, Settled(scores, decided, [], missing, rejected))


def _result(document: Assessment, one: Sheet, span: Span) -> Result:
    return Result(
        one.subject.subject,
        one.subject.group,
        one.subject.klass,
        span.kind,
        span.label,
        tuple(one.parts.items()),
        one.bonus,
        one.penalty,
        one.total,
        vetoes=one.vetoes,
    )


def _decided(one: Sheet, result: Result) -> tuple[Result, list[Rejected]]:
    """What the deciding body made of the result: another grade needs a written reason."""
    changed = [
        line.decision
        for line in one.lines
        if line.decision and line.decision.value is not None and line.changed
    ]
    row, grade, rejected = one.decision, result.grade, []
    if row and row.grade and row.grade != grade:
        if row.reason:
            grade, changed = row.grade, [*changed, row]
        else:
            reason = "reason: missing, a change is decided with a written reason"
            rejected.append(Rejected("ratings", row.line, reason))
            row = None
    decision = "changed" if changed else "confirmed" if row else ""
    reasons = "；".join(dict.fromkeys(one.reason for one in changed if one.reason))
    return replace(result, grade=grade, decision=decision, reason=reasons), rejected


def _scores(document: Assessment, one: Sheet, span: Span) -> list[Score]:
    return [
        Score(
            one.subject.subject,
            span.label,
            line.line.indicator.id,
            line.line.part,
            line.line.indicator.full_mark,
            line.own.points if line.own else None,
            line.rated.points if line.rated and line.line.indicator.mode != Mode.VETO else None,
            line.score,
            words.note(document, line),
        )
        for line in one.lines
    ]
