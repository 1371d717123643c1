"""What a phone keeps for a day without network: the pages of one's own grids, bounded, as addresses.

The phone asks for this list and then opens each page as its reader would, so permissions are those of the pages.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from jizhi.areas import selectors as areas
from jizhi.claims.rules import Channel
from jizhi.matters import selectors as matters
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.visits import selectors as visits
from jizhi.web import claiming
from jizhi.web.field.views import place

HOUSEHOLDS_MAX = 400
ROWS = 30  # of the household list

# Pages without a household, and those kept for each household; a new page of the field joins here by its URL name.
ALWAYS = ("field:today", "field:queue", "field:conflict", "field:offline", "field:me", "field:scan")
WORK = (
    ("field:claims", Action.VERIFY_CLAIM),
    ("field:deductions", Action.TELL_FAULT),
    ("field:returned", Action.VIEW_DESK),
)
VISITING = ("field:visits", "field:visit_calendar")
MATTERS = ("field:matters", "field:matter_new")
MATTERS_MAX, VISITS_MAX = 40, 20  # those that wait for the reader; the reader's own last ones
EACH_HOUSEHOLD: tuple[str, ...] = ("field:household",)
# … and for whoever visits there
EACH_VISITED: tuple[str, ...] = ("field:visit_new", "field:book", "field:book_edit", "field:classes")
# Alike for all households of a village but for name and number: kept once, shown for each
ONE_FOR_ALL: tuple[str, ...] = ("field:claim_new",)


def kept_pages(user: Any, on: dt.date) -> dict[str, Any]:
    """`pages` in the order of their use; `households` to be found without network; `samples` by village."""
    lines = _own_households(user, on)
    keeps = bool(visits.keeping_paths(user, on))
    pages = [reverse(name) for name in ALWAYS]
    pages += [reverse(name) for name, action in WORK if posts.scope_paths(user, action, on)]
    pages += _matter_pages(user, on)
    pages += _visit_pages(user, on) if keeps else []
    pages += _list_pages(len(lines))
    samples = {}
    for line in lines:
        if line.village_code not in samples:
            samples[line.village_code] = line.id
            pages += _sample_pages(user, line, on)
    for name in (*EACH_HOUSEHOLD, *(EACH_VISITED if keeps else ())):
        pages += [reverse(name, args=[line.id]) for line in lines]
    households = [
        {
            "id": line.id,
            "no": line.no,
            "name": line.head_name,
            "address": line.address,
            "grid": line.grid_name,
            "village": line.village_code,
            "url": reverse("field:household", args=[line.id]),
        }
        for line in lines
    ]
    return {"user": str(user.pk), "pages": pages, "households": households, "samples": samples}


def _own_households(user: Any, on: dt.date) -> list[people.HouseholdLine]:
    """Those of the grids or the village where one serves; posts above villages keep none."""
    found: dict[int, people.HouseholdLine] = {}
    for post in place.own_grids(user, on):
        area = areas.area_by_code(post.area_code)
        try:
            areas.village_of(area)
        except areas.NotInVillage:
            continue
        for line in people.households(user, on=on, area=area, per_page=HOUSEHOLDS_MAX).lines:
            found.setdefault(line.id, line)
    return list(found.values())[:HOUSEHOLDS_MAX]


def _matter_pages(user: Any, on: dt.date) -> list[str]:
    """The lists, the report, and every matter that waits for the reader's next step."""
    if not posts.scope_paths(user, Action.VIEW_MATTERS, on):
        return []
    may_report = bool(posts.scope_paths(user, Action.REPORT_MATTER, on))
    waiting = matters.lines(matters.waiting(user, "due", on=on)[:MATTERS_MAX])
    lists = [reverse(name) for name in MATTERS if may_report or name != "field:matter_new"]
    return lists + [reverse("field:matter", args=[line.id]) for line in waiting]


def _visit_pages(user: Any, on: dt.date) -> list[str]:
    """The lists of today, and the reader's last visits, to be added to."""
    own = visits.lines(visits.visits(user, on=on, own=True)[:VISITS_MAX])
    lists = [reverse(name) for name in VISITING] + [reverse("field:visit_day", args=[on.isoformat()])]
    return lists + [reverse("field:visit", args=[line.id]) for line in own]


def _list_pages(count: int) -> list[str]:
    first = reverse("field:households")
    return [first, *(f"{first}?page={number}" for number in range(2, -(-count // ROWS) + 1))]


def _sample_pages(user: Any, line: people.HouseholdLine, on: dt.date) -> list[str]:
    """The item list of the village and the form of each item, as filled in for this household."""
    pages = [reverse(name, args=[line.id]) for name in ONE_FOR_ALL]
    household = place.household(user, line.id, on)
    try:
        groups = claiming.groups(household.village, Channel.WORKER, on)
    except schemes.NotInForce:
        return pages
    items = [choice.item.id for group in groups for choice in group.choices]
    return pages + [reverse("field:claim_form", args=[line.id, item]) for item in items]
