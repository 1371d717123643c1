"""Objecting to an entry on an open notice, one's own or another's, and what became of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.notices import selectors, services
from jizhi.notices.rules import ObjectionChannel, ObjectionState
from jizhi.web.pages import confirm, done, guarded, household_page, page_or_partial
from jizhi.web.resident.forms import ObjectionForm
from jizhi.web.resident.views import notices, own


@household_page
def objection_list(request: HttpRequest) -> HttpResponse:
    """What the household objected to, with answers and clocks."""
    household, today = own.household(request), localdate(request.at)
    voices = own.spoken_for(request)
    letters = selectors.letters_of_subject(*voices)
    context = {
        "lines": selectors.objections_of_subject(*voices),
        "letters": letters,
        "may_appeal": selectors.letters_to_appeal(household.village, letters, on=today),
        "former": selectors.former_entries(voices - {household.subject.pk}, on=today),
    }
    return page_or_partial(request, "resident/objections.html", **context)


@household_page
def to_own_entry(request: HttpRequest, fact_id: int) -> HttpResponse:
    """From the own entry to the open notice on which it stands."""
    household, today = own.household(request), localdate(request.at)
    try:
        also = own.subject_ids(request) | own.spoken_for(request)
        page = selectors.fact_page(household.subject, fact_id, on=today, also=also)
    except selectors.NoSuchEntry as missing:
        raise Http404(str(missing)) from missing
    if page.open_notice is None:
        return redirect("resident:entry", fact_id)
    return redirect("resident:notice_objection", page.open_notice.pk, fact_id)


@household_page
def to_noticed(request: HttpRequest, notice_id: int, fact_id: int) -> HttpResponse:
    """The form: what the entry says, and why it is wrong. Of an ended household's entry, in its name."""
    household = own.household(request)
    former = selectors.succeeded_owner(request.user, fact_id, on=localdate(request.at))
    page = notices.page_of(former.village if former else household.village, notice_id)
    row, entry = _entry(page, fact_id)
    form = ObjectionForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            filed = services.file_objection(
                notice=page.notice,
                fact_id=fact_id,
                subject=former or household.subject,
                grounds=form.cleaned_data["grounds"],
                channel=ObjectionChannel.PHONE_PAGE,
                request_key=str(form.cleaned_data["request_key"]),
                by=request.user,
                at=request.at,
            )
            return done(
                request, gettext("异议已提出，村（居）委会会书面答复您。"), "resident:objection", filed.pk
            )
    context: dict[str, Any] = {
        "page": page,
        "row": row,
        "entry": entry,
        "is_own": former is not None or (page.notice.scheme == HOUSEHOLD_SCHEME and row.no == household.no),
        "open": notices.is_open(request, page),
        "answer_days": page.line.answer_days,
    }
    return page_or_partial(request, "resident/objection_form.html", form=form, **context)


def _entry(page: selectors.NoticePage, fact_id: int) -> tuple[Any, Any]:
    """The row and entry of a fact as the notice shows it; 404 when it does not."""
    for row in page.rows:
        for entry in row.entries:
            if entry.fact == fact_id:
                return row, entry
    raise Http404(gettext("这期公示里没有这一条。"))


@household_page
def objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """One objection: its clock, its answer."""
    own.household(request)
    line = _line(request, objection_id)
    is_own, today = line.subject_id in own.spoken_for(request), localdate(request.at)
    if is_own:
        services.acknowledge_answer(objection=line.objection, by=request.user, at=request.at)
    context: dict[str, Any] = {
        "line": line,
        "is_own": is_own,
        "late": line.state is ObjectionState.FILED and line.is_late(today),
        "appeals": selectors.appeals_of(objection_id),
        "chance": selectors.appeal_chance(line.objection, on=today) if is_own else None,
    }
    return page_or_partial(request, "resident/objection.html", **context)


@household_page
def withdrawal(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Take an objection back before it is answered."""
    own.household(request)
    line = _line(request, objection_id)
    back = reverse("resident:objection", args=[objection_id])
    if request.method == "POST":
        with guarded(request):
            services.withdraw_objection(objection=line.objection, by=request.user, at=request.at)
            return done(request, gettext("异议已撤回。"), back)
        return redirect(back)
    return confirm(
        request,
        title=gettext("撤回这件异议？"),
        text=gettext("撤回后不再办理。公示期内可以再提出。"),
        button=gettext("撤回"),
        back=back,
        danger=True,
    )


def _line(request: HttpRequest, objection_id: int) -> selectors.ObjectionLine:
    try:
        return selectors.objection_line(request.user, objection_id, on=localdate(request.at))
    except selectors.NoSuchObjection as missing:
        raise Http404(str(missing)) from missing
