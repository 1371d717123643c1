"""Deciding by circulation: each member answers in writing by a day, and any of them can ask for a meeting instead.

What may be circulated is the pack's business and checked by the caller, as is what a case is about.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import models, rules, selectors
from jizhi.reviews.services import deciding
from jizhi.reviews.services.meetings import MeetingClosed, add_to_agenda


class BadAnswer(DomainError):
    """The member cannot answer this case: no vote, recused, answered before, or it is not circulated."""


@transaction.atomic
def start_circulation(
    *, panel: models.Panel, case_ids: Sequence[int], due_date: dt.date, by: User, at: dt.datetime
) -> models.Meeting:
    """Send cases round to the members, to be answered by a day."""
    today = clock.day_of(at)
    posts.check_can(by, Action.HOLD_MEETING, panel.village, today)
    if not case_ids:
        raise BadAnswer(_("没有可以传签的事项。"))
    if due_date < today:
        raise BadAnswer(_("答复期限不能早于今天。"), place="due_date")
    meeting = models.Meeting.objects.create(
        panel=panel,
        procedure=rules.Procedure.CIRCULATION,
        held_on_date=today,
        due_date=due_date,
        opened_at=at,
        opened_by=by,
    )
    add_to_agenda(meeting=meeting, case_ids=case_ids, by=by, at=at)
    audit.record_event(by=by, at=at, verb="circulation.start", target=meeting, area_path=panel.village.path)
    return meeting


def lock_circulation(meeting: models.Meeting) -> models.Meeting:
    """The circulation, locked, as long as it is open. Raises MeetingClosed."""
    row = (
        models.Meeting.objects.select_for_update(of=("self",))
        .select_related("panel__village", "opened_by")
        .get(pk=meeting.pk)
    )
    if row.state != rules.MeetingState.OPEN or row.procedure != rules.Procedure.CIRCULATION:
        raise MeetingClosed(_("传签已经结束，不能再答复。"))
    return row


@transaction.atomic
def answer_case(
    *,
    meeting: models.Meeting,
    concern: selectors.Concern,
    choice: rules.Choice | None,
    words: str = "",
    by: User,
    at: dt.datetime,
) -> models.Answer:
    """A member answers one case; without a `choice` the case is to be decided in a meeting and leaves the circulation.

    Raises BadAnswer and MeetingClosed.
    """
    meeting = lock_circulation(meeting)
    seats = {seat: user for seat, user in deciding.voters_of(meeting).items() if user == by.pk}
    if not seats:
        raise BadAnswer(_("您在这个评议小组没有表决席位。"))
    (seat,) = seats
    if meeting.due_date is not None and clock.day_of(at) > meeting.due_date:
        raise BadAnswer(_("答复期限已过。"))
    if selectors.grounds(seats, [concern], meeting.held_on_date, clock.day_of(at)):
        raise BadAnswer(_("这一条您须回避，不用答复。"))
    if not meeting.agenda.filter(case_id=concern.case_id).exists():
        raise BadAnswer(_("这一条已不在传签之列。"))
    if meeting.answers.filter(case_id=concern.case_id, seat_id=seat).exists():
        raise BadAnswer(_("这一条您已经答复过了。"))
    row = models.Answer.objects.create(
        meeting=meeting,
        case_id=concern.case_id,
        seat_id=seat,
        choice=choice or "",
        wants_meeting=choice is None,
        words=words.strip(),
        answered_at=at,
    )
    models.Attendance.objects.get_or_create(meeting=meeting, seat_id=seat)
    if choice is None:
        meeting.agenda.filter(case_id=concern.case_id).delete()
    audit.record_event(
        by=by, at=at, verb="circulation.answer", target=meeting, area_path=meeting.panel.village.path,
        detail={"case": concern.case_id, "meeting": choice is None},
    )  # fmt: skip
    return row


def answered_by_all(meeting: models.Meeting, concerns: Sequence[selectors.Concern], on: dt.date) -> set[int]:
    """The cases that everybody who may vote on them on that day has answered."""
    sitting = deciding.voters_of(meeting)
    forced = selectors.grounds(sitting, concerns, meeting.held_on_date, on)
    answers = deciding.answers_of(meeting)
    return {
        one.case_id
        for one in concerns
        if set(sitting) - set(forced.get(one.case_id, {})) <= set(answers.get(one.case_id, {}))
    }


def approved(meeting: models.Meeting, case_id: int) -> bool:
    """Whether the answers to a case carry it."""
    return rules.tally(deciding.answers_of(meeting).get(case_id, {}).values()).carried


@transaction.atomic
def end_circulation(
    *, meeting: models.Meeting, minutes: str, by: User | None, at: dt.datetime
) -> models.Meeting:
    """Close it; what was not decided leaves its agenda. `by=None` is the nightly work."""
    meeting = lock_circulation(meeting)
    posts.check_can(by, Action.HOLD_MEETING, meeting.panel.village, clock.day_of(at))
    meeting.agenda.exclude(case__decisions__meeting=meeting).delete()
    meeting.minutes, meeting.state, meeting.closed_at = minutes, rules.MeetingState.CLOSED, at
    meeting.save(update_fields=["minutes", "state", "closed_at"])
    audit.record_event(
        by=by, at=at, verb="circulation.end", target=meeting, area_path=meeting.panel.village.path
    )
    return meeting
