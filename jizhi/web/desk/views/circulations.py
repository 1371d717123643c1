"""Deciding by circulation: sending cases round, a member's answers on the own phone, concluding when it is over."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from jizhi.claims import selectors as claims
from jizhi.claims import services as claim_services
from jizhi.posts.rules import Action
from jizhi.reviews import selectors
from jizhi.reviews.rules import Choice
from jizhi.web.desk import scope
from jizhi.web.desk.forms import circulations as forms
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page


@staff_page(action=Action.HOLD_MEETING)
def circulation_new(request: HttpRequest) -> HttpResponse:
    """Choose what goes round; the pack says what may and how many days the members have."""
    villages = scope.villages(request, Action.HOLD_MEETING)
    code = request.GET.get("village", "")
    able = tuple(claims.villages_circulating(villages))
    village = scope.one_of(villages if code else able or villages, code)
    policy = claims.panels_in(village).circulation
    cases = claims.cases_to_circulate(village)
    form = forms.CirculationForm(_sent(request), cases=cases)
    if form.is_valid():
        with guarded(request, form):
            meeting = claim_services.circulate_claims(
                village=village, case_ids=form.cleaned_data["case"], by=request.user, at=request.at
            )
            return done(request, gettext("已发给评议小组成员。"), "desk:meeting", meeting.pk)
    lines = claims.lines_of_cases(cases)
    context = {
        "form": form,
        "village": village,
        "villages": villages,
        "policy": policy,
        "panel": selectors.panel_of(village, localdate(request.at)),
        "waiting": [lines[case] for case in cases],
        "chosen": set(map(int, form["case"].value() or ())),
    }
    return page_or_partial(request, "desk/circulations/new.html", **context)


def _sent(request: HttpRequest) -> Any:
    """What was sent, even if nothing was ticked; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _to_answer(request: HttpRequest, meeting_id: int) -> tuple[selectors.MeetingFrame, list[int]]:
    """The circulation and what the reader still has to answer in it."""
    with or_404():
        frame = selectors.meeting_frame(request.user, meeting_id, on=localdate(request.at))
    if not frame.is_circulation:
        raise Http404
    mine = selectors.to_answer(frame.meeting, request.user)
    return frame, claims.cases_to_answer(mine, request.user, on=localdate(request.at)) if mine else []


@staff_page(action=Action.VIEW_LEDGER)
def answers(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """What the member still has to answer, each case by itself; nothing has to be answered at once."""
    frame, cases = _to_answer(request, meeting_id)
    lines = claims.lines_of_cases(cases)
    form = forms.AnswersForm(_sent(request), cases=cases)
    if form.is_valid():
        count = _answer(request, frame, form)
        if count is not None:
            text = ngettext("已答复%(count)d条。", "已答复%(count)d条。", count) % {"count": count}
            return done(request, text, "desk:meeting", meeting_id)
    rows = [(lines[case], form[f"{forms.CASE}{case}"]) for case in cases]
    return page_or_partial(request, "desk/circulations/answers.html", frame=frame, form=form, rows=rows)


def _answer(request: HttpRequest, frame: selectors.MeetingFrame, form: Any) -> int | None:
    """Hand the answers on; None where one was refused, said on the form."""
    given = form.answers
    for case, choice in given.items():
        answered = False
        with guarded(request, form):
            claim_services.answer_circulation(
                meeting=frame.meeting,
                case_id=case,
                choice=None if choice == forms.MEETING else Choice(choice),
                words=form.cleaned_data["words"],
                by=request.user,
                at=request.at,
            )
            answered = True
        if not answered:
            return None
    return len(given)


@staff_page(action=Action.HOLD_MEETING)
@require_POST
def conclusion(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The day is over, or everybody has answered: what is carried is decided, the rest goes to a meeting."""
    with or_404():
        frame = selectors.meeting_frame(request.user, meeting_id, on=localdate(request.at))
    with guarded(request):
        claim_services.conclude_circulation(meeting=frame.meeting, by=request.user, at=request.at)
        return done(request, gettext("传签已结束。"), "desk:meeting", meeting_id)
    return redirect("desk:meeting", meeting_id)
