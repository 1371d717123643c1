"""Parts of the sheet with a full mark each, and the lists of bonus and penalty with a limit of their own."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from jizhi.engine.document.assessment.indicator import Indicator
from jizhi.engine.document.assessment.rater import Raters
from jizhi.engine.document.base import Hundredths, Model
from jizhi.engine.document.text import Text


class Part(Model):
    """A chapter of indicators whose full marks add up to its own; with `adds_up: false` they may stay below."""

    id: str = Field(min_length=1, pattern=r"^\S+$")
    title: Text
    full: Hundredths
    adds_up: bool = True
    raters: Raters | None = None
    indicators: tuple[Indicator, ...]

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value and "id" in value:
            return {**value, "title": value["id"]}
        return value


class Extras(Model):
    """Bonus or penalty: indicators that are rated only where something happened, together up to `limit`."""

    title: Text | None = None
    limit: Hundredths | None = None
    raters: Raters | None = None
    indicators: tuple[Indicator, ...]

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return {"indicators": value} if isinstance(value, list | tuple) else value
