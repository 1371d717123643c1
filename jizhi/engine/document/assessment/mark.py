"""Marks and percentages of an assessment: points in whole hundredths, weights in exact percent, never floats."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from jizhi.engine.document.base import Hundredths, Model, read_portion
from jizhi.engine.document.text import Text


def read_percent(value: Any) -> Decimal:
    """`30%` as 30."""
    if isinstance(value, Decimal):
        return value
    text = str(value).strip()
    if not text.endswith(("%", "％")):
        raise ValueError("a percentage such as 30%")
    return read_portion(text).number


Percent = Annotated[Decimal, BeforeValidator(read_percent)]


class Mark(Model):
    """The points of one grade or fault, with its words where the key is not enough."""

    points: Hundredths
    title: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"points": value}
