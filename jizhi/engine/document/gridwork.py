"""What a county asks of its grid: how often households are visited, what the household book holds, kinds of matter.

These are words and clocks for the people on the ground. Nothing here scores anybody.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from jizhi.engine.document.base import Model
from jizhi.engine.document.text import Text

Key = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z0-9_]+$")]


class VisitClass(Model):
    """Households that are visited more (or less) often than the rest, such as old people who live alone."""

    key: Key
    title: Text
    times_a_month: Annotated[int, Field(ge=0, le=31)] = 2
    sensitive: bool = False


class Visits(Model):
    """The monthly plan: every household so many times, some classes more often.

    Visits are planned on the `weekdays` (1 is Monday) that are not among the `days_off`, such as public holidays.
    """

    times_a_month: Annotated[int, Field(ge=0, le=31)] = 1
    classes: tuple[VisitClass, ...] = ()
    weekdays: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)] = (1, 2, 3, 4, 5)
    days_off: tuple[dt.date, ...] = ()


class Choice(Model):
    """One answer of a field that offers several."""

    key: Key
    title: Text


class BookField(Model):
    """One line of the household book 一户一册; a sensitive one is shown to those who keep the book only."""

    key: Key
    title: Text
    section: Text | None = None
    kind: Literal["text", "number", "yesno", "choice", "choices", "date"] = "text"
    choices: tuple[Choice, ...] = ()
    unit: Text | None = None
    sensitive: bool = False

    @model_validator(mode="after")
    def _choices_fit(self) -> Self:
        if (self.kind in {"choice", "choices"}) != bool(self.choices):
            raise ValueError("choices belong to a field of kind choice or choices, and it needs them")
        return self


class MatterKind(Model):
    """A kind of matter 事件, how many days each storey has for it, and whether it may wait."""

    key: Key
    title: Text
    handle_days: Annotated[int, Field(ge=0, le=365)] = 7
    urgent: bool = False


class Matters(Model):
    """Kinds of matters and the clocks of their way: taking on, handling, checking again, reopening, escalating.

    With `working_days` all clocks count Monday to Friday only.
    """

    kinds: tuple[MatterKind, ...] = ()
    accept_days: Annotated[int, Field(ge=0, le=30)] = 1
    recheck_days: Annotated[int, Field(ge=0, le=30)] = 3
    reopen_days: Annotated[int, Field(ge=0, le=365)] = 30
    escalate_days: Annotated[int, Field(ge=0, le=60)] = 2
    working_days: bool = False
