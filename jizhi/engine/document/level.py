"""Ranks and levels. Not the numbers of anybody: those are made by `stages/rank.py` and `stages/level.py`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from jizhi.engine.document.base import APortion, Model, SignedHundredths, read_list
from jizhi.engine.document.text import Text

PeriodKind = Literal["month", "quarter", "half", "year", "standing"]
GROUPS = {"village": "group", "grid": "group"}


def _within(value: Any) -> Any:
    """Villages and grids are what the group column holds."""
    return [GROUPS.get(str(one), one) for one in read_list(value)]


Within = Annotated[tuple[Literal["group", "class", "all"], ...], BeforeValidator(_within)]
TieBreak = Annotated[tuple[Literal["awarded", "base", "size"], ...], BeforeValidator(read_list)]


class Rank(Model):
    """Inside what subjects are compared; `tie_break` columns, higher first, part equal totals."""

    within: Within = ("group",)
    tie_break: TieBreak = ()


class Step(Model):
    """One level: from (≥) or over (>) a total, or the top part of the group, or the rest."""

    level: Text
    over: SignedHundredths | None = None
    from_: SignedHundredths | None = Field(default=None, alias="from")
    top: APortion | None = None
    ties: Literal["in", "out"] | None = None


class Levels(Model):
    """The first step that fits, top down."""

    period: PeriodKind
    ties: Literal["in", "out"] = "in"
    steps: tuple[Step, ...] = Field(min_length=1)
