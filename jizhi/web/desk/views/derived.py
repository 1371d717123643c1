"""What follows from records by itself: the pack's table, and the claims that it made."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.channels import selectors
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import derived as exports
from jizhi.web.desk.forms.derived import DerivedSearch
from jizhi.web.pages import page_or_partial, staff_page


def _found(request: HttpRequest) -> tuple[DerivedSearch, Any]:
    search = DerivedSearch(request.GET, villages=scope.villages(request, Action.VIEW_LEDGER))
    rows = selectors.derived_rows(
        request.user,
        on=localdate(request.at),
        village_code=search.value("village"),
        record=search.value("record"),
        state=search.value("state"),
        words=search.value("q"),
    )
    return search, rows


@staff_page(action=Action.VIEW_LEDGER)
def derived(request: HttpRequest) -> HttpResponse:
    """The table of a village's pack with what each line made, and the claims, the newest first.

    Whoever works in a grid alone sees the claims of the grid.
    """
    search, rows = _found(request)
    villages = scope.villages(request, Action.VIEW_LEDGER)
    code = search.value("village")
    village = scope.village(request, Action.VIEW_LEDGER, code) if villages or code else None
    context = {
        "search": search,
        "village": village,
        "rules": selectors.rule_lines(village, on=localdate(request.at)) if village else [],
        "page": listing.page_of(request, rows, selectors.derived_lines),
        "several_villages": "village" in search.fields,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "desk/derived/list.html", **context)


@staff_page(action=Action.EXPORT)
def derived_export(request: HttpRequest) -> HttpResponse:
    """The claims as a workbook."""
    return exports.workbook(selectors.derived_lines(_found(request)[1]), request.at)
