"""An item: one thing that earns, costs, wipes out or rules. Its meaning in numbers is in `stages/`."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from jizhi.engine.document.base import ADuration, Amount, Model, Window, Wrong, read_list
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.points import Bands, Between, Each, Grades, Ladder, Needs, Points
from jizhi.engine.document.reason import Reasons
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.text import Text


class Kind(StrEnum):
    """What an item does."""

    MERIT = "merit"
    FAULT = "fault"
    VETO = "veto"
    RULING = "ruling"


class Channel(StrEnum):
    """Who may bring an act forward."""

    SELF = "self"
    WORKER = "worker"
    LEADER = "leader"
    RECORDER = "recorder"
    SUPERVISOR = "supervisor"
    PANEL = "panel"
    TEAM = "team"
    COMMITTEE = "committee"
    TOWNSHIP = "township"
    COUNTY = "county"
    SYSTEM = "system"


class Evidence(StrEnum):
    """What shows that it happened."""

    NONE = "none"
    PHOTO = "photo"
    DOCUMENT = "document"
    CERTIFICATE = "certificate"
    RECEIPT = "receipt"
    REGISTER = "register"
    LIST = "list"
    WITNESS = "witness"
    SIGNATURE = "signature"
    RECORD = "record"


class Repeat(Model):
    """The price of a repetition inside the time is multiplied once by the factor."""

    factor: Annotated[Amount, Field(le=100)]
    within: ADuration


class Effect(Model):
    """What a veto or a ruling does instead of points."""

    zero: Window | None = None
    bar: Annotated[tuple[str, ...], BeforeValidator(read_list)] = ()
    level: Text | None = None
    for_: ADuration | None = Field(default=None, alias="for")

    @model_validator(mode="after")
    def _something(self) -> Effect:
        if self.zero is None and not self.bar and self.level is None:
            raise Wrong("zero, bar or level", found="none of them")
        return self


SOURCES = ("assessment", "register", "scheme", "visits", "honour", "activity", "matter")
# What may be asked of a source; a register has the columns that the county gives it.
ASKED = {
    "assessment": ("grade", "period"),
    "scheme": ("level",),
    "visits": (),
}


class Source(Model):
    """Where a derived fact comes from instead of claims: one source, and the conditions it must meet."""

    kind: str
    name: str
    conditions: dict[str, str]

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("such as {scheme: household, level: 五星}")
        if set(value) == {"kind", "name", "conditions"}:
            return value
        found = [key for key in value if key in SOURCES]
        if len(found) != 1:
            written = ", ".join(found or [str(key) for key in value])
            raise Wrong(f"one source out of {', '.join(SOURCES)}", found=written, names=SOURCES)
        if not isinstance(value[found[0]], str) or not value[found[0]]:
            raise Wrong("the name of the source", found=found[0])
        rest = {key: str(word) for key, word in value.items() if key != found[0]}
        names = ASKED.get(found[0])
        unknown = [key for key in rest if names is not None and key not in names]
        if names is not None and unknown:
            expected = f"one of {', '.join(names)}" if names else "nothing beside the source"
            raise Wrong(expected, found=", ".join(unknown), names=names)
        return {"kind": found[0], "name": str(value[found[0]]), "conditions": rest}


Channels = Annotated[tuple[Channel, ...], BeforeValidator(read_list)]
Evidences = Annotated[tuple[Evidence, ...], BeforeValidator(read_list)]
Classes = Annotated[tuple[str, ...], BeforeValidator(read_list)]
Aliases = Annotated[tuple[str, ...], BeforeValidator(read_list)]


class Item(Model):
    """One line of the scheme."""

    id: str = Field(min_length=1, pattern=r"^\S+$")
    section: str = ""
    kind: Kind
    title: Text
    description: Text | None = None
    aliases: Aliases = ()
    points: Points | None = None
    effect: Effect | None = None
    limits: tuple[Limit, ...] = ()
    repeat: Repeat | None = None
    best_of: Literal["act"] | None = None
    valid: ADuration | None = None
    classes: Classes = ()
    claim: Channels = ()
    evidence: Evidences = ()
    from_: Source | None = Field(default=None, alias="from")
    spendable: bool = False
    published: bool = True
    notify: bool = True
    reasons: Reasons = Field(default_factory=dict)
    reference: Reference | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        """An item without a title is called by its id; a ruling may say `level: …` at once."""
        if not isinstance(value, dict):
            return value
        if "title" not in value:
            value = {**value, "title": value.get("id", "")}
        if value.get("kind") == "ruling" and "level" in value and "effect" not in value:
            rest = {key: word for key, word in value.items() if key != "level"}
            value = {**rest, "effect": {"level": value["level"]}}
        return value

    @model_validator(mode="after")
    def _complete(self) -> Item:
        found = f"kind: {self.kind}"
        if self.kind in (Kind.MERIT, Kind.FAULT):
            if self.points is None:
                raise Wrong(f"`points` in a {self.kind}", found=found, key="points")
            if self.effect is not None:
                raise Wrong("`effect` only in a veto or a ruling", found=found, key="effect")
        elif self.points is not None:
            raise Wrong(f"`effect` instead of `points` in a {self.kind}", found=found, key="points")
        elif self.effect is None:
            example = "{zero: quarter}" if self.kind == Kind.VETO else "{level: …}"
            raise Wrong(f"`effect` in a {self.kind}, such as {example}", found=found, key="effect")
        elif (self.effect.level is None) == (self.kind == Kind.RULING):
            raise Wrong("`level` in the effect of a ruling, and only there", found=found, key="effect")
        if self.from_ and self.claim:
            raise Wrong("`from` instead of `claim`", found="both", key="claim")
        return self

    @property
    def sign(self) -> int:
        """-1 for a fault."""
        return -1 if self.kind == Kind.FAULT else 1

    @cached_property
    def needs(self) -> Needs:
        """What a claim has to bring: none, quantity, grade or given."""
        if isinstance(self.points, Bands) or (isinstance(self.points, Each) and not self.points.per_member):
            return "quantity"
        if isinstance(self.points, Grades | Ladder):
            return "grade"
        return "given" if isinstance(self.points, Between) else "none"

    @property
    def unit_word(self) -> Text | None:
        """What a quantity counts, where one is needed."""
        points = self.points
        return points.per if isinstance(points, Each | Bands) and self.needs == "quantity" else None

    @cached_property
    def grades(self) -> dict[str, Text]:
        """The choices of grade in order, with their words where the document gives them."""
        if isinstance(self.points, Grades):
            return {key: grade.title or Text(zh=key) for key, grade in self.points.grades.items()}
        if isinstance(self.points, Ladder):
            return {str(n): Text(zh=f"第{n}档", en=f"Step {n}") for n, _ in enumerate(self.points.ladder, 1)}
        return {}
