"""One subject's period put together from its parts, and compared with the settlement from which it comes.

Built from the subject's own facts by the incremental evaluator and, for its place among others, from the totals of a
settlement. Every sum is checked against its parts; nothing that does not add up is returned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from jizhi.engine.explain.facts import Facts
from jizhi.engine.explain.parts import BaseLine, Explanation, FactLine, UnsoundExplanation
from jizhi.engine.explain.places import Places
from jizhi.engine.loader import Version, Versions
from jizhi.engine.tables import Fact, Result, Subject, Total
from jizhi.engine.windows import Calendar, Span

BASES = ("day", "week", "month", "quarter", "half", "year")
WEEK = dt.timedelta(days=6)  # a base week that begins in a period may end after it


def explain(
    versions: Versions,
    subject: Subject,
    facts: Iterable[Fact],
    period_kind: str,
    period: str,
    *,
    total: Total | None = None,
    result: Result | None = None,
    subjects: Iterable[Subject] = (),
    start: dt.date | None = None,
    end: dt.date | None = None,
    pool: int | None = None,
) -> Explanation:
    """The reasoning of one subject's period, from all facts of the subject.

    `period` is a label such as `2022-05`, `2022-Q2`, `2022-H1` or `2022`; ValueError when it is none. With the
    `result` of a settlement from `start` to `end` and all its `subjects`, place, level, outcomes and share are
    explained too; with a `total` alone its rank and level are shown. Sums are
    compared; UnsoundExplanation when they differ.
    """
    calendar = Calendar.of(versions.latest)
    span = calendar.parse(period)
    if period_kind not in (span.kind, "standing"):
        raise ValueError(f"{period} is not a {period_kind}")
    first, last = start or span.start, end or span.end + WEEK
    version = versions.version_on(min(span.end, last)) or versions.entries[0]
    theirs = Facts(versions, subject, facts)
    found = _added_up(versions, version, subject, theirs, span, period_kind, (first, last))
    if result is not None:
        places = Places.of(versions, subjects or [subject], result, first, min(span.end, last))
        total = total or places.total(subject.subject, period_kind, period)
        if total is not None:
            found = _placed(found, places, theirs, total, span, pool)
    return _compared(found, total) if total else found


def first_day(versions: Versions, period_kind: str, period: str) -> dt.date:
    """From which day to settle so that every streak that may end in the period is seen whole."""
    calendar = Calendar.of(versions.latest)
    span = calendar.parse(period)
    scheme = versions.on(span.end) or versions.entries[0].scheme
    longest = max(
        (rule.when.running for rule in scheme.outcomes if rule.when.period == period_kind), default=1
    )
    start = span.start
    for _ in range(longest - 1):
        start = calendar.span(span.kind, start - dt.timedelta(days=1)).start
    return start


def _base_lines(
    versions: Versions, subject: Subject, theirs: Facts, span: Span, settled: tuple[dt.date, dt.date]
) -> Iterable[BaseLine]:
    calendar = Calendar.of(versions.latest)
    for per in BASES[: BASES.index(span.kind) + 1]:
        if not any(version.scheme.base and version.scheme.base.per == per for version in versions.entries):
            continue
        for inner in calendar.spans(per, span.start, span.end):
            first, last = max(inner.start, settled[0]), min(inner.end, settled[1])
            scheme = versions.on(last)
            if not span.holds(inner.start) or first > last or not scheme or not scheme.base:
                continue
            if scheme.base.per == per:
                wiped = theirs.wiped(inner)
                there = Span(per, inner.label, first, last).meets(subject.from_date, subject.to_date)
                note = "" if there and not wiped else "veto" if there else "absent"
                points = scheme.base.points
                yield BaseLine(inner.label, points, 0 if note else points, note, wiped if there else None)


def _added_up(
    versions: Versions,
    version: Version,
    subject: Subject,
    theirs: Facts,
    span: Span,
    period_kind: str,
    settled: tuple[dt.date, dt.date],
) -> Explanation:
    scheme, standing = version.scheme, period_kind == "standing"
    cut = Span(span.kind, span.label, max(span.start, settled[0]), min(span.end, settled[1]))
    counting = theirs.counting(span if standing else cut, standing, settled[1])
    lines = tuple(theirs.line(fact) for fact in counting)
    base_lines = tuple(_base_lines(versions, subject, theirs, span, settled))
    base, awarded = sum(line.counted for line in base_lines), sum(line.awarded for line in lines)
    floor, ceiling = scheme.range.min, scheme.range.max
    total = base + awarded
    total = max(total, floor) if floor is not None else total
    total = min(total, ceiling) if ceiling is not None else total
    return Explanation(
        scheme=versions.id,
        title=scheme.title,
        subject=subject.subject,
        group=subject.group,
        period_kind=period_kind,
        period=span.label,
        start=cut.start,
        end=cut.end,
        places=scheme.unit.places,
        base=base,
        base_lines=base_lines,
        awarded=awarded,
        lines=lines,
        refused=tuple(row for row in theirs.refused if cut.holds(row.date)),
        unclamped=base + awarded,
        floor=floor,
        ceiling=ceiling,
        total=total,
        vetoed=theirs.wiped(span) is not None,
        rank=None,
        level="",
        rank_line=None,
        level_line=None,
        outcomes=(),
        share=None,
        version=version.from_date,
        file=version.file,
        reference=scheme.reference,
        document=scheme,
    )


def _placed(
    found: Explanation, places: Places, theirs: Facts, total: Total, span: Span, pool: int | None
) -> Explanation:
    """With the place among others."""
    rulings = theirs.rulings(span, places.end)
    ruling: FactLine | None = theirs.line(rulings[-1]) if rulings else None
    return replace(
        found,
        rank_line=places.rank(total, span),
        level_line=places.level(total, span, ruling),
        outcomes=places.outcomes(total.subject, total.period_kind, span),
        share=places.share(total, span, pool),
    )


def _compared(found: Explanation, total: Total) -> Explanation:
    """With rank and level, after comparing every sum."""
    names = ("subject", "period_kind", "period", "base", "awarded", "total", "vetoed")
    for name in names:
        if getattr(found, name) != getattr(total, name):
            raise UnsoundExplanation(
                f"{found.subject} {found.period}: {name} is {getattr(total, name)}, "
                f"its parts come to {getattr(found, name)}"
            )
    return replace(found, rank=total.rank, level=total.level)


def check(found: Explanation, result: Result) -> None:
    """Compares an explanation with a settlement; UnsoundExplanation says where they differ.

    Total, rank, level and veto, every award of the period, outcomes and share. The settlement must be the one for which
    it was explained.
    """
    key = (found.subject, found.period_kind, found.period)
    total = next((row for row in result.totals if (row.subject, row.period_kind, row.period) == key), None)
    if total is None:
        raise UnsoundExplanation(f"{' '.join(key)}: not in this settlement")
    _compared(found, total)
    level = found.level_line.level.zh if found.level_line else ""
    _same(found, "level", level, total.level)
    _same(found, "rank", found.rank, total.rank)
    awards = {row.fact: row for row in result.awards if row.subject == found.subject}
    for line in found.lines:
        if (row := awards.get(line.fact)) is None:
            continue
        names = "; ".join(cut.name for cut in line.cuts)
        mine = (line.price, line.awarded, line.held_back, names, line.note)
        _same(found, f"fact {line.fact}", mine, (row.price, row.awarded, row.held_back, row.limit, row.note))
    rules = {line.rule.id for line in found.outcomes}
    theirs = {
        row.outcome
        for row in result.outcomes
        if (row.subject, row.period) == (found.subject, found.period) and row.outcome in rules
    }
    _same(found, "outcomes", {line.rule.id for line in found.outcomes if line.met}, theirs)
    shares = [row for row in result.shares if (row.subject, row.period) == (found.subject, found.period)]
    if found.share or (found.document.share and found.document.share.period == found.period_kind):
        mine_share = [(found.share.points, found.share.fen)] if found.share else []
        _same(found, "share", mine_share, [(row.points, row.fen) for row in shares])


def _same(found: Explanation, what: str, mine: object, theirs: object) -> None:
    if mine != theirs:
        raise UnsoundExplanation(f"{found.subject} {found.period}: {what} is {theirs}, explained as {mine}")
