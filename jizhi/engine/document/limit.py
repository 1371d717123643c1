"""Limits: how much counts inside a window. What a limit cuts is kept aside; see `stages/limit.py`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.base import NARROW_TO_WIDE, Hundredths, Model, Window


def _whole(value: Any) -> Any:
    text = str(value).strip()
    if not text.isdigit():
        raise ValueError("a whole number of times")
    return int(text)


class Limit(Model):
    """`{points: 20, per: month}` or `{times: 3, per: year}`; `per_member` multiplies points by the size."""

    points: Hundredths | None = None
    times: Annotated[int, BeforeValidator(_whole), Field(le=10**9)] | None = None
    per: Window
    per_member: bool = False
    kind: str = "merit"

    @model_validator(mode="before")
    @classmethod
    def _one_measure(cls, value: Any) -> Any:
        if isinstance(value, dict) and ("points" in value) == ("times" in value):
            raise ValueError("either `points` or `times`")
        if isinstance(value, dict) and value.get("kind", "merit") not in ("merit", "fault"):
            raise ValueError("kind: merit or fault")
        return value

    @property
    def cap(self) -> int:
        """Hundredths of points, or a number of times."""
        return self.points if self.points is not None else self.times or 0

    @property
    def counts_times(self) -> bool:
        """Whether it counts facts rather than points."""
        return self.points is None

    @property
    def order(self) -> tuple[int, int]:
        """Times come first, then points from narrow to wide."""
        return (0 if self.counts_times else 1, NARROW_TO_WIDE[self.per])
