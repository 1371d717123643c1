"""Meetings as pages need them: attendance, votes, tallies, minutes. What a case is about is not known here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core import scope
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import models, rules
from jizhi.reviews.selectors import decisions
from jizhi.reviews.selectors.decisions import DecisionLine
from jizhi.reviews.selectors.panels import SeatLine, seats_of


class NoSuchMeeting(DomainError):
    """The meeting does not exist, or lies outside the user's scope."""


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """What a supervisor had put into the minutes."""

    seat_id: int
    name: str
    case_id: int | None
    words: str
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A photo of the signed minutes."""

    id: int
    width: int
    height: int
    added_at: dt.datetime
    added_by: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What a member answered in a circulation."""

    case_id: int
    seat_id: int
    choice: rules.Choice | None
    words: str


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
    voting: rules.Voting
    procedure: rules.Procedure
    due_date: dt.date | None
    remarks: list[RemarkLine]
    sheets: list[SheetLine]
    answers: list[AnswerLine]

    @property
    def voters(self) -> list[SeatLine]:
        """The seats that have a vote."""
        return [seat for seat in self.seats if seat.can_vote]

    @property
    def observers(self) -> list[SeatLine]:
        """Recorders and supervisors."""
        return [seat for seat in self.seats if not seat.can_vote]

    @property
    def present(self) -> int:
        """Voting members who are present: the quorum counts nobody else."""
        return sum(seat.present for seat in self.voters)

    @property
    def is_secret(self) -> bool:
        return self.voting is rules.Voting.SECRET

    @property
    def is_circulation(self) -> bool:
        return self.procedure is rules.Procedure.CIRCULATION

    @property
    def is_ruling(self) -> bool:
        """Whether the township ruled in the panel's place."""
        return self.procedure is rules.Procedure.RULING

    @property
    def entitled_min(self) -> int:
        """How many must be left to vote on a case after recusals."""
        return rules.entitled_min(self.quorum)

    @property
    def awaits_sheet(self) -> bool:
        """A closed meeting whose signed minutes nobody has photographed yet."""
        return (
            not self.is_open
            and self.procedure is rules.Procedure.MEETING
            and bool(self.decisions)
            and not self.sheets
        )

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
    procedure: rules.Procedure
    due_date: dt.date | None


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
            areas.named(row.panel.village),
            row.panel.title,
            row.held_on_date,
            rules.MeetingState(row.state),
            cases.get(row.pk, 0),
            decided.get(row.pk, 0),
            rules.Procedure(row.procedure),
            row.due_date,
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


def meeting_in_session(user: User, village: Area, *, on: dt.date) -> int | None:
    """The number of the village's newest ordinary meeting that is open, votes openly, and that the user may hold."""
    rows = models.Meeting.objects.filter(
        panel__village=village,
        panel__village__path__within=posts.scope_paths(user, Action.HOLD_MEETING, on),
        state=rules.MeetingState.OPEN,
        procedure=rules.Procedure.MEETING,
        voting=rules.Voting.OPEN,
    )
    return rows.order_by("-held_on_date", "-id").values_list("id", flat=True).first()


def meeting_frame(user: User, meeting_id: int, *, on: dt.date) -> MeetingFrame:
    """One meeting with attendance and decisions. Raises NoSuchMeeting."""
    meeting = visible_meetings(user, on).select_related("opened_by").filter(pk=meeting_id).first()
    if meeting is None:
        raise NoSuchMeeting(_("没有这次会议，或者您无权查看。"))
    present = set(meeting.attendances.values_list("seat_id", flat=True))
    sitting = seats_of(meeting.panel, meeting.held_on_date)
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
        seats=[replace(seat, present=seat.id in present) for seat in sitting],
        case_ids=list(meeting.agenda.order_by("id").values_list("case_id", flat=True)),
        decisions=decisions.lines(meeting.decisions.all()),
        closed_at=meeting.closed_at,
        voting=rules.Voting(meeting.voting),
        procedure=rules.Procedure(meeting.procedure),
        due_date=meeting.due_date,
        remarks=_remarks(meeting),
        sheets=_sheets(meeting),
        answers=_answers(meeting),
    )


def _remarks(meeting: models.Meeting) -> list[RemarkLine]:
    rows = meeting.remarks.select_related("seat__user")
    return [
        RemarkLine(row.seat_id, row.seat.user.display_name, row.case_id, row.words, row.recorded_at)
        for row in rows
    ]


def _sheets(meeting: models.Meeting) -> list[SheetLine]:
    rows = meeting.sheets.select_related("added_by")
    return [SheetLine(row.pk, row.width, row.height, row.added_at, row.added_by.display_name) for row in rows]


def _answers(meeting: models.Meeting) -> list[AnswerLine]:
    return [
        AnswerLine(row.case_id, row.seat_id, rules.Choice(row.choice) if row.choice else None, row.words)
        for row in meeting.answers.all()
    ]


def sheet_of(user: User, sheet_id: int, *, on: dt.date) -> models.SignedSheet:
    """A photo of signed minutes in the user's scope. Raises NoSuchMeeting."""
    sheet = models.SignedSheet.objects.filter(pk=sheet_id, meeting__in=visible_meetings(user, on)).first()
    if sheet is None:
        raise NoSuchMeeting(_("没有这张照片，或者您无权查看。"))
    return sheet


def unsigned_meetings(user: User, *, on: dt.date, since: dt.date) -> list[MeetingLine]:
    """Closed meetings that decided something and whose signed minutes are not attached yet, the oldest first."""
    paths = posts.scope_paths(user, Action.HOLD_MEETING, on)
    rows = models.Meeting.objects.select_related("panel__village").filter(
        panel__village__path__within=paths,
        state=rules.MeetingState.CLOSED,
        procedure=rules.Procedure.MEETING,
        held_on_date__gte=since,
        sheets=None,
        decisions__isnull=False,
    )
    return meeting_lines(rows.distinct().order_by("held_on_date", "id"))


def seat_in(meeting: models.Meeting, user: User) -> models.Seat | None:
    """The seat on which this user sits in the meeting, on its day."""
    return models.Seat.objects.on(meeting.held_on_date).filter(panel=meeting.panel, user=user).first()


def meetings_to_sign_in(user: User) -> list[MeetingLine]:
    """Open meetings of panels on which the user sits and into which the user has not signed yet."""
    rows = models.Meeting.objects.select_related("panel__village").filter(
        state=rules.MeetingState.OPEN, procedure=rules.Procedure.MEETING, panel__seats__user=user
    )
    waiting = []
    for row in rows.distinct().order_by("held_on_date", "id"):
        seat = seat_in(row, user)
        if seat is not None and not row.attendances.filter(seat=seat).exists():
            waiting.append(row)
    return meeting_lines(waiting)


def cases_on_open_agenda(case_ids: Iterable[int]) -> set[int]:
    """Which of the cases lie before an open meeting that has not decided them yet."""
    return set(
        models.AgendaItem.objects.filter(case_id__in=list(case_ids), meeting__state=rules.MeetingState.OPEN)
        .exclude(case__decisions__meeting=F("meeting"))
        .values_list("case_id", flat=True)
    )


def met_between(village: Area, first: dt.date, last: dt.date) -> bool:
    """Whether a panel of the village sat on one of these days."""
    return models.Meeting.objects.filter(
        panel__village=village,
        procedure=rules.Procedure.MEETING,
        held_on_date__range=(first, last),
    ).exists()


def is_ruling(meeting_id: int) -> bool:
    """Whether the township ruled in the place of a meeting; whoever is concerned may always know."""
    with scope.beyond("a household knows who decided on its sheet, also where nothing of it was claimed"):
        return models.Meeting.objects.filter(pk=meeting_id, procedure=rules.Procedure.RULING).exists()
