"""Do the marks of a sheet add up: indicators to their part, grades to their indicator, all at the unit's places?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jizhi.engine.document.assessment import walk
from jizhi.engine.document.assessment.assessment import BONUS, PENALTY, Assessment
from jizhi.engine.document.assessment.indicator import Indicator
from jizhi.engine.document.assessment.part import Part
from jizhi.engine.document.resolution import Finding, Path


def marks(document: Assessment) -> Iterator[Finding]:
    """Everything wrong with the marks."""
    for place, part in enumerate(document.parts):
        yield from _part(document, ("parts", place), part)
    for path, one in walk.indicators(document):
        yield from _indicator(document, path, one)
    amounts: list[tuple[Path, int | None]] = [
        (("range", "min"), document.range.min),
        (("range", "max"), document.range.max),
        *((("parts", place, "full"), part.full) for place, part in enumerate(document.parts)),
        ((BONUS, "limit"), document.bonus.limit if document.bonus else None),
        ((PENALTY, "limit"), document.penalty.limit if document.penalty else None),
    ]
    for path, amount in amounts:
        yield from _places(document, path, amount)


def _part(document: Assessment, path: Path, part: Part) -> Iterator[Finding]:
    """For every class the full marks of its indicators make up the part's, or stay below it."""
    said: set[int] = set()
    for klass in document.classes or ("",):
        whole = sum(one.full_mark for one in part.indicators if not one.classes or klass in one.classes)
        wrong = whole != part.full if part.adds_up else whole > part.full
        if wrong and whole not in said:
            said.add(whole)
            of = (f"（类别 {klass}）", f" (class {klass})") if klass else ("", "")
            yield Finding(
                (*path, "full"),
                "marks",
                f"各指标满分之和与本部分满分不符{of[0]}"
                if part.adds_up
                else f"各指标满分之和超过本部分满分{of[0]}",
                f"the indicators do not add up to the full mark of the part{of[1]}"
                if part.adds_up
                else f"the indicators add up to more than the full mark of the part{of[1]}",
                points(whole),
                points(part.full),
            )


def _indicator(document: Assessment, path: Path, one: Indicator) -> Iterator[Finding]:
    """No grade beyond the full mark, no later place worth more than an earlier one, no idle full_from."""
    named = {**(one.grades or {})}
    worth: dict[Path, int] = {("grades", key): mark.points for key, mark in named.items()}
    worth |= {("places", str(place)): amount for place, amount in (one.places or {}).items()}
    worth |= {("rest",): one.rest}
    for key, amount in worth.items():
        if amount > one.full_mark:
            zh, en = "超过本指标满分", "more than the full mark of the indicator"
            yield Finding((*path, *key), "marks", zh, en, points(amount), points(one.full_mark))
    listed = sorted(one.places or {})
    if listed != list(range(1, len(listed) + 1)):
        zh, en = "名次要从 1 起逐个写", "places are written one by one from 1"
        yield Finding((*path, "places"), "marks", zh, en, ", ".join(str(place) for place in listed))
    before = one.full_mark
    for place, amount in [*sorted((one.places or {}).items()), (0, one.rest)]:
        if amount > before:
            key = ("places", str(place)) if place else ("rest",)
            zh, en = "名次靠后反而得分更多", "a later place is worth more than an earlier one"
            yield Finding((*path, *key), "marks", zh, en, points(amount), points(before))
        before = amount
    if (
        one.full_from is not None
        and one.factor is not None
        and one.full_from * one.factor * 100 > one.full_mark
    ):
        zh, en = "不到这个数就已满分，永远用不到", "can never bind: the full mark is reached before"
        reached = f"{(Decimal(one.full_mark) / 100 / one.factor).normalize():f}"
        yield Finding((*path, "full_from"), "idle-limit", zh, en, f"{one.full_from:f}", f"≤ {reached[:12]}")
    yield from _places(document, (*path, "full"), one.full_mark)


def _places(document: Assessment, path: Path, amount: int | None) -> Iterator[Finding]:
    unit: int = (100, 10, 1)[document.unit.places]
    if amount is not None and amount % unit:
        yield Finding(
            path,
            "places",
            f"小数位多于计分单位的{document.unit.places}位",
            f"more decimals than the unit's {document.unit.places}",
            points(amount),
        )


def points(hundredths: int) -> str:
    """Points without needless zeros."""
    return f"{(Decimal(hundredths) / 100).normalize():f}"
