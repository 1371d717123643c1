"""Limits: how much counts inside a window. What a limit cuts is kept aside; see `stages/limit.py`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.base import NARROW_TO_WIDE, Hundredths, Model, Window, Wrong


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
    kind: Literal["merit", "fault"] = "merit"

    @model_validator(mode="after")
    def _one_measure(self) -> Limit:
        if (self.points is None) == (self.times is None):
            found = "neither" if self.points is None else "both"
            raise Wrong("either `points` or `times`", found=found)
        if self.per_member and self.points is None:
            raise Wrong(
                "`per_member` with `points`: times are not multiplied", found="times", key="per_member"
            )
        return self

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
