"""Points of whoever is signed in: the own person's, and those of organisations that the person leads."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.organisations import selectors as organisations
from jizhi.posts.rules import Action
from jizhi.web import claiming, participating
from jizhi.web.claiming import ItemSearch
from jizhi.web.pages import done, guarded, page_or_partial, staff_page


@staff_page(action=Action.VIEW_DESK)
def own_points(request: HttpRequest) -> HttpResponse:
    """As what the reader and the organisations the reader leads are scored."""
    context: dict[str, Any] = {
        "shares": participating.shares(request),
        "linked": request.user.pk in organisations.persons_of_staff([request.user]),
    }
    return page_or_partial(request, "desk/own/list.html", **context)


@staff_page(action=Action.VIEW_DESK)
def own_subject(request: HttpRequest, subject_id: int) -> HttpResponse:
    """One of them: entries, claims, settled periods."""
    one = participating.share(request, subject_id)
    return page_or_partial(request, "desk/own/page.html", **participating.page(request, one))


@staff_page(action=Action.VIEW_DESK)
def own_claim_new(request: HttpRequest, subject_id: int) -> HttpResponse:
    """What was done."""
    one = participating.share(request, subject_id)
    search = ItemSearch(request.GET)
    found = participating.groups(request, one, search.data.get("q", ""))
    base = reverse("desk:own_claim_new", args=[subject_id])
    context = {"share": one, "offered": found, "search": search, "base": base}
    return page_or_partial(request, "desk/own/items.html", **context)


@staff_page(action=Action.VIEW_DESK)
def own_claim_form(request: HttpRequest, subject_id: int, item_id: str) -> HttpResponse:
    """When, and how much."""
    one = participating.share(request, subject_id)
    choice = participating.choice(request, one, item_id)
    form = participating.form(request, choice)
    if form.is_valid():
        with guarded(request, form):
            filed = participating.file(request, one, choice, form)
            claiming.attach(request, filed, form.cleaned_data["photos"])
            return done(
                request,
                gettext("申报好了。别的网格员或网格长核实后，交评议小组认定。"),
                "desk:own_subject",
                subject_id,
            )
    status = 422 if request.method == "POST" else 200
    context = {"share": one, "form": form, "choice": choice, "today": localdate(request.at)}
    return page_or_partial(request, "desk/own/form.html", status=status, **context)
