"""Boundaries as maps and reports read them: outlines as GeoJSON, and how the outlines of one storey fit together."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jizhi.areas.models import Area, Boundary
from jizhi.areas.rules import Datum, geometry
from jizhi.areas.rules.geometry import Coordinates, GapKind
from jizhi.areas.selectors.areas import named
from jizhi.core.periods import lasting_on

SIBLINGS_MOST = 400


@dataclass(frozen=True)
class Outline:
    """An area's outline in force."""

    area_id: int
    code: str
    name: str
    level: str
    coordinates: Coordinates
    datum: Datum
    square_metres: float
    from_date: dt.date
    source: Any
    note: str


@dataclass(frozen=True)
class GapLine:
    """A hole, an overlap or something beyond the parent, with the names of the areas around it."""

    number: int
    kind: GapKind
    names: tuple[str, ...]
    square_metres: float
    coordinates: Coordinates


@dataclass(frozen=True)
class CoverageReport:
    """How the areas right below one cover it."""

    area: Area
    has_outline: bool
    children: int
    outlined: int
    missing: tuple[str, ...]
    square_metres: float
    covered_square_metres: float
    gaps: tuple[GapLine, ...]
    slivers: int
    mixed_datums: bool

    @property
    def percent(self) -> int:
        """How much of the area is covered, rounded down so that 100 means all of it."""
        share = self.covered_square_metres / self.square_metres if self.square_metres else 0
        return min(100, int(share * 100 + 1e-6))


def outlines(area_ids: Iterable[int], on: dt.date) -> dict[int, Outline]:
    """The outlines in force on a day, by area. One query."""
    rows = Boundary.objects.filter(lasting_on(on), area__in=list(area_ids)).select_related("area")
    return {
        row.area_id: Outline(
            area_id=row.area_id,
            code=row.area.code,
            name=named(row.area),
            level=row.area.level_id,
            coordinates=row.coordinates,
            datum=row.datum,
            square_metres=row.square_metres,
            from_date=row.from_date,
            source=row.source,
            note=row.note,
        )
        for row in rows.order_by("area__path")
    }


def outline_of(area: Area, on: dt.date) -> Outline | None:
    """One area's outline."""
    return outlines([area.pk], on).get(area.pk)


def boundaries_of(area: Area) -> list[Boundary]:
    """Every outline the area ever had, the latest first."""
    return list(Boundary.objects.filter(area=area).defer("coordinates").order_by("-from_date"))


def around(area: Area, on: dt.date) -> list[tuple[str, Outline]]:
    """What the map of an area shows, each with its role: the parent, the siblings, the area itself, its children."""
    beside = Q(parent=area.parent_id) if area.parent_id else Q(pk=area.pk)
    rows = Area.objects.filter(Q(pk=area.parent_id or 0) | Q(parent=area) | beside, to_date=None)
    roles = {row.pk: _role(row, area) for row in rows.order_by("level__depth", "path")[: 2 * SIBLINGS_MOST]}
    found = outlines([*roles, area.pk], on)
    order = {"parent": 0, "sibling": 1, "child": 2, "self": 3}
    known = [(roles.get(key, "self"), outline) for key, outline in found.items()]
    return sorted(known, key=lambda one: (order[one[0]], one[1].code))


def _role(row: Area, area: Area) -> str:
    if row.pk == area.pk:
        return "self"
    if row.pk == area.parent_id:
        return "parent"
    return "child" if row.parent_id == area.pk else "sibling"


def below(paths: Collection[str], on: dt.date, level: str = "") -> Iterable[Outline]:
    """All outlines in a scope in tree order, for the file that is taken home. Fetched piece by piece."""
    rows = Boundary.objects.filter(lasting_on(on), area__path__within=list(paths), area__to_date=None)
    if level:
        rows = rows.filter(area__level_id=level)
    for row in rows.select_related("area").order_by("area__path").iterator(chunk_size=200):
        yield Outline(
            row.area_id, row.area.code, row.area.name, row.area.level_id, row.coordinates, row.datum,
            row.square_metres, row.from_date, row.source, row.note,
        )  # fmt: skip


def feature(outline: Outline, **more: Any) -> dict[str, Any]:
    """An outline as a GeoJSON feature."""
    properties = {"code": outline.code, "name": outline.name, "level": outline.level} | more
    return {
        "type": "Feature",
        "id": outline.code,
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": outline.coordinates},
    }


def coverage_of(area: Area, on: dt.date) -> CoverageReport:
    """Holes and overlaps among the areas right below one. Three queries."""
    children = list(Area.objects.filter(parent=area, to_date=None).order_by("path"))
    found = outlines([area.pk, *(child.pk for child in children)], on)
    own = found.get(area.pk)
    drawn = {child.pk: found[child.pk] for child in children if child.pk in found}
    names = {child.pk: named(child) for child in children}
    fit = geometry.coverage(
        geometry.outline_of(own.coordinates) if own else None,
        {key: geometry.outline_of(outline.coordinates) for key, outline in drawn.items()},
    )
    return CoverageReport(
        area=area,
        has_outline=own is not None,
        children=len(children),
        outlined=len(drawn),
        missing=tuple(names[child.pk] for child in children if child.pk not in drawn),
        square_metres=fit.parent_square_metres,
        covered_square_metres=fit.covered_square_metres,
        gaps=tuple(
            GapLine(
                number, gap.kind, tuple(names[key] for key in gap.keys), gap.square_metres, gap.coordinates
            )
            for number, gap in enumerate(fit.gaps, 1)
        ),
        slivers=fit.slivers,
        mixed_datums=len({outline.datum for outline in found.values()}) > 1,
    )
