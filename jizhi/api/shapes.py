"""What goes in and out of the interface, as pydantic shapes; OpenAPI is made of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from ninja import Field, Schema

from jizhi.claims.selectors import HOUSEHOLD_SCHEME

RequestKey = Annotated[
    str, Field(min_length=1, max_length=60, description="made by the sender; the same again changes nothing")
]


class ClaimIn(Schema):
    """A claim to push."""

    request_key: RequestKey
    village: str = Field(max_length=40, description="code of the village in the register")
    scheme: str = Field(
        default=HOUSEHOLD_SCHEME, max_length=60, description="id of the scheme under which it is claimed"
    )
    household: str = Field(
        default="", max_length=20, description="number of the household in the village; or give `subject`"
    )
    subject: str = Field(
        default="",
        max_length=20,
        description="number of whoever the scheme scores: on its list of participants, or the household's",
    )
    item: str = Field(max_length=60, description="id of an item that GET /items lists for the scheme")
    act_date: dt.date
    quantity: Annotated[Decimal, Field(max_digits=18, decimal_places=6)] | None = None
    grade: str = Field(default="", max_length=60)
    act: str = Field(default="", max_length=80, description="the same for everything about one act")
    words: str = Field(default="", max_length=500)


class ClaimOut(Schema):
    """A claim and where it stands."""

    request_key: str
    claim: int
    state: str = Field(
        description="filed, returned, verified, approved, grace, posted, corrected, rejected, …"
    )
    state_words: str
    note: str = Field(description="the last word of whoever verified, returned or decided")
    scheme: str
    item: str
    act_date: dt.date


class ItemOut(Schema):
    """An item that this key may push, on that day in that village."""

    scheme: str
    id: str
    title: str
    title_en: str
    kind: str
    needs: str = Field(description="none, quantity, grade or given (the panel's)")
    unit: str
    grades: list[str]


class Refusal(Schema):
    """Why nothing was done; `field` names the field it is about."""

    error: str
    field: str = ""
