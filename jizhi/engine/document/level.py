"""Ranks and levels. Not the numbers of anybody: those are made by `stages/rank.py` and `stages/level.py`."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.base import APortion, Model, Portion, SignedHundredths, Wrong, read_list
from jizhi.engine.document.text import Text

PeriodKind = Literal["month", "quarter", "half", "year", "standing"]
GROUPS = {
    "group": "group",
    "village": "group",
    "grid": "group",
    "class": "class",
    "kind": "class",
    "all": "all",
}


def _within(value: Any) -> Any:
    """Villages and grids are what the group column holds, kinds of subject what the class column holds."""
    for one in read_list(value):
        if not isinstance(one, str) or one not in GROUPS:
            raise Wrong(f"one of {', '.join(GROUPS)}", found=str(one), names=tuple(GROUPS))
    return tuple(dict.fromkeys(GROUPS[one] for one in read_list(value)))


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


def _share(part: int, whole: int) -> Portion:
    """A part as a percentage, rounded up at the sixth decimal so that a third of three is one."""
    return Portion((Decimal(100 * part) / whole).quantize(Decimal("0.000001"), ROUND_CEILING), True)


class Levels(Model):
    """The first step that fits, top down."""

    period: PeriodKind
    ties: Literal["in", "out"] = "in"
    steps: tuple[Step, ...] = Field(min_length=1)

    @classmethod
    def written_keys(cls) -> list[str]:
        """`quota` is turned into steps."""
        return [*super().written_keys(), "quota"]

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        """`quota: 3:5:2` shares the group out among the steps, the last of which takes the rest."""
        if not isinstance(value, dict) or "quota" not in value:
            return value
        quota, steps = value["quota"], value.get("steps")
        parts = [str(part) for part in quota] if isinstance(quota, list) else str(quota).split(":")
        if not all(part.strip().isdigit() for part in parts) or sum(int(part) for part in parts) == 0:
            raise Wrong("a quota such as 3:5:2", found=":".join(parts), key="quota")
        if (
            not isinstance(steps, list)
            or len(steps) != len(parts)
            or not all(isinstance(one, dict) for one in steps)
        ):
            raise Wrong("as many steps as the quota has parts", found=f"{':'.join(parts)}", key="quota")
        numbers = [int(part) for part in parts]
        tops = [_share(sum(numbers[: n + 1]), sum(numbers)) for n in range(len(numbers) - 1)]
        filled = [{**step, "top": top} for step, top in zip(steps, tops, strict=False)] + steps[-1:]
        return {**{key: word for key, word in value.items() if key != "quota"}, "steps": filled}
