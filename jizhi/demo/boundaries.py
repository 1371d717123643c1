"""Outlines for the demonstration's township, villages and grids: an invented patchwork, the same on every machine.

Neighbours share their edges, as surveyed ground does. In one village a grid was drawn too small and another too large,
so that the page of holes and overlaps has something to show.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.ops import unary_union

from jizhi.areas import selectors as areas
from jizhi.areas import services
from jizhi.areas.rules import BoundarySource

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.areas.models import Area

# Nowhere in particular on the north China plain; degrees.
CORNER = (115.42, 38.61)
CELL = (0.0052, 0.0068)
COLUMNS, ROWS = 5, 2  # grids of a village
VILLAGES_ABREAST = 2
CARELESS = 1  # the village whose grids do not fit

Point = tuple[float, float]


def draw_boundaries(*, township: Area, by: User, at: dt.datetime) -> None:
    """Give the township, its villages and their grids outlines from the day they were set up."""
    rng = random.Random(township.code)
    corners, bends = _corners(rng), dict[frozenset[Point], Point]()
    grounds = []
    for place, village in enumerate(areas.villages([str(township.path)])):
        left, bottom = place % VILLAGES_ABREAST * COLUMNS, place // VILLAGES_ABREAST * ROWS
        cells = [
            _cell(corners, bends, rng, left + column, bottom + row)
            for row in range(ROWS)
            for column in range(COLUMNS)
        ]
        ground = unary_union(cells)
        grounds.append(ground)
        _draw(village, ground, by, at)
        grids = list(zip(areas.grids_of(village), cells, strict=False))
        for number, (grid, cell) in enumerate(grids):
            _draw(grid, _careless(cell, number) if place == CARELESS else cell, by, at)
    _draw(township, unary_union(grounds), by, at)


def _draw(area: Area, ground: Any, by: User, at: dt.datetime) -> None:
    services.set_boundary(
        area=area, geojson=mapping(ground), from_date=area.from_date, source=BoundarySource.IMPORTED, note="演示图",
        by=by, at=at,
    )  # fmt: skip


def _careless(cell: Polygon, number: int) -> Polygon | MultiPolygon:
    """The third grid leaves a strip out, the seventh takes a strip of its neighbours."""
    if number not in (2, 6):
        return cell
    size = 0.82 if number == 2 else 1.12
    return affinity.scale(cell, size, size, origin="centroid")


def _corners(rng: random.Random) -> dict[tuple[int, int], Point]:
    wide, high = VILLAGES_ABREAST * COLUMNS + 1, 4 * ROWS + 1
    return {
        (column, row): _shifted(rng, CORNER[0] + column * CELL[0], CORNER[1] + row * CELL[1], 0.28)
        for row in range(high)
        for column in range(wide)
    }


def _shifted(rng: random.Random, x: float, y: float, share: float) -> Point:
    return (
        round(x + rng.uniform(-share, share) * CELL[0] / 2, 6),
        round(y + rng.uniform(-share, share) * CELL[1] / 2, 6),
    )


def _cell(
    corners: dict[tuple[int, int], Point],
    bends: dict[frozenset[Point], Point],
    rng: random.Random,
    column: int,
    row: int,
) -> Polygon:
    around = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    return Polygon(list(_with_bends([corners[one] for one in around], bends, rng)))


def _with_bends(
    points: Sequence[Point], bends: dict[frozenset[Point], Point], rng: random.Random
) -> Iterator[Point]:
    """Each edge bends once, and for both of its cells at the same place."""
    for one, two in zip(points, [*points[1:], points[0]], strict=True):
        yield one
        edge = frozenset((one, two))
        if edge not in bends:
            bends[edge] = _shifted(rng, (one[0] + two[0]) / 2, (one[1] + two[1]) / 2, 0.18)
        yield bends[edge]
