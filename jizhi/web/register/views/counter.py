"""Whoever stands at the counter: balance, goods, who picks up, hand out. Stock and wallet move in the service.

A household's card serves the household, and whoever lives in it and has points of its own.
"""

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
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register import lookups
from jizhi.web.register.forms.store import BasketForm


@staff_page(action=Action.KEEP_STORE)
def counter(request: HttpRequest, household_id: int) -> HttpResponse:
    """A household: choose goods against its balance and hand them out."""
    household = lookups.household(request, household_id)
    return _serve(request, household.subject, household)


@staff_page(action=Action.KEEP_STORE)
def person_counter(request: HttpRequest, subject_id: int) -> HttpResponse:
    """A person with points of its own: the same against that balance."""
    with or_404():
        one = selectors.spender(request.user, subject_id, on=localdate(request.at))
    return _serve(request, one.subject, people.household_of_subject(subject_id), one)


def _serve(
    request: HttpRequest, subject: Any, household: Any, person: selectors.Spender | None = None
) -> HttpResponse:
    village = scope.village(request, Action.KEEP_STORE, subject.village.code)
    goods = selectors.goods_of(village, on_sale_only=True)
    form = BasketForm(request.POST or None, goods=goods, initial={"request_key": uuid.uuid4()})
    if form.is_valid():
        with guarded(request, form):
            redemption = services.redeem(
                subject=subject,
                basket=form.basket,
                picked_up_by=form.cleaned_data["picked_up_by"],
                request_key=str(form.cleaned_data["request_key"]),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已兑换，请交付物品和小票。"), "register:redemption", redemption.pk)
    context = _about(request, subject, form) | _customer(request, subject, household, person)
    return page_or_partial(request, "register/store/counter.html", form=form, **context)


def _about(request: HttpRequest, subject: Any, form: BasketForm) -> dict[str, Any]:
    today, village = localdate(request.at), subject.village
    return {
        "subject": subject,
        "village": village,
        "wallet": ledger.wallet_of(subject.pk, moves=0),
        "rows": [(line, form[f"goods-{line.id}"]) for line in form.goods],
        "receipts": selectors.receipts_of_subject(subject.pk, limit=3),
        "is_open": selectors.is_open(village, today),
        "next_opening": selectors.next_opening(village, today),
        "may_redeem": scope.may(request, Action.REDEEM, village),
    }


def _customer(
    request: HttpRequest, subject: Any, household: Any, person: selectors.Spender | None
) -> dict[str, Any]:
    """The household with its members, and whose points there are; a household elsewhere is not looked into."""
    here = household is not None and household.village_id == subject.village_id
    today = localdate(request.at)
    return {
        "person": person,
        "household": people.household_page(request.user, household.pk, today) if here else None,
        "household_id": household.pk if here else None,
        "spenders": selectors.spenders_of(household.subject, on=today) if here else [],
    }
