"""An assessment: the whole of one version of one sheet. What is checked here is its form; names are resolved in
`resolution.py` beside it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.assessment.appraise import Appraise
from jizhi.engine.document.assessment.consequence import Consequence
from jizhi.engine.document.assessment.grade import Grades, Ranking, RoundKind
from jizhi.engine.document.assessment.indicator import Indicator, Mode
from jizhi.engine.document.assessment.part import Extras, Part
from jizhi.engine.document.assessment.rater import RaterGroup, Raters
from jizhi.engine.document.assessment.step import Step
from jizhi.engine.document.base import Model, read_list
from jizhi.engine.document.reason import Reasons
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.scheme import _classes as read_classes
from jizhi.engine.document.section import Range, Unit, Year
from jizhi.engine.document.text import Text

ROUNDS_A_YEAR = {"month": 12, "quarter": 4, "half": 2, "year": 1}
BONUS, PENALTY = "bonus", "penalty"


class Line(Model):
    """An indicator where it stands: in a part, or under bonus or penalty."""

    indicator: Indicator
    part: str
    raters: Raters | None = None

    @property
    def extra(self) -> bool:
        """Whether it is rated only where something happened: bonus, penalty, vetoes."""
        return self.part in (BONUS, PENALTY) or self.indicator.mode == Mode.VETO


class Assessment(Model):
    """One adopted version: parts, lists, raters, steps, grades and what follows."""

    id: str = Field(alias="assessment", min_length=1, pattern=r"^\S+$")
    title: Text
    description: Text | None = None
    subject: Literal["household", "person", "organisation", "area"] = "organisation"
    unit: Unit = Unit()
    round: RoundKind = "year"
    year: Year = Year()
    classes: Annotated[dict[str, Text], BeforeValidator(read_classes)] = Field(default_factory=dict)
    range: Range = Range()
    rater_groups: tuple[RaterGroup, ...]
    parts: tuple[Part, ...]
    bonus: Extras | None = None
    penalty: Extras | None = None
    steps: tuple[Step, ...] = ()
    rank: Ranking = Ranking()
    grades: Annotated[tuple[Grades, ...], BeforeValidator(read_list)] = ()
    outcomes: tuple[Consequence, ...] = ()
    appraise: Appraise | None = None
    reasons: Reasons = Field(default_factory=dict)
    reference: Reference | None = None

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value and "assessment" in value:
            return {**value, "title": value["assessment"]}
        return value

    @cached_property
    def lines(self) -> dict[str, Line]:
        """Every indicator with its place, under its id, in the order of the sheet."""
        return {line.indicator.id: line for line in self._lines()}

    def _lines(self) -> Iterator[Line]:
        for part in self.parts:
            for one in part.indicators:
                yield Line(indicator=one, part=part.id, raters=one.raters or part.raters)
        for name, extras in ((BONUS, self.bonus), (PENALTY, self.penalty)):
            if extras:
                for one in extras.indicators:
                    yield Line(indicator=one, part=name, raters=one.raters or extras.raters)

    @cached_property
    def groups(self) -> dict[str, RaterGroup]:
        """Every rater group under its id."""
        return {group.id: group for group in self.rater_groups}

    @cached_property
    def counting(self) -> Step | None:
        """The step whose ratings make the score: the one that says so, else the last that neither decides nor is the
        subject's own; None when the document names no steps."""
        named = [step for step in self.steps if step.counts]
        rating = [step for step in self.steps if not step.decides and not step.is_self]
        return (named or rating)[-1] if named or rating else None

    @cached_property
    def usual_raters(self) -> tuple[str, ...]:
        """The groups that rate a line which names none: those with a weight, else all of the step that counts."""
        weighted = tuple(group.id for group in self.rater_groups if group.weight is not None)
        return weighted or (self.counting.by if self.counting else tuple(self.groups))

    @cached_property
    def deciding(self) -> Step | None:
        """The step in which a body confirms or changes, or None."""
        return next((step for step in self.steps if step.decides), None)

    @property
    def takes_self_ratings(self) -> bool:
        """Whether the subject fills a column of its own."""
        return not self.steps or any(step.is_self for step in self.steps)

    def grades_of(self, period_kind: str) -> Grades | None:
        """The grades given for periods of that kind."""
        return next((one for one in self.grades if (one.period or self.round) == period_kind), None)

    def open_to(self, line: Line, klass: str) -> bool:
        """Whether subjects of that class are rated on the line."""
        return not line.indicator.classes or klass in line.indicator.classes
