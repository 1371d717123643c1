"""A scheme: the whole of one version of one county's rules. What is checked here is its form; names are resolved in
`resolution.py`."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.base import Model, Window
from jizhi.engine.document.enrolment import Enrolment, check_source
from jizhi.engine.document.item import Item
from jizhi.engine.document.level import Levels, Rank
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.outcome import Outcome
from jizhi.engine.document.reason import Reasons
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.section import Base, Periods, Range, Redeem, Section, Share, Term, Unit, Year
from jizhi.engine.document.text import Text

USUAL_PERIODS = Periods(publish=Window.MONTH, summarise=Window.QUARTER, appraise=Window.YEAR)


def _classes(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return {str(name): str(name) for name in value}
    if isinstance(value, dict):
        return {name: name if title is None else title for name, title in value.items()}
    return value


class Scheme(Model):
    """One adopted version: items, limits, levels and what follows."""

    id: str = Field(alias="scheme", min_length=1, pattern=r"^\S+$")
    title: Text
    description: Text | None = None
    subject: Literal["household", "person", "organisation", "area"] = "household"
    enrol: Enrolment | None = None
    unit: Unit = Unit()
    classes: Annotated[dict[str, Text], BeforeValidator(_classes)] = Field(default_factory=dict)
    base: Base | None = None
    range: Range = Range()
    periods: Periods = USUAL_PERIODS
    year: Year = Year()
    term: Term = Term()
    limits: tuple[Limit, ...] = ()
    sections: tuple[Section, ...] = ()
    items: tuple[Item, ...] = ()
    rank: Rank = Rank()
    levels: Levels | None = None
    outcomes: tuple[Outcome, ...] = ()
    redeem: Redeem | None = None
    share: Share | None = None
    reasons: Reasons = Field(default_factory=dict)
    reference: Reference | None = None

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value:
            return {**value, "title": value.get("scheme", "")}
        return value

    @model_validator(mode="after")
    def _enrolled(self) -> Scheme:
        check_source(self.enrol, self.subject)
        return self

    @cached_property
    def items_by_id(self) -> dict[str, Item]:
        """Every item under its id."""
        return {item.id: item for item in self.items}

    @cached_property
    def sections_by_id(self) -> dict[str, Section]:
        """Every section under its id."""
        return {section.id: section for section in self.sections}

    def item(self, item_id: str) -> Item | None:
        """The item of that id, or None."""
        return self.items_by_id.get(item_id)

    def section(self, section_id: str) -> Section | None:
        """The section of that id, or None."""
        return self.sections_by_id.get(section_id)

    @property
    def uses_valid(self) -> bool:
        """Whether any award counts for standing for a time of its own."""
        return any(item.valid is not None for item in self.items)
