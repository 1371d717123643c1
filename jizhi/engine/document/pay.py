"""A pay table: what a post earns by level and stars. Only its form; the sums are made in `jizhi/engine/pay.py`.

Money is written in yuan and kept in fen, percentages are Decimals. Every part may be left out, as a community that
keeps its own salaries and only rewards added stars does.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from jizhi.engine.document.base import Hundredths, Model
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.section import Year
from jizhi.engine.document.text import Text

YUAN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
WHOLE = re.compile(r"0*([0-9]+)(\.0+)?")
HIGHEST = Decimal(1000)


def read_fen(value: Any) -> int:
    """Yuan as written, in fen."""
    text = str(value).strip()
    if isinstance(value, bool | float) or not YUAN.fullmatch(text):
        raise ValueError("an amount in yuan without sign, such as 50580 or 50.50")
    return int(Decimal(text) * 100)


def read_percent(value: Any) -> Decimal:
    """`60%`: the number before the sign."""
    text = str(value).strip()
    wrong = ValueError("a percentage such as 60% or 87.5%")
    if isinstance(value, Decimal):
        text = f"{value}%"
    if not text.endswith(("%", "％")):
        raise wrong
    try:
        number = Decimal(text.rstrip("%％ "))
    except InvalidOperation:
        raise wrong from None
    if not number.is_finite() or not 0 <= number <= HIGHEST or number != number.quantize(Decimal("0.000001")):
        raise wrong
    return number


def level_key(value: Any) -> str:
    """The name of a level; spreadsheets' `5.0` and `05` are level 5."""
    text = str(value).strip()
    found = WHOLE.fullmatch(text)
    return found[1] if found else text


def _by_level(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    keys = [level_key(key) for key in value]
    if len(set(keys)) < len(keys):
        raise ValueError("each level once")
    return dict(zip(keys, value.values(), strict=True))


IN_YUAN = WithJsonSchema({"type": ["number", "string"], "pattern": f"^{YUAN.pattern}$"})
IN_PERCENT = WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? *[%％]$"})
Fen = Annotated[int, BeforeValidator(read_fen), IN_YUAN]
Percent = Annotated[Decimal, BeforeValidator(read_percent), IN_PERCENT]
Part = Annotated[Decimal, BeforeValidator(read_percent), Field(le=100), IN_PERCENT]


class Performance(Model):
    """The part of the standard that depends on the level, and how much of it each level earns."""

    share: Part
    by_level: Annotated[dict[str, Percent], BeforeValidator(_by_level), Field(min_length=1)]


class Leaving(Model):
    """So much a month after leaving, for whoever has added so many stars since the first rating."""

    added_since_first: Hundredths
    monthly: Fen


class Pay(Model):
    """The table: `standard` in yuan a year, of which `base` is paid anyway and `performance` by level."""

    standard: Fen | None = None
    base: Part | None = None
    performance: Performance | None = None
    per_added_star: Fen | None = None
    pension_per_added_star: Fen | None = None
    leaving: Leaving | None = None
    reference: Reference | None = None

    @model_validator(mode="after")
    def _complete(self) -> Pay:
        paid = self.base is not None or self.performance is not None
        if paid and self.standard is None:
            raise ValueError("`standard` beside `base` or `performance`, such as 50580")
        if self.standard is not None and not paid:
            raise ValueError("`base` or `performance` beside `standard`, such as 60%")
        if not paid and self.per_added_star is None and self.pension_per_added_star is None:
            raise ValueError("`standard` with `base` and `performance`, or `per_added_star`")
        return self


class PayDocument(Model):
    """A file with a pay table alone, for a county that keeps its stars elsewhere."""

    title: Text | None = None
    year: Year = Year()
    pay: Pay
    reference: Reference | None = None
