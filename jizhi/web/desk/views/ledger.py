"""The ledger as a list, a fact with everything the ledger says of it, and the list as a workbook. Read only."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate

from jizhi.areas import selectors as areas
from jizhi.claims import selectors as claims
from jizhi.ledger import selectors
from jizhi.notices import selectors as notices
from jizhi.posts.rules import Action
from jizhi.settlement import selectors as settlements
from jizhi.web import sealing
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import ledger as exports
from jizhi.web.desk.forms.ledger import LedgerSearch
from jizhi.web.pages import page_or_partial, staff_page


def _search(request: HttpRequest) -> LedgerSearch:
    villages = scope.villages(request)
    offered = scope.scheme_titles(request, villages)
    return LedgerSearch(request.GET, today=localdate(request.at), villages=villages, schemes=offered)


def _rows(entries: Any) -> list[claims.EntryRow]:
    return claims.entry_rows(selectors.entry_lines(entries))


@staff_page(action=Action.VIEW_LEDGER)
def ledger(request: HttpRequest) -> HttpResponse:
    """Entries, newest first."""
    search = _search(request)
    rows = selectors.filtered_entries(request.user, on=localdate(request.at), **search.filters)
    page = listing.page_of(request, rows, _rows)
    context = {
        "search": search,
        "page": page,
        "disputed": notices.disputed_facts([row.line.fact_id for row in page.object_list]),
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
    entries = _entries(request, fact_id)
    claim_id = claims.claim_of_fact(fact_id)
    notice = notices.open_notice_of_fact(fact_id, on=today)
    context = {
        "ledger_rows": entries,
        "first": entries[0],
        "worth": sum(row.line.points for row in entries),
        "held_back": sum(row.line.held_back for row in entries),
        "claim": claims.claim_page(request.user, claim_id, on=today) if claim_id else None,
        "notice": notice,
        "may_key_in": notice is not None and scope.may(request, Action.POST_NOTICE, notice.village),
        "reckoned": settlements.reckoned_fact(fact_id),
        "receipts": sealing.links(
            entries, lambda entry_id: reverse("desk:seal_receipt", args=[fact_id, entry_id])
        ),
        "disputed": fact_id in notices.disputed_facts([fact_id]),
        "orders": notices.orders_about(fact_id),
        "may_order": bool(notices.entries_under_order(request.user, fact_id, on=today)),
    }
    return page_or_partial(request, "desk/ledger/fact.html", **context)


def _entries(request: HttpRequest, fact_id: int) -> list[claims.EntryRow]:
    """What the ledger says of a fact in the reader's villages, in order; 404 where that is nothing."""
    seen = selectors.visible_entries(request.user, localdate(request.at))
    entries = _rows(seen.filter(fact_id=fact_id).order_by("id"))
    if not entries:
        raise Http404
    return entries


@staff_page(action=Action.VIEW_LEDGER)
def receipt(request: HttpRequest, fact_id: int, entry_id: int) -> HttpResponse:
    """The receipt of a sealed entry, to show or to hand to a household without a phone."""
    row, sealed = sealing.found(_entries(request, fact_id), entry_id)
    context = sealing.context(request, row, sealed) | {
        "file_address": reverse("desk:seal_file", args=[fact_id, entry_id]),
        "print_address": reverse("desk:seal_print", args=[fact_id, entry_id]),
    }
    return page_or_partial(request, "desk/ledger/receipt.html", fact_id=fact_id, **context)


@staff_page(action=Action.VIEW_LEDGER)
def receipt_file(request: HttpRequest, fact_id: int, entry_id: int) -> HttpResponse:
    """The receipt as a file."""
    return sealing.file(sealing.found(_entries(request, fact_id), entry_id)[1])


@staff_page(action=Action.VIEW_LEDGER)
def receipt_print(request: HttpRequest, fact_id: int, entry_id: int) -> HttpResponse:
    """The receipt on paper."""
    row, sealed = sealing.found(_entries(request, fact_id), entry_id)
    village = areas.area_by_code(sealed.receipt.seal.village)
    return sealing.printed(request, row, sealed, village)
