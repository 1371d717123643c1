"""Needs: a household asks, the village publishes, volunteers take it up, whoever asked says that it was done."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.activities import models, rules
from jizhi.activities.services.activities import check_item
from jizhi.activities.services.counting import Done, claim_for
from jizhi.areas.models import Area
from jizhi.core import audit, clock, scope
from jizhi.core.errors import DomainError
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.people.models import Subject
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class BadNeed(DomainError):
    """Words, day or state of the need do not allow it."""


@dataclass(frozen=True, slots=True)
class Help:
    """What one volunteer did: hours, or None for not having come."""

    taking_id: int
    hours: Decimal | None


@transaction.atomic
def post_need(
    *,
    village: Area,
    subject: Subject | None,
    kind: rules.NeedKind,
    title: str,
    words: str = "",
    wanted_date: dt.date,
    places: int = 1,
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.Need:
    """A household posts a need of its own, or staff post one for it (`subject`) or for the village (None).

    A household's own waits to be published; what staff post is open at once. Raises BadNeed.
    """
    own = people.subject_of_user(by, on=clock.day_of(at))
    if own is None:
        posts.check_can_somewhere_in(by, Action.MANAGE_ACTIVITIES, village, clock.day_of(at))
    elif subject is None or subject.pk != own.pk:
        raise BadNeed(_("只能为自己家发布需求。"))
    if subject is not None and subject.village_id != village.pk:
        raise BadNeed(_("这户不在本村。"), place="subject")
    present = models.Need.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    if not title.strip():
        raise BadNeed(_("请写一句需要什么。"), place="title")
    if wanted_date < clock.day_of(at):
        raise BadNeed(_("日期不能早于今天。"), place="wanted_date")
    if not 1 <= places <= rules.PLACES_MAX:
        raise BadNeed(_("人数至少 1 人。"), place="places")
    grids = people.areas_of_subjects([subject.pk]) if subject is not None else {}
    need = models.Need.objects.create(
        village=village,
        area=grids.get(subject.pk, village) if subject is not None else village,
        subject=subject,
        kind=kind,
        title=title.strip(),
        words=words.strip(),
        wanted_date=wanted_date,
        places=places,
        state=rules.NeedState.POSTED if own is not None else rules.NeedState.OPEN,
        request_key=request_key,
        posted_at=at,
        posted_by=by,
    )
    _record(need, "need.post", by, at)
    return need


def _locked(need: models.Need) -> models.Need:
    rows = models.Need.objects.select_for_update(of=("self",)).select_related("village", "area", "subject")
    return rows.get(pk=need.pk)


def _managed(need: models.Need, by: User, at: dt.datetime) -> models.Need:
    need = _locked(need)
    posts.check_can_somewhere_in(by, Action.MANAGE_ACTIVITIES, need.village, clock.day_of(at))
    return need


def _move(need: models.Need, target: rules.NeedState, note: str = "") -> None:
    source = rules.NeedState(need.state)
    if target not in rules.NEED_TRANSITIONS[source]:
        raise BadNeed(_("这条需求现在是“%(state)s”，不能这样做。") % {"state": _(source.label)})
    need.state, need.version = target, need.version + 1
    need.note = note or need.note
    need.save(update_fields=["state", "note", "item", "settled_at", "version"])


def _record(need: models.Need, verb: str, by: User, at: dt.datetime, **detail: object) -> None:
    audit.record_event(by=by, at=at, verb=verb, target=need, area_path=need.village.path, detail=dict(detail))


@transaction.atomic
def open_need(*, need: models.Need, item: str = "", by: User, at: dt.datetime) -> models.Need:
    """Publish a household's need to the village; `item` says what the help counts under."""
    need = _managed(need, by, at)
    check_item(need.village, item, clock.day_of(at))
    need.item = item
    _move(need, rules.NeedState.OPEN)
    _record(need, "need.open", by, at)
    _tell_asker(need, _("您的需求已发布"), at)
    return need


@transaction.atomic
def refuse_need(*, need: models.Need, reason: str, by: User, at: dt.datetime) -> models.Need:
    """Do not publish a need; the household is told why."""
    need = _managed(need, by, at)
    if len(reason.strip()) < 2:
        raise BadNeed(_("请写明原因。"), place="reason")
    _move(need, rules.NeedState.REFUSED, reason.strip())
    _record(need, "need.refuse", by, at, reason=need.note)
    _tell_asker(need, _("您的需求没有发布"), at)
    return need


@transaction.atomic
def withdraw_need(*, need: models.Need, reason: str = "", by: User, at: dt.datetime) -> models.Need:
    """Take a need back: whoever asked, or the village. Volunteers who had taken it are told."""
    need = _locked(need)
    _check_asker(need, by, at)
    _move(need, rules.NeedState.WITHDRAWN, reason.strip())
    _record(need, "need.withdraw", by, at, reason=need.note)
    for taking in need.takings.filter(state=rules.TakingState.TAKEN).select_related("subject"):
        _tell(taking.subject, need, _("您认领的需求已撤回"), at)
    return need


def _check_asker(need: models.Need, by: User, at: dt.datetime) -> None:
    own = people.subject_of_user(by, on=clock.day_of(at))
    if own is None:
        posts.check_can_somewhere_in(by, Action.MANAGE_ACTIVITIES, need.village, clock.day_of(at))
    elif own.pk != need.subject_id:
        raise BadNeed(_("这不是您家的需求。"))


@transaction.atomic
def take_need(
    *, need: models.Need, subject: Subject, name: str = "", by: User, at: dt.datetime
) -> models.Taking:
    """A household takes a need up; staff may enter it for one without a phone. Raises BadNeed when it is full."""
    need = _locked(need)
    own = people.subject_of_user(by, on=clock.day_of(at))
    if own is None:
        posts.check_can_somewhere_in(by, Action.MANAGE_ACTIVITIES, need.village, clock.day_of(at))
    elif own.pk != subject.pk:
        raise BadNeed(_("只能以自己家的名义认领。"))
    if subject.village_id != need.village_id:
        raise BadNeed(_("只能认领本村的需求。"))
    if need.subject_id == subject.pk:
        raise BadNeed(_("不能认领自己家的需求。"))
    taking = need.takings.select_for_update().filter(subject=subject).first()
    if taking is not None and taking.state == rules.TakingState.TAKEN:
        return taking
    if need.state not in {rules.NeedState.OPEN, rules.NeedState.TAKEN}:
        raise BadNeed(
            _("这条需求现在是“%(state)s”，不能认领。") % {"state": _(rules.NeedState(need.state).label)}
        )
    taken = need.takings.filter(state=rules.TakingState.TAKEN).count()
    if taken >= need.places:
        raise BadNeed(_("人手已经够了，谢谢您。"))
    if taking is None:
        taking = models.Taking(need=need, village=need.village, subject=subject)
    taking.name, taking.state, taking.taken_at = name.strip() or subject.label, rules.TakingState.TAKEN, at
    taking.save()
    if taken + 1 == need.places:
        _move(need, rules.NeedState.TAKEN)
    _record(need, "need.take", by, at, subject=subject.key)
    _tell_asker(need, _("有人认领了您的需求"), at)
    return taking


@transaction.atomic
def give_up_need(*, taking: models.Taking, by: User, at: dt.datetime) -> models.Taking:
    """A volunteer cannot come after all: the place is free again and whoever asked is told."""
    need = _locked(taking.need)
    own = people.subject_of_user(by, on=clock.day_of(at))
    if own is None:
        posts.check_can_somewhere_in(by, Action.MANAGE_ACTIVITIES, need.village, clock.day_of(at))
    elif own.pk != taking.subject_id:
        raise BadNeed(_("这不是您家的认领。"))
    taking = models.Taking.objects.select_for_update(of=("self",)).get(pk=taking.pk)
    if taking.state != rules.TakingState.TAKEN or need.state not in {
        rules.NeedState.OPEN,
        rules.NeedState.TAKEN,
    }:
        raise BadNeed(_("现在不能退出。"))
    taking.state = rules.TakingState.GIVEN_UP
    taking.save(update_fields=["state"])
    if need.state == rules.NeedState.TAKEN:
        _move(need, rules.NeedState.OPEN)
    _record(need, "need.give_up", by, at, subject=taking.subject_id)
    _tell_asker(need, _("有志愿者退出了您的需求"), at)
    return taking


@transaction.atomic
def finish_need(*, need: models.Need, helped: Sequence[Help], by: User, at: dt.datetime) -> models.Need:
    """Whoever asked (or the village) says what each volunteer did.

    Where the village runs it, hours go to the panel under the need's item at once; what a household confirmed waits for
    the village, which sees it in its list. A volunteer never confirms its own help. Raises BadNeed.
    """
    need = _locked(need)
    _check_asker(need, by, at)
    takings = {
        row.pk: row
        for row in need.takings.select_for_update(of=("self",))
        .filter(state=rules.TakingState.TAKEN)
        .select_related("subject__village")
    }
    said = {one.taking_id: one.hours for one in helped}
    if not takings or set(said) != set(takings):
        raise BadNeed(_("请说明每位志愿者帮了多久，没有来的也要注明。"))
    for pk, taking in sorted(takings.items()):
        hours = said[pk]
        if hours is not None and not 0 < hours <= rules.HOURS_MAX:
            raise BadNeed(_("时长须大于 0 且不超过 24 小时。"), place=f"hours-{pk}")
        taking.state = rules.TakingState.CONFIRMED if hours is not None else rules.TakingState.MISSED
        taking.hours = hours
        taking.save(update_fields=["state", "hours"])
    need.settled_at = at
    _move(need, rules.NeedState.DONE)
    _record(need, "need.finish", by, at, helped={str(pk): str(hours) for pk, hours in said.items()})
    if people.subject_of_user(by, on=clock.day_of(at)) is None:
        count_help(need=need, by=by, at=at)
    return need


@transaction.atomic
def count_help(*, need: models.Need, by: User, at: dt.datetime) -> int:
    """Send confirmed help to the panel under the need's item; a second time changes nothing. Returns how many."""
    need = _managed(need, by, at)
    rows = list(
        need.takings.select_for_update(of=("self",))
        .filter(state=rules.TakingState.CONFIRMED, claim=None)
        .select_related("subject__village")
    )
    if need.state != rules.NeedState.DONE or need.settled_at is None:
        raise BadNeed(_("需求还没有办好。"))
    done = [Done(f"need:{row.pk}", row.subject, row.name, row.hours or Decimal(0)) for row in rows]
    date = min(need.wanted_date, clock.day_of(need.settled_at))
    claims = claim_for(
        village=need.village, item=need.item, date=date, title=need.title, done=done, by=by, at=at
    )
    for row in rows:
        row.claim = claims.get(f"need:{row.pk}")
        row.save(update_fields=["claim"])
    return len(claims)


def _tell_asker(need: models.Need, title: object, at: dt.datetime) -> None:
    if need.subject is not None:
        _tell(need.subject, need, title, at)


def _tell(subject: Subject, need: models.Need, title: object, at: dt.datetime) -> None:
    body = f"{need.title}。{need.note}" if need.note else need.title
    with scope.beyond("whoever asked is told by a volunteer of another household, and the other way round"):
        people_services.tell_subject(
            subject=subject, kind="need", title=title, body=body, link=f"/my/needs/{need.pk}/", at=at
        )
