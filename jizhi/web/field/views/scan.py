"""From a card to its household: a scanned address, a typed card number, a household number or a name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.web.field.forms import ScanForm
from jizhi.web.pages import page_or_partial, staff_page

SHOWN = 20


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def scan(request: HttpRequest) -> HttpResponse:
    """One hit goes straight to the household; several are listed; none says what to try."""
    form = ScanForm(request.GET if "q" in request.GET else None)
    found: tuple[people.HouseholdLine, ...] = ()
    if form.is_valid():
        text = form.cleaned_data["q"]
        found = _by_card(request, text) or _by_words(request, text)
        if len(found) == 1:
            return redirect("field:household", found[0].id)
        if not found:
            form.add_error("q", gettext("没有找到。请核对卡号；或者这户不在您的网格，请联系那边的网格员。"))
    return page_or_partial(request, "field/scan.html", status=200, form=form, found=found)


def _by_card(request: HttpRequest, text: str) -> tuple[people.HouseholdLine, ...]:
    try:
        household = people.household_by_code(text)
        page = people.household_page(request.user, household.pk, localdate(request.at))
    except people.HouseholdNotFound:
        return ()
    return (page.line,)


def _by_words(request: HttpRequest, text: str) -> tuple[people.HouseholdLine, ...]:
    found = people.households(request.user, on=localdate(request.at), search=text, per_page=SHOWN).lines
    exact = tuple(line for line in found if line.no == text.strip())
    return exact or found
