"""The meeting room: attendance, the agenda case by case or many at once, minutes, closing.

Every vote goes through `claims.services.decide_claims`; this only gathers what the panel says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from jizhi.claims import selectors as claims
from jizhi.claims import services as claim_services
from jizhi.oversight import selectors as oversight
from jizhi.posts.rules import Action
from jizhi.reviews import selectors, services
from jizhi.reviews.rules import Ground, Outcome
from jizhi.web.desk import minutes, scope
from jizhi.web.desk.forms import meetings as forms
from jizhi.web.pages import confirm, done, guarded, page_or_partial, staff_page


@dataclass(frozen=True)
class AgendaRow:
    """A case with its claim and, once voted on, its decision."""

    case_id: int
    line: claims.ClaimLine
    decision: selectors.DecisionLine | None
    grounds: Mapping[int, Ground]  # seats of present members who have to step aside, and why


@dataclass(frozen=True)
class Room:
    """What every view of the room starts from."""

    frame: selectors.MeetingFrame
    agenda: list[AgendaRow]

    @property
    def open_rows(self) -> list[AgendaRow]:
        return [row for row in self.agenda if row.decision is None]

    @property
    def simple_rows(self) -> list[AgendaRow]:
        """Open cases that can be approved without the panel naming a grade or points, and with enough to vote."""
        return [row for row in self.open_rows if not needs_panel(row.line) and not self.is_short(row)]

    @property
    def short_rows(self) -> list[AgendaRow]:
        """Open cases on which too few of those present may vote."""
        return [row for row in self.open_rows if self.is_short(row)]

    def is_short(self, row: AgendaRow) -> bool:
        """Whether recusal leaves fewer than the quorum rule asks for."""
        return self.frame.has_quorum and self.left(row) < self.frame.entitled_min

    def left(self, row: AgendaRow) -> int:
        """How many of those present may vote on the case."""
        return self.frame.present - len(row.grounds)

    def row(self, case_id: int) -> AgendaRow:
        found = next((row for row in self.agenda if row.case_id == case_id), None)
        if found is None:
            raise Http404
        return found


def needs_panel(line: claims.ClaimLine) -> bool:
    """Whether the panel must say the grade or the points of the claim."""
    return line.item.needs == "given" or (line.item.needs == "grade" and not line.grade)


def room_of(request: HttpRequest, meeting_id: int) -> Room:
    frame = selectors.meeting_frame(request.user, meeting_id, on=localdate(request.at))
    lines = claims.lines_of_cases(frame.case_ids)
    voters = {seat.id: seat.user_id for seat in frame.voters if seat.present}
    waiting = [case for case in frame.case_ids if case not in frame.decisions]
    days = (frame.held_on_date, localdate(request.at))
    grounds = selectors.grounds(voters, claims.concerns(waiting, *days), *days)
    agenda = [
        AgendaRow(case, lines[case], frame.decisions.get(case), grounds.get(case, {}))
        for case in frame.case_ids
    ]
    return Room(frame, agenda)


def _current(request: HttpRequest, room: Room) -> AgendaRow | None:
    """The case on the table: the one asked for, else the next without a decision, else the first."""
    asked = request.GET.get("case", "")
    if asked.isdecimal():
        return room.row(int(asked))
    return next(iter(room.open_rows or room.agenda), None)


@staff_page(action=Action.VIEW_LEDGER)
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The room, or the record of a closed meeting."""
    return room_page(request, room_of(request, meeting_id))


def _ruling_form(frame: selectors.MeetingFrame, row: AgendaRow, data: Any = None) -> forms.RulingForm:
    """Only those who may vote on the case are asked; whoever must step aside is named beside it."""
    seats = [seat for seat in frame.voters if seat.present and seat.id not in row.grounds]
    return forms.RulingForm(data, line=row.line, seats=seats, secret=frame.is_secret)


def room_page(request: HttpRequest, room: Room, row: AgendaRow | None = None, **bound: Any) -> HttpResponse:
    frame, current = room.frame, row or _current(request, room)
    holds = scope.may(request, Action.HOLD_MEETING, frame.village)
    may_hold = frame.is_open and holds and not frame.is_circulation
    present = [seat for seat in frame.seats if seat.present]
    ruling = None
    if may_hold and current and current.decision is None:
        ruling = _ruling_form(frame, current)
    waiting = claims.cases_waiting(frame.village) if may_hold else []
    context: dict[str, Any] = {
        "room": room,
        "frame": frame,
        "current": current,
        "claim": claims.claim_page(request.user, current.line.id, on=localdate(request.at))
        if current
        else None,
        "flagged": claims.flagged([current.line.id] if current else []),
        "present": present,
        "names": {seat.id: seat.name for seat in frame.seats},
        "may_hold": may_hold,
        "waiting": waiting,
        "rechecked": oversight.recheck_before(current.line.id) if current else "",
        "is_short": bool(current and current.decision is None and room.is_short(current)),
        "left": room.left(current) if current else 0,
        "remark": forms.RemarkForm(seats=frame.observers, rows=room.agenda),
        "sheet": forms.SheetForm(),
        "may_attach": not frame.is_open and holds,
        "may_conclude": frame.is_open and holds,
        "answered": [seat.name for seat in frame.voters if seat.present],
        "to_answer": _to_answer(request, frame),
        "own_seat": next((seat for seat in frame.seats if seat.user_id == request.user.pk), None),
        "attendance": forms.AttendanceForm(seats=frame.seats),
        "ruling": ruling,
        "closing": forms.ClosingForm(initial={"minutes": minutes.draft(frame)}),
    }
    refused = any(form.errors for form in bound.values())
    return page_or_partial(
        request, "desk/meetings/room.html", status=422 if refused else 200, **context | bound
    )


def _to_answer(request: HttpRequest, frame: selectors.MeetingFrame) -> list[int]:
    """What the reader still has to answer in a circulation."""
    mine = selectors.to_answer(frame.meeting, request.user) if frame.is_circulation else None
    return claims.cases_to_answer(mine, request.user, on=localdate(request.at)) if mine else []


@staff_page(action=Action.HOLD_MEETING)
@require_POST
def attendance(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Who is present, as far as it is known now."""
    room = room_of(request, meeting_id)
    form = forms.AttendanceForm(request.POST, seats=room.frame.seats)
    if form.is_valid():
        with guarded(request):
            services.record_attendance(
                meeting=room.frame.meeting,
                seat_ids=form.cleaned_data["seats"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("到会情况已记下。"), "desk:meeting", meeting_id)
    return redirect("desk:meeting", meeting_id)


@staff_page(action=Action.HOLD_MEETING)
@require_POST
def decision(request: HttpRequest, meeting_id: int, case_id: int) -> HttpResponse:
    """The vote on one case; then the next one is on the table."""
    room = room_of(request, meeting_id)
    row = room.row(case_id)
    form = _ruling_form(room.frame, row, request.POST)
    if form.is_valid():
        with guarded(request, form):
            ruling = claim_services.ClaimRuling(row.line.id, **form.ruling)
            claim_services.decide_claims(
                meeting=room.frame.meeting, rulings=[ruling], by=request.user, at=request.at
            )
            text = gettext("%(subject)s：%(outcome)s。") % {
                "subject": row.line.subject_label,
                "outcome": gettext(ruling.outcome.label),
            }
            return done(request, text, "desk:meeting", meeting_id)
    return room_page(request, room, row, ruling=form)


@staff_page(action=Action.HOLD_MEETING)
def approval_of_rest(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Approve everything still open at once, all members agreeing, after a question."""
    room = room_of(request, meeting_id)
    rows = room.simple_rows
    back = reverse("desk:meeting", args=[meeting_id])
    if request.method != "POST":
        count = {"count": len(rows)}
        text = ngettext(
            "其余%(count)d条全部认定，到会成员一致同意。须由评议小组定档次或分值的不在其内；有人须回避的，逐条按回避计票。",
            "其余%(count)d条全部认定，到会成员一致同意。须由评议小组定档次或分值的不在其内；有人须回避的，逐条按回避计票。",
            len(rows),
        )
        return confirm(
            request, title=gettext("其余全部认定？"), text=text % count, button=gettext("全部认定"), back=back
        )
    with guarded(request):
        rulings = [
            claim_services.ClaimRuling(row.line.id, Outcome.APPROVE, grade=row.line.grade) for row in rows
        ]
        found = claim_services.decide_claims(
            meeting=room.frame.meeting, rulings=rulings, by=request.user, at=request.at
        )
        text = ngettext("已认定%(count)d条。", "已认定%(count)d条。", len(found))
        messages.success(request, text % {"count": len(found)})
    return redirect(back)


@staff_page(action=Action.HOLD_MEETING)
@require_POST
def agenda(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Put what was verified since on the agenda, or leave open cases for the next meeting."""
    room = room_of(request, meeting_id)
    frame = room.frame
    with guarded(request):
        if "add" in request.POST:
            cases = claims.cases_waiting(frame.village)
            services.add_to_agenda(meeting=frame.meeting, case_ids=cases, by=request.user, at=request.at)
            text = ngettext("%(count)d条加入议程。", "%(count)d条加入议程。", len(cases))
        else:
            asked = request.POST.get("case", "")
            cases = [row.case_id for row in room.open_rows if not asked or str(row.case_id) == asked]
            for case in cases:
                services.remove_from_agenda(
                    meeting=frame.meeting, case_id=case, by=request.user, at=request.at
                )
            text = ngettext("%(count)d条留到下次会议。", "%(count)d条留到下次会议。", len(cases))
        messages.success(request, text % {"count": len(cases)})
    return redirect("desk:meeting", meeting_id)


@staff_page(action=Action.HOLD_MEETING)
@require_POST
def closing(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Close the meeting with its minutes."""
    room = room_of(request, meeting_id)
    form = forms.ClosingForm(request.POST)
    if form.is_valid():
        with guarded(request, form):
            services.close_meeting(
                meeting=room.frame.meeting,
                minutes=form.cleaned_data["minutes"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("会议已结束，纪要可以打印。"), "desk:meeting", meeting_id)
    return room_page(request, room, closing=form)
