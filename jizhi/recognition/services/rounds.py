"""Opening a round: a sheet for every household."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import selectors as claims
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.recognition import models


class BadRound(DomainError):
    """The round cannot be opened as asked."""


@transaction.atomic
def open_round(
    *,
    village: Area,
    scheme: str,
    title: str,
    from_date: dt.date,
    to_date: dt.date,
    self_until_date: dt.date,
    by: User,
    at: dt.datetime,
) -> models.Round:
    """A sheet for every household that takes part on the last day; each is asked for its own score. Raises BadRound."""
    today = clock.day_of(at)
    posts.check_can(by, Action.HOLD_MEETING, village, today)
    if from_date > to_date or to_date > today:
        raise BadRound(_("认定时段要先后有序，最后一天不能晚于今天。"), place="to_date")
    if self_until_date < today:
        raise BadRound(_("自评截止日不能早于今天。"), place="self_until_date")
    claims.items_to_recognise(village, scheme, on=to_date)
    row = _create_round(
        models.Round(
            village=village, scheme=scheme, title=title.strip(), from_date=from_date, to_date=to_date,
            self_until_date=self_until_date, opened_at=at, opened_by=by,
        )
    )  # fmt: skip
    subjects = people.household_subjects(village, to_date)
    sheets = models.Sheet.objects.bulk_create(
        [models.Sheet(round=row, village=village, subject=subject) for subject in subjects]
    )
    people_services.tell_subjects(
        messages=[
            people_services.new_message(
                subject=sheet.subject,
                kind="recognition.open",
                title=format_lazy("{}：{}", _("请自评"), row.title),
                body=format_lazy("{} {}", _("自评截止"), self_until_date),
                link=f"/my/recognition/{sheet.pk}/",
                at=at,
            )
            for sheet in sheets
        ]
    )
    audit.record_event(by=by, at=at, verb="recognition.open", target=row, area_path=village.path)
    return row


def _create_round(row: models.Round) -> models.Round:
    """No act may be recognised in two rounds: the database refuses spans that overlap."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        if "round_once_at_a_time" not in str(clash):
            raise
        text = _("这个时段已经开过一轮认定：各轮的时段不能重叠。")
        raise BadRound(text, place="from_date") from clash
    return row
