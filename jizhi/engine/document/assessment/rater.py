"""Who rates: groups of raters with their weights. `self` is the subject's own column and never a group."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.assessment.mark import Percent
from jizhi.engine.document.base import Model, read_list
from jizhi.engine.document.text import Text

SELF = "self"


class RaterGroup(Model):
    """A body whose members rate; without a weight it rates only what names it."""

    id: str = Field(min_length=1, pattern=r"^\S+$")
    title: Text
    weight: Percent | None = None

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value and "id" in value:
            return {**value, "title": value["id"]}
        return value


def _shares(value: Any) -> Any:
    """`[a, b]` leaves the weights to the groups; `{a: 70%, b: 30%}` sets them."""
    if isinstance(value, dict):
        return value
    return {str(name): None for name in read_list(value)}


Raters = Annotated[dict[str, Percent | None], BeforeValidator(_shares)]
