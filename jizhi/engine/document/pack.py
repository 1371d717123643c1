"""A pack: one county's documents, and the words and clocks of the place. It holds no households and no results."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from jizhi.engine.document.base import Model
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.section import Year
from jizhi.engine.document.text import Text


class PlaceLevel(Model):
    """A level of areas or of organisations; `depth` counts from 1 at the top."""

    key: str = Field(min_length=1, pattern=r"^[a-z0-9_]+$")
    title: Text
    depth: int = 0

    @property
    def title_en(self) -> str:
        """The English words."""
        return self.title.say("en")


class Calendar(Year):
    """The first day of the year and the day of the monthly meeting."""

    meeting_day: Annotated[int, Field(ge=1, le=28)] = 25


class Clocks(Model):
    """What the law leaves to the province, in days."""

    post_by_day: Annotated[int, Field(ge=1, le=28)] = 15
    window_days: Annotated[int, Field(ge=1, le=90)] = 10
    answer_days: Annotated[int, Field(ge=1, le=90)] = 3
    escalate_days: Annotated[int, Field(ge=1, le=90)] = 10


class Store(Model):
    """When the points store opens."""

    every: Literal["week", "month", "quarter", "half", "year"] = "month"
    day: Annotated[int, Field(ge=1, le=28)] = 1


class PackDocument(Model):
    """pack.yaml."""

    id: str = Field(alias="pack", min_length=1, pattern=r"^\S+$")
    title: Text
    place: Text
    area_levels: tuple[PlaceLevel, ...] = ()
    organisation_levels: tuple[PlaceLevel, ...] = ()
    calendar: Calendar = Calendar()
    clocks: Clocks = Clocks()
    store: Store = Store()
    source: Text | None = None
    reference: Reference | None = None
