"""What follows from an assessment: a scheme's outcomes, asking for a grade where those ask for a level."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.assessment.grade import RoundKind
from jizhi.engine.document.base import Model, read_list
from jizhi.engine.document.outcome import RankCondition, Then, TotalCondition
from jizhi.engine.document.reason import Reasons
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.text import Text


class When(Model):
    """All conditions hold together, in `running` rounds (or years) in a row."""

    period: RoundKind | None = None
    rank: RankCondition | None = None
    total: TotalCondition | None = None
    grade: Annotated[tuple[str, ...], BeforeValidator(read_list)] | None = None
    vetoed: bool | None = None
    running: Annotated[int, Field(ge=1, le=1000)] = 1


class Consequence(Model):
    """One consequence; a person always carries it out."""

    id: str = Field(min_length=1, pattern=r"^\S+$")
    title: Text
    when: When
    then: Then
    reasons: Reasons = Field(default_factory=dict)
    reference: Reference | None = None

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value and "id" in value:
            return {**value, "title": value["id"]}
        return value
