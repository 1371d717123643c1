"""Moving, splitting, merging, closing and taking back: the tree, its history, and those who live and serve in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.areas import rules, selectors, services
from jizhi.areas.models import Area
from jizhi.areas.services import NewArea
from jizhi.people import selectors as people
from jizhi.people.services import regrid
from jizhi.posts import selectors as posts
from jizhi.posts import services as post_services
from jizhi.posts.models import Post
from jizhi.posts.rules import PostKind
from tests import factories
from tests.domain.areas.days import place_on

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": None, "at": factories.AT}
ON = dt.date(2026, 6, 1)
DAY_BEFORE = dt.date(2026, 5, 31)


def fresh(area: Area) -> Area:
    return Area.objects.select_related("level", "parent").get(pk=area.pk)


def homes(area: Area) -> int:
    return area.households.filter(to_date=None).count()


def test_a_village_moves_with_everything_in_it_and_its_past_stays() -> None:
    county = factories.area("county")
    east, west = factories.township(county, name="东镇"), factories.township(county, name="西镇")
    village = factories.village(east, name="石桥村")
    grid = factories.grid(village, name="第一网格")
    home = factories.household(grid)
    clerk = factories.holder(PostKind.TOWNSHIP, west)
    worker = factories.holder(PostKind.GRID_WORKER, grid)
    regrid.move_area(area=village, parent=west, on=ON, **BY)
    assert fresh(grid).path == f"{west.path}.{village.code}.{grid.code}"
    assert fresh(village).parent == west
    assert people.household_for(clerk, home.pk, factories.TODAY) == home
    assert people.household_for(worker, home.pk, factories.TODAY) == home
    for day, town in ((DAY_BEFORE, "东镇"), (ON, "西镇")):
        place = place_on(grid, day)
        assert place is not None
        assert place.above[1:] == (town, "石桥村")
    assert selectors.former_paths([west.path]) == [f"{east.path}.{village.code}"]
    assert selectors.former_paths([east.path]) == []
    before = len(selectors.changes_of(village))
    regrid.move_area(area=village, parent=west, on=ON, **BY)
    assert len(selectors.changes_of(village)) == before


def test_what_cannot_be_moved_says_why() -> None:
    county = factories.area("county")
    town = factories.township(county)
    village, other = factories.village(town, name="石桥村"), factories.village(town, name="柳湾村")
    grid = factories.grid(village, name="第一网格")
    factories.household(grid)
    for area, parent, words in (
        (grid, other, "登记着1户"),
        (town, village, "自己的下级"),
        (village, village, "自己"),
        (county, town, "最上级"),
        (village, factories.grid(other), "不能设在"),
    ):
        with pytest.raises((services.BadArea, services.AreaNotEmpty), match=words):
            regrid.move_area(area=area, parent=parent, on=ON, **BY)
    with pytest.raises(services.BadArea, match="不能晚于今天"):
        regrid.move_area(area=village, parent=factories.township(county), on=dt.date(2026, 7, 1), **BY)
    empty = factories.grid(village, name="第九网格")
    regrid.move_area(area=empty, parent=other, on=ON, **BY)
    assert selectors.village_of(fresh(empty)) == other


def test_a_grid_is_split_and_households_go_where_they_are_sent() -> None:
    village = factories.village()
    grid = factories.grid(village, name="第一网格")
    stays, goes = factories.household(grid), factories.household(grid)
    worker = factories.holder(PostKind.GRID_WORKER, grid)
    parts = [NewArea(f"{village.code}901", "第一网格甲"), NewArea(f"{village.code}902", "第一网格")]
    told = regrid.split_area(area=grid, parts=parts, keep=False, on=ON, households={goes.pk: 1}, **BY)
    first, second = told.areas
    assert (told.households, told.posts) == (2, 1)
    assert fresh(grid).to_date == DAY_BEFORE
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert (stays.area, goes.area) == (first, second)
    assert {post.area_id for post in posts.posts_of(worker, factories.TODAY)} == {first.pk, second.pk}
    assert {post.area_id for post in posts.posts_of(worker, DAY_BEFORE)} == {grid.pk}
    assert [line.other_id for line in selectors.changes_of(second)] == [grid.pk]
    with pytest.raises(services.BadArea, match="拆分或合并"):
        services.reopen_area(area=grid, **BY)


def test_a_grid_may_go_on_as_the_first_part() -> None:
    village = factories.village()
    grid = factories.grid(village)
    home = factories.household(grid)
    worker = factories.holder(PostKind.GRID_WORKER, grid)
    told = regrid.split_area(
        area=grid, parts=[NewArea(f"{village.code}901", "新网格")], keep=True, on=ON,
        households={home.pk: 1}, duties={posts.posts_of(worker, ON)[0].id: 0}, **BY,
    )  # fmt: skip
    home.refresh_from_db()
    assert home.area == told.areas[1]
    assert fresh(grid).to_date is None
    assert [post.area_id for post in posts.posts_of(worker, factories.TODAY)] == [grid.pk]


def stood_in_for(grid: Area) -> tuple[Post, Post]:
    """A worker's post in the grid and the one of who stands in for it until the end of June."""
    post = factories.post(PostKind.GRID_WORKER, grid)
    days = {"from_date": dt.date(2026, 5, 20), "to_date": dt.date(2026, 6, 30)}
    return post, post_services.deputise_post(post=post, deputy=factories.staff(), **days, **BY)


def terms(area: Area) -> list[tuple[int, int | None, dt.date, dt.date | None]]:
    """Who serves there, for whom, from when until when."""
    rows = Post.objects.filter(area=area).order_by("pk").select_related("deputy_for")
    return [
        (row.user_id, row.deputy_for.user_id if row.deputy_for else None, row.from_date, row.to_date)
        for row in rows
    ]


def test_whoever_stands_in_does_so_in_the_parts() -> None:
    village = factories.village()
    grid = factories.grid(village)
    post, deputy = stood_in_for(grid)
    later = {"from_date": dt.date(2026, 7, 5), "to_date": dt.date(2026, 7, 9)}
    next_one = post_services.deputise_post(post=post, deputy=factories.staff(), **later, **BY)
    parts = [NewArea(f"{village.code}901", "甲"), NewArea(f"{village.code}902", "乙")]
    told = regrid.split_area(area=grid, parts=parts, keep=False, on=ON, **BY)
    assert told.posts == 1, "a deputy is no post of its own"
    for part in told.areas:
        assert terms(part) == [
            (post.user_id, None, ON, None),
            (deputy.user_id, post.user_id, ON, dt.date(2026, 6, 30)),
            (next_one.user_id, post.user_id, dt.date(2026, 7, 5), dt.date(2026, 7, 9)),
        ]
    assert terms(grid) == [
        (post.user_id, None, factories.START, DAY_BEFORE),
        (deputy.user_id, post.user_id, dt.date(2026, 5, 20), DAY_BEFORE),
    ]


def test_a_grid_with_a_deputy_is_merged_and_closed() -> None:
    village = factories.village()
    one, two = factories.grid(village), factories.grid(village)
    post, deputy = stood_in_for(two)
    factories.post(PostKind.GRID_WORKER, one, post.user)
    regrid.merge_areas(merged=[one, two], into=one, on=ON, **BY)
    assert terms(one) == [
        (post.user_id, None, factories.START, None),
        (deputy.user_id, post.user_id, ON, dt.date(2026, 6, 30)),
    ]
    regrid.close_area(area=one, to_date=factories.TODAY, **BY)
    assert {term[3] for term in terms(one)} == {factories.TODAY}


def test_grids_are_merged_into_one_of_them() -> None:
    village = factories.village()
    one, two = factories.grid(village), factories.grid(village)
    building = factories_building(two)
    homes_of = [
        factories.household(one),
        factories.household(two),
    ]
    both = factories.holder(PostKind.GRID_WORKER, one)
    factories.post(PostKind.GRID_WORKER, two, both)
    told = regrid.merge_areas(merged=[one, two], into=one, on=ON, **BY)
    assert told.areas == (one,)
    assert homes(one) == len(homes_of)
    assert fresh(two).to_date == DAY_BEFORE
    assert fresh(building).parent == one
    assert str(fresh(two).path).startswith(f"{fresh(one).path}."), "old records stay in sight of the new grid"
    assert [post.area_id for post in posts.posts_of(both, factories.TODAY)] == [one.pk]
    place = place_on(building, DAY_BEFORE)
    assert place is not None
    assert place.path.endswith(f"{two.code}.{building.code}")


def factories_building(grid: Area) -> Area:
    levels = [*rules.USUAL_LEVELS, ("building", "楼栋", "Building")]
    services.define_levels(levels=levels, **BY)
    return factories.area("building", grid)


def test_villages_with_records_are_neither_split_nor_merged() -> None:
    town = factories.township()
    village, other = factories.village(town), factories.village(town)
    factories.household(village)
    with pytest.raises(services.AreaNotEmpty, match="台账"):
        regrid.merge_areas(merged=[village, other], into=other, on=ON, **BY)
    with pytest.raises(services.AreaNotEmpty, match="台账"):
        regrid.split_area(
            area=village, parts=[NewArea("v1", "甲村"), NewArea("v2", "乙村")], keep=False, on=ON, **BY
        )
    told = regrid.merge_areas(merged=[other, village], into=village, on=ON, **BY)
    assert told.areas == (village,)


def test_closing_ends_posts_and_is_taken_back_once() -> None:
    grid = factories.grid()
    worker = factories.holder(PostKind.GRID_WORKER, grid)
    regrid.close_area(area=grid, to_date=ON, **BY)
    assert posts.posts_of(worker, factories.TODAY) == ()
    assert place_on(grid, factories.TODAY) is None
    services.reopen_area(area=grid, **BY)
    assert place_on(grid, factories.TODAY) is not None
    home = factories.household(grid)
    with pytest.raises(services.AreaNotEmpty, match="1户"):
        regrid.close_area(area=home.area, to_date=ON, **BY)


def test_a_name_has_its_days() -> None:
    grid = factories.grid(name="第一网格")
    services.rename_area(area=grid, name="向阳网格", on=ON, **BY)
    services.rename_area(area=grid, name="朝阳网格", **BY)
    names = {day: place_on(grid, day) for day in (DAY_BEFORE, ON, factories.TODAY)}
    assert [place.name for place in names.values() if place] == ["第一网格", "向阳网格", "朝阳网格"]
    with pytest.raises(services.BadArea, match="不能早于"):
        services.rename_area(area=grid, name="更早的名字", on=ON, **BY)
    assert [place.name for place in selectors.places_over_time(grid)] == ["朝阳网格", "向阳网格", "第一网格"]
