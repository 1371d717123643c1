"""Matters at the desk: the queue by deadline for my storey, one matter with its handling, dispatching, merging."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jizhi.areas import selectors as areas
from jizhi.core.errors import DomainError
from jizhi.matters import selectors, services
from jizhi.matters.rules import OPEN, Channel, MatterState, Verb
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web import mattering
from jizhi.web.desk import listing, scope
from jizhi.web.gridwork.exports import matters as exports
from jizhi.web.gridwork.forms import matters as forms
from jizhi.web.mattering import ReportForm, StepForm
from jizhi.web.pages import done, guarded, page_or_partial, staff_page

TABS = (
    MatterState.REPORTED, MatterState.ACCEPTED, MatterState.HANDLING, MatterState.HANDLED,
    MatterState.CONFIRMED, MatterState.RETURNED, MatterState.CLOSED,
)  # fmt: skip


def search_of(request: HttpRequest) -> forms.MatterSearch:
    """The queue's filters with the kinds of the reader's own place."""
    return forms.MatterSearch(request.GET, kinds=kinds_of(request))


def kinds_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The kinds that hold where the reader serves first."""
    paths = posts.scope_paths(request.user, Action.VIEW_MATTERS, localdate(request.at))
    return selectors.kinds_of(areas.area_by_code(paths[0].rpartition(".")[2])) if paths else []


@staff_page(action=Action.VIEW_MATTERS)
def matters(request: HttpRequest) -> HttpResponse:
    """The queue: `?mine=accept` and so on for what waits for me, otherwise by filter; the open ones by deadline."""
    today, search = localdate(request.at), search_of(request)
    filters, mine, rows = search.filters, _waiting_for(request), _rows(request, search)
    counts = selectors.counts_by_state(selectors.queue(request.user, on=today, **filters | {"state": ""}))
    state = filters["state"]
    may_dispatch = (state == MatterState.REPORTED or mine == "accept") and scope.may(
        request, Action.DISPATCH_MATTER
    )
    page = listing.page_of(request, rows, selectors.lines)
    context = {
        "search": search,
        "page": page,
        "place": search.place,
        "tabs": [(one, counts.get(one, 0)) for one in TABS],
        "open_count": sum(counts.get(one, 0) for one in OPEN),
        "all_count": sum(counts.values()),
        "state": state,
        "mine": mine,
        "work": selectors.work(request.user, today),
        "bulk": _bulk(request, page.object_list) if may_dispatch and page.object_list else None,
        "may_report": scope.may(request, Action.REPORT_MATTER),
        "may_import": scope.may(request, Action.DISPATCH_MATTER),
        "may_export": scope.may(request, Action.EXPORT),
        "several_villages": len({line.village_code for line in page.object_list}) > 1,
    }
    return page_or_partial(request, "gridwork/matters/list.html", **context)


def _waiting_for(request: HttpRequest) -> str:
    """What is asked for with `?mine=`, if there is such a queue."""
    asked = request.GET.get("mine", "")
    return asked if asked in {"accept", "handle", "recheck", "close", "due", "overdue"} else ""


def _rows(request: HttpRequest, search: forms.MatterSearch) -> Any:
    """What the list shows and the workbook holds."""
    today, mine = localdate(request.at), _waiting_for(request)
    if mine:
        return selectors.waiting(request.user, mine, on=today)
    return selectors.queue(request.user, on=today, **search.filters)


def _bulk(request: HttpRequest, lines: list[Any]) -> forms.BulkForm:
    """The form to dispatch many, offering those who may handle at the first matter's place."""
    first = mattering.page_of(request, lines[0].id)
    return forms.BulkForm(handlers=selectors.handlers(first.matter, localdate(request.at)))


@staff_page(action=Action.DISPATCH_MATTER)
@require_POST
def bulk_dispatch(request: HttpRequest) -> HttpResponse:
    """Dispatch the ticked matters, all or none."""
    back = f"{reverse('gridwork:matters')}?mine=accept"
    numbers = [int(text) for text in request.POST.getlist("matter") if text.isdecimal() and len(text) < 18]
    if not numbers:
        messages.error(request, gettext("请先勾选事件。"))
        return redirect(back)
    chosen = request.POST.get("assignee", "")
    with guarded(request):
        found = services.dispatch_matters(
            matter_ids=numbers,
            assignee=selectors.handler_of(int(chosen)) if chosen.isdecimal() and len(chosen) < 18 else None,
            organisation=request.POST.get("organisation", "")[:100],
            by=request.user,
            at=request.at,
        )
        text = ngettext("已分派%(count)d件。", "已分派%(count)d件。", len(found)) % {"count": len(found)}
        return done(request, text, back)
    return redirect(back)


@staff_page(action=Action.EXPORT)
def matters_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return exports.workbook(selectors.lines(_rows(request, search_of(request))), request.at)


@staff_page(action=Action.REPORT_MATTER)
def matter_new(request: HttpRequest) -> HttpResponse:
    """Take down what somebody reports by telephone or at the counter."""
    villages = scope.villages_around(request, Action.REPORT_MATTER)
    village = scope.one_of(villages, request.GET.get("village", ""))
    form = ReportForm(request.POST or None, request.FILES or None, village=village)
    if form.is_valid():
        with guarded(request, form):
            matter = services.report_matter(
                report=form.report,
                channel=Channel.CALL if form.cleaned_data["reporter_name"] else Channel.STAFF,
                photos=form.cleaned_data["photos"],
                by=request.user,
                at=request.at,
            )
            text = gettext("已上报，编号%(number)s。") % {"number": matter.number}
            return done(request, text, "gridwork:matter", matter.pk)
    return page_or_partial(
        request, "gridwork/matters/new.html", form=form, village=village, villages=villages
    )


@staff_page(action=Action.VIEW_MATTERS)
def matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """One matter: facts, what may be done now, the whole handling."""
    return _shown(request, mattering.page_of(request, matter_id), None)


def _shown(request: HttpRequest, page: Any, bound: StepForm | None, revealed: str = "") -> HttpResponse:
    may_merge = Verb.ABSORB in page.allowed
    context = {
        "page": page,
        "line": page.line,
        "forms": mattering.step_forms(page, localdate(request.at), bound),
        "form": bound,
        "revealed": revealed,
        "candidates": len(selectors.candidates(page.matter)) if may_merge else 0,
        "may_merge": may_merge,
    }
    return page_or_partial(request, "gridwork/matters/page.html", **context)


@staff_page(action=Action.VIEW_MATTERS)
@require_POST
def step(request: HttpRequest, matter_id: int, verb: str) -> HttpResponse:
    """Take a step with a matter."""
    return mattering.step(request, matter_id, verb, to="gridwork:matter", shown=_shown)


@staff_page(action=Action.HANDLE_MATTER)
@require_POST
def taking(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Take on a matter that nobody has."""
    mattering.page_of(request, matter_id)
    with guarded(request):
        mattering.take_on(request, matter_id)
        return done(request, gettext("由您办理。"), "gridwork:matter", matter_id)
    return redirect("gridwork:matter", matter_id)


@staff_page(action=Action.DISPATCH_MATTER)
def merging(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Possible duplicates beside the matter; the ticked ones are merged into it."""
    page = mattering.page_of(request, matter_id)
    found = selectors.candidates(page.matter, everything="all" in request.GET)
    numbers = [one.line.id for one in selectors.candidates(page.matter, everything=True)]
    form = forms.MergeForm(request.POST or None, candidates=numbers, initial={"version": page.matter.version})
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.merge_matters(
                into_id=matter_id,
                duplicate_ids=given["duplicate"],
                words=given["words"],
                version=given["version"],
                by=request.user,
                at=request.at,
            )
            return done(
                request, gettext("已并案，重复件的报告人一样会收到答复。"), "gridwork:matter", matter_id
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    context = {"page": page, "line": page.line, "candidates": found}
    return page_or_partial(request, "gridwork/matters/merge.html", form=form, **context)


@staff_page(action=Action.VIEW_MATTERS)
def sheet(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The handling sheet to print and file."""
    return exports.sheet(mattering.page_of(request, matter_id), localdate(request.at))


@staff_page(action=Action.HANDLE_MATTER)
@never_cache
def phone(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The whole number of whoever reported by telephone, against a reason."""
    return mattering.phone(request, matter_id, back="gridwork:matter", shown=_shown)


@staff_page(action=Action.VIEW_MATTERS)
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo, after the same check as its matter."""
    return mattering.photo(request, photo_id)
