"""What follows from a period: conditions, and what is then done. A person always carries it out."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.base import ADuration, APortion, Model, SignedHundredths, Wrong, read_list
from jizhi.engine.document.level import PeriodKind
from jizhi.engine.document.reason import Reasons
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.text import Text


class RankCondition(Model):
    """Among the first or the last; whoever ties for the last place is in."""

    top: APortion | None = None
    bottom: APortion | None = None

    @model_validator(mode="after")
    def _some(self) -> RankCondition:
        if self.top is None and self.bottom is None:
            raise Wrong("top or bottom", found="neither")
        return self


class TotalCondition(Model):
    """below <, from ≥, over >, to ≤."""

    below: SignedHundredths | None = None
    from_: SignedHundredths | None = Field(default=None, alias="from")
    over: SignedHundredths | None = None
    to: SignedHundredths | None = None

    @model_validator(mode="after")
    def _some(self) -> TotalCondition:
        if not self.model_fields_set:
            raise Wrong("below, from, over or to", found="none of them")
        return self


class When(Model):
    """All conditions hold together, in `running` periods in a row."""

    period: PeriodKind
    rank: RankCondition | None = None
    total: TotalCondition | None = None
    level: Annotated[tuple[str, ...], BeforeValidator(read_list)] | None = None
    vetoed: bool | None = None
    running: Annotated[int, Field(ge=1, le=1000)] = 1


ACTIONS = ("honour", "recommend", "talk", "rectify", "reward", "bar", "fact", "list")


class FactThen(Model):
    """A fact under another scheme: the linkage."""

    scheme: str
    item: str
    grade: str | None = None


class Then(Model):
    """What is done: one action, with its particulars."""

    action: str
    bar: Annotated[tuple[str, ...], BeforeValidator(read_list)] = ()
    for_: ADuration | None = Field(default=None, alias="for")
    fact: FactThen | None = None
    reward: Text | None = None
    list_: str | None = Field(default=None, alias="list")
    published: bool = False

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        one_of = f"one of {', '.join(ACTIONS)}"
        if isinstance(value, str):
            value = {"action": value}
        if not isinstance(value, dict):
            raise Wrong(one_of, names=ACTIONS)
        if "action" not in value:
            found = [key for key in ACTIONS if key in value]
            if len(found) != 1:
                written = ", ".join(found or [str(key) for key in value])
                raise Wrong(one_of, found=written, names=ACTIONS)
            value = {**value, "action": found[0]}
        if value["action"] not in ACTIONS:
            raise Wrong(one_of, found=str(value["action"]), names=ACTIONS)
        if value["action"] == "fact" and "fact" not in value:
            raise Wrong("{fact: {scheme: …, item: …}}", found="fact")
        return value


class Outcome(Model):
    """One consequence."""

    id: str = Field(min_length=1, pattern=r"^\S+$")
    title: Text
    when: When
    then: Then
    reasons: Reasons = Field(default_factory=dict)
    reference: Reference | None = None

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value:
            return {**value, "title": value.get("id", "")}
        return value
