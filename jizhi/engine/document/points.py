"""The forms in which an item says its points.

Magnitudes only: a fault's sign is added when it is priced, in `stages/price.py`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Union

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from jizhi.engine.document.base import Amount, Model, Wrong
from jizhi.engine.document.text import Text


class Fixed(Model):
    """`5`: so much per act, whatever the quantity."""

    fixed: Amount

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"fixed": value}


class Each(Model):
    """`{each: 2, per: hour}`: times a quantity; `per: member`: times the size of the subject."""

    each: Amount
    per: Text

    @property
    def per_member(self) -> bool:
        """Whether the size of the subject is the quantity."""
        return self.per.zh == "member"


class Grade(Model):
    """The points of one grade, with its words where the key is not enough."""

    points: Amount
    title: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        return value if isinstance(value, dict) else {"points": value}


class Grades(Model):
    """`{grades: {national: 100, county: 20}}`."""

    grades: dict[str, Grade] = Field(min_length=1)


class Ladder(Model):
    """`{ladder: [5, 10, 15, 20]}`: grade 1 … n, chosen by the panel."""

    ladder: tuple[Amount, ...] = Field(min_length=1)


class Band(Model):
    """One marginal tier: what lies above the tier before and up to `to`, that included."""

    to: Amount | None = None
    each: Amount


class Bands(Model):
    """`{bands: [{to: 1000, each: 0.01}, …]}`: marginal tiers over a quantity; nothing beyond a last `to`."""

    bands: tuple[Band, ...] = Field(min_length=1)
    per: Text | None = None

    @model_validator(mode="after")
    def _ascending(self) -> Bands:
        last = Decimal(0)
        for place, band in enumerate(self.bands):
            if band.to is None and place < len(self.bands) - 1:
                raise ValueError("a `to` in every band but the last")
            if band.to is not None and band.to <= last:
                raise ValueError("bands with a rising `to`")
            last = band.to if band.to is not None else last
        return self


def _two(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise Wrong("[lowest, highest]", found="" if isinstance(value, str) else f"{value}".replace("'", ""))
    return value


class Between(Model):
    """`{between: [1, 10]}`: the panel decides inside the bounds."""

    between: Annotated[tuple[Amount, Amount], BeforeValidator(_two)]

    @model_validator(mode="after")
    def _ordered(self) -> Between:
        if self.between[0] > self.between[1]:
            raise ValueError("[lowest, highest]")
        return self


FORMS = {"each": "each", "grades": "grades", "ladder": "ladder", "bands": "bands", "between": "between"}


def _form(value: Any) -> str:
    if isinstance(value, Model):
        return type(value).__name__.lower()
    if not isinstance(value, dict):
        return "fixed"
    return next((FORMS[key] for key in value if key in FORMS), "each" if "per" in value else "fixed")


Points = Annotated[
    Union[  # noqa: UP007 - a tagged union needs the old spelling
        Annotated[Fixed, Tag("fixed")],
        Annotated[Each, Tag("each")],
        Annotated[Grades, Tag("grades")],
        Annotated[Ladder, Tag("ladder")],
        Annotated[Bands, Tag("bands")],
        Annotated[Between, Tag("between")],
    ],
    Discriminator(_form),
]

Needs = Literal["none", "quantity", "grade", "given"]
