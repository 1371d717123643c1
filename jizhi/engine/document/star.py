"""Stars: what they are given, raised, dropped and removed for, up to a ceiling, and what they earn.

Stars are points with the unit `star`: every item is priced and limited as an item of a scheme, and `scheme` gives that
scheme. What is in force on a day, and what a removal takes at once, is worked out in `jizhi/engine/stars`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from jizhi.engine.document.base import (
    ADuration,
    Amount,
    Duration,
    Hundredths,
    Model,
    Window,
    Wrong,
    read_duration,
)
from jizhi.engine.document.item import (
    Aliases,
    Channels,
    Classes,
    Effect,
    Evidences,
    Item,
    Kind,
    Repeat,
    Source,
)
from jizhi.engine.document.level import Levels, Step
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.pay import Pay
from jizhi.engine.document.points import Grade, Grades, Points
from jizhi.engine.document.reason import Reasons
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.scheme import _classes as read_classes
from jizhi.engine.document.section import Periods, Range, Section, Term, Unit, Year
from jizhi.engine.document.text import Text

KINDS = {"base": Kind.MERIT, "raise": Kind.MERIT, "drop": Kind.FAULT, "removal": Kind.FAULT}
PARTS = tuple(KINDS)
TITLES = {
    "base": Text(zh="基础星", en="Base stars"),
    "raise": Text(zh="增星", en="Raised"),
    "drop": Text(zh="降星", en="Dropped"),
    "removal": Text(zh="随时摘星", en="Removed at once"),
}
UNRATED = "unrated"  # the level of whoever is not rated yet; a pay table may name it
EVER = Duration(9999, "year")


def _read_valid(value: Any) -> Any:
    """`ever`, or a length of time."""
    return EVER if value == "ever" else read_duration(value)


Validity = Annotated[Duration, BeforeValidator(_read_valid), WithJsonSchema({"type": "string"})]


class StarItem(Model):
    """One line; a drop's and a removal's stars are written without sign. `valid` as in a scheme, or `ever`."""

    id: str = Field(min_length=1, pattern=r"^\S+$")
    title: Text
    description: Text | None = None
    aliases: Aliases = ()
    points: Points | None = None
    limits: tuple[Limit, ...] = ()
    repeat: Repeat | None = None
    best_of: Literal["act"] | None = None
    valid: Validity | None = None
    classes: Classes = ()
    claim: Channels = ()
    evidence: Evidences = ()
    from_: Source | None = Field(default=None, alias="from")
    published: bool = True
    notify: bool = True
    reasons: Reasons = Field(default_factory=dict)
    reference: Reference | None = None

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value:
            return {**value, "title": value.get("id", "")}
        return value

    @model_validator(mode="after")
    def _complete(self) -> StarItem:
        written = [
            *(["points"] if self.points is not None else []),
            *([self.other_form] if self.other_form else []),
        ]
        if len(written) != 1:
            raise Wrong(self.wanted, found=", ".join(written) or self.id, key="points")
        return self

    @property
    def other_form(self) -> str:
        """The key that says its stars in another way than `points`, or nothing."""
        return ""

    @property
    def wanted(self) -> str:
        """The ways in which its stars can be said."""
        return "`points`, such as 1 or {grades: {national: 3, city: 1}}"

    def item(self, part: str) -> Item:
        """The same as an item of a scheme, in the section that is called like its part."""
        return Item.model_construct(
            **{name: getattr(self, name) for name in StarItem.model_fields},
            section=part,
            kind=KINDS[part],
        )


class BaseItem(StarItem):
    """A base item may count full years in post instead of acts: `years: {3: 1, 6: 2}`, the highest step reached."""

    years: dict[Annotated[int, Field(ge=0, le=100)], Amount] = Field(default_factory=dict)

    @property
    def other_form(self) -> str:
        """Years in post."""
        return "years" if self.years else ""

    @property
    def wanted(self) -> str:
        """Points or years."""
        return "either `points`, or `years` such as {3: 1, 6: 2}"

    def item(self, part: str) -> Item:
        """Years are grades of an item, named by the years."""
        plain = super().item(part)
        if not self.years:
            return plain
        grades = {
            str(years): Grade(points=amount, title=Text(zh=f"满{years}年", en=f"{years} full years"))
            for years, amount in sorted(self.years.items())
        }
        return plain.model_copy(update={"points": Grades(grades=grades)})

    def step(self, years: int) -> int | None:
        """The highest step of full years that is reached, or None."""
        return max((step for step in self.years if step <= years), default=None)


class RemovalItem(StarItem):
    """Stars that are gone at once: so many points, or `takes: all` for as long as it is valid."""

    takes: Literal["all"] | None = None

    @property
    def other_form(self) -> str:
        """Everything."""
        return "takes" if self.takes else ""

    @property
    def wanted(self) -> str:
        """Points or everything."""
        return "either `points`, such as 1, or `takes: all`"

    def item(self, part: str) -> Item:
        """A removal of all is a veto that bars from stars; of some, a fault."""
        plain = super().item(part)
        if self.takes is None:
            return plain
        effect = Effect.model_construct(bar=("stars",), for_=self.valid)
        return plain.model_copy(update={"kind": Kind.VETO, "effect": effect})


class StarLevel(Model):
    """A name for so many stars and more."""

    level: Text
    from_: Hundredths = Field(default=0, alias="from")


class Stars(Model):
    """One version of a county's rules on stars."""

    id: str = Field(alias="stars", min_length=1, pattern=r"^\S+$")
    title: Text
    description: Text | None = None
    subject: Literal["person", "household", "organisation", "area"] = "person"
    places: Annotated[int, Field(ge=0, le=2)] = 0
    classes: Annotated[dict[str, Text], BeforeValidator(read_classes)] = Field(default_factory=dict)
    year: Year = Year()
    term: Term = Term()
    ceiling: Hundredths
    rated_after: ADuration | None = None
    base: tuple[BaseItem, ...] = Field(min_length=1)
    raise_: tuple[StarItem, ...] = Field(default=(), alias="raise")
    drop: tuple[StarItem, ...] = ()
    removal: tuple[RemovalItem, ...] = ()
    limits: dict[Literal["base", "raise", "drop", "removal"], tuple[Limit, ...]] = Field(default_factory=dict)
    levels: tuple[StarLevel, ...] = ()
    pay: Pay | None = None
    reasons: Reasons = Field(default_factory=dict)
    reference: Reference | None = None

    @model_validator(mode="before")
    @classmethod
    def _title(cls, value: Any) -> Any:
        if isinstance(value, dict) and "title" not in value:
            return {**value, "title": value.get("stars", "")}
        return value

    @model_validator(mode="after")
    def _limits_of_parts(self) -> Stars:
        """A limit on a part counts what the part has; another kind would never bind."""
        for part, limits in self.limits.items():
            for one in limits:
                if "kind" in one.model_fields_set and one.kind != KINDS[part]:
                    raise Wrong("no `kind` in the limits of a part", found=f"kind: {one.kind}", key="limits")
        return self

    def part(self, name: str) -> tuple[StarItem, ...]:
        """The items of one of the four parts."""
        found: tuple[StarItem, ...] = getattr(self, "raise_" if name == "raise" else name)
        return found

    @cached_property
    def by_years(self) -> tuple[BaseItem, ...]:
        """The base items that count years in post."""
        return tuple(one for one in self.base if one.years)

    @property
    def needs_first_day(self) -> bool:
        """Whether nobody can be rated without the first day in post."""
        return bool(self.by_years) or self.rated_after is not None

    def level(self, stars: int) -> str:
        """The name for so many stars in hundredths: of the highest level reached, else the whole stars."""
        if not self.levels:
            return str(stars // 100)
        reached = [one for one in self.levels if one.from_ <= stars]
        return max(reached, key=lambda one: one.from_).level.zh if reached else ""

    @cached_property
    def level_names(self) -> tuple[str, ...]:
        """The levels that somebody can have: the names given, or the whole stars up to the ceiling."""
        names = [one.level.zh for one in self.levels] or [str(n) for n in range(self.ceiling // 100 + 1)]
        return (*names, *([UNRATED] if self.rated_after else []))

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme that prices these stars; its standing at the end of a year is what has not lapsed by then."""
        levels = sorted(self.levels, key=lambda one: -one.from_)
        steps = tuple(Step.model_construct(level=one.level, from_=one.from_) for one in levels)
        return Scheme.model_construct(
            id=self.id,
            title=self.title,
            description=self.description,
            subject=self.subject,
            unit=Unit(id="star", places=self.places, title=Text(zh="星", en="stars")),
            classes=self.classes,
            range=Range.model_construct(min=0, max=self.ceiling),
            periods=Periods(appraise=Window.YEAR),
            year=self.year,
            term=self.term,
            sections=tuple(self._section(part) for part in PARTS),
            items=tuple(one.item(part) for part in PARTS for one in self.part(part)),
            levels=Levels.model_construct(period="standing", ties="in", steps=steps) if steps else None,
            reasons=self.reasons,
            reference=self.reference,
        )

    def _section(self, part: str) -> Section:
        limits = tuple(one.model_copy(update={"kind": KINDS[part]}) for one in self.limits.get(part, ()))  # type: ignore[call-overload]
        return Section.model_construct(id=part, title=TITLES[part], limits=limits)
