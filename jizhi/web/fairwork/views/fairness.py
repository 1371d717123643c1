"""How evenly points are given: the figures of a place and a period, and the claims behind each of them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.claims import selectors as claim_pages
from jizhi.fairness import selectors, services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import files
from jizhi.web.fairwork import printing
from jizhi.web.fairwork.exports import lists
from jizhi.web.fairwork.forms import fairness as forms
from jizhi.web.pages import page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

YEAR = dt.timedelta(days=365)
EXPORTED_MAX = 5_000
DAYS = ("from_date", "to_date")


def _areas(request: HttpRequest) -> list[tuple[str, str]]:
    """The tops of the reader's scope, and the villages below them."""
    paths = posts.scope_paths(request.user, Action.VIEW_FAIRNESS, localdate(request.at))
    tops = [areas.area_by_code(path.rpartition(".")[2]) for path in paths]
    below = [one for one in areas.villages(paths) if one not in tops]
    return [(one.code, words.named(one)) for one in [*below, *tops]]


def _asked(request: HttpRequest, kind: type[forms.SpanForm]) -> tuple[Any, selectors.Span, bool]:
    """The form, what it asks for, and whether its days were understood; else it shows the last twelve months.

    Http404 outside the reader's scope.
    """
    today, choices = localdate(request.at), _areas(request)
    form = kind(request.GET, areas=choices, first=today - YEAR, last=today)
    understood = form.is_valid()
    if not understood:
        kept = {name: value for name, value in request.GET.items() if name in form.cleaned_data}
        wrong = "area" in form.errors
        form = kind(
            {name: value for name, value in kept.items() if name not in DAYS},
            areas=choices,
            first=today - YEAR,
            last=today,
        )
        if wrong or not form.is_valid():
            raise Http404
    data = form.cleaned_data
    area = areas.area_by_code(data["area"])
    if not scope.may(request, Action.VIEW_FAIRNESS, area):
        raise Http404
    return form, selectors.Span(area, data["from_date"], data["to_date"]), understood


def _query(span: selectors.Span) -> str:
    return urlencode({"area": span.area.code, "from_date": span.from_date, "to_date": span.to_date})


def _page(request: HttpRequest) -> tuple[Any, selectors.FairnessPage, bool]:
    form, span, understood = _asked(request, forms.SpanForm)
    return form, services.open_fairness(span=span, by=request.user, at=request.at), understood


@staff_page(action=Action.VIEW_FAIRNESS)
def fairness(request: HttpRequest) -> HttpResponse:
    """The figures; who looked is written down."""
    form, found, understood = _page(request)
    context = {
        "search": form,
        "found": found,
        "query": _query(found.span),
        "understood": understood,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "fairwork/fairness/page.html", **context)


@staff_page(action=Action.VIEW_FAIRNESS)
def fairness_sheet(request: HttpRequest) -> HttpResponse:
    """The figures on paper."""
    found = _page(request)[1]
    return files.print_(gettext("公平性分析"), printing.fairness(found))


@staff_page(action=Action.EXPORT)
def fairness_figures(request: HttpRequest) -> HttpResponse:
    """The figures as a workbook."""
    return lists.fairness(_page(request)[1], request.at)


def _entries(request: HttpRequest) -> tuple[Any, selectors.Span, Any, bool]:
    form, span, understood = _asked(request, forms.EntrySearch)
    data = form.cleaned_data
    rows = selectors.claims_showing(
        span, figure=data["figure"], voter=data["voter"] or 0, verifier=data["verifier"] or 0
    )
    return form, span, rows, understood


@staff_page(action=Action.VIEW_FAIRNESS)
def claims(request: HttpRequest) -> HttpResponse:
    """The claims behind a figure."""
    form, span, rows, understood = _entries(request)
    data = form.cleaned_data
    context = {
        "search": form,
        "understood": understood,
        "query": _query(span),
        "page": listing.page_of(request, rows, claim_pages.lines),
        "voter": selectors.name_of_voter(span, data["voter"]) if data["voter"] else "",
        "verifier": selectors.name_of_verifier(span, data["verifier"]) if data["verifier"] else "",
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "fairwork/fairness/claims.html", **context)


@staff_page(action=Action.EXPORT)
def claims_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook, the newest five thousand."""
    rows = _entries(request)[2]
    return lists.claims(claim_pages.lines(rows[:EXPORTED_MAX]), request.at)
