"""A pack: one county's documents, and the words and clocks of the place. It holds no households and no results."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from jizhi.engine.document.base import Amount, Model
from jizhi.engine.document.claiming import Claiming
from jizhi.engine.document.gridwork import BookField, Matters, Visits
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.section import Year
from jizhi.engine.document.text import Text


class PlaceLevel(Model):
    """A level of areas or organisations; `depth` counts from 1 at the top, `grid` marks what lies inside a village."""

    key: str = Field(min_length=1, pattern=r"^[a-z0-9_]+$")
    title: Text
    grid: bool = False
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
    hand_up_days: Annotated[int, Field(ge=1, le=90)] = 10
    escalate_days: Annotated[int, Field(ge=1, le=90)] = 10
    public_days: Annotated[int, Field(ge=1, le=3650)] = 180
    summary_days: Annotated[int, Field(ge=1, le=180)] = 45
    appeal_days: Annotated[int, Field(ge=1, le=90)] = 15
    working_days: bool = False


class Store(Model):
    """When the points store opens."""

    every: Literal["week", "month", "quarter", "half", "year"] = "month"
    day: Annotated[int, Field(ge=1, le=28)] = 1


class Circulation(Model):
    """Which cases a panel may decide by circulation, each member answering in writing within some days."""

    days: Annotated[int, Field(ge=1, le=15)] = 3
    kinds: tuple[Literal["merit", "fault"], ...] = ("merit",)
    points_max: Amount | None = None


class Panels(Model):
    """What a county sets for its panels: circulation (none: not allowed), the township's re-check, the weekly report.

    `report_weekday` counts from Monday, 1; the report of that day covers the seven days before it.
    """

    circulation: Circulation | None = None
    recheck_by_day: Annotated[int, Field(ge=1, le=28)] = 10
    report_weekday: Annotated[int, Field(ge=1, le=7)] = 1


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
    visits: Visits = Visits()
    book: tuple[BookField, ...] = ()
    matters: Matters = Matters()
    panels: Panels = Panels()
    claims: Claiming = Claiming()
    source: Text | None = None
    reference: Reference | None = None
