"""Posts from a table: places and people found, rows refused with their place, repeats harmless, passwords once."""

from __future__ import annotations

from typing import Any

import pytest

from jizhi.accounts.models import User
from jizhi.core.tables import RowFate
from jizhi.posts import selectors, services
from jizhi.posts.models import Post
from jizhi.posts.rules import PostKind
from jizhi.sheets.lists import ListRow
from tests import factories
from tests.listed import listed

pytestmark = pytest.mark.django_db
AT, TODAY = factories.AT, factories.TODAY
KEYS = ("name", "username", "work_phone", "kind", "place", "from_date", "to_date")


def sheet(*rows: tuple[Any, ...]) -> list[ListRow]:
    return listed("职务", KEYS, *rows)


@pytest.fixture
def place() -> Any:
    town = factories.township(name="青禾镇")
    village = factories.village(town, name="石桥村", code="sq")
    for name in ("第一网格", "第二网格"):
        factories.grid(village, name=name)
    factories.grid(factories.village(town, name="柳湾村"), name="第一网格")
    return village


@pytest.fixture
def clerk(place: Any) -> User:
    return factories.holder(PostKind.TOWNSHIP, place.parent)


def apply(rows: list[ListRow], by: User) -> services.PostsApplied:
    return services.apply_posts(plan=services.plan_posts(rows=rows, by=by, at=AT), by=by, at=AT)


def test_accounts_are_made_once_and_repeats_change_nothing(place: Any, clerk: User) -> None:
    rows = sheet(
        ("周甲", "", "19900000001", "网格员", "石桥村/第一网格", "2026-06-01", ""),
        ("周甲", "", "19900000001", "楼栋长", "石桥村 第一网格", "2026年6月1日", ""),
        ("何乙", "sq-he", "", "记录员", "sq", "", "2026-12-31"),
    )
    plan = services.plan_posts(rows=rows, by=clerk, at=AT)
    assert [line.fate for line in plan] == [RowFate.NEW] * 3
    assert not User.objects.filter(username="sq-he").exists()
    done = services.apply_posts(plan=plan, by=clerk, at=AT)
    assert (done.given, [one.username for one in done.accounts]) == (3, ["zhoujia", "sq-he"])
    user = User.objects.get(username="zhoujia")
    assert user.must_change_password
    assert user.check_password(done.accounts[0].password)
    assert selectors.register(clerk, on=TODAY, words="周甲").count() == 2
    again = apply(rows, clerk)
    assert (again.given, again.changed, again.accounts) == (0, 0, [])
    ended = apply(
        sheet(("周甲", "zhoujia", "", "楼栋长", "石桥村/第一网格", "2026-06-01", "2026-07-31")), clerk
    )
    assert (ended.given, ended.changed) == (0, 1)
    assert str(Post.objects.get(user=user, kind="building_leader").to_date) == "2026-07-31"


def test_what_is_refused_says_sheet_row_column_value_and_reason(place: Any, clerk: User) -> None:
    factories.staff("taken", display_name="别人")
    rows = sheet(
        ("周甲", "", "1", "村长", "石桥村", "", ""),
        ("周乙", "", "2", "网格员", "第一网格", "", ""),
        ("周丙", "", "3", "网格员", "火星村", "", ""),
        ("周丁", "", "4", "县级工作人员", "石桥村", "", ""),
        ("周戊", "taken", "5", "记录员", "石桥村", "", ""),
        ("周己", "", "6", "记录员", "石桥村", "2026-06-10", "2026-06-01"),
        ("周庚", "", "7", "记录员", "石桥村", "昨天", ""),
        ("周辛", "", "8", "记录员", "石桥村", "", ""),
        ("周辛", "", "8", "记录员", "石桥村", "", ""),
    )
    plan = services.plan_posts(rows=rows, by=clerk, at=AT)
    problems = [(line.row, line.problems[0].column, line.problems[0].value) for line in plan if line.problems]
    assert problems == [
        (2, "kind", "村长"), (3, "place", "第一网格"), (4, "place", "火星村"), (5, "kind", "县级工作人员"),
        (6, "name", "周戊"), (7, "to_date", "2026-06-01"), (8, "from_date", "昨天"), (10, "name", "周辛"),
    ]  # fmt: skip
    assert all(line.problems[0].reason and line.sheet == "职务" for line in plan if line.problems)
    assert services.apply_posts(plan=plan, by=clerk, at=AT).given == 1


def test_a_plan_costs_the_same_for_few_and_many_rows(
    place: Any, clerk: User, django_assert_max_num_queries: Any
) -> None:
    for count in (2, 40):
        rows = sheet(*((f"周{n}", "", f"199{n:08d}", "记录员", "石桥村", "", "") for n in range(count)))
        with django_assert_max_num_queries(7):
            services.plan_posts(rows=rows, by=clerk, at=AT)


def test_a_row_without_account_or_phone_is_known_by_its_post(place: Any, clerk: User) -> None:
    rows = sheet(("周丙", "", "", "网格员", "石桥村/第一网格", "2026-06-01", ""))
    assert len(apply(rows, clerk).accounts) == 1
    plan = services.plan_posts(rows=rows, by=clerk, at=AT)
    assert [line.fate for line in plan] == [RowFate.SAME]
    assert User.objects.filter(display_name="周丙").count() == 1


def test_an_import_stays_inside_the_chosen_area(place: Any, clerk: User) -> None:
    rows = sheet(("周丁", "", "", "网格员", "柳湾村/第一网格", "2026-06-01", ""))
    plan = services.plan_posts(rows=rows, within=place, by=clerk, at=AT)
    assert [line.fate for line in plan] == [RowFate.REFUSED]
    with pytest.raises(selectors.NotAllowed):
        services.plan_posts(rows=rows, within=place.parent.parent, by=clerk, at=AT)
