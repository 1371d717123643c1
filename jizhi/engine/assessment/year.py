"""Rounds feeding the year: mean, weighted mean or sum of a subject's rounds, rounded once.

Every round in which the subject took part must have a total; a hole is named, never counted as zero. Rounds before it
came or after it left are left out, and weights are scaled to those that remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from jizhi.engine.assessment import grades, rounds, weighting
from jizhi.engine.assessment.rows import Missing, Result
from jizhi.engine.document.assessment.appraise import Appraise
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.tables import Subject
from jizhi.engine.windows import Span


def combine(
    document: Assessment, subjects: Mapping[str, Subject], results: Iterable[Result], year: Span
) -> tuple[list[Result], list[Missing]]:
    """The year's results with rank and grade, from the rounds' results."""
    assert document.appraise is not None, "only an assessment with `appraise` has a year"
    spans = rounds.of_year(document, year)
    totals = {(one.subject, one.period): one for one in results if one.period_kind == document.round}
    found: list[Result] = []
    missing: list[Missing] = []
    for name, subject in sorted(subjects.items()):
        taken = [
            (place, span)
            for place, span in enumerate(spans)
            if span.meets(subject.from_date, subject.to_date)
        ]
        if not taken:
            continue
        parts = [totals.get((name, span.label)) for _, span in taken]
        holes = [
            span.label
            for (_, span), part in zip(taken, parts, strict=True)
            if part is None or part.total is None
        ]
        missing += [Missing(name, year.label, "", "", f"no total for {label}") for label in holes]
        known = [part for part in parts if part is not None]
        total = None if holes else _total(document, [place for place, _ in taken], known)
        found.append(_result(subject, year, known, total))
    return grades.ranked(document, found), missing


def _total(document: Assessment, places: Sequence[int], parts: Sequence[Result]) -> int:
    assert document.appraise is not None
    for part in parts:
        effects = (document.lines[veto].indicator.effect for veto in part.vetoes if veto in document.lines)
        if any(effect and effect.zero == "year" for effect in effects):
            return 0
    points = [part.total or 0 for part in parts]
    return weighting.rounded(joined(document.appraise, places, points), document.unit.places)


def joined(appraise: Appraise, places: Sequence[int], points: Sequence[int]) -> Fraction:
    """Hundredths of the year, exactly, from those of the rounds at `places` in the year."""
    if appraise.by == "sum":
        return Fraction(sum(points))
    shares = [Fraction(appraise.weights[place]) if appraise.weights else Fraction(1) for place in places]
    whole = sum(shares, Fraction(0))
    if not whole:
        shares, whole = [Fraction(1)] * len(points), Fraction(len(points))
    return sum((share * one for share, one in zip(shares, points, strict=True)), Fraction(0)) / whole


def _result(subject: Subject, year: Span, parts: Sequence[Result], total: int | None) -> Result:
    return Result(
        subject.subject,
        subject.group,
        subject.klass,
        "year",
        year.label,
        tuple((part.period, part.total) for part in parts if part.total is not None),
        0,
        0,
        total,
        vetoes=tuple(dict.fromkeys(veto for part in parts for veto in part.vetoes)),
    )
