"""The household at the counter: balance, goods, who picks up, hand out. Stock and wallet move in the service."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.ledger import selectors as ledger
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.store import selectors, services
from jizhi.web.desk import scope
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.register import lookups
from jizhi.web.register.forms.store import BasketForm


@staff_page(action=Action.KEEP_STORE)
def counter(request: HttpRequest, household_id: int) -> HttpResponse:
    """Choose goods against the balance and hand them out."""
    household = lookups.household(request, household_id)
    village = scope.village(request, Action.KEEP_STORE, household.village.code)
    goods = selectors.goods_of(village, on_sale_only=True)
    form = BasketForm(request.POST or None, goods=goods, initial={"request_key": uuid.uuid4()})
    if form.is_valid():
        with guarded(request, form):
            redemption = services.redeem(
                subject=household.subject,
                basket=form.basket,
                picked_up_by=form.cleaned_data["picked_up_by"],
                request_key=str(form.cleaned_data["request_key"]),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已兑换，请交付物品和小票。"), "register:redemption", redemption.pk)
    return page_or_partial(
        request, "register/store/counter.html", form=form, **_about(request, household, form)
    )


def _about(request: HttpRequest, household: Any, form: BasketForm) -> dict[str, Any]:
    today = localdate(request.at)
    detail = people.household_page(request.user, household.pk, today)
    wallet = ledger.wallet_of(household.subject_id, moves=0)
    return {
        "household": detail,
        "village": household.village,
        "wallet": wallet,
        "rows": [(line, form[f"goods-{line.id}"]) for line in form.goods],
        "receipts": selectors.receipts_of_subject(household.subject_id, limit=3),
        "is_open": selectors.is_open(household.village, today),
        "next_opening": selectors.next_opening(household.village, today),
        "may_redeem": scope.may(request, Action.REDEEM, household.village),
    }
