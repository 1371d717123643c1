"""Panels, meetings, votes and decisions on cases. What a case is about is the caller's business."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import models, rules


class MeetingClosed(DomainError):
    """The meeting is closed; nothing in it can be changed."""


class NoQuorum(DomainError):
    """Too few members are present to decide."""


class NotCarried(DomainError):
    """The vote does not carry the outcome that was asked for."""


class CaseDecided(DomainError):
    """The case has a final decision already."""


class ReasonMissing(DomainError):
    """A rejection or a return needs a reason in writing."""


class CasesOpen(DomainError):
    """The meeting still has undecided cases on its agenda."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a meeting rules on one case. `choices` lists the members who did not simply agree with the outcome."""

    case_id: int
    outcome: rules.Outcome
    reason: str = ""
    choices: Mapping[int, rules.Choice] = field(default_factory=dict)


@transaction.atomic
def create_panel(
    *,
    village: Area,
    title: str,
    members: Sequence[tuple[User, rules.SeatRole]],
    quorum: int | None = None,
    from_date: dt.date,
    to_date: dt.date | None = None,
    by: User,
    at: dt.datetime,
) -> models.Panel:
    """Set up a village's panel for a term. `quorum` defaults to more than half, at least three."""
    posts.check_can(by, Action.MANAGE_POSTS, village, clock.day_of(at))
    panel = models.Panel.objects.create(
        village=village,
        title=title,
        quorum=quorum or rules.default_quorum(len(members)),
        from_date=from_date,
        to_date=to_date,
    )
    models.Seat.objects.bulk_create(
        [models.Seat(panel=panel, user=user, role=role) for user, role in members]
    )
    audit.record_event(by=by, at=at, verb="panel.create", target=panel, area_path=village.path)
    return panel


def open_cases(*, village: Area, count: int, at: dt.datetime) -> list[models.Case]:
    """Open `count` cases of a village, to be linked by the caller to what they are about."""
    return models.Case.objects.bulk_create(
        [models.Case(village=village, opened_at=at) for _n in range(count)]
    )


@transaction.atomic
def open_meeting(
    *,
    panel: models.Panel,
    held_on_date: dt.date,
    place: str = "",
    case_ids: Sequence[int] = (),
    seat_ids: Collection[int] = (),
    by: User,
    at: dt.datetime,
) -> models.Meeting:
    """Open a meeting with an agenda and, if known already, the members present."""
    posts.check_can(by, Action.HOLD_MEETING, panel.village, clock.day_of(at))
    meeting = models.Meeting.objects.create(
        panel=panel, held_on_date=held_on_date, place=place, opened_at=at, opened_by=by
    )
    add_to_agenda(meeting=meeting, case_ids=case_ids, by=by, at=at)
    record_attendance(meeting=meeting, seat_ids=seat_ids, by=by, at=at)
    audit.record_event(by=by, at=at, verb="meeting.open", target=meeting, area_path=panel.village.path)
    return meeting


def _open_meeting_locked(meeting: models.Meeting, by: User, at: dt.datetime) -> models.Meeting:
    locked = (
        models.Meeting.objects.select_for_update(of=("self",))
        .select_related("panel__village")
        .get(pk=meeting.pk)
    )
    posts.check_can(by, Action.HOLD_MEETING, locked.panel.village, clock.day_of(at))
    if locked.state != rules.MeetingState.OPEN:
        raise MeetingClosed(_("会议已经结束，不能再改动。"))
    return locked


@transaction.atomic
def add_to_agenda(*, meeting: models.Meeting, case_ids: Sequence[int], by: User, at: dt.datetime) -> None:
    """Put undecided cases of the village on the agenda; those on it already stay as they are."""
    meeting = _open_meeting_locked(meeting, by, at)
    cases = models.Case.objects.filter(pk__in=case_ids, village=meeting.panel.village).order_by("pk")
    models.AgendaItem.objects.bulk_create(
        [models.AgendaItem(meeting=meeting, case=case) for case in cases], ignore_conflicts=True
    )


@transaction.atomic
def record_attendance(
    *, meeting: models.Meeting, seat_ids: Collection[int], by: User, at: dt.datetime
) -> None:
    """Say who is present; the list replaces the one before, as long as nothing was decided on it."""
    meeting = _open_meeting_locked(meeting, by, at)
    wanted = set(meeting.panel.seats.filter(pk__in=seat_ids).values_list("pk", flat=True))
    present = set(meeting.attendances.values_list("seat_id", flat=True))
    gone = present - wanted
    if gone and models.Vote.objects.filter(decision__meeting=meeting, seat_id__in=gone).exists():
        raise CaseDecided(_("已有成员参加过表决，不能再改为缺席。"))
    meeting.attendances.filter(seat_id__in=gone).delete()
    models.Attendance.objects.bulk_create(
        [models.Attendance(meeting=meeting, seat_id=seat) for seat in sorted(wanted - present)]
    )


@transaction.atomic
def decide_cases(
    *, meeting: models.Meeting, rulings: Sequence[Ruling], by: User, at: dt.datetime
) -> dict[int, models.Decision]:
    """Decide cases on the agenda, one or many. Returns the decision of each case.

    A present member without an entry in `choices` is counted as agreeing with the outcome.
    Raises NoQuorum, NotCarried, CaseDecided, ReasonMissing, MeetingClosed; nothing is written then.
    """
    meeting = _open_meeting_locked(meeting, by, at)
    seats = list(meeting.attendances.order_by("seat_id").values_list("seat_id", flat=True))
    if not rules.quorum_is_met(len(seats), meeting.panel.quorum):
        raise NoQuorum(
            _("到会%(present)s人，不足规定的%(quorum)s人，不能表决。")
            % {"present": len(seats), "quorum": meeting.panel.quorum}
        )
    _check_cases(meeting, [ruling.case_id for ruling in rulings])
    votes = {ruling.case_id: _votes(ruling, seats) for ruling in rulings}
    decisions = models.Decision.objects.bulk_create(
        [_decision(meeting, ruling, votes[ruling.case_id], by, at) for ruling in rulings]
    )
    models.Vote.objects.bulk_create(
        [
            models.Vote(decision=decision, seat_id=seat, choice=choice)
            for decision in decisions
            for seat, choice in votes[decision.case_id].items()
        ],
        batch_size=5000,
    )
    return {decision.case_id: decision for decision in decisions}


def _check_cases(meeting: models.Meeting, case_ids: list[int]) -> None:
    locked = models.Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk")
    list(locked)
    on_agenda = set(meeting.agenda.filter(case_id__in=case_ids).values_list("case_id", flat=True))
    if on_agenda != set(case_ids):
        raise CaseDecided(_("有事项不在本次会议议程上。"))
    decided = models.Decision.objects.filter(case_id__in=case_ids)
    if decided.exclude(outcome=rules.Outcome.RETURN).exists() or decided.filter(meeting=meeting).exists():
        raise CaseDecided(_("有事项已经作出决定，请刷新后再试。"))


def _votes(ruling: Ruling, seats: list[int]) -> dict[int, rules.Choice]:
    agreeing = rules.Choice.FOR if ruling.outcome is rules.Outcome.APPROVE else rules.Choice.AGAINST
    return {seat: ruling.choices.get(seat, agreeing) for seat in seats}


def _decision(
    meeting: models.Meeting, ruling: Ruling, votes: dict[int, rules.Choice], by: User, at: dt.datetime
) -> models.Decision:
    count = rules.tally(votes.values())
    if ruling.outcome is not rules.Outcome.APPROVE and not ruling.reason.strip():
        raise ReasonMissing(_("不予认定或退回补充，须写明理由。"), place="reason")
    if not rules.quorum_is_met(count.voting, 1) or (
        ruling.outcome is rules.Outcome.APPROVE and not count.carried
    ):
        raise NotCarried(_("同意的没有超过参加表决人数的一半，不能认定。"))
    if ruling.outcome is rules.Outcome.REJECT and count.carried:
        raise NotCarried(_("同意的超过了参加表决人数的一半，不能作出不予认定的决定。"))
    return models.Decision(
        case_id=ruling.case_id,
        meeting=meeting,
        outcome=ruling.outcome,
        reason=ruling.reason.strip(),
        votes_for=count.votes_for,
        against=count.against,
        abstain=count.abstain,
        recused=count.recused,
        decided_at=at,
        decided_by=by,
    )


@transaction.atomic
def close_meeting(*, meeting: models.Meeting, minutes: str, by: User, at: dt.datetime) -> models.Meeting:
    """Close the meeting with its minutes. Raises CasesOpen while a case on the agenda has no decision."""
    meeting = _open_meeting_locked(meeting, by, at)
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
    meeting = _open_meeting_locked(meeting, by, at)
    if models.Decision.objects.filter(meeting=meeting, case_id=case_id).exists():
        raise CaseDecided(_("已经表决的事项不能移出议程。"))
    meeting.agenda.filter(case_id=case_id).delete()
