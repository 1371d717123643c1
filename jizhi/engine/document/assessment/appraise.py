"""How rounds feed the year: their mean, a weighted mean, or their sum."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.assessment.mark import Percent
from jizhi.engine.document.base import Model, Wrong, read_list


class Appraise(Model):
    """`mean`, `sum`, or `{by: weighted, weights: [20%, 20%, 20%, 40%]}` in the order of the year's rounds."""

    by: Literal["mean", "weighted", "sum"]
    weights: Annotated[tuple[Percent, ...], BeforeValidator(read_list)] = Field(default=())

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"by": value}
        if isinstance(value, list | tuple):
            return {"by": "weighted", "weights": value}
        return value

    @model_validator(mode="after")
    def _weighted(self) -> Appraise:
        if (self.by == "weighted") != bool(self.weights):
            raise Wrong("`weights` with `by: weighted`, and only there", found=self.by, key="by")
        return self
