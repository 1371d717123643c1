"""Coverage of an area: what was planned, done and missed below it, child by child, down to the household.

Months are read from the counts of each grid, so that a county of thousands of grids answers at once; only what is
overdue today and a single class are counted from the plan itself. The number of queries does not grow with the data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from jizhi.areas import rules as area_rules
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.core.periods import not_over_before
from jizhi.people.models import Household
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.visits import models, rules
from jizhi.visits.selectors import plans

if TYPE_CHECKING:
    from jizhi.engine.document.gridwork import VisitClass


class NoSuchArea(DomainError):
    """The area does not exist, or its coverage is not the user's to see."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A month added up. `missed` is what is overdue; in a month gone by, whatever was not done."""

    grids: int = 0
    unplanned_grids: int = 0
    small_grids: int = 0
    large_grids: int = 0
    households: int = 0
    special: int = 0
    planned: int = 0
    done: int = 0
    missed: int = 0
    visits: int = 0
    last_visit_at: dt.datetime | None = None

    @property
    def percent(self) -> int:
        return self.done * 100 // self.planned if self.planned else 0

    def __add__(self, other: Counts) -> Counts:
        sums = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in fields(Counts)
            if field.name != "last_visit_at"
        }
        seen = [one for one in (self.last_visit_at, other.last_visit_at) if one is not None]
        return Counts(**sums, last_visit_at=max(seen, default=None))


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One child of the area with its counts."""

    id: int
    code: str
    name: str
    level: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Coverage:
    """An area's month: `lines` for what lies below it; `area` is None above several scopes."""

    area: Area | None
    trail: tuple[Area, ...]
    lines: tuple[CoverageLine, ...]
    total: Counts


@dataclass(frozen=True, slots=True)
class HouseholdCoverage:
    """A household in its month; `classes` are those the reader may see."""

    id: int
    no: str
    head_name: str
    address: str
    planned: int
    done: int
    missed: int
    last_visit_at: dt.datetime | None
    last_visit_id: int | None
    classes: tuple[VisitClass, ...]


def coverage(
    user: Any, *, on: dt.date, month: dt.date, area: Area | None = None, class_key: str = ""
) -> Coverage:
    """The month below an area; without an area below the user's own scopes. Raises NoSuchArea."""
    scopes = posts.scope_paths(user, Action.VIEW_COVERAGE, on)
    if area is None and len(scopes) == 1:
        area = Area.objects.select_related("level").get(path=scopes[0])
    if area is None:
        children = list(Area.objects.filter(path__in=scopes).select_related("level").order_by("path"))
        depth_of = {str(one.path): len(str(one.path).split(".")) for one in children}
        found: dict[str, Counts] = {}
        for depth in sorted(set(depth_of.values())):
            below = [path for path, one in depth_of.items() if one == depth]
            found |= _counts(below, depth, on=on, month=month, class_key=class_key)
        return _coverage(None, (), children, found)
    if not any(_below(str(area.path), scope) for scope in scopes):
        raise NoSuchArea(_("没有这个区域，或不在您的工作范围内。"))
    trail = tuple(
        one for one in areas.ancestors(area) if any(_below(str(one.path), scope) for scope in scopes)
    )
    rows = Area.objects.filter(_of_month(month, on), parent=area)
    children = list(rows.select_related("level").order_by("path"))
    depth = len(str(area.path).split(".")) + 1
    found = _counts([str(area.path)], depth, on=on, month=month, class_key=class_key)
    # Households of a village that belong to no grid yet are its own line.
    if str(area.path) in found and children:
        children.append(area)
    elif not children:
        children = [area]
    return _coverage(area, trail, children, found)


def _of_month(month: dt.date, on: dt.date) -> Q:
    """Areas that were there on some day of the month, as far as it has come."""
    return Q(from_date__lte=_day_of(month, on)) & not_over_before(month)


def _day_of(month: dt.date, on: dt.date) -> dt.date:
    """The last day of the month, as far as it has come."""
    return min(max(on, month), rules.month_end(month))


# What a grid had planned for later than its own last day was nobody's to do.
_AFTER_CLOSING = Q(visit=None, area__to_date__lt=F("due_date"))


def _below(path: str, scope: str) -> bool:
    return path == scope or path.startswith(scope + ".")


def _coverage(
    area: Area | None, trail: tuple[Area, ...], children: list[Area], found: dict[str, Counts]
) -> Coverage:
    lines = tuple(
        CoverageLine(one.pk, one.code, areas.named(one), one.level_id, found.get(str(one.path), Counts()))
        for one in children
    )
    total = Counts()
    for line in lines:
        total += line.counts
    return Coverage(area, trail, lines, total)


def _child(depth: int, path: str = "area__path") -> Cast:
    """The path cut to the children's depth."""
    cut = Func(F(path), Value(0), Value(depth), function="subpath", output_field=TextField())
    return Cast(cut, TextField())


def _counts(
    paths: list[str], depth: int, *, on: dt.date, month: dt.date, class_key: str
) -> dict[str, Counts]:
    """Counts by child path: from the grids' counts, or for one class from the plan."""
    if class_key:
        return _counts_of_class(paths, depth, on=on, month=month, class_key=class_key)
    low, high = rules.GRID_HOUSEHOLDS
    grid = Q(area__level=area_rules.GRID) & not_over_before(_day_of(month, on), "area__")
    rows = models.MonthCount.objects.filter(month=month, area__path__within=paths)
    summed = rows.order_by().annotate(child=_child(depth)).values("child").annotate(
        planned_grids=Count("id", filter=grid),
        small_grids=Count("id", filter=grid & Q(households__lt=low)),
        large_grids=Count("id", filter=grid & Q(households__gt=high)),
        **{f"sum_{name}": Sum(name) for name in ("households", "special", "planned", "done", "visits")},
        last=Max("last_visit_at"),
    )  # fmt: skip
    by_child: dict[str, dict[str, Any]] = {row["child"]: dict(row) for row in summed}
    missed = _missed(paths, depth, on=on, month=month)
    undue = _by_child(
        models.PlannedVisit.objects.filter(_AFTER_CLOSING, month=month, area__path__within=paths), depth
    )
    found = {}
    for child, (grids, open_grids) in _grids(paths, depth, month, on).items():
        row = by_child.pop(child, None)
        plan = _Plan(grids, open_grids, missed.get(child, 0), undue.get(child, 0))
        found[child] = _count(row, plan, gone=on > rules.month_end(month))
    # What has a plan but no grid below it: a village's own households.
    for child, row in by_child.items():
        plan = _Plan(row["planned_grids"], row["planned_grids"], missed.get(child, 0), undue.get(child, 0))
        found[child] = _count(row, plan, gone=on > rules.month_end(month))
    return found


@dataclass(frozen=True, slots=True)
class _Plan:
    """Grids of the month and those still open at its end; lines overdue, and lines due after their grid had closed."""

    grids: int
    open_grids: int
    missed: int
    undue: int


def _count(row: dict[str, Any] | None, plan: _Plan, *, gone: bool) -> Counts:
    if row is None:
        return Counts(grids=plan.grids, unplanned_grids=plan.open_grids)
    planned = row["sum_planned"] - plan.undue
    return Counts(
        grids=plan.grids,
        unplanned_grids=max(0, plan.open_grids - row["planned_grids"]),
        small_grids=row["small_grids"],
        large_grids=row["large_grids"],
        households=row["sum_households"],
        special=row["sum_special"],
        planned=planned,
        done=row["sum_done"],
        missed=planned - row["sum_done"] if gone else plan.missed,
        visits=row["sum_visits"],
        last_visit_at=row["last"],
    )


def _grids(paths: list[str], depth: int, month: dt.date, on: dt.date) -> dict[str, tuple[int, int]]:
    """By child: the grids of the month, and how many of them were still open on its last day."""
    rows = Area.objects.filter(_of_month(month, on), path__within=paths, level=area_rules.GRID).order_by()
    still = Count("id", filter=not_over_before(_day_of(month, on)))
    counted = (
        rows.annotate(child=_child(depth, "path")).values_list("child").annotate(n=Count("id"), still=still)
    )
    return {child: (grids, open_grids) for child, grids, open_grids in counted}


def _missed(paths: list[str], depth: int, *, on: dt.date, month: dt.date) -> dict[str, int]:
    """Open lines of this month that were due before today, by child."""
    if on > rules.month_end(month) or on <= month:
        return {}
    rows = models.PlannedVisit.objects.filter(
        visit=None, due_date__gte=month, due_date__lt=on, area__path__within=paths
    )
    return _by_child(rows.exclude(_AFTER_CLOSING), depth)


def _by_child(rows: QuerySet[models.PlannedVisit], depth: int) -> dict[str, int]:
    counted = rows.order_by().annotate(child=_child(depth)).values_list("child").annotate(n=Count("id"))
    return dict(counted)


def _counts_of_class(
    paths: list[str], depth: int, *, on: dt.date, month: dt.date, class_key: str
) -> dict[str, Counts]:
    """The same for the households that were in a class during the month."""
    rows = models.PlannedVisit.objects.filter(
        _in_class(class_key, month), month=month, area__path__within=paths
    ).exclude(_AFTER_CLOSING)
    counted = rows.order_by().annotate(child=_child(depth)).values("child").annotate(
        households=Count("household", distinct=True),
        planned=Count("id"),
        done=Count("visit"),
        missed=Count("id", filter=Q(visit=None, due_date__lt=on)),
        last=Max("visit__visited_at"),
    )  # fmt: skip
    return {
        row["child"]: Counts(
            households=row["households"],
            special=row["households"],
            planned=row["planned"],
            done=row["done"],
            missed=row["missed"],
            visits=row["done"],
            last_visit_at=row["last"],
        )
        for row in counted
    }


def _in_class(class_key: str, month: dt.date, household: str = "household") -> Exists:
    held = models.HouseholdClass.objects.filter(
        not_over_before(month),
        household=OuterRef(household),
        key=class_key,
        from_date__lte=rules.month_end(month),
    )
    return Exists(held)


def households(
    area: Area, *, on: dt.date, month: dt.date, class_key: str = "", state: str = ""
) -> QuerySet[Household]:
    """The households that belong to exactly this area, missed ones first; the area was found by `coverage`."""
    own = Q(planned_visits__month=month)
    late = Q(planned_visits__visit=None) & Q(planned_visits__due_date__lt=min(on, rules.shifted(month, 1)))
    rows = Household.objects.registered_on(min(max(on, month), rules.month_end(month))).filter(area=area)
    if class_key:
        rows = rows.filter(_in_class(class_key, month, "pk"))
    rows = rows.annotate(
        month_planned=Count("planned_visits", filter=own),
        month_done=Count("planned_visits__visit", filter=own),
        month_missed=Count("planned_visits", filter=own & late),
    )
    wanted = {
        "missed": Q(month_missed__gt=0),
        "open": Q(month_planned__gt=F("month_done")),
        "done": Q(month_planned__gt=0, month_planned=F("month_done")),
    }.get(state)
    if wanted is not None:
        rows = rows.filter(wanted)
    first = Case(When(month_missed__gt=0, then=0), default=1)
    return rows.order_by(first, "no", "id")


def household_lines(rows: Iterable[Household], user: Any, on: dt.date) -> list[HouseholdCoverage]:
    """Households as lines, with their last visit: three queries however many there are."""
    if isinstance(rows, QuerySet):
        rows = rows.select_related("village", "area")
    found = list(rows)
    classes = plans.classes_of(found, user, on)
    visits = models.Visit.objects.filter(household__in=[one.pk for one in found])
    newest = visits.order_by("household_id", "-visited_at", "-id").distinct("household_id")
    last = {one[0]: one[1:] for one in newest.values_list("household_id", "id", "visited_at")}
    return [
        HouseholdCoverage(
            id=one.pk,
            no=one.no,
            head_name=one.head_name,
            address=one.address,
            planned=one.month_planned,
            done=one.month_done,
            missed=one.month_missed,
            last_visit_at=last[one.pk][1] if one.pk in last else None,
            last_visit_id=last[one.pk][0] if one.pk in last else None,
            classes=classes.get(one.pk, ()),
        )
        for one in found
    ]
