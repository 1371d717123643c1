"""Boundaries as plain geometry: reading GeoJSON, saying what is wrong with it, measuring, finding holes and overlaps.

Coordinates are longitude and latitude in degrees. Areas are measured on Lambert's cylindrical equal-area projection
of a sphere, laid around the place itself: right to a few parts in a thousand, which is finer than anybody draws.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from jizhi.core.text import N_, LabelledEnum

Coordinates = list[Any]
EARTH_METRES = 6_371_007.2  # radius of the sphere with the earth's surface
# The rectangle around China; a longitude and a latitude in the wrong order fall outside of it.
LONGITUDES, LATITUDES = (73.0, 136.0), (3.0, 54.0)
POINTS_MOST = 20_000
DECIMALS = 7  # a centimetre
# Two people draw one line twice: what is smaller than this is the pen, not a hole or an overlap.
SLIVER_SQUARE_METRES = 100.0
_PLACE = re.compile(r"\[(-?[\d.]+) (-?[\d.]+)\]")


class OutlineFault(ValueError):
    """The GeoJSON is not a usable outline. `text` is a marked text and `values` fill it; services translate it."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text % values if values else text)
        self.text = text
        self.values = values


class GapKind(LabelledEnum):
    """How outlines of one storey fail to fit together."""

    HOLE = "hole", N_("空白")
    OVERLAP = "overlap", N_("重叠")
    OUTSIDE = "outside", N_("越界")


@dataclass(frozen=True)
class Gap:
    """A piece of ground that belongs to no area, to two, or to one that reaches beyond its parent."""

    kind: GapKind
    keys: tuple[int, ...]
    square_metres: float
    coordinates: Coordinates


@dataclass(frozen=True)
class Coverage:
    """How the outlines below one area fit: gaps, largest first, and how many slivers were passed over."""

    parent_square_metres: float
    covered_square_metres: float
    gaps: tuple[Gap, ...]
    slivers: int


def read(source: str | Mapping[str, Any]) -> MultiPolygon:
    """A GeoJSON geometry, feature or collection as one outline; raises OutlineFault with the place of the mistake."""
    geometries = [_shape(one) for one in _geometries(_parsed(source))]
    polygons = [polygon for one in geometries for polygon in _polygons(one)]
    if not polygons:
        raise OutlineFault(N_("没有找到面：边界应是 Polygon 或 MultiPolygon。"))
    outline = MultiPolygon(polygons)
    _check_points(outline)
    if not outline.is_valid:
        outline = _joined(outline)
    return outline


def _parsed(source: str | Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(source, str):
        return source
    try:
        found = json.loads(source)
    except ValueError as fault:
        raise OutlineFault(N_("这不是 GeoJSON：%(why)s。"), why=fault) from fault
    if not isinstance(found, dict):
        raise OutlineFault(N_("这不是 GeoJSON：最外层应是一个对象。"))
    return found


def _geometries(source: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    kind = source.get("type")
    if kind == "FeatureCollection":
        return [
            part for one in source.get("features") or [] if isinstance(one, dict) for part in _geometries(one)
        ]
    if kind == "Feature":
        return [source["geometry"]] if isinstance(source.get("geometry"), dict) else []
    if kind == "GeometryCollection":
        return [one for one in source.get("geometries") or [] if isinstance(one, dict)]
    return [source]


def _shape(geometry: Mapping[str, Any]) -> BaseGeometry:
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        kind = str(geometry.get("type") or "?")[:40]
        raise OutlineFault(N_("“%(kind)s”不是面，边界应是 Polygon 或 MultiPolygon。"), kind=kind)
    try:
        return shapely.force_2d(shape(geometry))
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        shapely.errors.ShapelyError,
    ) as fault:
        raise OutlineFault(N_("坐标写得不完整：每个环至少四个点，每个点是经度和纬度。")) from fault


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    parts = geometry.geoms if isinstance(geometry, MultiPolygon) else [geometry]
    return [part for part in parts if isinstance(part, Polygon) and not part.is_empty]


def _check_points(outline: MultiPolygon) -> None:
    points = shapely.get_coordinates(outline)
    if len(points) > POINTS_MOST:
        raise OutlineFault(
            N_("边界有%(count)d个点，最多%(most)d个，请先简化。"), count=len(points), most=POINTS_MOST
        )
    for x, y in points.tolist():
        if not (math.isfinite(x) and math.isfinite(y)):
            raise OutlineFault(N_("有的坐标不是数字。"))
        if not _in_china(x, y):
            where = {"x": f"{x:g}", "y": f"{y:g}"}
            if _in_china(y, x):
                raise OutlineFault(N_("坐标(%(x)s, %(y)s)的经度和纬度写反了。"), **where)
            raise OutlineFault(
                N_("坐标(%(x)s, %(y)s)不在中国范围内；坐标应是经度、纬度，单位是度。"), **where
            )


def _in_china(x: float, y: float) -> bool:
    return LONGITUDES[0] <= x <= LONGITUDES[1] and LATITUDES[0] <= y <= LATITUDES[1]


def _joined(outline: MultiPolygon) -> MultiPolygon:
    """Parts that overlap each other are one outline; a part that crosses itself is a mistake, and named."""
    for part in outline.geoms:
        if not part.is_valid:
            raise _fault(explain_validity(part))
    return MultiPolygon(_polygons(shapely.union_all(list(outline.geoms))))


def _fault(words: str) -> OutlineFault:
    found = _PLACE.search(words)
    where = {"x": found[1], "y": found[2]} if found else {"x": "?", "y": "?"}
    if "Self-intersection" in words or "Ring Self" in words:
        return OutlineFault(N_("边界在(%(x)s, %(y)s)处自相交。"), **where)
    if "Hole" in words or "Nested" in words:
        return OutlineFault(N_("边界里的空洞在(%(x)s, %(y)s)处超出了外圈。"), **where)
    return OutlineFault(N_("边界在(%(x)s, %(y)s)处不成立。"), **where)


def coordinates_of(outline: BaseGeometry) -> Coordinates:
    """The coordinates of a MultiPolygon, rounded to a centimetre, as they are stored and sent to the map."""
    whole = MultiPolygon(_polygons(outline))
    rounded: Coordinates = json.loads(
        json.dumps(mapping(whole)["coordinates"]), parse_float=lambda text: round(float(text), DECIMALS)
    )
    return rounded


def outline_of(coordinates: Coordinates) -> MultiPolygon:
    """What was stored, as geometry."""
    return MultiPolygon([(part[0], part[1:]) for part in coordinates])


def square_metres(outline: BaseGeometry) -> float:
    """The area on the ground."""
    if outline.is_empty:
        return 0.0
    _x, south, _x, north = outline.bounds
    stretch = math.cos(math.radians((south + north) / 2))

    def flat(points: Any) -> Any:
        flattened = points.copy()
        flattened[:, 0] = EARTH_METRES * stretch * points[:, 0] * (math.pi / 180)
        flattened[:, 1] = [EARTH_METRES * math.sin(math.radians(y)) / stretch for y in points[:, 1]]
        return flattened

    return float(shapely.transform(outline, flat).area)


def coverage(parent: MultiPolygon | None, children: Mapping[int, MultiPolygon]) -> Coverage:
    """Holes (the parent without its children), overlaps of two children, and what reaches beyond the parent."""
    keys, outlines = list(children), list(children.values())
    together = shapely.union_all(outlines) if outlines else MultiPolygon()
    found: list[Gap] = []
    slivers = 0

    def add(kind: GapKind, who: tuple[int, ...], ground: BaseGeometry) -> None:
        nonlocal slivers
        for part in _parts(ground):
            size = square_metres(part)
            if size < SLIVER_SQUARE_METRES:
                slivers += 1
            else:
                near = who or _neighbours(part, keys, outlines)
                found.append(Gap(kind, near, size, coordinates_of(part)))

    if parent is not None and outlines:
        add(GapKind.HOLE, (), parent.difference(together))
        for key, outline in children.items():
            add(GapKind.OUTSIDE, (key,), outline.difference(parent))
    for one, two in _touching(outlines):
        add(GapKind.OVERLAP, (keys[one], keys[two]), outlines[one].intersection(outlines[two]))
    found.sort(key=lambda gap: -gap.square_metres)
    inside = together if parent is None else together.intersection(parent)
    whole = square_metres(parent) if parent is not None else square_metres(together)
    return Coverage(whole, square_metres(inside), tuple(found), slivers)


def _parts(ground: BaseGeometry) -> list[Polygon]:
    whole = getattr(ground, "geoms", [ground])
    return [part for part in whole if isinstance(part, Polygon) and not part.is_empty]


def _touching(outlines: list[MultiPolygon]) -> list[tuple[int, int]]:
    tree = shapely.STRtree(outlines)
    pairs = tree.query(outlines, predicate="intersects").T.tolist() if outlines else []
    return sorted((one, two) for one, two in pairs if one < two)


def _neighbours(part: Polygon, keys: list[int], outlines: list[MultiPolygon]) -> tuple[int, ...]:
    """The areas around a hole: what one of them could take."""
    near = shapely.STRtree(outlines).query(part, predicate="intersects").tolist()
    return tuple(keys[place] for place in sorted(near))
