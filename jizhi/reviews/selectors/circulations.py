"""Circulations: what a member has still to answer, whose time is over, which cases were sent to a meeting instead."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from jizhi.accounts.models import User
from jizhi.reviews import models, rules
from jizhi.reviews.selectors.meetings import seat_in


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """An open circulation in which a member has a vote, with the cases that the member has not answered."""

    meeting: models.Meeting
    seat_id: int
    case_ids: tuple[int, ...]


def circulations_of_member(user: User) -> list[ToAnswer]:
    """Open circulations with what the user has not answered, the most urgent first; recusal is not looked at."""
    rows = models.Meeting.objects.select_related("panel__village").filter(
        state=rules.MeetingState.OPEN, procedure=rules.Procedure.CIRCULATION, panel__seats__user=user
    )
    found = [to_answer(row, user) for row in rows.distinct().order_by("due_date", "id")]
    return [one for one in found if one is not None and one.case_ids]


def to_answer(meeting: models.Meeting, user: User) -> ToAnswer | None:
    """What the user has not answered in one circulation; nothing where the user has no vote in it."""
    seat = seat_in(meeting, user)
    if seat is None or seat.role not in rules.VOTING_ROLES or meeting.state != rules.MeetingState.OPEN:
        return None
    answered = meeting.answers.filter(seat=seat).values("case")
    cases = meeting.agenda.exclude(case__in=answered).order_by("id").values_list("case_id", flat=True)
    return ToAnswer(meeting, seat.pk, tuple(cases))


def circulations_to_conclude(on: dt.date) -> list[models.Meeting]:
    """Open circulations whose time is over."""
    return list(
        models.Meeting.objects.select_related("panel__village", "opened_by").filter(
            state=rules.MeetingState.OPEN, procedure=rules.Procedure.CIRCULATION, due_date__lt=on
        )
    )


def cases_wanting_a_meeting(case_ids: Iterable[int]) -> set[int]:
    """Which of the cases a member asked to have decided in a meeting, so that they are circulated no more."""
    rows = models.Answer.objects.filter(case_id__in=list(case_ids), wants_meeting=True)
    return set(rows.values_list("case_id", flat=True))
