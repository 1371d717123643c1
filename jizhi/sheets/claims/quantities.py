"""Understands quantities such as `2小时`, `两次`, `半天` in the unit the item is counted in.

What depends on local custom (how many hours are half a day?) is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from jizhi.sheets.numerals import NUMERAL, parse_numeral
from jizhi.sheets.reading import Cell
from jizhi.sheets.values import Saying, is_nothing
from jizhi.sheets.values.outcome import squeeze

UNITS = {
    "小时": "小时", "个小时": "小时", "钟头": "小时", "个钟头": "小时", "h": "小时", "hour": "小时", "hours": "小时",
    "分钟": "分钟", "分": "分钟", "天": "天", "日": "天", "整天": "天", "day": "天", "days": "天",
    "次": "次", "回": "次", "趟": "次", "times": "次",
}  # fmt: skip
FACTORS = {
    ("分钟", "小时"): Decimal(1) / 60,
    ("小时", "分钟"): Decimal(60),
    ("天", "半天"): Decimal(2),
    ("半天", "天"): Decimal("0.5"),
}
NUMBER = re.compile(r"(\d+(?:\.\d+)?)(个?半)?(\D*)")
LARGEST = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` None with neither question nor problem means the cell is blank."""

    value: Decimal | None = None
    unit: str = ""
    question: Saying | None = None
    candidates: tuple[str, ...] = ()
    problem: Saying | None = None


def parse_quantity(cell: Cell, item_unit: str) -> Quantity:
    if cell.fault:
        return Quantity(problem=Saying(cell.fault, cell.fault_en))
    if is_nothing(cell.shown):
        return Quantity()
    number, unit = _split(cell)
    if number is None:
        question = Saying(f"“{cell.shown.strip()}”是多少？", f"How much is “{cell.shown.strip()}”?")
        return Quantity(question=question)
    if not 0 < number < LARGEST:
        return Quantity(problem=Saying("数量不合理", "the quantity is implausible"))
    return _in_unit(number, unit, UNITS.get(item_unit.lower(), item_unit), cell.shown.strip())


def _split(cell: Cell) -> tuple[Decimal | None, str]:
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        return Decimal(str(cell.value)), ""
    text = squeeze(cell.shown).lower()
    if text in ("半天", "半日", "一个半天", "1个半天"):
        return Decimal(1), "半天"
    if text.startswith("半"):
        text = "0.5" + text.removeprefix("半").removeprefix("个")
    text = NUMERAL.sub(lambda found: str(parse_numeral(found.group())), text, count=1)
    found = NUMBER.fullmatch(text)
    if not found:
        return None, ""
    half = Decimal("0.5") if found.group(2) or found.group(3).endswith("半") else Decimal(0)
    unit = found.group(3).removesuffix("半")
    return Decimal(found.group(1)) + half, UNITS.get(unit, unit)


def _in_unit(number: Decimal, unit: str, item_unit: str, shown: str) -> Quantity:
    if unit in ("", item_unit):
        return Quantity(number, unit or item_unit)
    if (unit, item_unit) in FACTORS:
        return Quantity((number * FACTORS[unit, item_unit]).quantize(Decimal("0.01")).normalize(), item_unit)
    if not item_unit and unit not in ("半天", "天"):
        return Quantity(number, unit)
    asked, asked_en = (f"几{item_unit}", item_unit) if item_unit else ("多少", "in what unit")
    question = Saying(f"“{shown}”按{asked}计？", f"How is “{shown}” counted ({asked_en})?")
    return Quantity(question=question, candidates=("1",) if item_unit == "次" else (), unit=item_unit)
