"""Who and what an area holds: households counted below many areas at once, what a change would touch, and advice.

Advice is a hint for whoever looks after the grid; nothing is refused for it. Counting happens in the database.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jizhi.areas import rules as area_rules
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.areas.rules import Advice, household_advice
from jizhi.areas.selectors import TreeLine
from jizhi.people.models import Household
from jizhi.posts.models import Post
from jizhi.posts.rules import PostKind

WORKERS = (PostKind.GRID_WORKER.value, PostKind.GRID_ASSISTANT.value, PostKind.MICRO_GRID_WORKER.value)


@dataclass(frozen=True)
class Holding:
    """What an area holds today: what a change of it would touch."""

    households: int
    households_below: int
    areas_below: int
    posts: int
    posts_below: int


@dataclass(frozen=True)
class GridLine:
    """An area in the list with what it is advised for."""

    area: TreeLine
    parent_name: str
    advice: tuple[Advice, ...]


@dataclass(frozen=True)
class HouseholdAt:
    """A household that sits on an area itself, for choosing where it goes."""

    id: int
    no: str
    head_name: str
    address: str


# Households are counted by their own area first: the sums are then joined to the tree, not every household.
_HOMES = """
SELECT top.path::text, sum(counted.homes)::int
FROM areas_area AS top
JOIN areas_area AS area ON area.path <@ top.path
JOIN (
    SELECT area_id, count(*) AS homes FROM people_household WHERE to_date IS NULL GROUP BY area_id
) AS counted ON counted.area_id = area.id
WHERE top.path = ANY(%s::ltree[])
GROUP BY top.path
"""


def households_below(paths: Iterable[str]) -> dict[str, int]:
    """Open households at or below each path that has any. One query."""
    wanted = list(paths)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HOMES, [wanted])
        return dict(cursor.fetchall())


def with_households(lines: Iterable[TreeLine]) -> list[TreeLine]:
    """Lines of the tree with the households below each."""
    lines = list(lines)
    counts = households_below(line.path for line in lines)
    return [replace(line, households=counts.get(line.path, 0)) for line in lines]


def holding(area: Area, on: dt.date) -> Holding:
    """What the area holds on that day: three queries."""
    here = Q(area=area)
    homes = Household.objects.filter(to_date=None, area__path__descendant_of=area.path)
    served = Post.objects.filter(area__path__descendant_of=area.path).exclude(to_date__lt=on)
    below = Area.objects.filter(path__descendant_of=area.path, to_date=None).exclude(pk=area.pk)
    home_counts = homes.aggregate(here=Count("pk", filter=here), all=Count("pk"))
    post_counts = served.aggregate(here=Count("pk", filter=here), all=Count("pk"))
    return Holding(
        households=home_counts["here"],
        households_below=home_counts["all"] - home_counts["here"],
        areas_below=below.count(),
        posts=post_counts["here"],
        posts_below=post_counts["all"] - post_counts["here"],
    )


def households_at(area: Area) -> list[HouseholdAt]:
    """The open households that sit on the area itself, by number."""
    rows = Household.objects.filter(area=area, to_date=None).order_by("no")
    return [HouseholdAt(row.pk, row.no, row.head_name, row.address) for row in rows]


def advised(rows: QuerySet[Area], advice: str, on: dt.date) -> QuerySet[Area]:
    """Areas to which that piece of advice applies (all for an empty word)."""
    if not advice:
        return rows
    wanted = Advice(advice)
    if wanted is Advice.SKIPPED:
        return rows.filter(Exists(_higher_siblings()))
    rows = rows.filter(level_id=areas.grid_level())
    if wanted is Advice.NO_WORKER:
        return rows.filter(~Exists(_workers_of(on)))
    homes = households_below(str(path) for path in rows.order_by().values_list("path", flat=True))
    if wanted is Advice.EMPTY:
        return rows.exclude(path__in=list(homes))
    return rows.filter(path__in=[path for path, count in homes.items() if household_advice(count) is wanted])


def _higher_siblings() -> QuerySet[Area]:
    """Areas of a higher storey below the same parent: one skips that storey. An unused storey is no hint."""
    return Area.objects.filter(
        parent=OuterRef("parent"), to_date=None, level__depth__lt=OuterRef("level__depth")
    )


def _workers_of(on: dt.date) -> QuerySet[Post]:
    """Somebody who visits the grid: named for it, or for an area inside the village above it."""
    held = Post.objects.held_on(on).filter(kind__in=WORKERS)
    inside = Q(area__level__is_grid=True) | Q(area__level_id=area_rules.VILLAGE)
    return held.filter(inside, area__path__ancestor_of=OuterRef("path"))


def area_list(
    paths: Collection[str],
    *,
    on: dt.date,
    words: str = "",
    level: str = "",
    closed: bool = False,
    advice: str = "",
) -> QuerySet[Area]:
    """Areas of a scope by words, storey, state and advice, in tree order; slice it and give it to `grid_lines`."""
    return advised(areas.search(paths, words=words, level=level, closed=closed), advice, on)


def grid_lines(rows: Iterable[Area], on: dt.date) -> list[GridLine]:
    """A page of areas with counts and advice: a fixed number of queries."""
    found = list(rows)
    lines = with_households(areas.with_counts(found))
    storey = areas.grid_level()
    ids = [row.pk for row in found if row.level_id == storey]
    served = set(
        Area.objects.filter(pk__in=ids)
        .filter(Exists(_workers_of(on)))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    beside = Area.objects.filter(pk__in=[row.pk for row in found]).filter(Exists(_higher_siblings()))
    skipping = set(beside.order_by("pk").values_list("pk", flat=True))
    return [
        GridLine(
            line,
            areas.named(row.parent) if row.parent else "",
            _advice(row, line, storey, row.pk in served, row.pk in skipping),
        )
        for row, line in zip(found, lines, strict=True)
    ]


def _advice(row: Area, line: TreeLine, storey: str, served: bool, skipping: bool) -> tuple[Advice, ...]:
    if row.to_date is not None:
        return ()
    found: list[Advice] = []
    if row.level_id == storey:
        if (said := household_advice(line.households)) is not None:
            found.append(said)
        if not served:
            found.append(Advice.NO_WORKER)
    if skipping:
        found.append(Advice.SKIPPED)
    return tuple(found)
