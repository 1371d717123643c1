"""Points of whoever lives in the household and is scored as a person: a resident, a member, a volunteer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jizhi.ledger import selectors as ledger
from jizhi.schemes import selectors as schemes
from jizhi.store import selectors as store
from jizhi.web import claiming, participating
from jizhi.web.claiming import ItemSearch
from jizhi.web.pages import done, guarded, household_page, page_or_partial
from jizhi.web.resident.views import own


@household_page
def family(request: HttpRequest) -> HttpResponse:
    """Everybody of the household who is scored as a person."""
    own.household(request)
    return page_or_partial(request, "resident/family.html", shares=participating.shares(request))


@household_page
def family_member(request: HttpRequest, subject_id: int) -> HttpResponse:
    """One of them: entries, claims, what was fetched for its points, settled periods."""
    own.household(request)
    one = participating.share(request, subject_id)
    context = participating.page(request, one) | {
        "wallet": ledger.wallet_of(subject_id, moves=10),
        "receipts": store.receipts_of_subject(subject_id),
    }
    return page_or_partial(request, "resident/family_member.html", **context)


@household_page
def family_claim_new(request: HttpRequest, subject_id: int) -> HttpResponse:
    """What the person did."""
    household = own.household(request)
    one = participating.share(request, subject_id)
    search = ItemSearch(request.GET)
    try:
        found = participating.groups(request, one, search.data.get("q", ""))
    except schemes.NotInForce:
        return page_or_partial(request, "resident/claim_none.html", household=household)
    base = reverse("resident:family_claim_new", args=[subject_id])
    context = {"groups": found, "usual": [], "search": search, "base": base}
    return page_or_partial(request, "resident/claim_new.html", **context)


@household_page
def family_claim_form(request: HttpRequest, subject_id: int, item_id: str) -> HttpResponse:
    """When, and how much."""
    own.household(request)
    one = participating.share(request, subject_id)
    choice = participating.choice(request, one, item_id)
    form = participating.form(request, choice)
    if form.is_valid():
        with guarded(request, form):
            filed = participating.file(request, one, choice, form)
            claiming.attach(request, filed, form.cleaned_data["photos"])
            return done(
                request, gettext("申报好了。网格员核实后，交评议小组认定。"), "resident:claim", filed.pk
            )
    back = reverse("resident:family_claim_new", args=[subject_id])
    return page_or_partial(request, "resident/claim_form.html", form=form, choice=choice, back=back)
