"""The points store as a household sees it: what there is, what its points are good for, its receipts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.ledger import selectors as ledger
from jizhi.store import selectors
from jizhi.web.pages import household_page, page_or_partial
from jizhi.web.resident.views import own


@household_page
def goods(request: HttpRequest) -> HttpResponse:
    """Goods on sale with their prices, the next opening day, movements of the wallet, receipts."""
    household, today = own.household(request), localdate(request.at)
    context: dict[str, Any] = {
        "wallet": ledger.wallet_of(household.subject.pk, moves=10),
        "goods": selectors.goods_of(household.village, on_sale_only=True),
        "opening": selectors.next_opening(household.village, today),
        "receipts": selectors.receipts_of_subject(household.subject.pk),
        "spenders": selectors.spenders_of(household.subject, on=today),
        "today": today,
    }
    return page_or_partial(request, "resident/store.html", **context)


@household_page
def receipt(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """One receipt."""
    own.household(request)
    try:
        found = selectors.receipt(request.user, redemption_id, on=localdate(request.at))
    except selectors.NoSuchRedemption as missing:
        raise Http404(str(missing)) from missing
    return page_or_partial(request, "resident/receipt.html", receipt=found)
