"""What an area was called and where it lay on a day, and everything that happened to it since it was set up."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import get_language

from jizhi.areas.models import Area, AreaChange, AreaPeriod
from jizhi.areas.rules import ChangeKind


@dataclass(frozen=True)
class PlaceOnDay:
    """One area on one day: its name then, and the names of the areas above it then, from the root down."""

    name: str
    path: str
    above: tuple[str, ...]
    from_date: dt.date
    to_date: dt.date | None


@dataclass(frozen=True)
class ChangeLine:
    """Something that happened to an area, as its page tells it."""

    kind: ChangeKind
    on_date: dt.date
    before: str
    after: str
    other_id: int | None
    other_name: str
    at: dt.datetime
    by: str


def _called(row: AreaPeriod) -> str:
    return (row.name_en if (get_language() or "").startswith("en") else "") or row.name


def places_over_time(area: Area) -> list[PlaceOnDay]:
    """The area's periods, the latest first, each with the names above it on its last day. Two queries."""
    rows = list(AreaPeriod.objects.filter(area=area).order_by("-from_date"))
    codes = {code for row in rows for code in str(row.path).split(".")[:-1]}
    above: dict[str, list[AreaPeriod]] = {}
    for one in AreaPeriod.objects.filter(area__code__in=codes).select_related("area").order_by("from_date"):
        above.setdefault(one.area.code, []).append(one)
    return [_place(row, _latest_names(above, row.to_date)) for row in rows]


def _latest_names(above: dict[str, list[AreaPeriod]], day: dt.date | None) -> dict[str, str]:
    return {
        code: _called(next((one for one in reversed(rows) if day is None or one.from_date <= day), rows[0]))
        for code, rows in above.items()
    }


def _place(row: AreaPeriod, names: dict[str, str]) -> PlaceOnDay:
    above = tuple(names.get(code, code) for code in str(row.path).split(".")[:-1])
    return PlaceOnDay(_called(row), str(row.path), above, row.from_date, row.to_date)


def changes_of(area: Area, limit: int = 50) -> list[ChangeLine]:
    """What happened to the area, the latest first. One query."""
    rows = AreaChange.objects.filter(area=area).select_related("other")[:limit]
    english = (get_language() or "").startswith("en")
    return [
        ChangeLine(
            kind=row.kind,
            on_date=row.on_date,
            before=row.before,
            after=row.after,
            other_id=row.other_id,
            other_name=((english and row.other.name_en) or row.other.name) if row.other else "",
            at=row.at,
            by=row.by_name,
        )
        for row in rows
    ]


def former_paths(paths: Collection[str]) -> list[str]:
    """Paths under which areas of a scope used to lie: old records that keep a path as text are found below them."""
    scope = list(paths)
    moved = AreaChange.objects.filter(area__path__within=scope).exclude(path_before=None)
    known = set(moved.order_by().values_list("path_before", flat=True))
    periods = AreaPeriod.objects.filter(area__path__within=scope).exclude(path__within=scope)
    known |= set(periods.order_by().values_list("path", flat=True))
    texts = {str(path) for path in known} - set(scope)
    return sorted(path for path in texts if not any(path.startswith(f"{other}.") for other in texts))
