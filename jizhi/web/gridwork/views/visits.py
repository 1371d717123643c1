"""Visits at the desk: the list with search and export, one record with its photos. Recording is done on the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.areas import selectors as areas
from jizhi.posts.rules import Action
from jizhi.visits import selectors
from jizhi.web import pictures
from jizhi.web.desk import listing, scope
from jizhi.web.gridwork.exports import visits as exports
from jizhi.web.gridwork.forms.visits import VisitSearch
from jizhi.web.pages import or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jizhi.visits.models import Visit

EVERYTHING = 200_000


def area_choices(request: HttpRequest) -> list[tuple[str, str]]:
    """Villages in the reader's scope; for one village its grids, too."""
    villages = scope.villages(request, Action.VIEW_COVERAGE)
    choices = [(one.code, words.named(one)) for one in villages]
    if len(villages) == 1:
        choices += [(grid.code, words.named(grid)) for grid in areas.grids_of(villages[0])]
    return choices


def _found(request: HttpRequest) -> tuple[VisitSearch, QuerySet[Visit]]:
    search = VisitSearch(request.GET, today=localdate(request.at), areas=area_choices(request))
    code = search.value("area")
    rows = selectors.visits(
        request.user,
        on=localdate(request.at),
        area=areas.area_by_code(code) if code else None,
        **search.filters,
    )
    return search, rows


@staff_page(action=Action.VIEW_COVERAGE)
def visits(request: HttpRequest) -> HttpResponse:
    """The visits of a month, newest first."""
    search, rows = _found(request)
    may_visit = scope.may(request, Action.KEEP_BOOK)
    context: dict[str, Any] = {
        "search": search,
        "page": listing.page_of(request, rows, selectors.lines),
        "may_export": scope.may(request, Action.EXPORT),
        "may_import_visits": may_visit,
        "may_import_books": may_visit or scope.may(request, Action.MANAGE_HOUSEHOLDS),
        "several_villages": len(scope.villages(request, Action.VIEW_COVERAGE)) > 1,
    }
    return page_or_partial(request, "gridwork/visits/list.html", **context)


@staff_page(action=Action.EXPORT)
def visits_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook; classes and book are not in it."""
    _search, rows = _found(request)
    return exports.visits(selectors.lines(rows[:EVERYTHING]), request.at)


@staff_page(action=Action.VIEW_COVERAGE)
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """One visit with what was added and its photos."""
    with or_404():
        page = selectors.visit_page(request.user, visit_id, at=request.at)
    return page_or_partial(request, "gridwork/visits/visit.html", page=page, line=page.line)


@staff_page(action=Action.VIEW_COVERAGE)
def visit_photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo of a visit in one's scope."""
    return pictures.of_visit(request, photo_id)
