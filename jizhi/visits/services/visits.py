"""Recording visits: one at the door, put right on the same day, and what is added to it afterwards.

A visit counts for the first open line of its household's month, planned or not. A repeat of a request changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import IO, TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.core import audit, clock
from jizhi.core.errors import Conflict, DomainError
from jizhi.core.photos import fresh_photos
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.visits import models, rules
from jizhi.visits.services.counting import recount
from jizhi.visits.services.plans import join_visit

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.people.models import Household

PHOTOS_A_VISIT_MAX = 6
NOTE_MAX = 1000
# A phone's clock may be a little fast.
AHEAD_MAX = dt.timedelta(minutes=10)

Position = tuple[Decimal, Decimal]


class UnusableVisit(DomainError):
    """The visit cannot be recorded as it stands; `place` names the field."""


class VisitClosed(DomainError):
    """The day of the visit is over, or it is somebody else's: it may only be added to."""


@transaction.atomic
def record_visit(
    *,
    household: Household,
    how: rules.How,
    request_key: str,
    topics: Collection[rules.Topic] = (),
    note: str = "",
    visited_at: dt.datetime | None = None,
    position: Position | None = None,
    by: User,
    at: dt.datetime,
) -> models.Visit:
    """Record a visit; the same `request_key` again gives the visit that is there.

    `visited_at` is now unless it is keyed in later. Raises UnusableVisit and posts.NotAllowed.
    """
    posts.check_can(by, Action.KEEP_BOOK, household.area, clock.day_of(at))
    present = models.Visit.objects.filter(request_key=request_key).first()
    if present is not None:
        return _same_sender(present, by)
    when = visited_at or at
    check_when(household, when, at)
    row = models.Visit(
        household=household,
        village_id=household.village_id,
        area_id=household.area_id,
        visited_at=when,
        how=how,
        topics=sorted({rules.Topic(topic).value for topic in topics}),
        note=_checked_note(note),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        request_key=request_key,
        visited_by=by,
        recorded_at=at,
    )
    # A key that another request used a moment ago is left to that request.
    models.Visit.objects.bulk_create([row], ignore_conflicts=True)
    visit = models.Visit.objects.select_related("village").get(request_key=request_key)
    if visit.recorded_at != at or visit.visited_by_id != by.pk:
        return _same_sender(visit, by)
    join_visit(visit)
    _recount(visit)
    detail = {"household": household.no, "how": str(visit.how)}
    audit.record_event(
        by=by, at=at, verb="visit.record", target=visit, area_path=household.village.path, detail=detail
    )
    return visit


def _same_sender(visit: models.Visit, by: User) -> models.Visit:
    """A key belongs to whoever made it."""
    if visit.visited_by_id != by.pk:
        raise UnusableVisit(_("这次走访的提交编号已被别人用过，请重新打开走访页再提交。"))
    return visit


def check_when(household: Household, when: dt.datetime, at: dt.datetime) -> None:
    """Raise UnusableVisit where the moment lies ahead, too far back, or outside the household's time here."""
    day, today = clock.day_of(when), clock.day_of(at)
    if when > at + AHEAD_MAX:
        raise UnusableVisit(_("走访时间不能晚于现在。"), place="visited_at")
    if (today - day).days > rules.BACK_DAYS_MAX:
        text = _("只能补记最近%(days)s天的走访。") % {"days": rules.BACK_DAYS_MAX}
        raise UnusableVisit(text, place="visited_at")
    if day < household.from_date or (household.to_date is not None and day > household.to_date):
        raise UnusableVisit(_("那一天这户不在册，请核对日期。"), place="visited_at")


def _checked_note(note: str) -> str:
    text = note.strip()
    if len(text) > NOTE_MAX:
        raise UnusableVisit(_("备注太长，请不超过%(count)s字。") % {"count": NOTE_MAX}, place="note")
    return text


def _recount(visit: models.Visit) -> None:
    day = clock.day_of(visit.visited_at)
    recount([visit.area_id], rules.month_of(day), rules.month_end(day))


def check_can_change(visit: models.Visit, by: User, at: dt.datetime) -> None:
    """Only who recorded a visit, only on that day. Raises VisitClosed."""
    if visit.visited_by_id != by.pk or clock.day_of(visit.recorded_at) != clock.day_of(at):
        raise VisitClosed(_("走访记录只能由本人在当天修改；以后发现有误，请在下面补充说明。"))


@transaction.atomic
def change_visit(
    *,
    visit: models.Visit,
    version: int,
    how: rules.How,
    topics: Collection[rules.Topic],
    note: str,
    request_key: str = "",
    made_at: dt.datetime | None = None,
    by: User,
    at: dt.datetime,
) -> models.Visit:
    """Put one's own visit right on the day it was recorded. Raises VisitClosed and Conflict.

    `made_at` is when it was written, if it lay on a phone since: that day counts. The same `request_key` again gives
    the visit as it is.
    """
    row = (
        models.Visit.objects.select_for_update(of=("self",))
        .select_related("village", "area")
        .get(pk=visit.pk)
    )
    posts.check_can(by, Action.KEEP_BOOK, row.area, clock.day_of(at))
    if request_key and row.changed_key == request_key:
        return row
    check_can_change(row, by, made_at or at)
    if row.version != version:
        raise _conflict(row, by)
    before = {"how": str(row.how), "topics": row.topics, "note": row.note}
    row.how, row.note, row.version = rules.How(how), _checked_note(note), row.version + 1
    row.topics = sorted({rules.Topic(topic).value for topic in topics})
    row.changed_key = request_key
    row.save(update_fields=["how", "topics", "note", "version", "changed_key"])
    planned = models.PlannedVisit.objects.filter(visit=row)
    if row.how not in rules.REACHED:
        planned.update(visit=None)
    elif not planned.exists():
        join_visit(row)
    _recount(row)
    audit.record_event(
        by=by,
        at=at,
        verb="visit.change",
        target=row,
        area_path=row.village.path,
        detail={"fields": "、".join(name for name, old in before.items() if getattr(row, name) != old)},
    )
    return row


def _conflict(visit: models.Visit, by: User) -> Conflict:
    """What the visit says now; only its author changes it, from another page or phone."""
    event = audit.events_of(visit).last()
    return Conflict(
        _("这条走访记录刚才已经改过。请核对现在的内容，再改一次。"),
        now={"how": str(visit.how), "topics": list(visit.topics), "note": visit.note},
        version=visit.version,
        changed_by=by.display_name,
        changed_at=event.at if event else None,
    )


@transaction.atomic
def add_to_visit(
    *, visit: models.Visit, text: str, request_key: str, by: User, at: dt.datetime
) -> models.VisitAddition:
    """Add to a visit what was forgotten or wrong; the visit itself stays. Raises UnusableVisit."""
    posts.check_can(by, Action.KEEP_BOOK, visit.area, clock.day_of(at))
    present = models.VisitAddition.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    if not text.strip():
        raise UnusableVisit(_("请写明要补充或更正的内容。"), place="text")
    row = models.VisitAddition.objects.create(
        visit=visit,
        village_id=visit.village_id,
        text=_checked_note(text),
        request_key=request_key,
        added_at=at,
        added_by=by,
    )
    audit.record_event(by=by, at=at, verb="visit.add", target=visit, area_path=visit.village.path)
    return row


@transaction.atomic
def attach_photos(
    *,
    visit: models.Visit,
    photos: Sequence[IO[bytes]],
    made_at: dt.datetime | None = None,
    by: User,
    at: dt.datetime,
) -> list[models.VisitPhoto]:
    """Attach photos to one's own visit of the same day. The same photo twice is kept once. Raises BadPhoto.

    `made_at` is when they were taken, if they lay on a phone since: that day counts.
    """
    posts.check_can(by, Action.KEEP_BOOK, visit.area, clock.day_of(at))
    known = set(visit.photos.values_list("digest", flat=True))
    fresh = fresh_photos(
        photos, known, most=PHOTOS_A_VISIT_MAX, too_many=_("一次走访最多附%(count)s张照片。")
    )
    if not fresh:  # a repeat after a lost answer, on whatever day
        return []
    check_can_change(visit, by, made_at or at)
    rows = []
    for one in fresh:
        row = models.VisitPhoto(
            visit=visit,
            village_id=visit.village_id,
            digest=one.digest,
            width=one.width,
            height=one.height,
            added_at=at,
            added_by=by,
        )
        row.file.save(f"{one.digest}.jpg", one.file, save=False)
        row.save()
        rows.append(row)
    audit.record_event(
        by=by,
        at=at,
        verb="visit.attach",
        target=visit,
        area_path=visit.village.path,
        detail={"photos": len(rows)},
    )
    return rows
