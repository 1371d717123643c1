"""Price: the points of the item times quantity, grade or band, rounded once, half away from zero.

Integers only: amounts of the document and quantities have at most six decimals, so both are taken in millionths and
the product is divided once. Limits and repetition come later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


MOST = 4 * 10**18  # what a BIGINT holds with room for the doubling that rounds


def fits(items: Iterable[Item], quantity: int, size: int) -> bool:
    """Whether every product of the items with these largest amounts (millionths; members) fits a BIGINT."""
    most = 0
    for points in (item.points for item in items):
        if isinstance(points, Each):
            most = max(most, millionths(points.each) * (size if points.per_member else quantity))
        if isinstance(points, Bands):
            most = max(most, max(millionths(band.each) for band in points.bands) * quantity)
    return most + 100 * TO_HUNDREDTHS < MOST


def sql(items: Mapping[int, Item], unit: int, *, wide: bool) -> str:
    """The unsigned price in hundredths of a fact `f` of a subject `s` under its rule `r`; items by their rule."""
    kind = "HUGEINT" if wide else "BIGINT"
    cases = {"fixed": "r.amount", "grade": "g.amount", "given": _rounded("f.given", 10**4 * unit)}
    cases["member"] = _rounded(f"CAST(r.amount AS {kind}) * s.size", 10**4 * unit)
    cases["each"] = _rounded(f"CAST(r.amount AS {kind}) * f.quantity", TO_HUNDREDTHS * unit)
    bands = " ".join(
        f"WHEN {rule} THEN {_tiers(item.points, kind)}"
        for rule, item in items.items()
        if isinstance(item.points, Bands)
    )
    cases["bands"] = _rounded(f"CASE r.rule {bands} END", TO_HUNDREDTHS * unit)
    used = {form(item) for item in items.values()}
    whens = " ".join(f"WHEN '{one}' THEN {_whole(cases[one], unit)}" for one in cases if one in used)
    return f"CASE r.form {whens} ELSE 0 END" if whens else "CAST(0 AS BIGINT)"


def form(item: Item) -> str:
    """Which expression prices an item."""
    points = item.points
    if isinstance(points, Each):
        return "member" if points.per_member else "each"
    if isinstance(points, Grades | Ladder):
        return "grade"
    if isinstance(points, Fixed):
        return "fixed"
    return "given" if isinstance(points, Between) else "bands" if isinstance(points, Bands) else "none"


def _rounded(raw: str, whole: int) -> str:
    """Whole units of a raw amount, rounded half up."""
    return f"(2 * ({raw}) + {whole}) // {2 * whole}"


def _whole(units: str, unit: int) -> str:
    return (
        f"CAST({units} AS BIGINT)"
        if units in ("r.amount", "g.amount")
        else f"CAST({units} * {unit} AS BIGINT)"
    )


def _tiers(points: Bands, kind: str) -> str:
    parts, floor = [], 0
    for band in points.bands:
        top = "f.quantity" if band.to is None else f"LEAST(f.quantity, {millionths(band.to)})"
        parts.append(f"GREATEST(0, {top} - {floor}) * CAST({millionths(band.each)} AS {kind})")
        floor = floor if band.to is None else millionths(band.to)
    return f"({' + '.join(parts)})"
