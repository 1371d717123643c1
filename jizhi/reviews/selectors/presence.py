"""Who was present at a panel's closed meetings, for whoever derives something from it."""

import datetime as dt
from dataclasses import dataclass

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.reviews import models, rules


@dataclass(frozen=True, slots=True)
class Presence:
    """A member was present at a closed meeting."""

    id: int
    member: User
    day: dt.date
    opened_by: User


def present_since(village: Area, *, since: dt.date) -> list[Presence]:
    """Members present at meetings held since that day; circulations have none."""
    rows = models.Attendance.objects.filter(
        meeting__panel__village=village,
        meeting__state=rules.MeetingState.CLOSED,
        meeting__procedure=rules.Procedure.MEETING,
        meeting__held_on_date__gte=since,
        seat__user__isnull=False,
    ).select_related("meeting__opened_by", "seat__user")
    return [
        Presence(row.pk, row.seat.user, row.meeting.held_on_date, row.meeting.opened_by)
        for row in rows.order_by("id")
        if row.seat.user is not None
    ]
