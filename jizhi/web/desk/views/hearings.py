"""After the first answer: going up to the township, appeals with their clocks, judgements and orders."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors, services
from jizhi.notices.rules import OrderKind
from jizhi.posts.rules import Action
from jizhi.web.desk import scope
from jizhi.web.desk.exports import replies
from jizhi.web.desk.forms import hearings as forms
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page


def answer_form(request: HttpRequest, fact_id: int) -> forms.AnswerForm:
    """The form with the one field that the entry's item can be corrected in."""
    first = claims.entry_rows(ledger.entries_of_fact(fact_id)[:1])[0]
    language = "en" if request.LANGUAGE_CODE == "en" else "zh"
    return forms.AnswerForm(
        request.POST if request.method == "POST" else None,
        needs=first.item.needs,
        grades=claims.grade_choices(first.item, language) if first.item.needs == "grade" else None,
    )


@staff_page(action=Action.ANSWER_OBJECTION)
def escalation(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Hand an objection up to the township, with the reason."""
    line = _line(request, objection_id)
    if not scope.may(request, Action.ANSWER_OBJECTION, line.objection.village):
        raise Http404
    form = forms.EscalationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with guarded(request, form):
            services.escalate_objection(
                objection=line.objection, words=form.cleaned_data["words"], by=request.user, at=request.at
            )
            return done(request, gettext("已转乡镇答复，农户会收到消息。"), "desk:objection", objection_id)
    return page_or_partial(request, "desk/objections/escalation.html", form=form, line=line)


@staff_page(action=Action.POST_NOTICE)
def appeal_new(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Key in what a household says against an answer."""
    line = _line(request, objection_id)
    if not scope.may(request, Action.POST_NOTICE, line.objection.village):
        raise Http404
    form = forms.AppealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with guarded(request, form):
            filed = services.file_appeal(
                objection=line.objection,
                grounds=form.cleaned_data["grounds"],
                request_key=str(form.cleaned_data["request_key"]),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("复核申请已登记。"), "desk:appeal", filed.pk)
    chance = selectors.appeal_chance(line.objection, on=localdate(request.at))
    return page_or_partial(request, "desk/objections/appeal_new.html", form=form, line=line, chance=chance)


@staff_page(action=Action.VIEW_LEDGER)
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """One appeal with the answer it is against; POST decides it."""
    today = localdate(request.at)
    with or_404():
        task = selectors.appeal_task(request.user, appeal_id, on=today)
    may_hear = selectors.may_hear_appeal(request.user, appeal_id, on=today)
    form = answer_form(request, task.objection.fact_id)
    if form.is_valid():
        with guarded(request, form):
            services.answer_appeal(appeal=task.appeal.appeal, by=request.user, at=request.at, **form.ruling)
            return done(request, gettext("复核已作出，农户会收到消息。"), "desk:appeal", appeal_id)
    context: dict[str, Any] = {
        "line": task.objection,
        "one": task.appeal,
        "form": form,
        "may_hear": may_hear,
        "today": today,
        "ledger_rows": claims.entry_rows(ledger.entries_of_fact(task.objection.fact_id)),
    }
    return page_or_partial(request, "desk/objections/appeal.html", **context)


@staff_page(action=Action.VIEW_LEDGER)
def appeal_reply(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """What was decided, as a letter."""
    with or_404():
        task = selectors.appeal_task(request.user, appeal_id, on=localdate(request.at))
    if task.appeal.answered_at is None:
        raise Http404
    return replies.appeal(task)


@staff_page(action=Action.ENTER_ORDER)
def order_new(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Enter a judgement or an order about an entry; it is carried out at once."""
    today = localdate(request.at)
    entries = selectors.entries_under_order(request.user, fact_id, on=today)
    if not entries:
        raise Http404
    form = forms.OrderForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if form.is_valid():
        with guarded(request, form):
            given = form.cleaned_data
            services.enter_order(
                fact_id=fact_id,
                kind=OrderKind(given["kind"]),
                number=given["number"],
                issuer=given["issuer"],
                order_date=given["order_date"],
                upheld=given["outcome"] == forms.UPHELD,
                words=given["words"],
                scan=given["scan"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已登记并执行。"), "desk:fact", fact_id)
    rows = claims.entry_rows(entries)
    return page_or_partial(
        request, "desk/objections/order_new.html", form=form, first=rows[0], ledger_rows=rows
    )


@staff_page(action=Action.VIEW_LEDGER)
def order_scan(request: HttpRequest, order_id: int) -> HttpResponse:
    """The scan of a judgement or an order."""
    scan = selectors.order_scan(request.user, order_id, on=localdate(request.at))
    if scan is None:
        raise Http404
    with scan:
        answer = HttpResponse(scan.read(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _line(request: HttpRequest, objection_id: int) -> selectors.ObjectionLine:
    with or_404():
        return selectors.objection_line(request.user, objection_id, on=localdate(request.at))
