"""Objections with their clocks: the list, keying one in, answering in writing, the answer as a letter."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors, services
from jizhi.notices.rules import ObjectionChannel, ObjectionState
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import lists, replies
from jizhi.web.desk.forms import notices as forms
from jizhi.web.desk.views import hearings
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words


@staff_page(action=Action.VIEW_LEDGER)
def objections(request: HttpRequest) -> HttpResponse:
    """Waiting ones first, by the day they are due."""
    today = localdate(request.at)
    search = forms.ObjectionSearch(request.GET, villages=scope.villages(request))
    rows = selectors.objections(request.user, on=today, **search.filters)
    context = {
        "search": search,
        "page": listing.page_of(request, rows, selectors.lines),
        "today": today,
        "may_export": scope.may(request, Action.EXPORT),
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/objections/list.html", **context)


@staff_page(action=Action.EXPORT)
def objections_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    search = forms.ObjectionSearch(request.GET, villages=scope.villages(request))
    rows = selectors.objections(request.user, on=localdate(request.at), **search.filters)
    return lists.objections(selectors.lines(rows), request.at)


@staff_page(action=Action.VIEW_LEDGER)
def objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """One objection with what it is about; POST answers it."""
    today = localdate(request.at)
    line = selectors.objection_line(request.user, objection_id, on=today)
    may_answer = _may_answer(request, line)
    form = hearings.answer_form(request, line.fact_id)
    if form.is_valid():
        with guarded(request, form):
            services.answer_objection(objection=line.objection, by=request.user, at=request.at, **form.ruling)
            return done(request, gettext("已答复，农户会收到消息。"), "desk:objection", objection_id)
    claim_id = claims.claim_of_fact(line.fact_id)
    context = {
        "line": line,
        "today": today,
        "late": line.is_late(today),
        "form": form,
        "may_answer": may_answer,
        "may_escalate": line.state is ObjectionState.FILED and may_answer,
        "appeals": selectors.appeals_of(objection_id),
        "chance": selectors.appeal_chance(line.objection, on=today)
        if scope.may(request, Action.POST_NOTICE, line.objection.village)
        else None,
        "ledger_rows": claims.entry_rows(ledger.entries_of_fact(line.fact_id)),
        "claim": claims.claim_page(request.user, claim_id, on=today)
        if claim_id and scope.may(request, Action.VIEW_LEDGER)
        else None,
    }
    return page_or_partial(request, "desk/objections/page.html", **context)


def _may_answer(request: HttpRequest, line: selectors.ObjectionLine) -> bool:
    action = {
        ObjectionState.FILED: Action.ANSWER_OBJECTION,
        ObjectionState.ESCALATED: Action.HEAR_AT_TOWNSHIP,
    }.get(line.state)
    return action is not None and scope.may(request, action, line.objection.village)


@staff_page(action=Action.POST_NOTICE)
def objection_new(request: HttpRequest, notice_id: int, fact_id: int) -> HttpResponse:
    """Key in what a household said or wrote against an entry of a notice."""
    page = selectors.notice_page(notice_id)
    if not scope.may(request, Action.POST_NOTICE, page.village):
        raise Http404
    row, entry = _entry(page, fact_id)
    form = forms.ObjectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with guarded(request, form):
            given = form.cleaned_data
            filed = services.file_objection(
                notice=page.notice,
                fact_id=fact_id,
                subject=people.household_by_no(page.village, given["no"]).subject,
                grounds=given["grounds"],
                channel=ObjectionChannel(given["channel"]),
                request_key=str(given["request_key"]),
                by=request.user,
                at=request.at,
            )
            text = gettext("异议已登记，请在%(day)s前答复。") % {"day": words.day(filed.due_date)}
            return done(request, text, "desk:objection", filed.pk)
    context = {"form": form, "notice": page, "row": row, "entry": entry}
    return page_or_partial(request, "desk/objections/new.html", **context)


def _entry(page: selectors.NoticePage, fact_id: int) -> tuple[Any, Any]:
    for row in page.rows:
        for entry in row.entries:
            if entry.fact == fact_id:
                return row, entry
    raise Http404


@staff_page(action=Action.VIEW_LEDGER)
def reply(request: HttpRequest, objection_id: int) -> HttpResponse:
    """The written answer as a letter."""
    line = selectors.objection_line(request.user, objection_id, on=localdate(request.at))
    if line.answered_at is None:
        raise Http404
    return replies.objection(line)
