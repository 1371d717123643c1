"""The ledger as a list, a fact with everything the ledger says of it, and the list as a workbook. Read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.claims import selectors as claims
from jizhi.ledger import selectors
from jizhi.notices import selectors as notices
from jizhi.posts.rules import Action
from jizhi.settlement import selectors as settlements
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import ledger as exports
from jizhi.web.desk.forms.ledger import LedgerSearch
from jizhi.web.pages import page_or_partial, staff_page


def _search(request: HttpRequest) -> LedgerSearch:
    return LedgerSearch(request.GET, today=localdate(request.at), villages=scope.villages(request))


def _rows(entries: Any) -> list[claims.EntryRow]:
    return claims.entry_rows(selectors.entry_lines(entries))


@staff_page(action=Action.VIEW_LEDGER)
def ledger(request: HttpRequest) -> HttpResponse:
    """Entries, newest first."""
    search = _search(request)
    rows = selectors.filtered_entries(request.user, on=localdate(request.at), **search.filters)
    context = {
        "search": search,
        "page": listing.page_of(request, rows, _rows),
        "sums": selectors.sums(rows),
        "may_export": scope.may(request, Action.EXPORT),
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/ledger/list.html", **context)


@staff_page(action=Action.EXPORT)
def ledger_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    rows = selectors.filtered_entries(request.user, on=localdate(request.at), **_search(request).filters)
    return exports.workbook(_rows(rows), request.at)


@staff_page(action=Action.VIEW_LEDGER)
def fact(request: HttpRequest, fact_id: int) -> HttpResponse:
    """One decided act: its entries in order, the claim and the decision behind it, the notices it stands on."""
    today = localdate(request.at)
    entries = _rows(selectors.visible_entries(request.user, today).filter(fact_id=fact_id).order_by("id"))
    if not entries:
        raise Http404
    claim_id = claims.claim_of_fact(fact_id)
    context = {
        "ledger_rows": entries,
        "first": entries[0],
        "worth": sum(row.line.points for row in entries),
        "held_back": sum(row.line.held_back for row in entries),
        "claim": claims.claim_page(request.user, claim_id, on=today) if claim_id else None,
        "notice": notices.open_notice_of_fact(fact_id, on=today),
        "reckoned": settlements.reckoned_fact(fact_id),
    }
    return page_or_partial(request, "desk/ledger/fact.html", **context)
