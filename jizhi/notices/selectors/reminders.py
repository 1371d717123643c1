"""What a member of staff was reminded of and has not looked at, as long as it still waits."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.notices import models, rules


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A reminder; exactly one of the three numbers is given. `who` objected, appealed or wrote."""

    id: int
    kind: rules.ReminderKind
    village: Area
    who: str
    due_date: dt.date
    objection_id: int | None
    appeal_id: int | None
    letter_id: int | None


def reminders(user: User) -> list[ReminderLine]:
    """The unread ones, the most urgent first; of two about the same thing the later. One query."""
    waits = (
        Q(objection__state__in=rules.OPEN_OBJECTION)
        | Q(appeal__state=rules.AppealState.FILED)
        | Q(letter__state__in=rules.OPEN_LETTER)
    )
    rows = models.Reminder.objects.filter(waits, user=user, read_at=None).select_related(
        "village", "objection__subject", "appeal__objection__subject", "letter"
    )
    latest = {(row.objection_id, row.appeal_id, row.letter_id): row for row in rows.order_by("id")}
    found = [
        ReminderLine(
            id=row.pk,
            kind=rules.ReminderKind(row.kind),
            village=row.village,
            who=_who(row),
            due_date=row.due_date,
            objection_id=row.objection_id,
            appeal_id=row.appeal_id,
            letter_id=row.letter_id,
        )
        for row in latest.values()
    ]
    return sorted(found, key=lambda line: (line.due_date, line.id))


def _who(row: models.Reminder) -> str:
    if row.letter is not None:
        return row.letter.name
    objection = row.appeal.objection if row.appeal is not None else row.objection
    return objection.subject.label if objection is not None else ""
