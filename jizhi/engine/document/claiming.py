"""What a county says of claims beside the points: which faults may be mended first, what the house's records earn.

These are clocks and links for the people and the records. Nothing here prices anything.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from jizhi.engine.document.base import Model, Wrong
from jizhi.engine.document.reference import Reference


class Correctable(Model):
    """A fault that does not count when the household mends it within so many days of being told."""

    item: str = Field(min_length=1)
    days: Annotated[int, Field(ge=1, le=90)]
    reference: Reference | None = None


class RecordKind(StrEnum):
    """Records of the house from which a fact follows. Whose fact it is, the record says.

    A matter: the household that reported it. A visit, and a month in which none was missed: whoever visits. Attendance
    and a need: whoever was there or helped. A panel's meeting: the member present. A service: whoever reported.
    """

    MATTER_SOLVED = "matter_solved"
    VISIT_DONE = "visit_done"
    VISITS_COMPLETE = "visits_complete"
    ACTIVITY_ATTENDED = "activity_attended"
    NEED_SERVED = "need_served"
    MEETING_ATTENDED = "meeting_attended"
    SERVICE_CONFIRMED = "service_confirmed"


# Records of persons who work or serve: no household has them.
OF_PERSONS = frozenset(
    {
        RecordKind.VISIT_DONE,
        RecordKind.VISITS_COMPLETE,
        RecordKind.MEETING_ATTENDED,
        RecordKind.SERVICE_CONFIRMED,
    }
)
# Records that know how long something took.
WITH_HOURS = frozenset({RecordKind.ACTIVITY_ATTENDED, RecordKind.NEED_SERVED, RecordKind.SERVICE_CONFIRMED})


class Derived(Model):
    """Which kind of record gives which item of which scheme; what follows is claimed by itself, the panel decides.

    `kinds` narrows it to some kinds of matter, activity or need. `quantity` says what an item that counts is given:
    one for each record, or its hours.
    """

    record: RecordKind
    item: str = Field(min_length=1)
    scheme: str = "household"
    kinds: tuple[str, ...] = ()
    quantity: Literal["none", "one", "hours"] = "none"
    reference: Reference | None = None

    @model_validator(mode="after")
    def _possible(self) -> Derived:
        if self.scheme == "household" and self.record in OF_PERSONS:
            raise Wrong("`scheme` of persons beside such a record", found="household", key="scheme")
        if self.quantity == "hours" and self.record not in WITH_HOURS:
            names = sorted(one.value for one in WITH_HOURS)
            raise Wrong(f"hours only of {', '.join(names)}", found=self.record.value, key="quantity")
        return self


class Claiming(Model):
    """The pack's `claims`."""

    correctable: tuple[Correctable, ...] = ()
    derived: tuple[Derived, ...] = ()
