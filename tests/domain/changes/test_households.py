"""Households split, merged, moved, leaving and coming back: members, numbers, cards, and every hundredth of a point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from jizhi.areas.models import Area
from jizhi.changes import rules, selectors, services
from jizhi.changes.models import Change
from jizhi.core.errors import Conflict
from jizhi.people import services as people
from jizhi.people.models import Household, HouseholdCard, Membership
from jizhi.people.rules import Residence
from jizhi.people.services import memberships
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from tests import factories
from tests.county import County
from tests.domain.changes import world
from tests.domain.changes.world import DAY

SOON, LATER = dt.date(2026, 9, 30), dt.date(2026, 12, 31)


@pytest.fixture
def home(county: County) -> Household:
    household = world.big_household(county)
    world.credit(county, household, 10_001, expires=SOON)
    world.credit(county, household, 5_000, expires=LATER)
    world.credit(county, household, 3)
    return household


def order_split(home: Household, **more: object) -> services.Split:
    head = next(p for p in world.member_ids(home) if p != home.head_id)
    wanted = {"household_id": home.pk, "day": DAY, "person_ids": (head,), "head_id": head, "no": "9001"}
    return services.Split(**wanted | more)  # type: ignore[arg-type]


def test_split_shares_the_wallet_by_members_to_the_hundredth(county: County, home: Household) -> None:
    members, facts = len(world.member_ids(home)), world.lots(home)
    shown = services.preview_change(
        order=order_split(home), concerns=world.no_concerns, by=county.operator, at=world.AT
    )
    assert not Household.objects.filter(no="9001").exists()
    change = world.make(county, order_split(home))
    new = Household.objects.get(no="9001")
    due = rules.share(15_004, [members - 1, 1])
    assert (world.wallet(home), world.wallet(new)) == tuple(due)
    assert sum(points for _day, points in [*world.lots(home), *world.lots(new)]) == 15_004
    assert {day for day, _points in world.lots(new)} <= {day for day, _points in facts}
    world.check_accounts()
    assert shown.total_before == shown.total_after == 15_004
    after = selectors.states([home.pk, new.pk], today=DAY)
    by_no = {effect.after.no: effect.after for effect in shown.households}
    for state in after.values():
        assert by_no[state.no].as_json() == state.as_json()
        assert by_no[state.no].lots == state.lots
    assert change.points == due[1]
    assert new.head is not None
    assert new.head_name == new.head.name
    assert new.subject.from_date == DAY
    ended = Membership.objects.get(person=new.head, household=home)
    assert ended.to_date == DAY - dt.timedelta(days=1)


def test_split_by_given_points_or_none(county: County, home: Household) -> None:
    world.make(county, order_split(home, share=rules.ShareRule.GIVEN, points=333))
    assert world.wallet(Household.objects.get(no="9001")) == 333
    with pytest.raises(services.BadChange):
        world.make(county, order_split(home, no="9002", person_ids=tuple(world.member_ids(home))))
    with pytest.raises(Exception, match="可兑换积分不够"):
        world.make(county, order_split(home, no="9003", share=rules.ShareRule.GIVEN, points=99_999_999))
    world.check_accounts()


def test_head_who_leaves_needs_a_successor(county: County, home: Household) -> None:
    head = home.head_id
    assert head is not None
    with pytest.raises(services.BadChange, match="新的户主"):
        world.make(county, order_split(home, person_ids=(head,), head_id=head))
    heir = next(p for p in world.member_ids(home) if p != head)
    world.make(county, order_split(home, person_ids=(head,), head_id=head, old_head_id=heir))
    home.refresh_from_db()
    assert home.head is not None
    assert (home.head_id, home.head_name) == (heir, home.head.name)
    home.subject.refresh_from_db()
    assert home.subject.label == home.head_name


def test_a_changed_register_makes_the_preview_stale(county: County, home: Household) -> None:
    order = order_split(home)
    shown = services.preview_change(order=order, concerns=world.no_concerns, by=county.operator, at=world.AT)
    world.credit(county, home, 100)
    with pytest.raises(Conflict):
        services.make_change(
            order=order, concerns=world.no_concerns, received=world.hold_owed, request_key="k", expected=shown.digest,
            by=county.operator, at=world.AT,
        )  # fmt: skip
    assert not Household.objects.filter(no="9001").exists()


def test_repeat_of_the_key_changes_nothing(county: County, home: Household) -> None:
    made = [
        services.make_change(
            order=order_split(home),
            concerns=world.no_concerns,
            received=world.hold_owed,
            request_key="once",
            by=county.operator,
            at=world.AT,
        )
        for _n in range(2)
    ]
    assert made[0] == made[1]


def twice_at_once(monkeypatch: pytest.MonkeyPatch, click: Callable[[], Change]) -> tuple[Change, Change]:
    """Both clicks look the key up before either has made the change: the first is made while the second waits."""
    first, lock = [], memberships.lock_households

    def waiting(numbers: Any) -> Any:
        monkeypatch.setattr(memberships, "lock_households", lock)
        first.append(click())
        return lock(numbers)

    monkeypatch.setattr(memberships, "lock_households", waiting)
    second = click()
    return first[0], second


def test_a_double_click_gives_the_change_that_was_made(
    county: County, home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"order": order_split(home), "concerns": world.no_concerns, "received": world.hold_owed}
    wanted["request_key"] = "twice"
    one, other = twice_at_once(
        monkeypatch, lambda: services.make_change(**wanted, by=county.operator, at=world.AT)
    )
    assert one == other
    undo = {"change": one, "request_key": "back", "by": county.operator, "at": world.AT}
    one, other = twice_at_once(monkeypatch, lambda: services.undo_change(**undo))
    assert one == other


def test_merge_moves_everything_and_blocks_the_card(county: County, home: Household) -> None:
    target = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    people = set(world.member_ids(home)) | set(world.member_ids(target))
    before = world.lots(home)
    world.make(county, services.Merge(household_id=home.pk, into_id=target.pk, day=DAY))
    home.refresh_from_db()
    assert home.to_date == DAY - dt.timedelta(days=1)
    assert (world.wallet(home), world.wallet(target), world.lots(target)) == (0, 15_004, before)
    assert set(world.member_ids(target)) == people
    assert not HouseholdCard.objects.filter(household=home, blocked_at=None).exists()
    assert Membership.objects.filter(household=target, to_date=None, relation="户主").count() == 1
    world.check_accounts()


def test_later_credits_follow_a_merged_household(county: County, home: Household) -> None:
    target = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    world.make(county, services.Merge(household_id=home.pk, into_id=target.pk, day=DAY))
    world.credit(county, home, 700, expires=LATER)
    for _n in range(2):
        services.forward_credits(village=home.village, key="m", by=county.operator, at=world.AT)
    assert (world.wallet(home), world.wallet(target)) == (0, 15_704)
    world.check_accounts()


def test_move_to_another_village_through_clearing(county: County, home: Household) -> None:
    persons, before = set(world.member_ids(home)), world.lots(home)
    order = services.Move(household_id=home.pk, village=county.other.area, no="7001", day=DAY)
    with pytest.raises(Exception, match="权限|职务"):
        world.make(county, order, by=county.home.staff["recorder"])
    world.make(county, order)
    new = Household.objects.get(village=county.other.area, no="7001")
    assert set(world.member_ids(new)) == persons
    assert (world.wallet(home), world.lots(new)) == (0, before)
    world.check_accounts()


def test_points_left_behind_can_be_spent_until_a_day(county: County, home: Household) -> None:
    order = services.Move(
        household_id=home.pk, village=county.other.area, no="7001", day=DAY,
        carry=rules.CarryRule.STAYS, until=dt.date(2026, 7, 31),
    )  # fmt: skip
    change = world.make(county, order)
    assert world.lots(home) == [(dt.date(2026, 7, 31), 15_004)]
    assert HouseholdCard.objects.filter(household=home, blocked_at=None).exists()
    world.undo(county, change)
    assert [day for day, _points in world.lots(home)] == [SOON, LATER, None]


def test_leaving_and_coming_back(county: County, home: Household) -> None:
    persons = set(world.member_ids(home))
    world.make(county, services.Leaving(household_id=home.pk, day=DAY, until=LATER))
    assert world.member_ids(home) == []
    back = services.Returning(household_id=home.pk, no="9100", day=DAY)
    world.make(county, back)
    new = Household.objects.get(no="9100")
    assert set(world.member_ids(new)) == persons
    assert world.wallet(new) == 15_004
    world.check_accounts()


def test_moving_within_the_village_keeps_subject_and_points(county: County, home: Household) -> None:
    grid = next(s.household.area for s in county.home.all_subjects if s.household.area_id != home.area_id)
    world.make(county, services.GridMove(household_id=home.pk, grid=grid, address="新居1号", day=DAY))
    home.refresh_from_db()
    assert (home.area, home.address, world.wallet(home)) == (grid, "新居1号", 15_004)


def test_moving_within_the_village_is_checked_like_editing(county: County, home: Household) -> None:
    grids = {s.household.area_id: s.household.area for s in county.home.all_subjects}
    grid = next(one for number, one in grids.items() if number != home.area_id)
    order = services.GridMove(household_id=home.pk, grid=grid, day=DAY)
    clerk = factories.holder(PostKind.RECORDER, home.area)
    with pytest.raises(NotAllowed):
        world.make(county, order, by=clerk)
    elsewhere = services.GridMove(household_id=home.pk, grid=county.other.area, day=DAY)
    with pytest.raises(people.BadHousehold, match="不在石桥村"):
        world.make(county, elsewhere)
    change = world.make(county, order)
    Area.objects.filter(pk=home.area_id).update(to_date=DAY)
    with pytest.raises(services.CannotUndo, match="已撤销"):
        world.undo(county, change)
    back = services.GridMove(household_id=home.pk, grid=home.area, day=DAY)
    with pytest.raises(people.BadHousehold, match="已撤销"):
        world.make(county, back)


@pytest.mark.parametrize("kind", ["split", "merge", "move"])
def test_undo_on_the_same_day_restores_everything(county: County, home: Household, kind: str) -> None:
    other = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    orders = {
        "split": order_split(home),
        "merge": services.Merge(household_id=home.pk, into_id=other.pk, day=DAY),
        "move": services.Move(household_id=home.pk, village=county.other.area, no="9001", day=DAY),
    }
    ids = [home.pk, other.pk]
    before = selectors.states(ids, today=DAY)
    change = world.make(county, orders[kind])
    world.undo(county, change)
    assert selectors.states(ids, today=DAY) == before
    world.check_accounts()
    if kind != "merge":  # the number is free again
        world.make(county, orders[kind])
    with pytest.raises(services.CannotUndo):
        world.undo(county, change)


def test_undo_is_refused_once_something_happened(county: County, home: Household) -> None:
    change = world.make(county, order_split(home))
    assert services.why_not(change, on=DAY) == ""
    assert "当天" in services.why_not(change, on=DAY + dt.timedelta(days=1))
    new = Household.objects.get(no="9001")
    from jizhi.ledger import services as ledger_services

    ledger_services.spend(
        subject=new.subject,
        points=1,
        request_key="s",
        by=county.operator,
        at=world.AT + dt.timedelta(hours=1),
    )
    with pytest.raises(services.CannotUndo, match="兑换"):
        world.undo(county, change, at=world.AT + dt.timedelta(hours=2))


def _edit_household(county: County, household: Household) -> None:
    change = people.HouseholdChange(address="后来的住址")
    people.update_household(household=household, change=change, by=county.operator, at=world.AT)


def _edit_member(county: County, household: Household) -> None:
    change = people.PersonChange(
        version=household.head.version, name="后来的名字", sex=None, birth_date=None,
        residence=Residence.RESIDENT, registered_place="",
    )  # fmt: skip
    people.update_person(person_id=household.head.pk, change=change, by=county.operator, at=world.AT)


def _add_member(county: County, household: Household) -> None:
    people.add_member(
        household=household,
        member=people.NewMember("后来的人"),
        from_date=DAY,
        by=county.operator,
        at=world.AT,
    )


@pytest.mark.parametrize("edit", [_edit_household, _edit_member, _add_member])
def test_undo_overwrites_no_later_edit(county: County, home: Household, edit: Any) -> None:
    change = world.make(county, order_split(home))
    new = Household.objects.get(no="9001")
    edit(county, new)
    stood = (Household.objects.get(pk=new.pk).address, world.member_ids(new))
    with pytest.raises(services.CannotUndo, match="又改过"):
        world.undo(county, change)
    assert (Household.objects.get(pk=new.pk).address, world.member_ids(new)) == stood
