"""Pledges: what was asked for, who has signed and who has not, one household's answer, many sheets at once."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.assemblies import selectors, services
from jizhi.assemblies.rules import Answer
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.web import pictures
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import files
from jizhi.web.desk.forms.search import VillageSearch
from jizhi.web.fairwork import printing
from jizhi.web.fairwork.exports import lists
from jizhi.web.fairwork.forms import pledges as forms
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

ROWS = 50


def _asked(request: HttpRequest) -> tuple[VillageSearch, list[selectors.PledgeLine]]:
    search = VillageSearch(request.GET, villages=scope.villages(request, Action.VIEW_LEDGER))
    code = search.value("village") if "village" in search.fields else ""
    return search, selectors.pledges(
        request.user, on=localdate(request.at), village_code=code, words=search.value("q")
    )


@staff_page(action=Action.VIEW_LEDGER)
def pledges(request: HttpRequest) -> HttpResponse:
    """The texts that were asked for, with their progress."""
    search, lines = _asked(request)
    context = {
        "search": search,
        "page": listing.page_of(request, lines, list),
        "may_ask": scope.may(request, Action.COLLECT_PLEDGES),
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "fairwork/pledges/list.html", **context)


@staff_page(action=Action.EXPORT)
def pledges_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return lists.pledge_texts(_asked(request)[1], request.at)


@staff_page(action=Action.COLLECT_PLEDGES)
def pledge_new(request: HttpRequest) -> HttpResponse:
    """Ask a village's households for their pledge."""
    villages = list(scope.villages(request, Action.COLLECT_PLEDGES))
    found = {
        f"{village.pk}-{version.pk}": (village, version)
        for village, version in selectors.askable_versions(villages)
    }
    choices = [
        (key, f"{words.named(village)} · {version.title} · {words.day(version.applies_from_date)}")
        for key, (village, version) in found.items()
    ]
    form = forms.AskingForm(request.POST or None, versions=choices)
    if form.is_valid():
        village, version = found[form.cleaned_data["version"]]
        with guarded(request, form):
            row = services.ask_pledges(
                village=village,
                version=version,
                text=form.cleaned_data["text"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("承诺书已发出，农户可以在手机上签。"), "fairwork:pledge", row.pk)
    return page_or_partial(request, "fairwork/pledges/new.html", form=form, none=not choices)


def _found(request: HttpRequest, pledge_id: int) -> tuple[selectors.PledgePage, Any, list[Any]]:
    with or_404():
        page = selectors.pledge_page(request.user, pledge_id, on=localdate(request.at))
    search = forms.PledgeSearch(request.GET, grids=[name for name, *_rest in page.grids])
    search.is_valid()
    wanted, grid = search.cleaned_data.get("answer", ""), search.cleaned_data.get("grid", "")
    text = search.cleaned_data.get("q", "").strip()
    rows = [
        row
        for row in page.rows
        if (not grid or row.grid == grid)
        and (not text or text in row.head or text in row.no)
        and (not wanted or (row.answer is not Answer.SIGNED if wanted == "open" else row.answer == wanted))
    ]
    return page, search, rows


@staff_page(action=Action.VIEW_LEDGER)
def pledge(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """Who has signed and who has not, grid by grid."""
    found, search, rows = _found(request, pledge_id)
    context = {
        "found": found,
        "line": found.line,
        "search": search,
        "page": listing.page_of(request, rows, list, size=ROWS),
        "may_collect": scope.may(request, Action.COLLECT_PLEDGES, found.row.village),
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "fairwork/pledges/page.html", **context)


@staff_page(action=Action.EXPORT)
def pledge_export(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """The same list as a workbook."""
    return lists.pledges(_found(request, pledge_id)[2], request.at)


@staff_page(action=Action.COLLECT_PLEDGES)
def sheet(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """The text and the households that have not signed, to sign on paper."""
    page, _search, _rows = _found(request, pledge_id)
    rows = [row for row in page.rows if row.answer is not Answer.SIGNED]
    return files.print_(f"CN-{pledge_id}", printing.pledge(page, rows, localdate(request.at)))


@staff_page(action=Action.COLLECT_PLEDGES)
def papers(request: HttpRequest, pledge_id: int) -> HttpResponse:
    """Many signed sheets at once, each photo named by its household."""
    with or_404():
        row = selectors.pledge_for(request.user, pledge_id, on=localdate(request.at))
    posted = request.method == "POST"
    form = forms.PapersForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        with guarded(request, form):
            made = services.attach_papers(
                pledge_id=pledge_id,
                papers=[(PurePath(one.name).stem, one) for one in form.cleaned_data["photos"]],
                request_key=form.cleaned_data["request_key"],
                by=request.user,
                at=request.at,
            )
            text = gettext("已登记 %(count)s 户的签字。") % {"count": len(made)}
            return done(request, text, "fairwork:pledge", pledge_id)
    return page_or_partial(request, "fairwork/pledges/papers.html", form=form, row=row)


@staff_page(action=Action.COLLECT_PLEDGES)
def answer(request: HttpRequest, pledge_id: int, subject_id: int) -> HttpResponse:
    """One household's answer, as the recorder met it."""
    page, _search, _rows = _found(request, pledge_id)
    line = next((row for row in page.rows if row.subject_id == subject_id), None)
    household = people.household_of_subject(subject_id)
    if line is None or household is None:
        raise Http404
    posted = request.method == "POST"
    form = forms.AnswerForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        data = form.cleaned_data
        with guarded(request, form):
            services.record_answer(
                pledge_id=pledge_id,
                subject=household.subject,
                answer=Answer(data["answer"]),
                signer=data["signer"],
                note=data["note"],
                photo=data["photo"],
                request_key=data["request_key"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已登记。"), "fairwork:pledge", pledge_id)
    return page_or_partial(request, "fairwork/pledges/answer.html", form=form, line=line, row=page.row)


@staff_page(action=Action.VIEW_LEDGER)
def signature(request: HttpRequest, answer_id: int) -> HttpResponse:
    """A signature, drawn or on paper."""
    with or_404():
        row = selectors.signature_of(request.user, answer_id, on=localdate(request.at))
    picture = pictures.answer(row)
    if row.file.name.endswith(".png"):
        picture["Content-Type"] = "image/png"
    return picture
