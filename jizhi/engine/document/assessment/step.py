"""The steps of a round: self-rating, reviews, the deciding body's word. Who stands where is not kept here."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.assessment.rater import SELF
from jizhi.engine.document.base import ADuration, Model, Wrong, read_list
from jizhi.engine.document.text import Text


class Step(Model):
    """One step: who acts, until how long after the round's last day, and what it is for.

    `counts` marks the step whose ratings make the score; `decides` the body that confirms or changes it.
    """

    id: str = Field(min_length=1, pattern=r"^\S+$")
    title: Text
    by: Annotated[tuple[str, ...], BeforeValidator(read_list)]
    body: Text | None = None
    due: ADuration | None = None
    counts: bool = False
    decides: bool = False

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value and "id" in value:
            return {**value, "title": value["id"]}
        return value

    @model_validator(mode="after")
    def _one_purpose(self) -> Step:
        if self.counts and self.decides:
            raise Wrong("either `counts` or `decides`", found="counts, decides", key="decides")
        if SELF in self.by and (len(self.by) > 1 or self.counts or self.decides):
            raise Wrong("a step of its own for `self`, which neither counts nor decides", key="by")
        return self

    @property
    def is_self(self) -> bool:
        """Whether the subject rates itself here."""
        return SELF in self.by
