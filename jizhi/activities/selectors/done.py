"""Who took part and who helped, for whoever derives something from it: confirmed lists and needs that were met."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jizhi.accounts.models import User
from jizhi.activities import models, rules
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.people.models import Subject


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody of a household did something on a day, for so many hours; `by` confirmed it.

    `item` is what the household's claim counts under already; empty where there is none.
    """

    id: int
    subject: Subject
    name: str
    day: dt.date
    hours: Decimal
    words: str
    by: User
    item: str


def attended(village: Area, *, since: dt.date, kinds: Sequence[str]) -> list[Deed]:
    """Confirmed attendances at activities since that day."""
    rows = models.Attendance.objects.filter(
        village=village,
        state=rules.AttendanceState.CONFIRMED,
        activity__state=rules.ActivityState.CONFIRMED,
        activity__starts_at__date__gte=since,
        activity__confirmed_by__isnull=False,
    ).select_related("activity__confirmed_by", "subject__village", "claim")
    if kinds:
        rows = rows.filter(activity__kind__in=kinds)
    return [
        Deed(
            row.pk, row.subject, row.name, clock.day_of(row.activity.starts_at), row.hours,
            row.activity.title, row.activity.confirmed_by, row.claim.item if row.claim else "",
        )
        for row in rows.order_by("id")
        if row.activity.confirmed_by is not None
    ]  # fmt: skip


def helped(village: Area, *, since: dt.date, kinds: Sequence[str]) -> list[Deed]:
    """Confirmed help with needs since that day; whoever posted the need stands for it."""
    rows = models.Taking.objects.filter(
        village=village, state=rules.TakingState.CONFIRMED, need__wanted_date__gte=since
    ).select_related("need__posted_by", "subject__village", "claim")
    if kinds:
        rows = rows.filter(need__kind__in=kinds)
    return [
        Deed(
            row.pk, row.subject, row.name, row.need.wanted_date, row.hours or Decimal(0),
            row.need.title, row.need.posted_by, row.claim.item if row.claim else "",
        )
        for row in rows.order_by("id")
    ]  # fmt: skip
