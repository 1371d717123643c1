"""Match: may this row be used at all, and does its subject take part on that day?

A row that cannot be used is refused with a reason; a usable row that does not count is `unmatched` and awarded 0.
Where the rules are silent: an item that exists in another version but not in the one in force is unmatched, an item
that exists in no version is refused; days before 1900 or after 2199, quantities above 1,000,000,000 or with more than
six decimals, and prices above 100,000,000,000 are refused as slips of the pen; so is a price per member for a subject
without a size.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from jizhi.engine.document.item import Item
from jizhi.engine.document.points import Bands, Between, Each
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.tables import Fact, Subject

MOST = Decimal(10) ** 9
MOST_POINTS = Decimal(10) ** 11
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
SIX_PLACES = Decimal(10) ** -6


def number_refusal(name: str, number: Decimal) -> str | None:
    """Why a number of the table cannot be used."""
    if not number.is_finite():
        return f"{name}: not a number"
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
        wrong = number_refusal(name, number) if number is not None else None
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


SQL = """
CREATE TABLE matched AS
SELECT f.fact, f.subject, f.item, f.day, f.quantity, f.grade, f.given, f.act, s.size, s.size_or_one,
       d.version, i.kind, i.sign, i.form, i.amount, i.factor, i.before, i.until, i.best_of, i.section,
       CASE WHEN f.reversed THEN 'reversed'
            WHEN i.item IS NULL OR f.day < s.first_day OR f.day > s.last_day
                 OR (i.restricted AND c.class IS NULL) THEN 'unmatched'
            ELSE '' END AS note
FROM facts f
JOIN subjects s ON s.subject = f.subject
JOIN days d ON d.day = f.day
LEFT JOIN items i ON i.version = d.version AND i.item = f.item
LEFT JOIN classes c ON c.version = d.version AND c.item = f.item AND c.class = s.class
"""
