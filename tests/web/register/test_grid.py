"""Changing the grid at the desk: tree and list, moving, splitting, merging, uploads and boundaries, page by page."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jizhi.areas import services as areas
from jizhi.areas.models import Area, Boundary
from jizhi.areas.rules import BoundarySource
from tests.county import BEGIN, County
from tests.domain.areas.test_boundaries import collection, square

ON = "2026-06-14"


@pytest.fixture
def client(town: Any, client_as: Any) -> Any:
    return client_as(town)


def address(name: str, *args: Any) -> str:
    return reverse(f"register:{name}", args=args)


def read(client: Any, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(address(name, *args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def page(answer: Any) -> str:
    return str(answer.content.decode())


def grids(county: County) -> list[Area]:
    return list(Area.objects.filter(parent=county.home.area, to_date=None).order_by("code"))


def homes(area: Area) -> int:
    return area.households.filter(to_date=None).count()


def test_a_branch_is_fetched_when_it_is_unfolded(county: County, client: Any) -> None:
    whole = read(client, "areas")
    assert county.home.area.name in whole
    assert "第一网格" not in whole
    village = county.home.area.pk
    branch = client.get(address("area_children", village), headers={"HX-Request": "true"})
    assert "第一网格" in page(branch)
    assert client.get(address("area_children", village)).headers["Location"] == address("area", village)


def test_words_and_advice_make_a_list(county: County, client: Any) -> None:
    first = grids(county)[0]
    assert first.name in read(client, "areas", q=first.code, level="grid")
    assert "不足30户" in read(client, "areas", advice="few")
    assert "没有符合条件的区划" in read(client, "areas", advice="many")
    assert "没有符合条件的区划" in read(client, "areas", state="closed")
    assert "不足30户" in read(client, "area", first.pk)
    assert "第一网格" not in read(client, "areas", level="no such level", q="第二网格")


def test_a_grid_is_split_after_a_preview(county: County, client: Any) -> None:
    grid = county.subject().household.area
    where, before = address("area_splitting", grid.pk), homes(grid)
    data = {"on": ON, "keep": "yes", "code1": f"{county.home.area.code}901", "name1": "新网格"}
    assert "请至少填写1个" in page(client.post(where, data | {"name1": "", "step": "share"}))
    shared = client.post(where, data | {"step": "share"})
    assert county.subject().household.head_name in page(shared)
    data[f"household-{county.subject().household.pk}"] = "1"
    preview = page(client.post(where, data | {"step": "preview"}))
    assert "确认办理" in preview
    assert not Area.objects.filter(name="新网格").exists()
    assert client.post(where, data | {"step": "confirm"}).status_code == 302
    made = Area.objects.get(name="新网格")
    assert (homes(made), homes(grid)) == (1, before - 1)
    assert "新网格" in read(client, "area", grid.pk)


def test_grids_are_merged_after_a_preview(county: County, client: Any) -> None:
    one, two = grids(county)[:2]
    total = homes(one) + homes(two)
    where = address("area_merging", one.pk)
    data = {"others": [two.pk], "into": str(one.pk), "on": ON}
    assert "只能并入所选" in page(client.post(where, data | {"into": "999999", "step": "preview"}))
    assert "填写代码和名称" in page(client.post(where, data | {"into": "new", "code": "", "step": "preview"}))
    assert str(total) in page(client.post(where, data | {"step": "preview"}))
    two.refresh_from_db()
    assert two.to_date is None
    client.post(where, data | {"step": "confirm"})
    assert homes(one) == total
    two.refresh_from_db()
    assert two.to_date is not None
    assert "已撤销" in read(client, "area", two.pk)
    assert client.post(address("area_reopening", two.pk)).status_code == 302
    two.refresh_from_db()
    assert two.to_date is not None, "a merger is not taken back by reopening"


def test_a_grid_moves_below_a_district(county: County, client: Any) -> None:
    village, grid = county.home.area, grids(county)[0]
    district = areas.create_area(
        code=f"{village.code}d1", name="东片区", level="district", parent=village, from_date=BEGIN, by=None,
        at=_at(),
    )  # fmt: skip
    where = address("area_moving", grid.pk)
    assert "东片区" in read(client, "area_moving", grid.pk)
    assert "确认办理" in page(client.post(where, {"parent": district.pk, "on": ON, "step": "preview"}))
    client.post(where, {"parent": district.pk, "on": ON, "step": "confirm"})
    grid.refresh_from_db()
    assert grid.parent == district
    assert "东片区" in read(client, "area", grid.pk)
    assert client.post(where, {"parent": 1, "on": ON, "step": "confirm"}).status_code == 422


def _at() -> Any:
    from tests import factories

    return factories.AT


def test_the_tree_goes_out_and_comes_back_as_it_is(county: County, client: Any) -> None:
    answer = client.get(address("areas_export"))
    content = b"".join(answer.streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert rows[0][:5] == ("区划代码", "层级", "名称", "英文名称", "上级代码")
    by_code = {row[0]: row for row in rows[1:]}
    assert by_code[county.home.area.code][7] == len(grids(county))


def test_a_boundary_is_pasted_shown_and_taken_away(county: County, client: Any) -> None:
    village = county.home.area
    where = address("boundary", village.pk)
    data = {"geojson": json.dumps(square(0, 0, 5, 5)), "datum": "wgs84", "from_date": ON}
    crossed = {"type": "Polygon", "coordinates": [[[115, 38], [116, 39], [116, 38], [115, 39], [115, 38]]]}
    assert "自相交" in page(client.post(where, data | {"geojson": json.dumps(crossed)}))
    assert client.post(where, data).status_code == 302
    assert Boundary.objects.get(area=village).source is BoundarySource.PASTED
    assert "公顷" in read(client, "area", village.pk)
    shown = client.get(address("boundary_map", village.pk)).json()
    assert [one["properties"]["role"] for one in shown["features"]] == ["self"]
    assert client.post(address("boundary_removal", village.pk)).status_code == 302
    assert "还没有边界" in read(client, "area", village.pk)


def test_holes_and_overlaps_are_listed_and_taken_home(county: County, client: Any) -> None:
    village = county.home.area
    one, two = grids(county)[:2]
    file = collection(
        ({"code": village.code}, square(0, 0, 10, 10)),
        ({"code": one.code}, square(0, 0, 6, 10)),
        ({"name": two.name, "code": two.code}, square(5, 0, 9, 10)),
        ({"name": "查无此地"}, square(5, 0, 9, 10)),
    )
    made = client.post(
        address("area_upload_new"),
        {
            "area": village.parent.pk,
            "file": SimpleUploadedFile("b.geojson", file),
            "datum": "wgs84",
            "from_date": ON,
        },
    )
    where = made.headers["Location"]
    assert "没有“查无此地”" in page(client.get(where))
    client.post(f"{where}confirmation/")
    assert Boundary.objects.count() == 3
    report = read(client, "coverage", village.pk)
    assert "重叠" in report
    assert "空白" in report
    assert "90%" in report
    gaps = client.get(address("boundary_map", village.pk), {"gaps": 1}).json()
    assert {"hole", "overlap"} <= {one["properties"]["role"] for one in gaps["features"]}
    assert client.get(address("coverage_export", village.pk)).content.startswith(b"PK")
    taken = client.get(address("boundaries_export", village.pk))
    home = json.loads(b"".join(taken.streaming_content))
    assert [one["id"] for one in home["features"]] == [village.code, one.code, two.code]
    again = client.post(
        address("area_upload_new"),
        {
            "area": village.parent.pk, "datum": "wgs84", "from_date": ON,
            "file": SimpleUploadedFile("c.geojson", json.dumps(home).encode()),
        },
    )  # fmt: skip
    assert "未变 3" in page(client.get(again.headers["Location"]))


def test_pages_of_other_townships_are_not_found(county: County, client: Any, as_: Any) -> None:
    above = county.home.area.parent.parent
    for name in (
        "area_splitting",
        "area_moving",
        "area_merging",
        "boundary",
        "boundary_map",
        "coverage",
        "area_children",
    ):
        assert client.get(address(name, above.pk)).status_code == 404, name
        assert as_("committee").get(address(name, county.home.area.pk)).status_code == 403, name


def test_queries_do_not_grow_with_the_tree(
    county: County, client: Any, django_assert_max_num_queries: Any
) -> None:
    village, town = county.home.area, county.home.area.parent
    pages: list[tuple[str, list[Any], dict[str, str]]] = [
        ("areas", [], {}), ("areas", [], {"level": "grid"}), ("areas", [], {"advice": "few"}),
        ("area", [town.pk], {}), ("area", [village.pk], {}), ("coverage", [town.pk], {}),
    ]  # fmt: skip

    def counts() -> list[int]:
        found = []
        for name, args, query in pages:
            with django_assert_max_num_queries(30) as counted:
                read(client, name, *args, **query)
            found.append(len(counted))
        return found

    counts()  # the first visit fills caches
    before = counts()
    for number in range(8):
        made = areas.create_area(
            code=f"more{number}",
            name=f"新村{number}",
            level="village",
            parent=town,
            from_date=BEGIN,
            by=None,
            at=_at(),
        )
        for grid in range(3):
            areas.create_area(
                code=f"more{number}{grid}", name=f"网格{grid}", level="grid", parent=made, from_date=BEGIN, by=None,
                at=_at(),
            )  # fmt: skip
    assert counts() == before
