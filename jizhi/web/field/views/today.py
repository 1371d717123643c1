"""Today: whom to visit, what to verify, whom to tell, what came back. The first page after sign-in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.activities import selectors as activities
from jizhi.claims import selectors as claims
from jizhi.claims.rules import ClaimState
from jizhi.matters import selectors as matters
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as reviews
from jizhi.store import selectors as store
from jizhi.visits import rules as visit_rules
from jizhi.visits import selectors as visits
from jizhi.visits import services as visit_services
from jizhi.web.field import visit_forms
from jizhi.web.field.views import place
from jizhi.web.pages import page_or_partial, staff_page

SHOWN = 5
DUE = 15


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
        "matters": matters.work(request.user, day)
        if posts.scope_paths(request.user, Action.VIEW_MATTERS, day)
        else None,
        "to_do": matters.lines(matters.waiting(request.user, "due", on=day)[:SHOWN]),
        "opening": store.next_opening(village, day) if village else None,
        "activities": _activities(request, village),
        "day": day,
    }
    context |= _visits(request, day) if village else {"keeps": False}
    return page_or_partial(request, "field/today.html", **context)


def _oldest(request: HttpRequest, state: ClaimState, day: Any) -> list[claims.ClaimLine]:
    return claims.lines(claims.queue(request.user, on=day, state=state.value)[:SHOWN])


def _activities(request: HttpRequest, village: Any) -> list[activities.ActivityLine]:
    """What is on next, for whoever runs activities in the village."""
    may = village is not None and posts.can_somewhere_in(
        request.user, Action.MANAGE_ACTIVITIES, village, localdate(request.at)
    )
    return activities.upcoming(village, request.at, limit=3) if may else []


def _visits(request: HttpRequest, day: Any) -> dict[str, Any]:
    """Whom to visit: overdue first, then today's, along the way; the month's plan is made if it is missing."""
    paths = visits.keeping_paths(request.user, day)
    if not paths:
        return {"keeps": False}
    visit_services.ensure_plans(paths=paths, month=visit_rules.month_of(day), by=request.user, at=request.at)
    streets = visits.streets(request.user, on=day)
    search = visit_forms.DueSearch(request.GET, streets=streets)
    given = search.cleaned_data if search.is_valid() else {}
    words, street = given.get("q", ""), given.get("street", "")
    rows = visits.due(request.user, on=day, words=words, street=street)
    page: Any = Paginator(rows, DUE).get_page(request.GET.get("page"))
    page.object_list = visits.due_lines(page.object_list, request.user, day)
    onward = visits.next_on_the_way(request.user, on=day)
    return {
        "keeps": True,
        "due": page,
        "due_search": search,
        "due_filtered": bool(words or street),
        "progress": visits.progress(request.user, on=day),
        "onward": visits.due_lines([onward], request.user, day)[0] if onward else None,
    }
