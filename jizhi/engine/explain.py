"""Why this number: from a period's total down to each fact, its price, what cut it, its version and its reference.

Built from the subject's own facts by the incremental evaluator; every sum is checked against its parts. Rank and level
depend on others and are taken from a total when one is given. `explain_words.py` puts it into sentences.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from jizhi.engine.document.item import Item
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.text import Text
from jizhi.engine.incremental import Book
from jizhi.engine.loader import Version, Versions
from jizhi.engine.plan import BASES, Plan
from jizhi.engine.tables import Award, Fact, Subject, Total
from jizhi.engine.windows import Calendar, Span


class UnsoundExplanation(AssertionError):
    """Parts that do not add up to their whole: never expected, never shown."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What one limit took from a fact; `name` as in the awards table."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: what was done, what it was worth, what is left."""

    fact: int
    date: dt.date
    item: str
    title: Text
    section: Text | None
    kind: str
    quantity: Decimal | None
    grade: str | None
    given: Decimal | None
    act: str | None
    price: int
    repeated: bool
    cuts: tuple[Cut, ...]
    awarded: int
    held_back: int
    note: str
    version: dt.date | None
    reference: Reference | None
    document: Item | None


@dataclass(frozen=True, slots=True)
class BaseLine:
    """One base period: what it gave, and why not when it gave nothing."""

    period: str
    points: int
    counted: int
    note: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A subject's period as a tree of lines that add up."""

    scheme: str
    title: Text
    subject: str
    group: str
    period_kind: str
    period: str
    start: dt.date
    end: dt.date
    places: int
    base: int
    base_lines: tuple[BaseLine, ...]
    awarded: int
    lines: tuple[FactLine, ...]
    unclamped: int
    floor: int | None
    ceiling: int | None
    total: int
    vetoed: bool
    rank: int | None
    level: str
    version: dt.date | None
    document: Scheme


def explain(
    versions: Versions,
    subject: Subject,
    facts: Iterable[Fact],
    period_kind: str,
    period: str,
    *,
    total: Total | None = None,
) -> Explanation:
    """The reasoning of one subject's whole period, from all facts of the subject.

    `period` is a label such as `2022-05`, `2022-Q2`, `2022-H1` or `2022`; ValueError when it is none. With `total`, its
    rank and level are shown and its sums are compared; UnsoundExplanation when they differ.
    """
    calendar = Calendar.of(versions.latest)
    span = calendar.parse(period)
    if period_kind not in (span.kind, "standing"):
        raise ValueError(f"{period} is not a {period_kind}")
    version = versions.version_on(span.end) or versions.entries[0]
    usable = _usable(versions, subject, facts)
    book = Book(versions, subject, usable)
    lines = tuple(
        _line(versions, book, fact) for fact in usable if _counts(versions, calendar, fact, span, period_kind)
    )
    base_lines = tuple(_base_lines(versions, subject, book, span))
    found = _added_up(versions, version, subject, span, period_kind, base_lines, lines, book)
    return _compared(found, total) if total else found


def _usable(versions: Versions, subject: Subject, facts: Iterable[Fact]) -> list[Fact]:
    """The subject's own facts that can be priced, in ledger order."""
    own = sorted((fact for fact in facts if fact.subject == subject.subject), key=lambda fact: fact.fact)
    empty = Book(versions, subject)
    return [fact for fact in own if empty.refusal(fact) is None]


def _counts(versions: Versions, calendar: Calendar, fact: Fact, span: Span, period_kind: str) -> bool:
    """Whether a fact belongs into the period, or is still valid on the last day of a standing."""
    if period_kind != "standing" or fact.date > span.end:
        return span.holds(fact.date)
    scheme = versions.on(fact.date)
    item = scheme.item(fact.item) if scheme else None
    if item is None or item.valid is None:
        return calendar.span("year", fact.date).holds(span.end)
    return item.valid.after(fact.date) >= span.end


def _line(versions: Versions, book: Book, fact: Fact) -> FactLine:
    award, version = book.award(fact.fact), versions.version_on(fact.date)
    scheme = version.scheme if version else None
    item = scheme.item(fact.item) if scheme else None
    section = scheme.section(item.section) if scheme and item else None
    cuts = tuple(Cut(name, points * (item.sign if item else 1)) for name, points in book.cuts(fact.fact))
    _check_award(award, cuts)
    return FactLine(
        fact.fact,
        fact.date,
        fact.item,
        item.title if item else Text(zh=fact.item),
        section.title if section else None,
        item.kind.value if item else "",
        fact.quantity,
        fact.grade,
        fact.given,
        fact.act,
        award.price,
        book.is_repeat(fact.fact),
        cuts,
        award.awarded,
        award.held_back,
        award.note,
        version.from_date if version else None,
        item.reference if item else None,
        item,
    )


def _check_award(award: Award, cuts: tuple[Cut, ...]) -> None:
    """Price = awarded + held back, unless best-of or a veto took the rest; held back = the sum of the cuts."""
    whole = award.awarded + award.held_back
    if award.held_back != sum(cut.points for cut in cuts) or (
        award.note not in ("veto", "best_of") and award.price != whole
    ):
        raise UnsoundExplanation(award)


def _base_lines(versions: Versions, subject: Subject, book: Book, span: Span) -> Iterable[BaseLine]:
    plan = Plan(versions, span.start, span.end + dt.timedelta(days=6))
    for per in BASES[: BASES.index(span.kind) + 1]:
        for inner, points in plan.base_spans(per, span):
            there = (subject.from_date or inner.start) <= inner.end and (
                subject.to_date or inner.end
            ) >= inner.start
            wiped = any(inner.inside(veto) for veto in book.veto_spans)
            note = "" if there and not wiped else "veto" if there else "absent"
            yield BaseLine(inner.label, points, 0 if note else points, note)


def _added_up(
    versions: Versions,
    version: Version,
    subject: Subject,
    span: Span,
    period_kind: str,
    base_lines: tuple[BaseLine, ...],
    lines: tuple[FactLine, ...],
    book: Book,
) -> Explanation:
    scheme = version.scheme
    base, awarded = sum(line.counted for line in base_lines), sum(line.awarded for line in lines)
    floor, ceiling = scheme.range.min, scheme.range.max
    total = base + awarded
    total = max(total, floor) if floor is not None else total
    total = min(total, ceiling) if ceiling is not None else total
    return Explanation(
        versions.id,
        scheme.title,
        subject.subject,
        subject.group,
        period_kind,
        span.label,
        span.start,
        span.end,
        scheme.unit.places,
        base,
        base_lines,
        awarded,
        lines,
        base + awarded,
        floor,
        ceiling,
        total,
        any(span.inside(veto) for veto in book.veto_spans),
        None,
        "",
        version.from_date,
        scheme,
    )


def _compared(found: Explanation, total: Total) -> Explanation:
    """With rank and level, after comparing every sum."""
    mine = (
        found.subject,
        found.period_kind,
        found.period,
        found.base,
        found.awarded,
        found.total,
        found.vetoed,
    )
    theirs = (
        total.subject,
        total.period_kind,
        total.period,
        total.base,
        total.awarded,
        total.total,
        total.vetoed,
    )
    if mine != theirs:
        raise UnsoundExplanation(mine, theirs)
    return replace(found, rank=total.rank, level=total.level)
