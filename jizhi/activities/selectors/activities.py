"""Activities for the village's list, one activity with its sign-in list, and what a household has attended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.activities import models, rules
from jizhi.activities.selectors.needs import NotFound
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.people.models import Subject


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity on a list; `attended` counts persons, struck ones left out."""

    id: int
    village: str
    kind: rules.ActivityKind
    title: str
    place: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: rules.ActivityState
    team: str
    organiser: str
    attended: int
    hours: Decimal


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """A line of a sign-in list."""

    id: int
    name: str
    household: str
    household_no: str
    grid: str
    how: rules.SignInHow
    state: rules.AttendanceState
    hours: Decimal
    note: str
    signed_at: dt.datetime
    claim_id: int | None
    claim_state: str


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """One activity with its list."""

    line: ActivityLine
    words: str
    item: str
    hours: Decimal
    note: str
    version: int
    team_id: int | None
    confirmed_at: dt.datetime | None
    confirmed_by: str
    attendances: tuple[AttendanceLine, ...]
    households: int


@dataclass(frozen=True, slots=True)
class OwnAttendance:
    """What somebody of a household attended."""

    activity_id: int
    title: str
    starts_at: dt.datetime
    name: str
    hours: Decimal
    state: rules.AttendanceState
    note: str
    claim_id: int | None


def activities(
    user: Any,
    *,
    on: dt.date,
    words: str = "",
    village_code: str = "",
    state: str = "",
    kind: str = "",
    month: dt.date | None = None,
) -> QuerySet[models.Activity]:
    """Activities the member of staff may see, the latest first; `month` is any day of a month."""
    rows = models.Activity.objects.visible_to(user, on)
    if village_code:
        rows = rows.filter(village__code=village_code)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if month is not None:
        rows = rows.filter(starts_at__year=month.year, starts_at__month=month.month)
    if text := words.strip():
        rows = rows.filter(Q(title__icontains=text) | Q(place__icontains=text))
    return rows.order_by("-starts_at", "-id")


def _with_counts(rows: QuerySet[models.Activity]) -> QuerySet[models.Activity]:
    there = ~Q(attendances__state="struck")
    return rows.select_related("village", "team", "organiser").annotate(
        attended=Count("attendances", filter=there), total_hours=Sum("attendances__hours", filter=there)
    )


def activity_lines(rows: QuerySet[models.Activity]) -> list[ActivityLine]:
    """Activities as lines: one query."""
    return [_line(row) for row in _with_counts(rows)]


def _line(row: Any) -> ActivityLine:
    return ActivityLine(
        id=row.pk,
        village=areas.named(row.village),
        kind=rules.ActivityKind(row.kind),
        title=row.title,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=rules.ActivityState(row.state),
        team=row.team.name if row.team else "",
        organiser=row.organiser.display_name,
        attended=row.attended,
        hours=row.total_hours or Decimal(0),
    )


def activity_for(user: Any, activity_id: int, *, on: dt.date) -> models.Activity:
    """An activity for a service of staff. Raises NotFound."""
    rows = models.Activity.objects.visible_to(user, on).select_related("village", "area", "team")
    activity = rows.filter(pk=activity_id).first()
    if activity is None:
        raise NotFound(_("没有这次活动，或不在您的工作范围内。"))
    return activity


def activity_in_village(subject: Subject, activity_id: int) -> models.Activity:
    """An activity of the household's village. Raises NotFound."""
    rows = models.Activity.objects.filter(village_id=subject.village_id).select_related(
        "village", "area", "team"
    )
    activity = rows.filter(pk=activity_id).first()
    if activity is None:
        raise NotFound(_("没有这次活动。"))
    return activity


def activity_page(activity: models.Activity, *, reader: Subject | None = None) -> ActivityPage:
    """One activity; a household sees its own lines of the list alone. Three queries."""
    row: Any = (
        _with_counts(models.Activity.objects.filter(pk=activity.pk)).select_related("confirmed_by").get()
    )
    rows = activity.attendances.select_related("subject__household__area", "claim").order_by(
        "signed_at", "id"
    )
    if reader is not None:
        rows = rows.filter(subject=reader)
    lines = tuple(_attendance(one) for one in rows)
    return ActivityPage(
        line=_line(row),
        words=row.words,
        item=row.item,
        hours=row.hours,
        note=row.note,
        version=row.version,
        team_id=row.team_id,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by.display_name if row.confirmed_by else "",
        attendances=lines,
        households=len({line.household_no for line in lines if line.state != rules.AttendanceState.STRUCK}),
    )


def _attendance(row: models.Attendance) -> AttendanceLine:
    household = getattr(row.subject, "household", None)
    return AttendanceLine(
        id=row.pk,
        name=row.name,
        household=row.subject.label,
        household_no=household.no if household else row.subject.key,
        grid=areas.named(household.area) if household and household.area_id != household.village_id else "",
        how=rules.SignInHow(row.how),
        state=rules.AttendanceState(row.state),
        hours=row.hours,
        note=row.note,
        signed_at=row.signed_at,
        claim_id=row.claim_id,
        claim_state=row.claim.state if row.claim else "",
    )


def attendance_for(activity: models.Activity, attendance_id: int) -> models.Attendance:
    """A line of this activity's list. Raises NotFound."""
    row = activity.attendances.select_related("activity", "subject").filter(pk=attendance_id).first()
    if row is None:
        raise NotFound(_("名单上没有这一行。"))
    return row


def upcoming(village: Area, at: dt.datetime, *, limit: int = 20) -> list[ActivityLine]:
    """What is on now and next in a village, the soonest first."""
    rows = models.Activity.objects.filter(
        village=village, state=rules.ActivityState.PLANNED, ends_at__gte=at - rules.CLOSES_AFTER
    )
    return [_line(row) for row in _with_counts(rows).order_by("starts_at", "id")[:limit]]


def attendance_of_subject(subject_id: int, *, limit: int = 50) -> list[OwnAttendance]:
    """What a household attended, the latest first."""
    rows = models.Attendance.objects.filter(subject_id=subject_id).select_related("activity")
    return [
        OwnAttendance(
            row.activity_id, row.activity.title, row.activity.starts_at, row.name, row.hours,
            rules.AttendanceState(row.state), row.note, row.claim_id,
        )
        for row in rows.order_by("-activity__starts_at", "-id")[:limit]
    ]  # fmt: skip


def open_work(user: User, area: Area) -> QuerySet[models.Activity]:
    """The activities that the user organises at or below the area and whose list is not confirmed yet."""
    rows = models.Activity.objects.filter(organiser=user, state=rules.ActivityState.PLANNED)
    return rows.filter(Q(village__path__descendant_of=area.path) | Q(area__path__descendant_of=area.path))
