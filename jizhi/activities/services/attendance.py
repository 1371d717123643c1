"""Signing in: by the code on the organiser's screen, by household card, by name; striking off and setting hours."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.activities import models, rules
from jizhi.activities.services.activities import BadActivity, check_planned, locked
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.people import selectors as people
from jizhi.people.models import Subject


class WrongCode(DomainError):
    """The code is not the one on the screen now, or signing in is not open."""


class BadAttendance(DomainError):
    """The household, name or hours cannot stand on this list."""


@transaction.atomic
def sign_in_by_code(
    *, activity: models.Activity, code: str, name: str = "", by: User, at: dt.datetime
) -> models.Attendance:
    """A household signs itself in with the code it sees on the spot. Again gives the attendance that is there.

    Raises WrongCode and BadAttendance.
    """
    subject = people.subject_of_user(by, on=clock.day_of(at))
    activity = (
        models.Activity.objects.select_for_update(of=("self",)).select_related("village").get(pk=activity.pk)
    )
    if subject is None or subject.village_id != activity.village_id:
        raise BadAttendance(_("这次活动不在您的村，不能签到。"))
    if activity.state != rules.ActivityState.PLANNED or not rules.sign_in_is_open(
        activity.starts_at, activity.ends_at, at
    ):
        raise WrongCode(_("现在不能签到：活动前一小时到结束后两小时可以签到。已确认或取消的活动不再签到。"))
    if not rules.code_holds(activity.secret, code, at):
        raise WrongCode(_("签到码不对或已过期，请扫现场屏幕上最新的码。"), place="code")
    return _sign(activity, subject, name, rules.SignInHow.CODE, None, by, at)


@transaction.atomic
def sign_in_household(
    *,
    activity: models.Activity,
    subject: Subject,
    name: str = "",
    how: rules.SignInHow = rules.SignInHow.LIST,
    hours: Decimal | None = None,
    by: User,
    at: dt.datetime,
) -> models.Attendance:
    """Whoever runs the activity signs somebody in: by card or from the list, also later until it is confirmed.

    Somebody struck off comes back on the list. Raises BadActivity and BadAttendance.
    """
    activity = locked(activity, by, at)
    check_planned(activity)
    if at < activity.starts_at - rules.OPENS_BEFORE:
        raise BadActivity(_("活动前一小时起才能签到。"))
    if subject.village_id != activity.village_id:
        raise BadAttendance(_("这户不在本村，不能登记。"), place="subject")
    return _sign(activity, subject, name, how, hours, by, at)


def _sign(
    activity: models.Activity,
    subject: Subject,
    name: str,
    how: rules.SignInHow,
    hours: Decimal | None,
    by: User,
    at: dt.datetime,
) -> models.Attendance:
    day = clock.day_of(activity.starts_at)
    if subject.from_date > day or (subject.to_date is not None and subject.to_date < day):
        raise BadAttendance(_("活动那天这户不在册。"), place="subject")
    name = name.strip() or subject.label
    hours = _checked(hours if hours is not None else activity.hours)
    present = models.Attendance.objects.filter(activity=activity, subject=subject, name=name).first()
    if present is not None:
        if present.state == rules.AttendanceState.STRUCK and how is not rules.SignInHow.CODE:
            present.state, present.note = rules.AttendanceState.SIGNED, ""
            present.save(update_fields=["state", "note"])
        return present
    row = models.Attendance.objects.create(
        activity=activity,
        village=activity.village,
        subject=subject,
        name=name,
        how=how,
        hours=hours,
        request_key=f"sign-in:{activity.pk}:{subject.pk}:{name}"[:80],
        signed_at=at,
        signed_by=by,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="activity.sign_in",
        target=activity,
        area_path=activity.village.path,
        detail={"how": how, "subject": subject.key},
    )
    return row


def _checked(hours: Decimal) -> Decimal:
    if not 0 < hours <= rules.HOURS_MAX:
        raise BadAttendance(_("时长须大于 0 且不超过 24 小时。"), place="hours")
    return hours


def _own_row(attendance: models.Attendance, by: User, at: dt.datetime) -> models.Attendance:
    activity = locked(attendance.activity, by, at)
    check_planned(activity)
    row = models.Attendance.objects.select_for_update(of=("self",)).get(pk=attendance.pk)
    row.activity = activity
    return row


@transaction.atomic
def strike_attendance(
    *, attendance: models.Attendance, reason: str, by: User, at: dt.datetime
) -> models.Attendance:
    """Somebody on the list was not there: the line stays, struck through, with the reason."""
    row = _own_row(attendance, by, at)
    if len(reason.strip()) < 2:
        raise BadAttendance(_("请写明划去的原因。"), place="reason")
    if row.state == rules.AttendanceState.SIGNED:
        row.state, row.note = rules.AttendanceState.STRUCK, reason.strip()
        row.save(update_fields=["state", "note"])
        _record(row, "activity.strike", by, at)
    return row


@transaction.atomic
def restore_attendance(*, attendance: models.Attendance, by: User, at: dt.datetime) -> models.Attendance:
    """Take back a striking-off."""
    row = _own_row(attendance, by, at)
    if row.state == rules.AttendanceState.STRUCK:
        row.state, row.note = rules.AttendanceState.SIGNED, ""
        row.save(update_fields=["state", "note"])
        _record(row, "activity.restore", by, at)
    return row


@transaction.atomic
def set_hours(
    *, attendance: models.Attendance, hours: Decimal, by: User, at: dt.datetime
) -> models.Attendance:
    """Who came later or left earlier counts for fewer hours."""
    row = _own_row(attendance, by, at)
    row.hours = _checked(hours)
    row.save(update_fields=["hours"])
    _record(row, "activity.hours", by, at)
    return row


def _record(row: models.Attendance, verb: str, by: User, at: dt.datetime) -> None:
    audit.record_event(
        by=by,
        at=at,
        verb=verb,
        target=row.activity,
        area_path=row.village.path,
        detail={"attendance": row.pk, "hours": str(row.hours), "note": row.note},
    )
