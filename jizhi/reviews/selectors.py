"""Panels and meetings as pages need them: seats, attendance, tallies. What a case is about is not known here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import models, rules


class NoSuchMeeting(DomainError):
    """The meeting does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A member of the panel and whether they are present."""

    id: int
    name: str
    role: rules.SeatRole
    present: bool


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision with its count and who voted other than for it."""

    id: int
    case_id: int
    outcome: rules.Outcome
    reason: str
    tally: rules.Tally
    decided_at: dt.datetime
    choices: dict[int, rules.Choice]


@dataclass(frozen=True, slots=True)
class MeetingFrame:
    """A meeting without what its cases are about."""

    id: int
    meeting: models.Meeting
    panel: str
    village: Area
    held_on_date: dt.date
    place: str
    state: rules.MeetingState
    minutes: str
    quorum: int
    seats: list[SeatLine]
    case_ids: list[int]
    decisions: dict[int, DecisionLine]
    closed_at: dt.datetime | None

    @property
    def present(self) -> int:
        return sum(seat.present for seat in self.seats)

    @property
    def has_quorum(self) -> bool:
        return rules.quorum_is_met(self.present, self.quorum)

    @property
    def is_open(self) -> bool:
        return self.state is rules.MeetingState.OPEN


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting on the list."""

    id: int
    village: str
    panel: str
    held_on_date: dt.date
    state: rules.MeetingState
    cases: int
    decided: int


def panel_of(village: Area, on: dt.date) -> models.Panel | None:
    """The village's panel in office on a day."""
    in_office = Q(to_date=None) | Q(to_date__gte=on)
    return (
        models.Panel.objects.filter(in_office, village=village, from_date__lte=on)
        .select_related("village")
        .order_by("-from_date", "-id")
        .first()
    )


def seats_of(panel: models.Panel) -> list[SeatLine]:
    """The panel's members, nobody marked present."""
    return [
        SeatLine(seat.pk, seat.user.display_name, rules.SeatRole(seat.role), present=False)
        for seat in panel.seats.select_related("user")
    ]


def visible_meetings(user: User, on: dt.date) -> QuerySet[models.Meeting]:
    """Meetings of the villages in the user's scope."""
    paths = posts.scope_paths(user, Action.VIEW_LEDGER, on)
    return models.Meeting.objects.select_related("panel__village").filter(panel__village__path__within=paths)


def meetings(
    user: User, *, on: dt.date, village_code: str = "", state: str = "", words: str = ""
) -> QuerySet[models.Meeting]:
    """Meetings by filter, newest first, for a page; `meeting_lines` makes lines of them."""
    rows = visible_meetings(user, on)
    if village_code:
        rows = rows.filter(panel__village__code=village_code)
    if state:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(Q(place__icontains=words) | Q(minutes__icontains=words))
    return rows.order_by("-held_on_date", "-id")


def meeting_lines(meetings: Iterable[models.Meeting]) -> list[MeetingLine]:
    """Meetings as lines, with how many cases they had and decided: two queries more."""
    rows = list(meetings)
    ids = [row.pk for row in rows]
    cases = _counts(models.AgendaItem.objects.filter(meeting_id__in=ids))
    decided = _counts(models.Decision.objects.filter(meeting_id__in=ids))
    return [
        MeetingLine(
            row.pk,
            row.panel.village.name,
            row.panel.title,
            row.held_on_date,
            rules.MeetingState(row.state),
            cases.get(row.pk, 0),
            decided.get(row.pk, 0),
        )
        for row in rows
    ]


def _counts(rows: QuerySet[models.AgendaItem] | QuerySet[models.Decision]) -> dict[int, int]:
    """How many rows each meeting has."""
    return dict(rows.order_by("meeting_id").values_list("meeting_id").annotate(count=Count("pk")))


def open_meetings(user: User, *, on: dt.date) -> list[MeetingLine]:
    """Meetings that the user may hold and that nobody has closed, the oldest first."""
    paths = posts.scope_paths(user, Action.HOLD_MEETING, on)
    rows = models.Meeting.objects.select_related("panel__village").filter(
        panel__village__path__within=paths, state=rules.MeetingState.OPEN
    )
    return meeting_lines(rows.order_by("held_on_date", "id"))


def meeting_frame(user: User, meeting_id: int, *, on: dt.date) -> MeetingFrame:
    """One meeting with attendance and decisions. Raises NoSuchMeeting."""
    meeting = visible_meetings(user, on).filter(pk=meeting_id).first()
    if meeting is None:
        raise NoSuchMeeting(_("没有这次会议，或者您无权查看。"))
    present = set(meeting.attendances.values_list("seat_id", flat=True))
    seats = [SeatLine(seat.id, seat.name, seat.role, seat.id in present) for seat in seats_of(meeting.panel)]
    return MeetingFrame(
        id=meeting.pk,
        meeting=meeting,
        panel=meeting.panel.title,
        village=meeting.panel.village,
        held_on_date=meeting.held_on_date,
        place=meeting.place,
        state=rules.MeetingState(meeting.state),
        minutes=meeting.minutes,
        quorum=meeting.panel.quorum,
        seats=seats,
        case_ids=list(meeting.agenda.order_by("id").values_list("case_id", flat=True)),
        decisions=_decisions(meeting.decisions.prefetch_related("votes")),
        closed_at=meeting.closed_at,
    )


def _decisions(rows: Iterable[models.Decision]) -> dict[int, DecisionLine]:
    return {row.case_id: _decision_line(row) for row in rows}


def _decision_line(row: models.Decision) -> DecisionLine:
    return DecisionLine(
        id=row.pk,
        case_id=row.case_id,
        outcome=rules.Outcome(row.outcome),
        reason=row.reason,
        tally=rules.Tally(row.votes_for, row.against, row.abstain, row.recused),
        decided_at=row.decided_at,
        choices={vote.seat_id: rules.Choice(vote.choice) for vote in row.votes.all()},
    )


def decision_of_case(case_id: int) -> DecisionLine | None:
    """The last decision on a case."""
    row = models.Decision.objects.filter(case_id=case_id).prefetch_related("votes").order_by("-id").first()
    return _decision_line(row) if row else None


def cases_on_open_agenda(case_ids: Iterable[int]) -> set[int]:
    """Which of the cases lie before an open meeting that has not decided them yet."""
    return set(
        models.AgendaItem.objects.filter(case_id__in=list(case_ids), meeting__state=rules.MeetingState.OPEN)
        .exclude(case__decisions__meeting=F("meeting"))
        .values_list("case_id", flat=True)
    )


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with the meeting that took it, for whoever it concerns."""

    decision: DecisionLine
    panel: str
    held_on_date: dt.date
    present: int


def ruling(decision_number: int) -> Ruling | None:
    """Who decided, when, with how many votes. The caller has checked that the reader may know."""
    row = (
        models.Decision.objects.filter(pk=decision_number)
        .select_related("meeting__panel")
        .prefetch_related("votes")
        .first()
    )
    if row is None:
        return None
    return Ruling(
        _decision_line(row),
        row.meeting.panel.title,
        row.meeting.held_on_date,
        row.meeting.attendances.count(),
    )
