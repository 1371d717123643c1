"""Objection forms on paper: printing them for a notice, and keying in what came back, each form once."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext

from jizhi.areas import selectors as areas
from jizhi.channels import selectors as papers
from jizhi.channels.rules import SheetKind
from jizhi.notices import selectors, services
from jizhi.notices.rules import NoticeStanding
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.web import noticing
from jizhi.web.desk import scope
from jizhi.web.desk.exports import papers as exports
from jizhi.web.desk.forms import papers as forms
from jizhi.web.desk.forms.hearings import EntrySearch
from jizhi.web.desk.templatetags import desk as said
from jizhi.web.desk.views.letters import named
from jizhi.web.desk.views.papers import grids_of, subjects_of
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words


@staff_page(action=Action.POST_NOTICE)
def printing(request: HttpRequest, notice_id: int) -> HttpResponse:
    """A batch of forms for a notice, each with a code of its own."""
    with or_404():
        page = selectors.notice_page(notice_id)
    if page.line is None or not scope.may(request, Action.POST_NOTICE, page.village):
        raise Http404
    today = localdate(request.at)
    form = forms.ObjectionBatchForm(request.POST or None, grids=grids_of(page.village))
    if form.is_valid():
        given = form.cleaned_data
        with guarded(request, form):
            one = [people.household_by_no(page.village, given["no"]).subject] if given["no"] else []
            batch = services.print_objection_forms(
                notice=page.notice,
                count=0 if one else given["count"],
                subjects=one or subjects_of(page.village, given["households"], today),
                request_key=str(given["request_key"]),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("异议表编好号了，请打印。"), "desk:objection_forms_print", batch.pk)
    context = {"form": form, "notice": page, "open": page.line.standing(today) is NoticeStanding.OPEN}
    return page_or_partial(request, "desk/objections/forms.html", **context)


@staff_page(action=Action.POST_NOTICE)
def printed(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The batch as a PDF; printing it again gives the same forms with the same codes."""
    with or_404():
        page = papers.batch_page(request.user, batch_id, on=localdate(request.at))
    notice = selectors.notice_of_forms(batch_id)
    if notice is None or not scope.may(request, Action.POST_NOTICE, page.batch.village):
        raise Http404
    days = notice.answer_days
    notes = [
        gettext("公示到%(day)s，请在这之前交给网格员或村（居）委会；也可以当面说，由他们代填。")
        % {"day": words.day(notice.window_to_date)},
        ngettext(
            "从收表之日起 %(days)d 天内书面答复，说明理由。公示上不写是谁提的。",
            "从收表之日起 %(days)d 天内书面答复，说明理由。公示上不写是谁提的。",
            days,
        )
        % {"days": days},
    ]

    def link(code: str) -> str:
        return request.build_absolute_uri(reverse("desk:paper", args=[code]))

    return exports.objection_forms(page, noticing.title(notice.kind, notice.period), notes, link)


@staff_page(action=Action.POST_NOTICE)
def form(request: HttpRequest, code: str) -> HttpResponse:
    """What stands on a form: who objects, to which entry, and why. Its code is used up."""
    with or_404():
        page = papers.sheet_page(request.user, code, on=localdate(request.at))
    notice, line = selectors.notice_of_forms(page.batch_id), page.line
    village = areas.area_by_code(line.village_code)
    if line.kind is not SheetKind.OBJECTION or notice is None:
        raise Http404
    if not scope.may(request, Action.POST_NOTICE, village):
        raise Http404
    if not line.may_be_keyed_in and request.method != "POST":
        return redirect("desk:paper", line.code)
    own_no = said.household_no(line.subject_key) if line.subject_key else ""
    search = EntrySearch(request.GET if "q" in request.GET else {"q": own_no})
    choices = selectors.entries_on_form(notice, search.words) if search.words else []
    bound = forms.WrittenObjectionForm(
        request.POST if request.method == "POST" else None,
        entries=[(str(one.entry.fact), named(one)) for one in choices],
        initial={"no": own_no, "received_date": localdate(request.at)},
    )
    if bound.is_valid():
        with guarded(request, bound):
            given = bound.cleaned_data
            filed = services.key_in_objection(
                code=line.code,
                subject=people.household_by_no(village, given["no"]).subject,
                fact_id=int(given["entry"]),
                grounds=given["grounds"],
                received_date=given["received_date"],
                by=request.user,
                at=request.at,
            )
            text = gettext("异议已登记，请在%(day)s前答复。") % {"day": words.day(filed.due_date)}
            return done(request, text, "desk:objection", filed.pk)
    context: dict[str, Any] = {
        "line": line,
        "notice": notice,
        "village": village,
        "form": bound,
        "search": search,
        "choices": choices,
    }
    return page_or_partial(request, "desk/objections/form.html", **context)
