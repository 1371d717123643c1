"""A table of areas: rows in any order, repeats harmless, refusals with sheet, row, column, value and reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.areas import rules, selectors, services
from jizhi.areas.models import Area
from jizhi.areas.rules import UploadKind
from jizhi.areas.services import RowFate
from jizhi.sheets import writing
from jizhi.sheets.writing import Column
from tests import factories
from tests.domain.areas.days import place_on

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": None, "at": factories.AT}
HEADERS = ("层级", "区划代码", "名称", "英文名称", "上级代码", "设立日期")


def book(*rows: tuple[Any, ...]) -> bytes:
    columns = [Column(title) for title in HEADERS]
    return writing.write_table("区划表", columns, [[*row, *[None] * (6 - len(row))] for row in rows])


def plan(content: bytes, *scope: Area) -> list[services.PlannedArea]:
    rows = services.read_tree(content, "区划.xlsx")
    return services.plan_tree(rows, paths=[str(area.path) for area in scope], on=factories.TODAY)


def apply(content: bytes, *scope: Area) -> list[services.PlannedArea]:
    rows = services.read_tree(content, "区划.xlsx")
    return services.apply_tree(rows=rows, paths=[str(area.path) for area in scope], **BY)


def test_children_may_stand_before_their_parents(django_assert_max_num_queries: Any) -> None:
    services.define_levels(levels=[*rules.USUAL_LEVELS, ("micro", "微网格", "Micro grid")], **BY)
    county = factories.area("county", code="c")
    rows: list[tuple[Any, ...]] = [
        ("微网格", f"v1g{n % 5}m{n}", f"微网格{n}", "", f"v1g{n % 5}", "2026-03-01") for n in range(40)
    ]
    rows += [("Grid", f"v1g{n}", f"第{n}网格", f"Grid {n}", "v1", "2026/2/1") for n in range(5)]
    rows += [("village", "v1", "石桥村", "Shiqiao", "t1"), ("乡镇", "t1", "青禾镇", "", "c")]
    content = book(*rows)
    assert {one.fate for one in plan(content, county)} == {RowFate.CREATED}
    assert Area.objects.count() == 1
    with django_assert_max_num_queries(60):
        apply(content, county)
    micro = Area.objects.get(code="v1g3m8")
    assert str(micro.path) == "c.t1.v1.v1g3.v1g3m8"
    assert micro.from_date == dt.date(2026, 3, 1)
    place = place_on(micro, factories.TODAY)
    assert place is not None
    assert place.above[-2:] == ("石桥村", "第3网格")
    assert [line.kind for line in selectors.changes_of(micro)] == [rules.ChangeKind.CREATED]
    assert {one.fate for one in apply(content, county)} == {RowFate.UNCHANGED}


def test_refusals_say_where_and_why() -> None:
    town = factories.township(code="t1", name="青禾镇")
    outside = factories.township(code="t2")
    village = factories.village(town, code="v1", name="石桥村")
    content = book(
        ("村", "v2", "柳湾村", "", "t2"),
        ("村", "v3", "石桥村", "", "t1"),
        ("大队", "v4", "三队", "", "t1"),
        ("村", "V-5", "新村", "", "t1"),
        ("村", "v6", "", "", "t1"),
        ("村", "v7", "七村", "", ""),
        ("村", "v8", "八村", "", "nowhere"),
        ("网格", "v8001", "第一网格", "", "v8"),
        ("乡镇", "t9", "九镇", "", "v1"),
        ("网格", "v1", "石桥村", "", "t1"),
        ("村", "v10", "十村", "", "t1", "2027-01-01"),
        ("村", "v11", "十一村", "", "t1", "不知道哪天"),
        ("村", "v12", "十二村", "", "t1"),
        ("村", "v12", "十二村", "", "t1"),
    )
    found = plan(content, town)
    assert [one.fate for one in found] == [RowFate.REFUSED] * 12 + [RowFate.CREATED, RowFate.REFUSED]
    told = [(one.column, one.reason) for one in found if one.fate is RowFate.REFUSED]
    for (column, reason), (wanted, words) in zip(
        told,
        [
            ("上级代码", "不在您的管理范围"), ("名称", "已有“石桥村”"), ("层级", "没有“大队”"),
            ("区划代码", "小写字母"), ("名称", "请填写"), ("上级代码", "要写明上级"),
            ("上级代码", "没有这个上级"), ("上级代码", "没有这个上级"),
            ("层级", "不能设在"), ("层级", "层级不能改"), ("设立日期", "不能晚于今天"), ("设立日期", ""),
            ("区划代码", "已经出现过"),
        ],
        strict=True,
    ):  # fmt: skip
        assert (column, words in reason) == (wanted, True), (column, reason)
    assert found[0].row.row == 3
    apply(content, town)
    assert Area.objects.filter(parent=town).count() == 2
    assert not Area.objects.filter(parent=outside).exists()
    assert village.name == "石桥村"


def test_a_new_name_renames_and_a_new_parent_is_refused() -> None:
    town = factories.township(code="t1")
    village, other = factories.village(town, code="v1", name="石桥村"), factories.village(town, code="v2")
    grid = factories.grid(village, code="g1", name="第一网格")
    content = book(("村", "v1", "石桥社区", "", "t1"), ("网格", "g1", "第一网格", "", other.code))
    renamed, moved = plan(content, town)
    assert renamed.fate is RowFate.RENAMED
    assert "区划页面" in moved.reason
    apply(content, town)
    village.refresh_from_db()
    assert village.name == "石桥社区"
    assert Area.objects.get(pk=grid.pk).parent == village


def test_the_day_of_an_upload_is_the_day_of_the_place() -> None:
    town = factories.township(code="t1")
    early = dt.datetime(2026, 6, 15, 7, tzinfo=factories.SHANGHAI).astimezone(dt.UTC)
    content = book(("村", "v1", "石桥村", "", "t1", "2026-06-15"))
    upload = services.stage_upload(
        area=town, kind=UploadKind.TREE, filename="区划.xlsx", content=content, by=None, at=early
    )
    assert upload.counts == {"created": 1}
    services.apply_upload(upload=upload, by=None, at=early)
    assert Area.objects.get(code="v1").from_date == dt.date(2026, 6, 15)


def test_an_uploaded_file_is_written_once() -> None:
    town = factories.township(code="t1")
    content = book(("村", "v1", "石桥村", "", "t1"))
    upload = services.stage_upload(
        area=town, kind=UploadKind.TREE, filename="区划.xlsx", content=content, **BY
    )
    assert upload.counts == {"created": 1}
    assert not Area.objects.filter(code="v1").exists()
    assert services.apply_upload(upload=upload, **BY) == {"created": 1}
    assert services.apply_upload(upload=upload, **BY) == {"created": 1}
    assert Area.objects.filter(code="v1").count() == 1
    assert selectors.uploads_of([str(town.path)], UploadKind.TREE) == [upload]
    with pytest.raises(services.UnreadableTree):
        services.stage_upload(area=town, kind=UploadKind.TREE, filename="x.xlsx", content=b"%PDF-1.4", **BY)
