"""One household at a time, the register's pages, scopes, and the constraints beneath them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.core.models import AuditEvent
from jizhi.people import selectors, services
from jizhi.people.models import Household, Membership, Person
from jizhi.people.services import HouseholdChange, NewMember
from jizhi.posts import selectors as posts
from jizhi.posts.rules import PostKind
from tests import factories

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": None, "at": factories.AT}
TODAY, DAY = factories.TODAY, dt.timedelta(days=1)


def _family(place: Area | None = None, **more: Any) -> Household:
    members = (
        NewMember("周甲", "户主", factories.id_number(1), phone="19900001111"),
        NewMember("王丁", "配偶", factories.id_number(2)),
    )
    return factories.household(place, head_name="周甲", members=members, phone="19900001111", **more)


def test_a_household_brings_its_subject_and_members() -> None:
    home = _family(no="0007")
    assert home.subject.key == f"{home.village.code}-0007"
    assert (home.subject.size, home.subject.group) == (2, home.village.code)
    assert factories.household(home.village, size=6).subject.size == 6


def test_unusable_households_are_refused() -> None:
    village = factories.village()
    factories.household(village, no="0001")
    for change in ({"no": "0001"}, {"no": " "}, {"head_name": " "}, {"size": 0}):
        with pytest.raises(services.BadHousehold):
            factories.household(village, **change)
    with pytest.raises(services.BadHousehold):
        services.create_household(
            no="1", head_name="周", village=village, area=factories.grid(), from_date=factories.START, **BY
        )
    with pytest.raises(services.BadHousehold):
        services.create_household(no="1", head_name="周", village=factories.township(), from_date=TODAY, **BY)


def test_a_person_lives_in_one_household_at_a_time() -> None:
    home, other = _family(), factories.household()
    head = NewMember("周甲", "女婿", factories.id_number(1))
    with pytest.raises(services.AlreadyMember, match=r"周\*"):
        services.add_member(household=other, member=head, from_date=TODAY, **BY)
    membership = Membership.objects.get(person__name="周甲")
    services.end_membership(membership=membership, to_date=TODAY, reason="入赘", **BY)
    with pytest.raises(services.AlreadyMember):
        services.add_member(household=other, member=head, from_date=TODAY, **BY)
    moved = services.add_member(household=other, member=head, from_date=TODAY + DAY, **BY)
    assert moved.person == membership.person
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=moved.pk).update(from_date=TODAY)
    home.subject.refresh_from_db()
    assert AuditEvent.objects.filter(verb="membership.end").get().detail["reason"] == "入赘"


def test_the_database_keeps_index_and_number_together() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="周甲", id_number="1", id_index=None)
    Person.objects.create(name="周甲", id_number="1", id_index="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(name="周乙", id_number="1", id_index="a")


def test_an_update_leaves_what_it_does_not_name_and_records_the_rest() -> None:
    home = _family(address="1组1号")
    grid = factories.grid(home.village)
    change = HouseholdChange(area=grid, phone="19900002222", declared_size=5)
    services.update_household(household=home, change=change, **BY)
    home.refresh_from_db()
    home.subject.refresh_from_db()
    assert (home.address, home.phone, home.area, home.subject.size) == ("1组1号", "19900002222", grid, 5)
    detail = AuditEvent.objects.get(verb="household.update").detail
    assert detail["size"] == [2, 5]
    assert detail["phone"] == ["199****1111", "199****2222"]
    services.update_household(household=home, change=HouseholdChange(clear_size=True), **BY)
    home.subject.refresh_from_db()
    assert home.subject.size == 2
    with pytest.raises(services.BadHousehold):
        services.update_household(household=home, change=HouseholdChange(area=factories.grid()), **BY)


def test_a_masked_number_typed_back_is_the_one_that_is_kept_and_no_other() -> None:
    home = _family()
    services.update_household(household=home, change=HouseholdChange(phone="19900001111"), **BY)
    home.refresh_from_db()
    services.update_household(
        household=home, change=HouseholdChange(phone=" 199****1111", address="2组"), **BY
    )
    home.refresh_from_db()
    assert (home.phone, home.address) == ("19900001111", "2组")
    for typed in ("199****2222", "13800001111*", "*"):
        with pytest.raises(DomainError, match="星号") as caught:
            services.update_household(household=home, change=HouseholdChange(phone=typed), **BY)
        assert getattr(caught.value, "place", "") == "phone"
    home.refresh_from_db()
    assert home.phone == "19900001111"
    with pytest.raises(DomainError, match="星号"):
        factories.household(home.village, phone="138****1111")


def test_closing_ends_subject_and_memberships() -> None:
    home = _family()
    services.close_household(household=home, to_date=TODAY, reason="迁出", **BY)
    home.refresh_from_db()
    home.subject.refresh_from_db()
    assert home.subject.to_date == TODAY
    assert not Membership.objects.filter(to_date=None).exists()
    with pytest.raises(services.BadHousehold):
        services.close_household(household=home, to_date=TODAY, reason="", **BY)
    assert selectors.households(None, on=TODAY + DAY).total == 0
    assert selectors.households(None, on=TODAY + DAY, closed=True).total == 1


@pytest.mark.parametrize("kind", [PostKind.GRID_WORKER, PostKind.AUDITOR, PostKind.STOREKEEPER])
def test_posts_without_the_right_change_nothing(kind: PostKind) -> None:
    home = _family()
    user = factories.holder(kind, home.village)
    with pytest.raises(posts.NotAllowed):
        services.update_household(
            household=home, change=HouseholdChange(address="x"), by=user, at=factories.AT
        )
    with pytest.raises(posts.NotAllowed):
        services.issue_cards(households=[home], by=user, at=factories.AT)
    with pytest.raises(posts.NotAllowed):
        factories.household(home.village, by=user)


def test_everybody_sees_the_own_area_and_households_themselves() -> None:
    village = factories.village()
    first, second = factories.grid(village), factories.grid(village)
    one, two = factories.household(first), factories.household(second)
    elsewhere = factories.household()
    worker, committee = (
        factories.holder(PostKind.GRID_WORKER, first),
        factories.holder(PostKind.COMMITTEE, village),
    )
    card = factories.household_user(two)
    seen = {
        user: set(Household.objects.visible_to(user, TODAY))
        for user in (worker, committee, card, factories.staff(), None)
    }
    assert list(seen.values()) == [{one}, {one, two}, {two}, set(), {one, two, elsewhere}]
    assert set(Person.objects.visible_to(worker, TODAY)) == {one.memberships.get().person}
    assert Person.objects.visible_to(card, TODAY).get() == two.memberships.get().person
    with pytest.raises(selectors.HouseholdNotFound):
        selectors.household_page(worker, two.pk, TODAY)
    assert selectors.household_for(committee, two.pk, TODAY) == two


def test_the_register_searches_filters_and_pages_in_few_queries(django_assert_num_queries: Any) -> None:
    village = factories.village()
    grid = factories.grid(village, name="第一网格")
    homes = [factories.household(grid, no=f"{n:04d}", head_name=f"周{n}") for n in range(1, 8)]
    _family(village, no="0100", address="柳树街9号")
    factories.household_user(homes[0])
    recorder = factories.holder(PostKind.RECORDER, village)
    posts.held_posts(recorder)
    with django_assert_num_queries(2):
        page = selectors.households(recorder, on=TODAY, per_page=3, page=2)
    assert [line.no for line in page.lines] == ["0004", "0005", "0006"]
    assert (page.total, page.pages, page.lines[0].grid_name) == (8, 3, "第一网格")
    assert selectors.households(recorder, on=TODAY, page=99, per_page=3).page == 3
    for text in ("0100", "周甲", "zhoujia", "zj", "Zhou Jia", "王丁", "柳树街"):
        found = selectors.households(recorder, on=TODAY, search=text)
        assert [line.no for line in found.lines] == ["0100"], text
    assert selectors.households(recorder, on=TODAY, area=grid).total == 7
    assert selectors.households(recorder, on=TODAY, card=True).total == 1
    assert selectors.households(recorder, on=TODAY, card=False).total == 7
    line = found.lines[0]
    assert (line.phone, line.members, line.size, line.grid_name) == ("199****1111", 2, 2, "")


def test_the_households_page_is_masked_and_flat(django_assert_num_queries: Any) -> None:
    home = _family()
    services.end_membership(
        membership=home.memberships.get(person__name="王丁"), to_date=TODAY - DAY, reason="迁出", **BY
    )
    factories.household_user(home)
    recorder = factories.holder(PostKind.RECORDER, home.village)
    posts.held_posts(recorder)
    with django_assert_num_queries(3):
        page = selectors.household_page(recorder, home.pk, TODAY)
    assert [member.name for member in page.members] == ["周甲"]
    assert [member.name for member in page.former_members] == ["王丁"]
    assert page.members[0].id_number == "9901************" + factories.id_number(1)[-2:]
    assert page.cards[0].printed_code.startswith("····")
    assert (page.can_manage, page.can_unmask) == (True, True)


def test_a_household_is_found_by_number_with_or_without_zeros() -> None:
    village = factories.village()
    home = factories.household(village, no="0012")
    for typed in ("0012", "12", " 012 "):
        assert selectors.household_by_no(village, typed) == home
    for typed in ("", "13", "2"):
        with pytest.raises(selectors.HouseholdNotFound):
            selectors.household_by_no(village, typed)
    exact = factories.household(village, no="12")
    assert selectors.household_by_no(village, "12") == exact


def test_subjects_of_a_village_are_those_who_take_part() -> None:
    village = factories.village()
    home = factories.household(village, no="0001", size=3)
    gone = factories.household(village, no="0002")
    services.close_household(household=gone, to_date=TODAY - DAY, reason="迁出", **BY)
    rows = selectors.subjects_of_village(village)
    assert [(row.key, row.size, row.group) for row in rows] == [
        (f"{village.code}-0001", 3, village.code),
        (f"{village.code}-0002", 1, village.code),
    ]
    assert [row.id for row in selectors.subjects_of_village(village, TODAY)] == [home.subject_id]
    assert selectors.subject_by_key(rows[0].key) == home.subject
    assert selectors.household_counts() == {village.code: 1}


def test_whole_numbers_are_shown_for_a_reason_and_on_record() -> None:
    home = _family()
    person = home.memberships.get(person__name="周甲").person
    recorder, auditor = (
        factories.holder(kind, home.village) for kind in (PostKind.RECORDER, PostKind.AUDITOR)
    )
    ask = {"person": person, "at": factories.AT}
    with pytest.raises(services.ReasonMissing):
        services.reveal_person(reason=" ", by=recorder, **ask)
    with pytest.raises(posts.NotAllowed):
        services.reveal_person(reason="核对低保", by=auditor, **ask)
    shown = services.reveal_person(reason="核对低保", by=recorder, **ask)
    assert (shown.id_number, shown.phone) == (factories.id_number(1), "19900001111")
    event = AuditEvent.objects.get(verb="person.reveal")
    assert (event.by_id, event.detail, event.target_id) == (
        recorder.pk,
        {"reason": "核对低保"},
        str(person.pk),
    )
    assert (
        services.reveal_household_phone(household=home, reason="通知开会", by=recorder, at=factories.AT)
        == home.phone
    )
