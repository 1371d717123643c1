"""Match: may this row be used at all, and does its subject take part on that day?

A row that cannot be used is refused with a reason; a usable row that does not count is `unmatched` and awarded 0.
Where the rules are silent: an item that exists in another version but not in the one in force is unmatched, an item
that exists in no version is refused; days before 1900 or after 2199, quantities above 1,000,000,000 or with more than
six decimals, and prices above 100,000,000,000 are refused as slips of the pen; so is a price per member for a subject
without a size.
"""
# ruff: noqa: S608 - SQL is put together from numbers and quoted words of the document

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from jizhi.engine.document.item import Item
from jizhi.engine.document.points import Bands, Between, Each
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.notes import Note
from jizhi.engine.tables import Fact, Subject

MOST = Decimal(10) ** 9
MOST_POINTS = Decimal(10) ** 11
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
SIX_PLACES = Decimal(10) ** -6


def number_refusal(name: str, number: Decimal, *, needed: bool = True) -> str | None:
    """Why a number of the table cannot be used; one that the price ignores only has to be a number."""
    if not number.is_finite():
        return f"{name}: not a number"
    if not needed:
        return None
    if number < 0:
        return f"{name}: negative"
    if number > MOST:
        return f"{name}: more than {MOST}"
    if number % SIX_PLACES:
        return f"{name}: more than 6 decimals"
    return None


def refusal(fact: Fact, subject: Subject | None, item: Item | None, known: bool) -> str | None:
    """Why a fact cannot be used, or None. `item` is that of the version in force; `known`: some version has it."""
    if subject is None:
        return f"unknown subject: {fact.subject}"
    if not known:
        return f"unknown item: {fact.item}"
    if not EARLIEST <= fact.date <= LATEST:
        return f"date: out of range: {fact.date}"
    for name, number in (("quantity", fact.quantity), ("given", fact.given)):
        needed = item is not None and item.needs == name
        wrong = number_refusal(name, number, needed=needed) if number is not None else None
        if wrong:
            return wrong
    return _need_refusal(fact, subject, item) if item is not None else None


def _need_refusal(fact: Fact, subject: Subject, item: Item) -> str | None:
    if isinstance(item.points, Each | Bands) and item.needs == "quantity":
        if fact.quantity is None:
            return "quantity: missing"
        each = (
            item.points.each
            if isinstance(item.points, Each)
            else max(band.each for band in item.points.bands)
        )
        if fact.quantity * each > MOST_POINTS:
            return f"quantity: worth more than {MOST_POINTS} points: {fact.quantity}"
    if item.needs == "grade":
        if not fact.grade:
            return "grade: missing"
        if fact.grade not in item.grades:
            return f"grade: unknown: {fact.grade}"
    if isinstance(item.points, Between):
        if fact.given is None:
            return "given: missing"
        lowest, highest = item.points.between
        if not lowest <= fact.given <= highest:
            return f"given: not between {lowest} and {highest}"
    if isinstance(item.points, Each) and item.points.per_member and subject.size is None:
        return "size: missing, the item is priced per member"
    return None


def takes_part(subject: Subject, day: dt.date) -> bool:
    """Whether the day lies between the subject's first and last."""
    first, last = subject.from_date, subject.to_date
    return (first is None or first <= day) and (last is None or day <= last)


def matches(fact: Fact, subject: Subject, scheme: Scheme | None) -> bool:
    """Whether the fact counts: a version in force has the item, the subject takes part, its class is allowed."""
    item = scheme.item(fact.item) if scheme else None
    if item is None or not takes_part(subject, fact.date):
        return False
    return not item.classes or subject.klass in item.classes


def sql(price: str, *, graded: bool, restricted: bool, carried: Sequence[str], chosen: str) -> str:
    """`matched`: every fact of the chosen subjects with its rule, its price by the expression, and its note."""
    grades = "LEFT JOIN grades g ON g.rule = r.rule AND g.grade = f.grade" if graded else ""
    classes = "LEFT JOIN classes c ON c.rule = r.rule AND c.class = s.class" if restricted else ""
    barred = "OR (r.restricted AND c.class IS NULL)" if restricted else ""
    columns = "".join(f", {column}" for column in carried)
    return f"""
SELECT x.*, CASE WHEN x.note = {Note.NONE:d} THEN x.worth ELSE 0 END AS price
FROM (
    SELECT f.fact, f.subject, f.item, f.day, COALESCE(r.rule, -1) AS rule{columns},
           CASE WHEN f.reversed THEN {Note.REVERSED:d}
                WHEN r.rule IS NULL OR f.day < s.first_day OR f.day > s.last_day {barred} THEN {Note.UNMATCHED:d}
                ELSE {Note.NONE:d} END AS note,
           {price} AS worth
    FROM facts f
    JOIN subjects s ON s.subject = f.subject
    JOIN days d ON d.day = f.day
    LEFT JOIN rules r ON r.version = d.version AND r.item = f.item
    {classes}
    {grades}
    WHERE {chosen}
) x"""
