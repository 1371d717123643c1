"""The grid's households and each one's book: members, phone, claims, entries. Numbers are masked until asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from jizhi.claims import selectors as claims
from jizhi.core.text import N_
from jizhi.ledger import selectors as ledger
from jizhi.people import selectors, services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.settlement import rules as periods
from jizhi.visits import selectors as visits
from jizhi.web import participating
from jizhi.web.field.forms import HouseholdSearch
from jizhi.web.field.views import place
from jizhi.web.pages import page_or_partial, staff_page

ROWS = 30
LAST = 5


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the register as the pager understands it."""

    number: int
    size: int
    total: int


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def household_list(request: HttpRequest) -> HttpResponse:
    """The households of the grid, by number, with search."""
    form = HouseholdSearch(request.GET)
    number = request.GET.get("page", "1")
    found = selectors.households(
        request.user,
        on=localdate(request.at),
        search=form.cleaned_data["q"] if form.is_valid() else "",
        page=int(number) if number.isdecimal() and len(number) < 9 else 1,
        per_page=ROWS,
    )
    page = Page(found.page, found.per_page, found.total)
    return page_or_partial(request, "field/households.html", found=found, page=page, search=form)


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def book(request: HttpRequest, household_id: int) -> HttpResponse:
    """One household, one book."""
    return page_or_partial(request, "field/household.html", **_book(request, household_id))


@staff_page(action=Action.UNMASK_PERSON)
@require_POST
def phone(request: HttpRequest, household_id: int) -> HttpResponse:
    """The whole phone number, to call; that somebody looked is recorded."""
    household = place.household(request.user, household_id, localdate(request.at))
    number = services.reveal_household_phone(
        household=household, reason=N_("网格员联系农户"), by=request.user, at=request.at
    )
    return page_or_partial(request, "field/household.html", revealed=number, **_book(request, household_id))


def _book(request: HttpRequest, household_id: int) -> dict[str, Any]:
    today = localdate(request.at)
    household = place.household(request.user, household_id, today)
    page = selectors.household_page(request.user, household_id, today)
    may_see_points = posts.can(request.user, Action.VIEW_LEDGER, household.area, today)
    subject_id, month = page.line.subject_id, periods.period_of(periods.PeriodKind.MONTH, today)
    return {
        "page": page,
        "line": page.line,
        "month": month.start,
        "awarded": ledger.awarded_in_period(subject_id, month.start, month.end),
        "wallet": ledger.wallet_of(subject_id, moves=0),
        "claims": claims.claims_of_subject(subject_id, limit=LAST) if may_see_points else [],
        "entries": claims.entry_rows(ledger.entries_of_subject(subject_id, limit=LAST))
        if may_see_points
        else [],
        "shares": participating.named(selectors.member_subject_ids(household.subject, today), on=today)
        if posts.can(request.user, Action.FILE_CLAIM_FOR_OTHERS, household.area, today)
        else [],
        "keeps": bool(visits.keeping_paths(request.user, today)),
    }
