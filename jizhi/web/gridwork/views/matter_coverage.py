"""Matters counted: by kind, age, state and place, with the way down to the list and each record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.matters import selectors
from jizhi.posts.rules import Action
from jizhi.web.desk import scope
from jizhi.web.gridwork.exports import matters as exports
from jizhi.web.gridwork.forms.matters import PeriodForm
from jizhi.web.gridwork.views.matters import kinds_of
from jizhi.web.pages import or_404, page_or_partial, staff_page


def _found(request: HttpRequest) -> tuple[selectors.Coverage, PeriodForm]:
    form = PeriodForm(request.GET, kinds=kinds_of(request))
    with or_404():
        found = selectors.coverage(
            request.user,
            on=localdate(request.at),
            code=request.GET.get("area", ""),
            since=form.day("since"),
            until=form.day("until"),
            kind=form.cleaned_data.get("kind", ""),
        )
    return found, form


@staff_page(action=Action.VIEW_COVERAGE)
def coverage(request: HttpRequest) -> HttpResponse:
    """One area at a time; each row leads to the area below or to the list behind the figure."""
    found, form = _found(request)
    context: dict[str, Any] = {
        "found": found,
        "search": form,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "gridwork/matters/coverage.html", **context)


@staff_page(action=Action.EXPORT)
def coverage_export(request: HttpRequest) -> HttpResponse:
    """The same tables as a workbook, a sheet each."""
    found, _form = _found(request)
    return exports.coverage(found, request.at)
