"""The panel's meetings: the list, opening one from what waits, its minutes as a print. The room is `meeting_room`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.core.text import N_
from jizhi.posts.rules import Action
from jizhi.reviews import selectors, services
from jizhi.reviews.rules import Voting
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import lists
from jizhi.web.desk.exports import meetings as exports
from jizhi.web.desk.forms import meetings as forms
from jizhi.web.pages import done, guarded, page_or_partial, staff_page


@staff_page(action=Action.VIEW_LEDGER)
def meetings(request: HttpRequest) -> HttpResponse:
    """All meetings, newest first."""
    search, rows = _found(request)
    context = {
        "search": search,
        "page": listing.page_of(request, rows, selectors.meeting_lines),
        "may_export": scope.may(request, Action.EXPORT),
        "may_hold": scope.may(request, Action.HOLD_MEETING),
        "may_circulate": bool(claims.villages_circulating(scope.villages(request, Action.HOLD_MEETING))),
        "waiting": claims.work(request.user, localdate(request.at)).to_decide,
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/meetings/list.html", **context)


def _found(request: HttpRequest) -> tuple[forms.MeetingSearch, Any]:
    search = forms.MeetingSearch(request.GET, villages=scope.villages(request))
    rows = selectors.meetings(
        request.user,
        on=localdate(request.at),
        village_code=search.value("village"),
        state=search.value("state"),
        words=search.value("q"),
    )
    return search, rows


@staff_page(action=Action.EXPORT)
def meetings_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return lists.meetings(selectors.meeting_lines(_found(request)[1]), request.at)


@staff_page(action=Action.HOLD_MEETING)
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Open a meeting with what was verified until a day, grid by grid, and whoever has come."""
    today = localdate(request.at)
    villages = scope.villages(request, Action.HOLD_MEETING)
    village = scope.village(request, Action.HOLD_MEETING, request.GET.get("village", ""))
    panel = selectors.panel_of(village, today)
    if panel is None:
        may_compose = scope.may(request, Action.MANAGE_PANELS, village)
        return page_or_partial(
            request,
            "desk/meetings/no_panel.html",
            village=village,
            villages=villages,
            may_compose=may_compose,
        )
    until = forms.UntilForm(request.GET, today=today)
    cases = claims.cases_waiting(village, until.day)
    seats = selectors.seats_of(panel, today)
    place = N_("%(village)s办公室") % {"village": village.name}
    data = request.POST if request.method == "POST" else None
    form = forms.OpeningForm(data, seats=seats, cases=cases, today=today, place=place)
    if form.is_valid():
        with guarded(request, form):
            given = form.cleaned_data
            meeting = services.open_meeting(
                panel=panel,
                held_on_date=given["held_on_date"],
                place=given["place"],
                case_ids=given["case"],
                seat_ids=given["seats"],
                voting=Voting(given["voting"] or Voting.OPEN),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("评议会已开始。"), "desk:meeting", meeting.pk)
    lines = claims.lines_of_cases(cases)
    context = {
        "form": form,
        "village": village,
        "villages": villages,
        "panel": panel,
        "until": until,
        "waiting": [lines[case] for case in cases],
        "chosen": set(map(int, form["case"].value() or ())),
    }
    return page_or_partial(request, "desk/meetings/new.html", **context)


@staff_page(action=Action.VIEW_LEDGER)
def minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The minutes as a print, with agenda, votes and places to sign."""
    frame = selectors.meeting_frame(request.user, meeting_id, on=localdate(request.at))
    return exports.minutes(frame, claims.lines_of_cases(frame.case_ids))
