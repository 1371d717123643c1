"""An indicator: one line of the sheet, its full mark and the mode by which ratings become points.

Its meaning in numbers is in `engine/assessment/modes.py`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.assessment.mark import Mark, Percent
from jizhi.engine.document.assessment.rater import Raters
from jizhi.engine.document.base import Amount, Hundredths, Model, Wrong, read_list
from jizhi.engine.document.item import Evidences
from jizhi.engine.document.reason import Reasons
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.text import Text


class Mode(StrEnum):
    """How ratings become points."""

    ALL_OR_NONE = "all-or-none"
    DEDUCT = "deduct"
    CLASS = "class"
    LINEAR = "linear"
    COUNT = "count"
    RANK = "rank"
    BALLOT = "ballot"
    PANEL = "panel"
    VETO = "veto"


# What each mode asks for, one of each inner tuple, and what it allows besides.
NEEDS: dict[Mode, tuple[tuple[str, ...], ...]] = {
    Mode.ALL_OR_NONE: (),
    Mode.DEDUCT: (("each", "faults"),),
    Mode.CLASS: (("grades",),),
    Mode.LINEAR: (("factor",),),
    Mode.COUNT: (("each",),),
    Mode.RANK: (("places",),),
    Mode.BALLOT: (("ballots",),),
    Mode.PANEL: (),
    Mode.VETO: (("effect",),),
}
ALLOWS: dict[Mode, tuple[str, ...]] = {
    Mode.ALL_OR_NONE: ("target", "per"),
    Mode.DEDUCT: ("per",),
    Mode.LINEAR: ("full_from", "per"),
    Mode.COUNT: ("per",),
    Mode.RANK: ("rest", "order", "per"),
    Mode.PANEL: ("out_of", "trim"),
}
MODE_KEYS = (
    *("each", "faults", "grades", "factor", "full_from", "per", "places", "rest", "order"),
    *("ballots", "out_of", "trim", "target", "effect"),
)


def _place(value: Any) -> int:
    text = str(value).strip()
    if not text.isdigit() or not 1 <= int(text) <= 10**6:
        raise ValueError("a place such as 1")
    return int(text)


Place = Annotated[int, BeforeValidator(_place)]


class VetoEffect(Model):
    """What a veto does: `zero: total`, `year` or a part's id; a grade that stands whatever the total; or both."""

    zero: str | None = None
    grade: str | None = None

    @model_validator(mode="after")
    def _something(self) -> VetoEffect:
        if self.zero is None and self.grade is None:
            raise Wrong("zero or grade, such as {zero: total}", found="neither")
        return self


class Indicator(Model):
    """One line of the sheet. `full` may be left out where the highest grade or the first place says it."""

    id: str = Field(min_length=1, pattern=r"^\S+$")
    title: Text
    description: Text | None = None
    mode: Mode
    full: Hundredths = 0
    each: Amount | None = None
    faults: dict[str, Mark] | None = None
    grades: dict[str, Mark] | None = None
    factor: Amount | None = None
    full_from: Amount | None = None
    per: Text | None = None
    places: dict[Place, Hundredths] | None = None
    rest: Hundredths = 0
    order: Literal["given", "highest", "lowest"] = "given"
    ballots: dict[str, Percent] | None = None
    out_of: Hundredths | None = None
    trim: Annotated[int, Field(ge=0, le=100)] = 0
    target: Amount | None = None
    effect: VetoEffect | None = None
    raters: Raters | None = None
    classes: Annotated[tuple[str, ...], BeforeValidator(read_list)] = ()
    evidence: Evidences = ()
    published: bool = True
    notify: bool = True
    reasons: Reasons = Field(default_factory=dict)
    reference: Reference | None = None

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, value: Any) -> Any:
        """Without a title it is called by its id."""
        if isinstance(value, dict) and "title" not in value and "id" in value:
            return {**value, "title": value["id"]}
        return value

    @model_validator(mode="after")
    def _complete(self) -> Indicator:
        """Only what the mode knows, all that it needs, and a full mark."""
        given = [key for key in MODE_KEYS if key in self.model_fields_set]
        known = [key for keys in NEEDS[self.mode] for key in keys] + list(ALLOWS.get(self.mode, ()))
        for key in given:
            if key not in known:
                raise Wrong(
                    f"a key of mode {self.mode}: {', '.join(known) or 'full'}",
                    found=key,
                    key=key,
                    names=known,
                )
        for keys in NEEDS[self.mode]:
            if sum(bool(getattr(self, key)) for key in keys) != 1:
                raise Wrong(f"`{'` or `'.join(keys)}` in mode {self.mode}", found="-", key="mode")
        if self.mode == Mode.VETO:
            if self.full:
                raise Wrong("`effect` instead of `full` in a veto", found="full", key="full")
        elif not self.full_mark:
            raise Wrong(f"`full` above 0 in mode {self.mode}", found="-", key="full")
        if self.out_of == 0:
            raise Wrong("a number above 0", found="0", key="out_of")
        return self

    @property
    def full_mark(self) -> int:
        """The most it can bring, in hundredths."""
        if self.full:
            return self.full
        if self.grades:
            return max(mark.points for mark in self.grades.values())
        return max(*self.places.values(), self.rest) if self.places else 0

    @property
    def scale(self) -> Decimal:
        """What a rater of a panel gives at most, in points."""
        return Decimal(self.out_of if self.out_of is not None else self.full_mark) / 100

    @property
    def needs(self) -> str:
        """The column that a rating must fill: value, grade, count, or what a veto and a yes take."""
        if self.mode == Mode.ALL_OR_NONE:
            return "grade" if self.target is None else "value"
        if self.mode == Mode.RANK:
            return "count" if self.order == "given" else "value"
        columns = {
            Mode.DEDUCT: "count",
            Mode.CLASS: "grade",
            Mode.COUNT: "count",
            Mode.BALLOT: "grade",
            Mode.VETO: "count",
        }
        return columns.get(self.mode, "value")

    @property
    def names(self) -> tuple[str, ...]:
        """What may stand in the grade column: grades, ballots or faults; empty for other modes."""
        return tuple(self.grades or self.ballots or self.faults or ())
