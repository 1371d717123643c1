"""Outlines: what is refused and why, what is measured, holes and overlaps, and a file brought in twice."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from jizhi.areas import selectors, services
from jizhi.areas.models import Area, Boundary
from jizhi.areas.rules import BoundarySource, Datum, geometry
from jizhi.areas.rules.geometry import GapKind, OutlineFault
from jizhi.areas.services import BadBoundary, BoundaryFate
from tests import factories

BY: dict[str, Any] = {"by": None, "at": factories.AT}
X, Y = 115.5, 38.5


def square(left: float, bottom: float, right: float, top: float) -> dict[str, Any]:
    """A rectangle in hundredths of a degree from the corner of the invented county."""
    ring = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    return {"type": "Polygon", "coordinates": [[[X + x / 100, Y + y / 100] for x, y in ring]]}


def collection(*features: tuple[dict[str, str], dict[str, Any]]) -> bytes:
    made = [{"type": "Feature", "properties": props, "geometry": shape} for props, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


def bound(area: Area, shape: dict[str, Any], day: dt.date = factories.START) -> Boundary:
    return services.set_boundary(area=area, geojson=shape, from_date=day, source=BoundarySource.DRAWN, **BY)


def test_a_square_kilometre_is_one() -> None:
    height = 1000 / (geometry.EARTH_METRES * 3.141592653589793 / 180)
    width = height / 0.7826  # the cosine of 38.5 degrees
    shape = {
        "type": "Polygon",
        "coordinates": [[[X, Y], [X + width, Y], [X + width, Y + height], [X, Y + height], [X, Y]]],
    }
    assert geometry.square_metres(geometry.read(shape)) == pytest.approx(1_000_000, rel=0.001)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{", "不是 GeoJSON"),
        ("[]", "最外层"),
        ({"type": "Point", "coordinates": [X, Y]}, "不是面"),
        ({"type": "Polygon", "coordinates": [[[X, Y], [X + 1, Y]]]}, "坐标写得不完整"),
        ({"type": "Polygon", "coordinates": [[[Y, X], [Y, X + 0.1], [Y + 0.1, X], [Y, X]]]}, "写反了"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}, "不在中国范围内"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[X, Y], [X + 0.1, Y + 0.1], [X + 0.1, Y], [X, Y + 0.1], [X, Y]]],
            },
            r"\(115.55, 38.55\)处自相交",
        ),
        ({"type": "FeatureCollection", "features": []}, "没有找到面"),
    ],
)
def test_what_is_no_outline_is_named(source: Any, words: str) -> None:
    with pytest.raises(OutlineFault, match=words):
        geometry.read(source)


def test_holes_overlaps_and_what_sticks_out() -> None:
    parent = geometry.read(square(0, 0, 10, 10))
    parts = {1: square(0, 0, 5, 10), 2: square(4, 0, 8, 10), 3: square(9, 0, 11, 10)}
    found = geometry.coverage(parent, {key: geometry.read(one) for key, one in parts.items()})
    kinds = {(gap.kind, gap.keys) for gap in found.gaps}
    assert kinds == {(GapKind.HOLE, (2, 3)), (GapKind.OVERLAP, (1, 2)), (GapKind.OUTSIDE, (3,))}
    assert found.covered_square_metres == pytest.approx(found.parent_square_metres * 0.9, rel=0.001)
    nothing = geometry.coverage(
        parent, {1: geometry.read(square(0, 0, 5, 10)), 2: geometry.read(square(5, 0, 10, 10))}
    )
    assert nothing.gaps == ()


@pytest.mark.django_db
def test_an_outline_has_its_days_and_the_same_one_changes_nothing() -> None:
    village = factories.village()
    first = bound(village, square(0, 0, 10, 10))
    assert bound(village, square(0, 0, 10, 10)) == first
    bound(village, square(0, 0, 12, 10), factories.TODAY)
    assert Boundary.objects.count() == 2
    sizes = [selectors.outline_of(village, day) for day in (dt.date(2026, 6, 14), factories.TODAY)]
    assert sizes[0] is not None and sizes[1] is not None
    assert sizes[1].square_metres == pytest.approx(sizes[0].square_metres * 1.2, rel=0.001)
    with pytest.raises(BadBoundary, match="不能早于"):
        bound(village, square(0, 0, 1, 1))
    assert services.remove_boundary(area=village, **BY)
    assert not services.remove_boundary(area=village, **BY)
    assert selectors.outline_of(village, factories.TODAY) is None


@pytest.mark.django_db
def test_coverage_names_the_areas() -> None:
    village = factories.village()
    one, two, three = (factories.grid(village, name=f"第{n}网格") for n in "一二三")
    bound(village, square(0, 0, 10, 10))
    bound(one, square(0, 0, 6, 10))
    bound(two, square(5, 0, 9, 10))
    report = selectors.coverage_of(village, factories.TODAY)
    assert [(gap.kind, gap.names) for gap in report.gaps] == [
        (GapKind.OVERLAP, ("第一网格", "第二网格")),
        (GapKind.HOLE, ("第二网格",)),
    ]
    assert (report.outlined, report.children, report.missing, report.percent) == (2, 3, ("第三网格",), 90)
    assert three.pk not in {outline.area_id for _role, outline in selectors.around(village, factories.TODAY)}


@pytest.mark.django_db
def test_a_file_is_matched_by_code_or_name_and_twice_is_once() -> None:
    village, other = factories.village(), factories.village()
    grid = factories.grid(village, name="第一网格")
    factories.grid(village, name="第二网格")
    doubled = [
        factories.grid(village, name="甲"),
        factories.grid(factories.village(village.parent), name="甲"),
    ]
    content = collection(
        ({"code": grid.code}, square(0, 0, 5, 5)),
        ({"名称": "第二网格"}, square(5, 0, 9, 5)),
        ({"name": "甲"}, square(5, 0, 9, 5)),
        ({"code": other.code}, square(5, 0, 9, 5)),
        ({}, square(5, 0, 9, 5)),
        ({"code": grid.code}, square(0, 0, 5, 6)),
        ({"name": "第三"}, {"type": "Point", "coordinates": [X, Y]}),
    )
    assert doubled[0].name == doubled[1].name
    scope = [str(village.parent.path)] if village.parent else []
    plan = services.plan_boundaries(content, paths=scope, from_date=factories.START, on=factories.TODAY)
    assert [one.fate for one in plan] == [BoundaryFate.NEW] * 2 + [BoundaryFate.REFUSED] * 5
    for one, words in zip(
        plan[2:], ("有2个", "管理范围内没有", "没有写明", "两个图形", "没有“第三”"), strict=True
    ):
        assert words in one.reason
    assert Boundary.objects.count() == 0
    day: dict[str, Any] = {"from_date": factories.START, "datum": Datum.WGS84, **BY}
    services.apply_boundaries(content=content, paths=scope, **day)
    again = services.apply_boundaries(content=content, paths=scope, **day)
    assert [one.fate for one in again[:2]] == [BoundaryFate.UNCHANGED] * 2
    assert Boundary.objects.count() == 2


@pytest.mark.django_db
def test_the_day_and_datum_of_a_file_are_those_of_its_plan() -> None:
    village = factories.village()
    one, two = (factories.grid(village, name=f"第{n}网格") for n in "一二")
    bound(one, square(0, 0, 5, 5), factories.TODAY)
    content = collection(({"code": one.code}, square(0, 0, 5, 6)), ({"code": two.code}, square(5, 0, 9, 5)))
    given: dict[str, Any] = {"content": content, "paths": [str(village.path)]}
    earlier = factories.TODAY - dt.timedelta(days=5)
    plan = services.plan_boundaries(**given, from_date=earlier, on=factories.TODAY)
    assert [one.fate for one in plan] == [BoundaryFate.REFUSED, BoundaryFate.NEW]
    assert (plan[0].area_name, plan[0].said) == ("第一网格", one.code)
    assert "已有新的边界" in plan[0].reason
    services.apply_boundaries(**given, from_date=earlier, **BY)
    assert Boundary.objects.get(area=two).from_date == earlier
    again = services.plan_boundaries(
        **given, from_date=factories.TODAY, datum=Datum.CGCS2000, on=factories.TODAY
    )
    assert [one.fate for one in again] == [BoundaryFate.CHANGED] * 2, "other coordinates, other datum"
    with pytest.raises(services.BadBoundary, match="不能晚于今天"):
        services.plan_boundaries(**given, from_date=factories.TODAY, on=earlier)


@pytest.mark.django_db
def test_coordinates_of_another_kind_name_their_feature() -> None:
    village = factories.village()
    grid = factories.grid(village, name="第一网格")
    metres = {
        "type": "Polygon",
        "coordinates": [[[500_000, 4_280_000], [500_900, 4_280_000], [500_000, 4_281_000]]],
    }
    metres["coordinates"][0].append(metres["coordinates"][0][0])  # type: ignore[index]
    file = json.loads(collection(({"code": grid.code}, square(0, 0, 5, 5)), ({"name": "第一网格"}, metres)))

    def plan(datum: Datum = Datum.WGS84) -> list[services.PlannedBoundary]:
        return services.plan_boundaries(
            json.dumps(file).encode(), paths=[str(village.path)], from_date=factories.START, datum=datum,
            on=factories.TODAY,
        )  # fmt: skip

    def called(name: str) -> dict[str, Any]:
        return {"type": "name", "properties": {"name": name}}

    good, bad = plan()
    assert (good.fate, bad.number, bad.said) == (BoundaryFate.NEW, 2, "第一网格")
    assert "不在中国范围内" in bad.reason
    file["features"][0]["crs"] = called("urn:ogc:def:crs:EPSG::3857")
    assert "EPSG::3857" in plan()[0].reason
    del file["features"][0]["crs"]
    file["crs"] = called("urn:ogc:def:crs:OGC:1.3:CRS84")
    assert plan(Datum.GCJ02)[0].fate is BoundaryFate.NEW
    file["crs"] = called("EPSG:4490")
    assert plan(Datum.CGCS2000)[0].fate is BoundaryFate.NEW
    with pytest.raises(services.BadBoundary, match="两者不符"):
        plan()
    file["crs"] = called("EPSG:4548")
    with pytest.raises(services.BadBoundary, match="读不了"):
        plan()
