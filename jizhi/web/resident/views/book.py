"""The household's own book 一户一册 and who came to see it: to read, and to know whom to tell of mistakes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.posts import selectors as posts
from jizhi.visits import selectors
from jizhi.web import booking
from jizhi.web.pages import household_page, page_or_partial
from jizhi.web.resident.views import own


@household_page
def book(request: HttpRequest) -> HttpResponse:
    """Everything in the book, the sensitive lines too, since it is the household's own."""
    household = own.household(request)
    page = selectors.book_page(request.user, household, at=request.at)
    workers = posts.grid_workers(household.village, localdate(request.at))
    context: dict[str, Any] = {
        "page": page,
        "sections": booking.sections_said(page),
        "visits": selectors.visits_of_household(household, limit=12),
        "workers": [one for one in workers if one.area_id == household.area_id] or list(workers),
    }
    return page_or_partial(request, "resident/book.html", household=household, **context)
