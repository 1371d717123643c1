"""Coverage: matters by kind, age, state and place with on time, late and satisfied, and the way down to the records.

Each table is one grouped query, whatever the number of matters; places are the children of one area at a time.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Count, Max, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from jizhi.areas import rules as area_rules
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.matters import models, rules
from jizhi.matters.rules import AgeBand, MatterState
from jizhi.matters.selectors import scope
from jizhi.matters.selectors.lists import in_language
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


@dataclass(frozen=True, slots=True)
class Tally:
    """How many matters a row stands for, and how they fared. `key` narrows the list to them."""

    key: str
    title: Any
    total: int = 0
    open: int = 0
    closed: int = 0
    late_now: int = 0
    on_time: int = 0
    content: int = 0
    discontent: int = 0
    has_below: bool = False

    @property
    def on_time_share(self) -> int | None:
        """Closed without ever passing a deadline, in per cent of those closed."""
        return round(self.on_time * 100 / self.closed) if self.closed else None

    @property
    def satisfied_share(self) -> int | None:
        """In per cent of the reporters who answered."""
        answered = self.content + self.discontent
        return round(self.content * 100 / answered) if answered else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything the page shows of one area."""

    area: Area
    trail: tuple[Area, ...]
    whole: Tally
    kinds: tuple[Tally, ...] = ()
    states: tuple[Tally, ...] = ()
    ages: tuple[Tally, ...] = ()
    places: tuple[Tally, ...] = field(default_factory=tuple)


def coverage_area(user: Any, code: str, on: dt.date) -> Area:
    """The area asked for, or the first one of the user's posts. Raises NoSuchMatter outside the scope."""
    paths = posts.scope_paths(user, Action.VIEW_COVERAGE, on)
    area = Area.objects.filter(code=code).first() if code else None
    if area is None and paths and not code:
        area = Area.objects.get(path=paths[0])
    if area is None or not posts.can(user, Action.VIEW_COVERAGE, area, on):
        raise scope.NoSuchMatter(_("没有这个区划，或者不在您的工作范围内。"))
    return area


def _trail(user: Any, area: Area, on: dt.date) -> tuple[Area, ...]:
    """The areas above that the user may open."""
    paths = posts.scope_paths(user, Action.VIEW_COVERAGE, on)
    return tuple(
        one for one in areas.ancestors(area) if any(f"{one.path}.".startswith(f"{path}.") for path in paths)
    )


def coverage(
    user: Any,
    *,
    on: dt.date,
    code: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    kind: str = "",
) -> Coverage:
    """Matters of an area and everything below it, reported in the days given. Raises NoSuchMatter."""
    area = coverage_area(user, code, on)
    rows = models.Matter.objects.filter(area__path__descendant_of=area.path)
    bounds = {"reported_date__gte": since, "reported_date__lte": until, "kind": kind}
    rows = rows.filter(**{name: value for name, value in bounds.items() if value})
    grouped = [
        row
        | {
            "open": row["total"] if row["state"] in rules.OPEN else 0,
            "closed": row["total"] if row["state"] == MatterState.CLOSED else 0,
        }
        for row in _grouped(rows, on)
    ]
    return Coverage(
        area=area,
        trail=_trail(user, area, on),
        whole=_sum("", None, grouped),
        kinds=_by_kind(grouped),
        states=tuple(
            _sum(state.value, state, [row for row in grouped if row["state"] == state])
            for state in MatterState
        ),
        ages=tuple(
            _sum(band.value, band, [row for row in grouped if row["band"] == band.value and row["open"]])
            for band in AgeBand
        ),
        places=_by_place(rows, area, on),
    )


_COUNTS = ("total", "open", "closed", "late_now", "on_time", "content", "discontent")


def _counts(on: dt.date) -> dict[str, Count]:
    return {
        "total": Count("*"),
        "open": Count("pk", filter=Q(state__in=rules.OPEN)),
        "closed": Count("pk", filter=Q(state=MatterState.CLOSED)),
        "late_now": Count("pk", filter=Q(due_date__lt=on)),
        "on_time": Count("pk", filter=Q(state=MatterState.CLOSED, was_late=False)),
        "content": Count("pk", filter=Q(satisfied=True)),
        "discontent": Count("pk", filter=Q(satisfied=False)),
    }


def _grouped(rows: QuerySet[models.Matter], on: dt.date) -> Any:
    """Kind × state × band of age in one pass; a few hundred rows at most.

    The latest matter of each row names its kind: the greatest of 200,000 titles would take longer than all else.
    """
    whens = []
    for band in AgeBand:
        first, last = rules.band_days(band, on)
        days = Q(reported_date__lte=last) if first is None else Q(reported_date__range=(first, last))
        whens.append(When(days, then=Value(band.value)))
    band_of = Case(*whens, default=Value(AgeBand.WEEK.value), output_field=CharField())
    counts = _counts(on)
    del counts["open"], counts["closed"]  # the state says it of the whole row
    return rows.order_by().values("kind", "state", band=band_of).annotate(latest=Max("pk"), **counts)


def _sum(key: str, title: Any, rows: list[dict[str, Any]], *, has_below: bool = False) -> Tally:
    sums = {name: sum(row[name] for row in rows) for name in _COUNTS}
    return Tally(key, title, has_below=has_below, **sums)


def _by_kind(grouped: list[dict[str, Any]]) -> tuple[Tally, ...]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in grouped:
        rows.setdefault(row["kind"], []).append(row)
    latest = [max(row["latest"] for row in some) for some in rows.values()]
    titles = models.Matter.objects.filter(pk__in=latest).values_list("kind", "kind_zh", "kind_en")
    named = {kind: in_language(chinese, english) for kind, chinese, english in titles}
    tallies = [_sum(key, named[key], some) for key, some in rows.items()]
    return tuple(sorted(tallies, key=lambda one: (-one.total, one.key)))


def _by_place(rows: QuerySet[models.Matter], area: Area, on: dt.date) -> tuple[Tally, ...]:
    """One row for each area right below; what lies in the area itself stands under its own name."""
    children = list(Area.objects.filter(parent=area, to_date=None).order_by("path"))
    if not children:
        return ()
    depth = str(area.path).count(".") + 1
    found: dict[str, list[dict[str, Any]]] = {}
    # Above the villages a row for each village is enough, and numbers are grouped quicker than paths.
    column = "area_id" if area.level_id == area_rules.VILLAGE else "village_id"
    counted = {row[column]: row for row in rows.order_by().values(column).annotate(**_counts(on))}
    for place, path in Area.objects.filter(pk__in=counted).values_list("pk", "path"):
        row, labels = counted[place], str(path).split(".")
        found.setdefault(labels[depth] if len(labels) > depth else area.code, []).append(row)
    parents = set(Area.objects.filter(parent__in=children).values_list("parent_id", flat=True).distinct())
    tallies = [
        _sum(child.code, areas.named(child), found.get(child.code, []), has_below=child.pk in parents)
        for child in children
    ]
    if area.code in found:
        tallies.append(_sum(area.code, areas.named(area), found[area.code]))
    return tuple(tallies)
