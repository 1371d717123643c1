"""Planning activities, changing and cancelling them, and confirming the list: then attendance goes to the panel."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.activities import models, rules, selectors
from jizhi.activities.services.counting import Done, claim_for
from jizhi.areas.models import Area
from jizhi.areas.selectors import village_of
from jizhi.core import audit, clock
from jizhi.core.errors import Conflict, DomainError
from jizhi.people import services as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class BadActivity(DomainError):
    """Title, times, item or state of the activity do not allow it."""


def _check(village: Area, title: str, place: str, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if not title.strip():
        raise BadActivity(_("请填写活动名称。"), place="title")
    if not place.strip():
        raise BadActivity(_("请填写地点。"), place="place")
    if ends_at <= starts_at:
        raise BadActivity(_("结束时间须晚于开始时间。"), place="ends_at")
    if ends_at - starts_at > dt.timedelta(hours=24):
        raise BadActivity(_("一次活动不超过 24 小时，多天的请分天登记。"), place="ends_at")


def check_item(village: Area, item: str, day: dt.date) -> None:
    if item and item not in {one.id for one in selectors.items_for_attendance(village, day)}:
        raise BadActivity(_("这个积分条目不能凭签到申报，或那天还没有生效。"), place="item")


def _checked_hours(hours: Decimal | None, starts_at: dt.datetime, ends_at: dt.datetime) -> Decimal:
    hours = hours if hours is not None else rules.usual_hours(starts_at, ends_at)
    if not 0 < hours <= rules.HOURS_MAX:
        raise BadActivity(_("时长须大于 0 且不超过 24 小时。"), place="hours")
    return hours


def _check_team(team: models.Team | None, village: Area) -> None:
    if team is not None and not (
        village.path == team.area.path
        or village.path.startswith(f"{team.area.path}.")
        or team.area.path.startswith(f"{village.path}.")
    ):
        raise BadActivity(_("这支队不在本村。"), place="team")


@transaction.atomic
def plan_activity(
    *,
    area: Area,
    kind: rules.ActivityKind,
    title: str,
    words: str = "",
    place: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    hours: Decimal | None = None,
    team: models.Team | None = None,
    item: str = "",
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.Activity:
    """Plan an activity in a village or a part of it; `item` says under which item attendance is claimed, if any.

    `hours` is what a whole attendance counts, by default the time between beginning and end. The same `request_key`
    again gives the activity that is there. Raises BadActivity.
    """
    village = village_of(area)
    posts.check_can_somewhere_in(by, Action.MANAGE_ACTIVITIES, village, clock.day_of(at))
    present = models.Activity.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    _check(village, title, place, starts_at, ends_at)
    check_item(village, item, timezone.localdate(starts_at))
    _check_team(team, village)
    activity = models.Activity.objects.create(
        village=village,
        area=area,
        kind=kind,
        title=title.strip(),
        words=words.strip(),
        place=place.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        hours=_checked_hours(hours, starts_at, ends_at),
        team=team,
        item=item,
        request_key=request_key,
        organiser=by,
        created_at=at,
    )
    audit.record_event(by=by, at=at, verb="activity.plan", target=activity, area_path=village.path)
    return activity


def locked(activity: models.Activity, by: User, at: dt.datetime) -> models.Activity:
    """The activity, locked, if the user may run it."""
    rows = models.Activity.objects.select_for_update(of=("self",)).select_related("village", "area", "team")
    activity = rows.get(pk=activity.pk)
    posts.check_can_somewhere_in(by, Action.MANAGE_ACTIVITIES, activity.village, clock.day_of(at))
    return activity


def check_planned(activity: models.Activity) -> None:
    """Raise BadActivity once the list is confirmed or the activity cancelled."""
    if activity.state != rules.ActivityState.PLANNED:
        raise BadActivity(
            _("这次活动%(state)s，不能再改。") % {"state": _(rules.ActivityState(activity.state).label)}
        )


@transaction.atomic
def change_activity(
    *,
    activity: models.Activity,
    version: int,
    kind: rules.ActivityKind,
    title: str,
    words: str = "",
    place: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    hours: Decimal | None = None,
    team: models.Team | None = None,
    item: str = "",
    by: User,
    at: dt.datetime,
) -> models.Activity:
    """Change an activity before its list is confirmed. Raises BadActivity, and Conflict for a stale form."""
    activity = locked(activity, by, at)
    check_planned(activity)
    if activity.version != version:
        raise Conflict(_("有人刚改过这次活动，请看过再改。"))
    _check(activity.village, title, place, starts_at, ends_at)
    check_item(activity.village, item, timezone.localdate(starts_at))
    _check_team(team, activity.village)
    activity.kind, activity.title, activity.words, activity.place = (
        kind,
        title.strip(),
        words.strip(),
        place.strip(),
    )
    activity.starts_at, activity.ends_at, activity.team, activity.item = starts_at, ends_at, team, item
    before, activity.hours = activity.hours, _checked_hours(hours, starts_at, ends_at)
    activity.version += 1
    activity.save()
    # Whoever was signed in for the whole activity follows its length; hours set one by one stay.
    activity.attendances.filter(hours=before).update(hours=activity.hours)
    audit.record_event(by=by, at=at, verb="activity.change", target=activity, area_path=activity.village.path)
    return activity


@transaction.atomic
def cancel_activity(*, activity: models.Activity, reason: str, by: User, at: dt.datetime) -> models.Activity:
    """Call an activity off; who had signed in is told. Nothing is counted."""
    activity = locked(activity, by, at)
    check_planned(activity)
    if len(reason.strip()) < 2:
        raise BadActivity(_("请写明取消的原因。"), place="reason")
    activity.state, activity.note = rules.ActivityState.CANCELLED, reason.strip()
    activity.version += 1
    activity.save(update_fields=["state", "note", "version"])
    told = [
        people.new_message(
            subject=row.subject,
            kind="activity.cancelled",
            title=_("活动取消了"),
            body=f"{activity.title}：{activity.note}",
            link=f"/my/activities/{activity.pk}/",
            at=at,
        )
        for row in activity.attendances.select_related("subject")
        .order_by("subject_id")
        .distinct("subject_id")
    ]
    people.tell_subjects(messages=told)
    audit.record_event(
        by=by,
        at=at,
        verb="activity.cancel",
        target=activity,
        area_path=activity.village.path,
        detail={"reason": activity.note},
    )
    return activity


@transaction.atomic
def confirm_activity(*, activity: models.Activity, by: User, at: dt.datetime) -> models.Activity:
    """Confirm the list: everybody still on it has taken part, and attendance goes to the panel under the item.

    All or none; a second confirmation changes nothing. Raises BadActivity before the activity has begun.
    """
    activity = locked(activity, by, at)
    if activity.state == rules.ActivityState.CONFIRMED:
        return activity
    check_planned(activity)
    if at < activity.starts_at:
        raise BadActivity(_("活动还没有开始，不能确认名单。"))
    rows = list(
        activity.attendances.select_for_update(of=("self",))
        .filter(state=rules.AttendanceState.SIGNED)
        .select_related("subject__village")
        .order_by("pk")
    )
    done = [Done(f"attendance:{row.pk}", row.subject, row.name, row.hours) for row in rows]
    claims = claim_for(
        village=activity.village,
        item=activity.item,
        date=timezone.localdate(activity.starts_at),
        title=activity.title,
        done=done,
        by=by,
        at=at,
    )
    for row in rows:
        row.state, row.claim = rules.AttendanceState.CONFIRMED, claims.get(f"attendance:{row.pk}")
    models.Attendance.objects.bulk_update(rows, ["state", "claim"], batch_size=500)
    activity.state, activity.confirmed_at, activity.confirmed_by = rules.ActivityState.CONFIRMED, at, by
    activity.version += 1
    activity.save(update_fields=["state", "confirmed_at", "confirmed_by", "version"])
    audit.record_event(
        by=by,
        at=at,
        verb="activity.confirm",
        target=activity,
        area_path=activity.village.path,
        detail={"attended": len(rows), "claims": len(claims)},
    )
    return activity


@transaction.atomic
def move_open_work(*, from_user: User, to_user: User, area: Area, by: User | None, at: dt.datetime) -> int:
    """Activities still to come or to confirm go to the successor. Returns how many."""
    moved = selectors.open_work(from_user, area).update(organiser=to_user)
    if moved:
        audit.record_event(
            by=by,
            at=at,
            verb="activity.hand_over",
            target=None,
            area_path=area.path,
            detail={"from": from_user.username, "to": to_user.username, "activities": moved},
        )
    return moved
