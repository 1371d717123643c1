"""Cases and the meetings before which they come: opening, agenda, attendance, minutes, closing."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock, codes
from jizhi.core.errors import DomainError
from jizhi.core.photos import BadPhoto, fresh_photos
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import models, rules, selectors

SHEETS_MAX = 12


class MeetingClosed(DomainError):
    """The meeting is closed; nothing in it can be changed."""


class CaseDecided(DomainError):
    """The case has a final decision already."""


class WrongCode(DomainError):
    """The code is not the one on the screen now, or whoever signs in has no seat here."""


class BadMinutes(DomainError):
    """What is to be put to the minutes cannot stand there; `place` names the field."""


class TooEarly(DomainError):
    """The meeting was held before one of its cases was there to be decided."""


class CasesOpen(DomainError):
    """The meeting still has undecided cases on its agenda."""


def open_cases(*, village: Area, count: int, at: dt.datetime) -> list[models.Case]:
    """Open `count` cases of a village, to be linked by the caller to what they are about."""
    return models.Case.objects.bulk_create(
        [models.Case(village=village, opened_at=at) for _n in range(count)]
    )


def put_again(*, case_ids: Collection[int], at: dt.datetime) -> None:
    """Cases that were sent back come before the panel again: from now on, and before no meeting of an earlier day."""
    models.Case.objects.filter(pk__in=case_ids).update(opened_at=at)


def check_not_early(meeting: models.Meeting, cases: Collection[models.Case]) -> None:
    """Each case was there to be decided on the meeting's day. Raises TooEarly."""
    first = max((clock.day_of(case.opened_at) for case in cases), default=meeting.held_on_date)
    if meeting.held_on_date < first:
        raise TooEarly(
            _("会议日期不能早于事项核实、提交评议的日子：最近的一件是%(day)s。") % {"day": first},
            place="held_on_date",
        )


@transaction.atomic
def open_meeting(
    *,
    panel: models.Panel,
    held_on_date: dt.date,
    place: str = "",
    case_ids: Sequence[int] = (),
    seat_ids: Collection[int] = (),
    voting: rules.Voting = rules.Voting.OPEN,
    by: User,
    at: dt.datetime,
) -> models.Meeting:
    """Open a meeting with an agenda and, if known already, the members present."""
    posts.check_can(by, Action.HOLD_MEETING, panel.village, clock.day_of(at))
    meeting = models.Meeting.objects.create(
        panel=panel,
        held_on_date=held_on_date,
        place=place,
        voting=voting,
        opened_at=at,
        opened_by=by,
    )
    add_to_agenda(meeting=meeting, case_ids=case_ids, by=by, at=at)
    record_attendance(meeting=meeting, seat_ids=seat_ids, by=by, at=at)
    audit.record_event(by=by, at=at, verb="meeting.open", target=meeting, area_path=panel.village.path)
    return meeting


def open_meeting_locked(meeting: models.Meeting, by: User | None, at: dt.datetime) -> models.Meeting:
    """The meeting, locked, for whoever may hold it (or, without a user, the nightly work). Raises MeetingClosed."""
    locked = (
        models.Meeting.objects.select_for_update(of=("self",))
        .select_related("panel__village", "opened_by")
        .get(pk=meeting.pk)
    )
    posts.check_can(by, Action.HOLD_MEETING, locked.panel.village, clock.day_of(at))
    if locked.state != rules.MeetingState.OPEN:
        raise MeetingClosed(_("会议已经结束，不能再改动。"))
    return locked


@transaction.atomic
def add_to_agenda(*, meeting: models.Meeting, case_ids: Sequence[int], by: User, at: dt.datetime) -> None:
    """Put undecided cases of the village on the agenda; those on it already stay as they are. Raises TooEarly."""
    meeting = open_meeting_locked(meeting, by, at)
    cases = list(models.Case.objects.filter(pk__in=case_ids, village=meeting.panel.village).order_by("pk"))
    check_not_early(meeting, cases)
    models.AgendaItem.objects.bulk_create(
        [models.AgendaItem(meeting=meeting, case=case) for case in cases], ignore_conflicts=True
    )


@transaction.atomic
def record_attendance(
    *, meeting: models.Meeting, seat_ids: Collection[int], by: User, at: dt.datetime
) -> None:
    """Say who is present; the list replaces the one before, as long as nothing was decided on it."""
    meeting = open_meeting_locked(meeting, by, at)
    sitting = models.Seat.objects.on(meeting.held_on_date).filter(panel=meeting.panel)
    wanted = set(sitting.filter(pk__in=seat_ids).values_list("pk", flat=True))
    present = set(meeting.attendances.values_list("seat_id", flat=True))
    gone = present - wanted
    if gone and _took_part(meeting, gone):
        raise CaseDecided(_("已有成员参加过表决，不能再改为缺席。"))
    if meeting.procedure != rules.Procedure.MEETING:
        raise MeetingClosed(_("书面传签没有到会情况，以成员的答复为准。"))
    meeting.attendances.filter(seat_id__in=gone).delete()
    models.Attendance.objects.bulk_create(
        [models.Attendance(meeting=meeting, seat_id=seat) for seat in sorted(wanted - present)]
    )


def _took_part(meeting: models.Meeting, seat_ids: Collection[int]) -> bool:
    parts = (models.Vote, models.Participation, models.Recusal)
    return any(
        part._default_manager.filter(decision__meeting=meeting, seat_id__in=seat_ids).exists()
        for part in parts
    )


@transaction.atomic
def sign_in_member(*, meeting: models.Meeting, code: str, by: User, at: dt.datetime) -> models.Attendance:
    """A member signs in on the own phone with the code shown in the room. Again gives the attendance that is there.

    Raises MeetingClosed and WrongCode.
    """
    meeting = (
        models.Meeting.objects.select_for_update(of=("self",))
        .select_related("panel__village")
        .get(pk=meeting.pk)
    )
    seat = selectors.seat_in(meeting, by)
    if seat is None:
        raise WrongCode(_("您不是这个评议小组的成员，不能签到。"))
    if meeting.state != rules.MeetingState.OPEN or meeting.procedure != rules.Procedure.MEETING:
        raise MeetingClosed(_("会议已经结束，不能再签到。"))
    if not codes.code_holds(meeting.secret, code, at):
        raise WrongCode(_("签到码不对或已过期，请看会场屏幕上最新的码。"), place="code")
    row, fresh = models.Attendance.objects.get_or_create(meeting=meeting, seat=seat)
    if fresh:
        audit.record_event(
            by=by, at=at, verb="meeting.sign_in", target=meeting, area_path=meeting.panel.village.path
        )
    return row


@transaction.atomic
def record_remark(
    *,
    meeting: models.Meeting,
    seat_id: int,
    words: str,
    case_id: int | None = None,
    by: User,
    at: dt.datetime,
) -> models.Remark:
    """Put a supervisor's objection or remark into the minutes: by whoever holds the meeting, or the supervisor."""
    meeting = models.Meeting.objects.select_related("panel__village").get(pk=meeting.pk)
    seat = meeting.panel.seats.filter(pk=seat_id, role=rules.SeatRole.SUPERVISOR).first()
    if seat is None or not meeting.attendances.filter(seat=seat).exists():
        raise BadMinutes(_("只有到会的监督员可以把意见写进纪要。"), place="seat")
    if seat.user_id != by.pk:
        posts.check_can(by, Action.HOLD_MEETING, meeting.panel.village, clock.day_of(at))
    if meeting.state != rules.MeetingState.OPEN:
        raise MeetingClosed(_("会议已经结束，不能再改动。"))
    if not words.strip():
        raise BadMinutes(_("请写明意见。"), place="words")
    if case_id is not None and not meeting.agenda.filter(case_id=case_id).exists():
        raise BadMinutes(_("有事项不在本次会议议程上。"), place="case")
    row = models.Remark.objects.create(
        meeting=meeting, seat=seat, case_id=case_id, words=words.strip(), recorded_at=at, recorded_by=by
    )
    audit.record_event(
        by=by, at=at, verb="meeting.remark", target=meeting, area_path=meeting.panel.village.path,
        detail={"seat": seat.pk, "case": case_id},
    )  # fmt: skip
    return row


@transaction.atomic
def attach_signed_sheet(
    *, meeting: models.Meeting, photos: Sequence[IO[bytes]], by: User, at: dt.datetime
) -> list[models.SignedSheet]:
    """Attach photos of the signed minutes to a closed meeting; the same photo twice is kept once. Raises BadPhoto."""
    meeting = (
        models.Meeting.objects.select_for_update(of=("self",))
        .select_related("panel__village")
        .get(pk=meeting.pk)
    )
    posts.check_can(by, Action.HOLD_MEETING, meeting.panel.village, clock.day_of(at))
    if meeting.state != rules.MeetingState.CLOSED:
        raise BadMinutes(_("会议结束、纪要签字之后才能上传签字页。"), place="photos")
    kept = set(meeting.sheets.values_list("digest", flat=True))
    if not photos:
        raise BadPhoto(_("请选择签字页的照片。"), place="photos")
    fresh = fresh_photos(photos, kept, most=SHEETS_MAX, too_many=_("一次会议最多附%(count)s张签字页。"))
    rows = []
    for photo in fresh:
        row = models.SignedSheet(
            meeting=meeting,
            digest=photo.digest,
            width=photo.width,
            height=photo.height,
            added_at=at,
            added_by=by,
        )
        row.file.save(f"{photo.digest}.jpg", photo.file, save=False)
        row.save()
        rows.append(row)
    audit.record_event(
        by=by, at=at, verb="meeting.sheet", target=meeting, area_path=meeting.panel.village.path,
        detail={"photos": [row.digest for row in rows]},
    )  # fmt: skip
    return rows


@transaction.atomic
def close_meeting(*, meeting: models.Meeting, minutes: str, by: User, at: dt.datetime) -> models.Meeting:
    """Close the meeting with its minutes. Raises CasesOpen while a case on the agenda has no decision."""
    meeting = open_meeting_locked(meeting, by, at)
    if meeting.agenda.exclude(case__decisions__meeting=meeting).exists():
        raise CasesOpen(_("议程上还有没有表决的事项；请表决，或先移出议程。"))
    meeting.minutes = minutes.strip()
    meeting.state = rules.MeetingState.CLOSED
    meeting.closed_at = at
    meeting.save(update_fields=["minutes", "state", "closed_at"])
    audit.record_event(
        by=by, at=at, verb="meeting.close", target=meeting, area_path=meeting.panel.village.path
    )
    return meeting


@transaction.atomic
def remove_from_agenda(*, meeting: models.Meeting, case_id: int, by: User, at: dt.datetime) -> None:
    """Take an undecided case off the agenda, for a later meeting."""
    meeting = open_meeting_locked(meeting, by, at)
    if models.Decision.objects.filter(meeting=meeting, case_id=case_id).exists():
        raise CaseDecided(_("已经表决的事项不能移出议程。"))
    meeting.agenda.filter(case_id=case_id).delete()
