"""Telling those who must answer that the day is near, or over: each of them once for each, by the nightly job."""

import datetime as dt
from collections.abc import Iterator
from functools import cache

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.notices import models, rules
from jizhi.notices.services.appeals import HEARD_BY
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class NotYourReminder(DomainError):
    """The reminder is another's."""


def remind_of_answers(*, at: dt.datetime) -> int:
    """Remind of every objection, appeal and letter whose day is tomorrow, today or over. Returns how many were new.

    Run every night; a second run the same day adds nothing. Told is whoever may answer and has a post in the village
    itself; where nobody has, whoever may from above.
    """
    today = clock.day_of(at)

    @cache
    def serving(action: Action, village: Area) -> list[int]:
        found = posts.serving(action, village, today)
        at_home = [post for post in found if post.area_id == village.pk]
        return sorted({post.user_id for post in at_home or found})

    wanted = [
        models.Reminder(user_id=user, village=village, kind=kind, due_date=due, made_at=at, **about)
        for action, village, due, about in _waiting(today)
        if (kind := rules.reminder_for(due, today)) is not None
        for user in serving(action, village)
    ]
    before = models.Reminder.objects.count()
    models.Reminder.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=1000)
    return models.Reminder.objects.count() - before


def _waiting(today: dt.date) -> Iterator[tuple[Action, Area, dt.date, dict[str, object]]]:
    """What waits and is due by tomorrow: what answering it asks for, where, by when, and the thing itself."""
    until = today + dt.timedelta(days=rules.REMIND_DAYS)
    filed = models.Objection.objects.filter(state__in=rules.OPEN_OBJECTION, due_date__lte=until)
    for objection in filed.select_related("village"):
        up = objection.state == rules.ObjectionState.ESCALATED
        action = Action.HEAR_AT_TOWNSHIP if up else Action.ANSWER_OBJECTION
        yield action, objection.village, objection.due_date, {"objection": objection}
    appeals = models.Appeal.objects.filter(state=rules.AppealState.FILED, due_date__lte=until)
    for appeal in appeals.select_related("village"):
        yield HEARD_BY[rules.AppealBody(appeal.body)], appeal.village, appeal.due_date, {"appeal": appeal}
    letters = models.Letter.objects.filter(state__in=rules.OPEN_LETTER, due_date__lte=until)
    for letter in letters.select_related("village"):
        up = letter.state == rules.LetterState.ESCALATED
        action = Action.HEAR_AT_TOWNSHIP if up else Action.POST_NOTICE
        yield action, letter.village, letter.due_date, {"letter": letter}


@transaction.atomic
def read_reminder(*, reminder_id: int, by: User, at: dt.datetime) -> models.Reminder:
    """Whoever was reminded has looked; the first time is remembered. Raises NotYourReminder."""
    row = models.Reminder.objects.select_for_update(of=("self",)).filter(pk=reminder_id, user=by).first()
    if row is None:
        raise NotYourReminder(_("没有这条提醒。"))
    if row.read_at is None:
        row.read_at = at
        row.save(update_fields=["read_at"])
    return row
