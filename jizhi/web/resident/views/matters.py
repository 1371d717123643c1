"""Matters of a household: report one, see how far it is, add what was asked for, say whether one is content."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.matters import selectors, services
from jizhi.matters.rules import OPEN, Channel
from jizhi.web import mattering
from jizhi.web.mattering import ReportForm, StepForm
from jizhi.web.pages import done, guarded, household_page, page_or_partial
from jizhi.web.resident.views import own

ROWS = 20


@household_page
def matter_list(request: HttpRequest) -> HttpResponse:
    """What the household reported, newest first."""
    household = own.household(request)
    rows = selectors.matters_of_household(household.subject.pk)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    lines = selectors.lines(page.object_list)
    return page_or_partial(request, "resident/matters.html", page=page, lines=lines)


@household_page
def matter_new(request: HttpRequest) -> HttpResponse:
    """Kind and words; photo and place if one likes."""
    household = own.household(request)
    initial = {"area": household.area.code}
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        village=household.village,
        by_staff=False,
        initial=initial,
    )
    if form.is_valid():
        with guarded(request, form):
            matter = services.report_matter(
                report=form.report,
                channel=Channel.HOUSEHOLD,
                photos=form.cleaned_data["photos"],
                by=request.user,
                at=request.at,
            )
            text = gettext("已上报，编号%(number)s。办到哪一步会发消息告诉您。") % {"number": matter.number}
            return done(request, text, "resident:matter", matter.pk)
    return page_or_partial(request, "resident/matter_new.html", form=form)


@household_page
def matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """How far it is, the answer, and what the household may do."""
    own.household(request)
    return _shown(request, mattering.page_of(request, matter_id), None)


def _shown(request: HttpRequest, page: Any, bound: StepForm | None) -> HttpResponse:
    forms = mattering.step_forms(page, localdate(request.at), bound)
    context = {"page": page, "line": page.line, "forms": forms, "form": bound}
    return page_or_partial(request, "resident/matter.html", is_open=page.line.state in OPEN, **context)


@household_page
@require_POST
def step(request: HttpRequest, matter_id: int, verb: str) -> HttpResponse:
    """Add, withdraw or rate."""
    own.household(request)
    return mattering.step(request, matter_id, verb, to="resident:matter", shown=_shown)


@household_page
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """One of the household's own photos."""
    own.household(request)
    return mattering.photo(request, photo_id)
