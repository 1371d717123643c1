"""Grades of an assessment by threshold or quota. Nobody's own grade: those are given by `engine/assessment/`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.base import APortion, Model, SignedHundredths, Wrong, read_list
from jizhi.engine.document.level import Within
from jizhi.engine.document.text import Text

RoundKind = Literal["month", "quarter", "half", "year"]


class Ranking(Model):
    """Inside what subjects are compared; `tie_break` names parts, bonus (more first) or penalty (less first)."""

    within: Within = ("group",)
    tie_break: Annotated[tuple[str, ...], BeforeValidator(read_list)] = ()


class Grade(Model):
    """One grade: from (≥) or over (>) a total, the top part of the group, or the rest. All that is said must hold."""

    grade: str = Field(min_length=1)
    title: Text
    from_: SignedHundredths | None = Field(default=None, alias="from")
    over: SignedHundredths | None = None
    top: APortion | None = None
    ties: Literal["in", "out"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value and "grade" in value:
            return {**value, "title": value["grade"]}
        return value


def _quota(value: Any) -> Any:
    if isinstance(value, tuple):
        return value
    parts = [part.strip() for part in str(value).split(":")]
    if len(parts) < 2 or not all(part.isdigit() for part in parts) or not sum(int(part) for part in parts):
        raise ValueError("a quota such as 3:5:2")
    return tuple(int(part) for part in parts)


class Grades(Model):
    """The first step that fits, top down; `quota: 3:5:2` shares the group out, the last step takes the rest."""

    period: RoundKind | None = None
    quota: Annotated[tuple[int, ...], BeforeValidator(_quota)] | None = None
    ties: Literal["in", "out"] = "in"
    steps: tuple[Grade, ...]

    @model_validator(mode="after")
    def _parts(self) -> Grades:
        if self.quota is not None and len(self.quota) != len(self.steps):
            raise Wrong("as many steps as the quota has parts", key="quota")
        if self.quota is not None and any(step.top is not None for step in self.steps):
            raise Wrong("either `quota` or `top`", found="quota, top", key="quota")
        return self

    def places(self, step: int, size: int) -> int | None:
        """How many of `size` have room in this step and those above it, rounded down; None without a quota."""
        if self.quota is not None:
            last = step == len(self.quota) - 1
            return None if last else size * sum(self.quota[: step + 1]) // sum(self.quota)
        top = self.steps[step].top
        return None if top is None else top.of(size)
