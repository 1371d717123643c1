"""Today: what to verify, whom to tell, what came back, and what is next. The first page after sign-in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.claims import selectors as claims
from jizhi.claims.rules import ClaimState
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as reviews
from jizhi.store import selectors as store
from jizhi.web.field.views import place
from jizhi.web.pages import page_or_partial, staff_page

SHOWN = 5


@staff_page()
def today(request: HttpRequest) -> HttpResponse:
    """Counts first, then the oldest claims to verify and the deductions to tell."""
    day = localdate(request.at)
    held = place.own_grids(request.user, day)
    village = place.village(held)
    counts = people.household_counts(posts.scope_paths(request.user, Action.VIEW_HOUSEHOLDS, day))
    open_meetings = [line for line in reviews.meetings(request.user, on=day) if line.state.value == "open"]
    context: dict[str, Any] = {
        "held": held,
        "village": village,
        "work": claims.work(request.user, day),
        "households": sum(counts.values()),
        "to_verify": _oldest(request, ClaimState.FILED, day),
        "to_tell": _oldest(request, ClaimState.APPROVED, day),
        "meetings": open_meetings[:2],
        "opening": store.next_opening(village, day) if village else None,
        "day": day,
    }
    return page_or_partial(request, "field/today.html", **context)


def _oldest(request: HttpRequest, state: ClaimState, day: Any) -> list[claims.ClaimLine]:
    return claims.lines(claims.queue(request.user, on=day, state=state.value)[:SHOWN])
