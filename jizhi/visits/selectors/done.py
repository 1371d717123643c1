"""Visits that reached somebody, and months in which none was missed, for whoever derives something from them."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.posts.models import Post
from jizhi.posts.rules import ON_THE_GROUND
from jizhi.visits import models, rules


@dataclass(frozen=True, slots=True)
class DoneVisit:
    """A visit on which somebody was met or spoken to; of one household in one month the first counts."""

    id: int
    visitor: User
    day: dt.date
    household: str


@dataclass(frozen=True, slots=True)
class CompleteMonth:
    """A month in which every planned visit of a grid was done; `id` is that of the last of them.

    `visitor` is whoever visits there alone by the register of posts; None where nobody does, or several do.
    """

    id: int
    visitor: User | None
    day: dt.date
    planned: int


def visits_done(village: Area, *, since: dt.date) -> list[DoneVisit]:
    """Visits since that day, one a household and month for each visitor."""
    rows = models.Visit.objects.filter(
        village=village, how__in=rules.REACHED, visited_at__date__gte=since.replace(day=1)
    ).select_related("visited_by", "household")
    seen: set[tuple[int, int, int, int]] = set()
    found = []
    for row in rows.order_by("visited_at", "id"):
        day = clock.day_of(row.visited_at)
        key = (row.visited_by_id, row.household_id, day.year, day.month)
        if key not in seen:
            seen.add(key)
            if day >= since:
                found.append(DoneVisit(row.pk, row.visited_by, day, row.household.no))
    return found


def complete_months(village: Area, *, since: dt.date, on: dt.date) -> list[CompleteMonth]:
    """Ended months since that day in which a grid has no planned visit left. Three queries."""
    planned = models.PlannedVisit.objects.filter(
        village=village, month__gte=since.replace(day=1), month__lt=on.replace(day=1)
    )
    sums = (
        planned.order_by()
        .values_list("area_id", "month")
        .annotate(all=Count("pk"), done=Count("pk", filter=Q(visit__isnull=False)))
    )
    done = {(area, month): every for area, month, every, done in sums if every == done}
    latest = planned.order_by("area_id", "month", "-visit__visited_at", "-id").distinct("area_id", "month")
    visits = {(row.area_id, row.month): row.visit_id for row in latest}
    holders = _holders({area for area, _month in done})
    found = []
    for (area, month), every in done.items():
        end, visit = rules.month_end(month), visits[area, month]
        if visit is None or end < since:
            continue
        workers = [
            post.user
            for post in holders.get(area, ())
            if post.from_date <= end and (post.to_date is None or end <= post.to_date)
        ]
        found.append(CompleteMonth(visit, workers[0] if len(workers) == 1 else None, end, every))
    return found


def _holders(areas: Collection[int]) -> dict[int, list[Post]]:
    """Area number → posts on the ground there at any time, without deputies."""
    rows = Post.objects.filter(area_id__in=areas, kind__in=ON_THE_GROUND, deputy_for=None)
    found: dict[int, list[Post]] = {}
    for row in rows.select_related("user").order_by("id"):
        found.setdefault(row.area_id, []).append(row)
    return found
