"""Sections, classes, units and the calendar of a scheme: the small parts that frame its items."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.base import Day, Hundredths, Model, SignedHundredths, Window, Wrong
from jizhi.engine.document.level import Within
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.reason import Reasons
from jizhi.engine.document.text import Text


class Section(Model):
    """A chapter of items; its limits count merits only unless they say `kind: fault`."""

    id: str = Field(min_length=1, pattern=r"^\S+$")
    title: Text
    limits: tuple[Limit, ...] = ()
    reasons: Reasons = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value:
            return {**value, "title": value.get("id", "")}
        return value


class Unit(Model):
    """What is counted and with how many decimals it is written."""

    id: str = "point"
    places: Annotated[int, Field(ge=0, le=2)] = 1
    title: Text = Text(zh="分", en="points")

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return {"id": value} if isinstance(value, str) else value


class Base(Model):
    """Points that everybody has from the start of each period of its kind."""

    points: Hundredths
    per: Literal["day", "week", "month", "quarter", "half", "year"] = "year"

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"points": value, "per": "year"}


class Range(Model):
    """Floor and ceiling of a period's total."""

    min: SignedHundredths | None = None
    max: SignedHundredths | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise Wrong(
                "a min that is not above max",
                found=f"{Decimal(self.min) / 100} > {Decimal(self.max) / 100}",
                key="min",
            )
        return self


class Periods(Model):
    """The rhythm; totals are made for those of publish, summarise and appraise."""

    record: Window | None = None
    report: Window | None = None
    publish: Window | None = None
    summarise: Window | None = None
    appraise: Window | None = None
    redeem: Window | None = None

    @property
    def settled(self) -> tuple[Window, ...]:
        """The period kinds that get rows of totals, narrow to wide."""
        named = {self.publish, self.summarise, self.appraise}
        return tuple(
            kind for kind in (Window.MONTH, Window.QUARTER, Window.HALF, Window.YEAR) if kind in named
        )


def _month_day(value: Any) -> Any:
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", str(value).strip())
    if not found or not (1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 28):
        raise ValueError("a month and a day from 1 to 28, such as 04-01")
    return f"{int(found[1]):02}-{int(found[2]):02}"


class Year(Model):
    """The first day of the scheme's year."""

    starts: Annotated[str, BeforeValidator(_month_day)] = "01-01"


class Term(Model):
    """Terms of office that limits can refer to, one after the other from a first day."""

    starts: Day | None = None
    years: Annotated[int, Field(ge=1, le=100)] = 5


class Redeem(Model):
    """When points can be turned into goods and what is left afterwards."""

    fen_per_point: Annotated[int, Field(ge=0)] = 100
    every: Window = Window.QUARTER
    day: Annotated[int, Field(ge=1, le=28)] = 1
    carry: Literal["all", "none"] = "all"
    at_most: Hundredths | None = None
    months: Annotated[int, Field(ge=1)] | None = None

    @classmethod
    def written_keys(cls) -> list[str]:
        """`at_most` and `months` are written under `carry`."""
        return [key for key in super().written_keys() if key not in ("at_most", "months")]

    @model_validator(mode="before")
    @classmethod
    def _carry(cls, value: Any) -> Any:
        carry = value.get("carry") if isinstance(value, dict) else None
        if not isinstance(carry, dict):
            return value
        if len(carry) != 1 or not {"at_most", "months"} >= set(carry):
            names = ("at_most", "months")
            raise Wrong(
                "all, none, {at_most: 50} or {months: 12}", found=", ".join(carry), key="carry", names=names
            )
        return {**{key: word for key, word in value.items() if key != "carry"}, **carry}


class Share(Model):
    """A money pool split by what lies above `from` in a period's totals; `pool` in fen, for each group."""

    period: Literal["month", "quarter", "half", "year", "standing"] = "year"
    within: Within = ("group",)
    from_: SignedHundredths = Field(default=0, alias="from")
    pool: Annotated[int, Field(ge=0)] | None = None
