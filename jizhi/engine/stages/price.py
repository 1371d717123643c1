"""Price: the points of the item times quantity, grade or band, rounded once, half away from zero.

Integers only: amounts of the document and quantities have at most six decimals, so both are taken in millionths and
the product is divided once. Limits and repetition come later.
"""

from __future__ import annotations

from decimal import Decimal

from jizhi.engine.document.item import Item
from jizhi.engine.document.points import Bands, Between, Each, Fixed, Grades, Ladder
from jizhi.engine.tables import Fact

MILLION = 10**6
TO_HUNDREDTHS = 10**10  # millionths times millionths are 10^-12; hundredths are 10^-2


def millionths(amount: Decimal) -> int:
    """A decimal as a whole number of millionths."""
    return int(amount.scaleb(6))


def rounded(numerator: int, denominator: int, places: int) -> int:
    """The non-negative fraction in hundredths, rounded half up to the unit's places."""
    unit: int = 10 ** (2 - places)
    whole = denominator * unit
    return (2 * numerator + whole) // (2 * whole) * unit


def price(item: Item, fact: Fact, size: int | None, places: int) -> int:
    """The signed price of one act in hundredths; the fact has passed `match`."""
    return item.sign * rounded(_raw(item, fact, size or 0), TO_HUNDREDTHS, places)


def _raw(item: Item, fact: Fact, size: int) -> int:
    """The unrounded magnitude in millionths of millionths."""
    points = item.points
    if isinstance(points, Fixed):
        return millionths(points.fixed) * MILLION
    if isinstance(points, Each):
        quantity = size * MILLION if points.per_member else millionths(fact.quantity or Decimal(0))
        return millionths(points.each) * quantity
    if isinstance(points, Grades):
        return millionths(points.grades[fact.grade or ""].points) * MILLION
    if isinstance(points, Ladder):
        return millionths(points.ladder[int(fact.grade or 0) - 1]) * MILLION
    if isinstance(points, Bands):
        return _banded(points, millionths(fact.quantity or Decimal(0)))
    if isinstance(points, Between):
        return millionths(fact.given or Decimal(0)) * MILLION
    return 0


def _banded(points: Bands, quantity: int) -> int:
    raw, floor = 0, 0
    for band in points.bands:
        ceiling = quantity if band.to is None else min(quantity, millionths(band.to))
        raw += max(0, ceiling - floor) * millionths(band.each)
        floor = max(floor, ceiling)
    return raw


SQL = """
CREATE TABLE priced AS
SELECT r.fact, CAST((2 * r.raw + r.whole) // (2 * r.whole) * r.unit AS BIGINT) AS price
FROM (
    SELECT m.fact, u.unit, CAST(10000000000 AS HUGEINT) * u.unit AS whole,
           CASE m.form
                WHEN 'fixed' THEN CAST(m.amount AS HUGEINT) * 1000000
                WHEN 'member' THEN CAST(m.amount AS HUGEINT) * m.size * 1000000
                WHEN 'each' THEN CAST(m.amount AS HUGEINT) * m.quantity
                WHEN 'given' THEN CAST(m.amount AS HUGEINT) * m.given
                WHEN 'grade' THEN CAST(g.amount AS HUGEINT) * 1000000
                WHEN 'bands' THEN b.raw
                ELSE CAST(0 AS HUGEINT) END AS raw
    FROM matched m
    CROSS JOIN unit u
    LEFT JOIN grades g ON g.version = m.version AND g.item = m.item AND g.grade = m.grade
    LEFT JOIN (
        SELECT n.fact, CAST(SUM(CAST(n.each AS HUGEINT) * n.inside) AS HUGEINT) AS raw
        FROM (
            SELECT m.fact, b.each,
                   GREATEST(0, LEAST(m.quantity, COALESCE(b.ceiling, m.quantity)) - b.floor) AS inside
            FROM matched m JOIN bands b ON b.version = m.version AND b.item = m.item
            WHERE m.note = ''
        ) n GROUP BY n.fact
    ) b ON b.fact = m.fact
    WHERE m.note = ''
) r
"""
