"""Posts give permissions: by place, by day, by kind; and who may give posts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from jizhi.core.models import AuditEvent
from jizhi.posts import rules, selectors, services
from jizhi.posts.models import Post
from jizhi.posts.rules import Action, PostKind
from jizhi.posts.selectors import find_areas
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = factories.TODAY
DAY = dt.timedelta(days=1)


def test_every_action_is_in_the_table_and_auditors_never_write() -> None:
    assert set(rules.ALLOWED) == set(Action)
    looking = {action for action in Action if action.name.startswith("VIEW_")} | {Action.EXPORT}
    for action, kinds in rules.ALLOWED.items():
        assert kinds, action
        assert action in looking or PostKind.AUDITOR not in kinds


def test_whoever_verifies_does_not_decide_and_whoever_decides_does_not_hand_out() -> None:
    assert not rules.ALLOWED[Action.VERIFY_CLAIM] & rules.ALLOWED[Action.HOLD_MEETING]
    assert not rules.ALLOWED[Action.HOLD_MEETING] & rules.ALLOWED[Action.REDEEM]


def test_a_post_reaches_what_lies_below_and_nothing_else() -> None:
    town = factories.township()
    village, neighbour = factories.village(town), factories.village(town)
    grid = factories.grid(village)
    recorder = factories.holder(PostKind.RECORDER, village)
    clerk = factories.holder(PostKind.TOWNSHIP, town)
    for place, allowed in ((village, True), (grid, True), (neighbour, False), (town, False)):
        assert selectors.can(recorder, Action.IMPORT_HOUSEHOLDS, place, TODAY) is allowed
    assert all(
        selectors.can(clerk, Action.IMPORT_HOUSEHOLDS, place, TODAY) for place in (village, neighbour, town)
    )
    assert not selectors.can(recorder, Action.REDEEM, village, TODAY)


def test_codes_that_start_alike_are_different_places() -> None:
    town = factories.township(code="t")
    one, ten = factories.village(town, code="v1"), factories.village(town, code="v10")
    recorder = factories.holder(PostKind.RECORDER, one)
    assert not selectors.can(recorder, Action.KEY_IN_CLAIMS, ten, TODAY)


def test_a_post_counts_on_its_first_and_last_day_only_between() -> None:
    village, user = factories.village(), factories.staff()
    factories.post(PostKind.RECORDER, village, user, from_date=TODAY, to_date=TODAY + DAY)
    held = {
        day: selectors.can(user, Action.KEY_IN_CLAIMS, village, TODAY + day * DAY) for day in (-1, 0, 1, 2)
    }
    assert held == {-1: False, 0: True, 1: True, 2: False}


def test_strangers_households_and_closed_accounts_may_nothing() -> None:
    home = factories.household()
    card = factories.household_user(home)
    leaver = factories.holder(PostKind.RECORDER, home.village)
    leaver.is_active = False
    for user in (AnonymousUser(), card, leaver):
        assert not any(selectors.can(user, action, home.village, TODAY) for action in Action)
        assert selectors.scope_paths(user, Action.VIEW_HOUSEHOLDS, TODAY) == []


def test_superusers_and_the_console_may_everything() -> None:
    village = factories.village()
    for user in (factories.superuser(), None):
        assert selectors.can(user, Action.REDEEM, village, TODAY)
        assert selectors.scope_paths(user, Action.REDEEM, TODAY) == [village.path.split(".")[0]]


def test_scopes_hold_no_path_inside_another() -> None:
    town = factories.township()
    village = factories.village(town)
    user = factories.holder(PostKind.COMMITTEE, village)
    factories.post(PostKind.TOWNSHIP, town, user)
    assert selectors.scope_paths(user, Action.SETTLE, TODAY) == [town.path]


def test_posts_are_read_once_per_user(django_assert_num_queries: Any) -> None:
    village = factories.village()
    user = factories.holder(PostKind.RECORDER, village)
    with django_assert_num_queries(1):
        for action in Action:
            selectors.can(user, action, village, TODAY)


def test_a_refusal_names_place_and_action() -> None:
    village = factories.village(name="石桥村")
    with pytest.raises(selectors.NotAllowed, match="石桥村.*积分结算"):
        selectors.check_can(factories.staff(), Action.SETTLE, village, TODAY)


def test_a_township_names_village_posts_the_county_names_townships() -> None:
    county = factories.area("county")
    town = factories.township(county)
    village = factories.village(town)
    clerk, cadre = factories.holder(PostKind.TOWNSHIP, town), factories.holder(PostKind.COUNTY, county)
    factories.post(PostKind.RECORDER, village, by=clerk)
    for kind in rules.NAMED_BY_COUNTY:
        with pytest.raises(selectors.NotAllowed):
            factories.post(kind, town, by=clerk)
        factories.post(kind, town, by=cadre)
    with pytest.raises(selectors.NotAllowed):
        factories.post(PostKind.RECORDER, county, by=clerk)


def test_the_same_post_is_not_held_twice_at_a_time() -> None:
    village, user = factories.village(), factories.staff()
    first = factories.post(PostKind.RECORDER, village, user)
    with pytest.raises(services.PostAlreadyHeld):
        factories.post(PostKind.RECORDER, village, user, from_date=TODAY)
    factories.post(PostKind.SUPERVISOR, village, user)
    services.end_post(post=first, to_date=TODAY, by=None, at=factories.AT)
    assert not selectors.can(first.user, Action.KEY_IN_CLAIMS, village, TODAY + DAY)
    again = factories.post(PostKind.RECORDER, village, user, from_date=TODAY + DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=again.pk).update(from_date=TODAY)
    assert AuditEvent.objects.filter(verb="post.end").count() == 1


def test_households_hold_no_posts_and_dates_are_in_order() -> None:
    home = factories.household()
    with pytest.raises(services.CannotHoldPost):
        factories.post(PostKind.RECORDER, home.village, factories.household_user(home))
    with pytest.raises(services.BadDates):
        factories.post(PostKind.RECORDER, home.village, from_date=TODAY, to_date=TODAY - DAY)


def test_grid_workers_are_listed_with_their_public_phone(django_assert_num_queries: Any) -> None:
    village = factories.village()
    for name in ("第一网格", "第二网格"):
        worker = factories.staff(display_name=f"{name}员", work_phone="19900000001")
        factories.post(PostKind.GRID_WORKER, factories.grid(village, name=name), worker)
    factories.post(PostKind.RECORDER, village)
    with django_assert_num_queries(1):
        workers = selectors.grid_workers(village, TODAY)
    assert [(post.area_name, post.work_phone) for post in workers] == [
        ("第一网格", "19900000001"),
        ("第二网格", "19900000001"),
    ]
    assert len(selectors.posts_in(village, TODAY)) == 3
    assert [post.kind for post in selectors.posts_of(worker, TODAY)] == [PostKind.GRID_WORKER]


def test_holders_of_a_post_include_those_above() -> None:
    town = factories.township()
    village = factories.village(town)
    member = factories.holder(PostKind.PANEL_MEMBER, village)
    factories.holder(PostKind.PANEL_MEMBER, factories.village(town))
    assert [post.user_id for post in selectors.holders(PostKind.PANEL_MEMBER, village, TODAY)] == [member.pk]


def test_areas_of_one_name_are_told_apart_by_what_stands_above_them() -> None:
    county = factories.area("county", name="示例县")
    towns = [factories.area("township", county, name=name) for name in ("青禾镇", "柳湾镇")]
    grids = {}
    for town in towns:
        for n in range(3):
            village = factories.village(town, name=f"第{n}村")
            grids[town.name, n] = factories.grid(village, name="第一网格", name_en="Grid 1")
    texts = [f"{town}/第{n}村/第一网格" for town, n in grids]
    found = find_areas(
        [*texts, "第1村/第一网格", "第一网格", "Grid 1", "青禾镇/第9村/第一网格", "/"], [county.path]
    )
    assert [found[text].area for text in texts] == list(grids.values())
    for text, count in (("第1村/第一网格", 2), ("第一网格", 6)):
        assert found[text].area is None
        assert f"有{count}个" in found[text].reason
    for text in ("青禾镇/第9村/第一网格", "/"):
        assert "没有这个区域" in found[text].reason
    one = grids["青禾镇", 0]
    assert find_areas([one.code.upper()], [county.path])[one.code.upper()].area == one
