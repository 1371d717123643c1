"""Panels over time: composing one for a term, seats that begin and end, ending it. Votes stay with their seats."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import models, rules, selectors
from jizhi.reviews.rules import SeatRole


class BadPanel(DomainError):
    """A panel cannot be composed like this; `place` names the field."""


class PanelOverlap(BadPanel):
    """Another panel of the village is in office during the term."""


class NotIndependent(BadPanel):
    """A supervisor serves on the committee, or is a close relative of somebody who does."""


@transaction.atomic
def create_panel(
    *,
    village: Area,
    title: str,
    members: Sequence[tuple[User, SeatRole]],
    quorum: int | None = None,
    from_date: dt.date,
    to_date: dt.date | None = None,
    by: User,
    at: dt.datetime,
) -> models.Panel:
    """Set up a village's panel for a term. `quorum` defaults to more than half, at least three.

    Raises BadPanel, PanelOverlap and NotIndependent.
    """
    posts.check_can(by, Action.MANAGE_PANELS, village, clock.day_of(at))
    voters = _check_members(members)
    quorum = quorum or rules.default_quorum(voters)
    if not rules.quorum_fits(quorum, voters):
        raise BadPanel(
            _("法定人数须超过表决成员的一半、至少3人，且不能多于表决成员%(voters)s人。") % {"voters": voters},
            place="quorum",
        )
    if to_date is not None and to_date < from_date:
        raise BadPanel(_("任期的结束日期不能早于开始日期。"), place="to_date")
    for user, role in members:
        if role is SeatRole.SUPERVISOR:
            check_independent(village, user, from_date)
    panel = _create(village, title.strip(), quorum, from_date, to_date)
    models.Seat.objects.bulk_create(
        [models.Seat(panel=panel, user=user, role=role) for user, role in members]
    )
    audit.record_event(by=by, at=at, verb="panel.create", target=panel, area_path=village.path)
    return panel


def _check_members(members: Sequence[tuple[User, SeatRole]]) -> int:
    """How many vote; one person has one seat, and there is one chair at most."""
    if len({user.pk for user, _role in members}) != len(members):
        raise BadPanel(_("一个人在评议小组里只能有一个席位。"), place="members")
    voters = sum(role in rules.VOTING_ROLES for _user, role in members)
    if voters < rules.VOTERS_MIN:
        raise BadPanel(_("评议小组至少要有3名有表决权的成员。"), place="members")
    if sum(role is SeatRole.CHAIR for _user, role in members) != 1:
        raise BadPanel(_("评议小组要有一名组长。"), place="chair")
    return voters


def check_independent(village: Area, user: User, on: dt.date) -> None:
    """Committee law art. 32: no supervisor serves on the committee or is a close relative of its members."""
    other = selectors.supervisor_conflict(village, user, on)
    if not other:
        return
    if other == user.display_name:
        text = _("%(name)s是村（居）委会成员，不能担任监督员（村民委员会组织法第三十二条）。")
    else:
        text = _(
            "%(name)s是村（居）委会成员%(other)s的近亲属，不能担任监督员（村民委员会组织法第三十二条）。"
        )
    raise NotIndependent(text % {"name": user.display_name, "other": other}, place="supervisors")


def _create(
    village: Area, title: str, quorum: int, from_date: dt.date, to_date: dt.date | None
) -> models.Panel:
    try:
        with transaction.atomic():
            return models.Panel.objects.create(
                village=village, title=title, quorum=quorum, from_date=from_date, to_date=to_date
            )
    except IntegrityError as clash:
        if "panel_once_at_a_time" not in str(clash):
            raise
        raise PanelOverlap(
            _("本村在这段任期里已有评议小组，请先结束原来的，或把任期错开。"), place="from_date"
        ) from clash


def _locked(panel: models.Panel, by: User, at: dt.datetime) -> models.Panel:
    row = models.Panel.objects.select_for_update(of=("self",)).select_related("village").get(pk=panel.pk)
    posts.check_can(by, Action.MANAGE_PANELS, row.village, clock.day_of(at))
    return row


@transaction.atomic
def add_seat(
    *, panel: models.Panel, user: User, role: SeatRole, from_date: dt.date, by: User, at: dt.datetime
) -> models.Seat:
    """Somebody takes a seat from a day on, within the panel's term. Raises BadPanel and NotIndependent."""
    panel = _locked(panel, by, at)
    if from_date < panel.from_date or (panel.to_date is not None and from_date > panel.to_date):
        raise BadPanel(_("这一天不在评议小组的任期之内。"), place="from_date")
    later = Q(to_date=None) | Q(to_date__gte=from_date)
    if panel.seats.filter(later, user=user).exists():
        raise BadPanel(_("%(name)s在这一天已有席位。") % {"name": user.display_name}, place="user")
    if role is SeatRole.CHAIR and panel.seats.filter(later, role=role).exists():
        raise BadPanel(_("已有组长，请先结束原来的席位。"), place="role")
    if role is SeatRole.SUPERVISOR:
        check_independent(panel.village, user, from_date)
    seat = models.Seat.objects.create(panel=panel, user=user, role=role, from_date=from_date)
    _record(by, at, "seat.begin", panel, {"name": user.username, "role": role, "from_date": from_date})
    return seat


@transaction.atomic
def end_seat(*, seat: models.Seat, last_day: dt.date, by: User, at: dt.datetime) -> models.Seat:
    """A seat ends with that day; its votes stay. Raises BadPanel."""
    panel = _locked(seat.panel, by, at)
    row = models.Seat.objects.select_for_update(of=("self",)).select_related("user").get(pk=seat.pk)
    if row.to_date is not None:
        raise BadPanel(_("这个席位已经结束。"))
    if last_day < (row.from_date or panel.from_date):
        raise BadPanel(_("结束日期不能早于开始日期。"), place="last_day")
    later = row.attendances.filter(meeting__held_on_date__gt=last_day)
    if later.exists():
        raise BadPanel(_("这名成员在这一天之后还参加过会议。"), place="last_day")
    row.to_date = last_day
    row.save(update_fields=["to_date"])
    _record(by, at, "seat.end", panel, {"name": row.user.username, "to_date": last_day})
    return row


@transaction.atomic
def end_panel(*, panel: models.Panel, last_day: dt.date, by: User, at: dt.datetime) -> models.Panel:
    """The panel's term ends with that day. Raises BadPanel while a meeting is open or was held later."""
    panel = _locked(panel, by, at)
    if last_day < panel.from_date or (panel.to_date is not None and last_day > panel.to_date):
        raise BadPanel(_("这一天不在评议小组的任期之内。"), place="last_day")
    if panel.meetings.filter(state=rules.MeetingState.OPEN).exists():
        raise BadPanel(_("还有没有结束的会议，请先结束会议。"), place="last_day")
    if panel.meetings.filter(held_on_date__gt=last_day).exists():
        raise BadPanel(_("这一天之后还开过会。"), place="last_day")
    panel.to_date = last_day
    panel.save(update_fields=["to_date"])
    _record(by, at, "panel.end", panel, {"to_date": last_day})
    return panel


def _record(by: User, at: dt.datetime, verb: str, panel: models.Panel, detail: dict[str, object]) -> None:
    audit.record_event(by=by, at=at, verb=verb, target=panel, area_path=panel.village.path, detail=detail)


@transaction.atomic
def pass_seats(
    *, from_user: User, to_user: User, area: Area, last_day: dt.date, by: User, at: dt.datetime
) -> int:
    """Give somebody's seats on the panels of an area to a successor from the day after `last_day` on.

    The old seat keeps its votes and ends; whoever sits on the panel already gets no second seat. Returns how many.
    """
    posts.check_can(by, Action.MANAGE_POSTS, area, clock.day_of(at))
    seats = selectors.seats_to_pass(from_user=from_user, area=area, on=last_day)
    start = last_day + dt.timedelta(days=1)
    passed = 0
    for seat in seats.select_for_update(of=("self",)):
        if seat.from_date is not None and seat.from_date > last_day:
            continue
        if seat.role == SeatRole.SUPERVISOR:
            check_independent(seat.panel.village, to_user, start)
        seat.to_date = last_day
        seat.save(update_fields=["to_date"])
        if not models.Seat.objects.on(start).filter(panel=seat.panel, user=to_user).exists():
            models.Seat.objects.create(panel=seat.panel, user=to_user, role=seat.role, from_date=start)
        _record(
            by,
            at,
            "seat.pass",
            seat.panel,
            {"before": from_user.username, "after": to_user.username, "from_date": start},
        )
        passed += 1
    return passed
