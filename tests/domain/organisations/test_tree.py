"""The tree of organisations: where what may hang, moving with everything below, closing, and who may do it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jizhi.core.errors import Conflict
from jizhi.organisations import rules, selectors, services
from jizhi.organisations.models import Belonging, Organisation
from jizhi.organisations.rules import OrganisationKind as Kind
from jizhi.organisations.rules import Role
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from tests import factories
from tests.domain.organisations.conftest import World

AT, TODAY, DAY = factories.AT, factories.TODAY, dt.timedelta(days=1)


def data_of(row: Organisation, **more: Any) -> services.OrganisationData:
    given = {
        "kind": Kind(row.kind),
        "name": row.name,
        "area": row.area,
        "parent": row.parent,
        "code": row.code,
    }
    return services.OrganisationData(**given | more)


def test_the_party_tree_hangs_as_its_table_says(world: World) -> None:
    united = world.found(Kind.UNITED_COMMITTEE, "青禾联合党委", area=world.town)
    general = world.found(Kind.GENERAL_BRANCH, "石桥村党总支", parent=united)
    branch = world.found(Kind.BRANCH, "第一党支部", parent=general)
    group = world.found(Kind.PARTY_GROUP, "第一党小组", parent=branch, area=world.grids[0])
    home = world.found(Kind.MEMBER_HOUSEHOLD, "王家中心户", parent=group, area=world.grids[0])
    assert home.path == f"{united.pk}.{general.pk}.{branch.pk}.{group.pk}.{home.pk}"
    for kind, parent in ((Kind.PARTY_GROUP, None), (Kind.BRANCH, group), (Kind.MEMBER_HOUSEHOLD, branch)):
        with pytest.raises(services.BadOrganisation) as refusal:
            world.found(kind, "错位", parent=parent)
        assert refusal.value.place == "parent"
    assert all(Kind.MEMBER_HOUSEHOLD not in kinds for kinds in rules.PARENTS.values())


def test_a_branch_moves_with_all_below_and_never_below_itself(world: World) -> None:
    first, second = (world.found(Kind.GENERAL_BRANCH, f"{n}总支") for n in "甲乙")
    branch = world.found(Kind.BRANCH, "支部", parent=first)
    group = world.found(Kind.PARTY_GROUP, "小组", parent=branch)
    moved = services.update_organisation(
        organisation=branch, data=data_of(branch, parent=second), version=1, by=world.secretary, at=AT
    )
    group.refresh_from_db()
    assert (moved.path, group.path) == (f"{second.pk}.{branch.pk}", f"{second.pk}.{branch.pk}.{group.pk}")
    with pytest.raises(Conflict):
        services.update_organisation(
            organisation=branch, data=data_of(moved, name="迟到"), version=1, by=world.secretary, at=AT
        )
    upper = world.found(Kind.PARTY_COMMITTEE, "上级党委")
    lower = world.found(Kind.PARTY_COMMITTEE, "下级党委", parent=upper)
    with pytest.raises(services.BadOrganisation, match="自己的下级"):
        services.update_organisation(
            organisation=upper, data=data_of(upper, parent=lower), version=1, by=None, at=AT
        )


def test_a_kind_cannot_change_under_its_children_and_members(world: World) -> None:
    branch = world.branch()
    world.found(Kind.PARTY_GROUP, "小组", parent=branch)
    with pytest.raises(services.BadOrganisation, match="小组"):
        services.update_organisation(
            organisation=branch, data=data_of(branch, kind=Kind.GENERAL_BRANCH), version=1, by=None, at=AT
        )
    women = world.found(Kind.WOMEN, "妇联")
    services.add_belonging(
        organisation=women, person=world.person("周一"), role=Role.CHAIR, from_date=TODAY, by=None, at=AT
    )
    with pytest.raises(services.BadOrganisation, match="职务"):
        services.update_organisation(
            organisation=women, data=data_of(women, kind=Kind.PARTY_COMMITTEE), version=1, by=None, at=AT
        )


def test_names_once_per_place_and_numbers_once(world: World) -> None:
    world.found(Kind.COOPERATIVE, "禾田合作社", code="A-1")
    with pytest.raises(services.BadOrganisation):
        world.found(Kind.COOPERATIVE, "禾田合作社")
    with pytest.raises(services.BadOrganisation) as refusal:
        world.found(Kind.COOPERATIVE, "麦田合作社", code="A-1")
    assert refusal.value.place == "code"
    other = world.found(Kind.COOPERATIVE, "麦田合作社")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=other.pk).update(name="禾田合作社")


def test_closing_needs_an_empty_house(world: World) -> None:
    branch = world.branch()
    group = world.found(Kind.PARTY_GROUP, "小组", parent=branch)
    belonging = services.add_belonging(
        organisation=group,
        person=world.person("周一"),
        role=Role.GROUP_LEADER,
        from_date=TODAY,
        by=None,
        at=AT,
    )
    end = {"to_date": TODAY, "reason": "撤并", "by": world.secretary, "at": AT}
    for row in (branch, group):
        with pytest.raises(services.OrganisationNotEmpty):
            services.close_organisation(organisation=row, **end)
    services.end_belonging(belonging=belonging, **end)
    services.close_organisation(organisation=group, **end)
    services.close_organisation(organisation=branch, **end)
    assert list(selectors.organisations(None, on=TODAY + DAY)) == []
    assert selectors.organisations(None, on=TODAY + DAY, closed=True).count() == 2
    with pytest.raises(services.BadOrganisation, match="已撤销"):
        world.found(Kind.PARTY_GROUP, "晚来小组", parent=Organisation.objects.get(pk=branch.pk))


def test_only_those_who_look_after_the_place_may_found_there(world: World) -> None:
    neighbour = factories.village(world.town)
    supervisor = factories.holder(PostKind.SUPERVISOR, world.village)
    data = services.OrganisationData(kind=Kind.WOMEN, name="妇联", area=neighbour)
    for user in (world.secretary, supervisor, world.worker):
        with pytest.raises(NotAllowed):
            services.create_organisation(data=data, from_date=TODAY, by=user, at=AT)
    world.found(Kind.WOMEN, "妇联", area=neighbour)
    assert not selectors.organisations(world.secretary, on=TODAY).exists()
    with pytest.raises(selectors.OrganisationNotFound):
        selectors.organisation_page(world.secretary, Organisation.objects.get().pk, on=TODAY)


def test_full_membership_lies_in_one_place_at_a_time_and_moves(world: World) -> None:
    first, second = world.branch("甲支部"), world.branch("乙支部")
    group = world.found(Kind.PARTY_GROUP, "小组", parent=first)
    person = world.person("周一")
    join = {"person": person, "role": Role.PARTY_MEMBER, "from_date": factories.START, "by": None, "at": AT}
    file = services.add_belonging(organisation=first, keeps_file=True, **join)
    assert services.add_belonging(organisation=first, keeps_file=True, **join) == file
    services.add_belonging(organisation=group, **join)
    for place in (second, group):
        with pytest.raises(services.CannotBelong):
            services.add_belonging(organisation=place, keeps_file=True, **join | {"role": Role.PROBATIONARY})
    moved = services.transfer_member(
        belonging=file, to=second, on_day=TODAY, reason="工作变动", by=world.secretary, at=AT
    )
    again = services.transfer_member(belonging=file, to=second, on_day=TODAY, by=world.secretary, at=AT)
    file.refresh_from_db()
    assert (file.to_date, moved.from_date, again.pk) == (TODAY - DAY, TODAY, moved.pk)
    assert moved.organisation == second
    with pytest.raises(IntegrityError), transaction.atomic():
        Belonging.objects.filter(pk=file.pk).update(to_date=TODAY)


def test_roles_fit_their_organisation(world: World) -> None:
    women, branch, person = world.found(Kind.WOMEN, "妇联"), world.branch(), world.person("周一")
    for place, role in ((women, Role.SECRETARY), (branch, Role.CHAIR)):
        with pytest.raises(services.CannotBelong) as refusal:
            services.add_belonging(
                organisation=place, person=person, role=role, from_date=TODAY, by=None, at=AT
            )
        assert refusal.value.place == "role"


def test_bodies_of_a_village_are_read_off_the_table(world: World, django_assert_max_num_queries: Any) -> None:
    branch = world.branch()
    services.add_belonging(
        organisation=branch,
        person=world.person("周书记"),
        role=Role.SECRETARY,
        from_date=TODAY,
        by=None,
        at=AT,
    )
    world.found(Kind.VILLAGERS_COMMITTEE, "村委会", leader="赵主任")
    world.found(Kind.YOUTH, "共青团")
    with django_assert_max_num_queries(6):
        bodies = selectors.village_bodies(world.village, "1+6", on=TODAY)
    assert len(bodies.lines) == 7
    assert bodies.present == 3
    assert bodies.lines[0].organisations[0].leaders == ("周书记",)
    assert bodies.lines[1].organisations[0].leader == "赵主任"
    unit = world.found(Kind.UNIT, "县图书馆", area=world.town)
    assert not selectors.village_bodies(world.village, "1+4", on=TODAY).lines[2].exists
    services.report_unit(unit=unit, area=world.village, from_date=TODAY, by=world.secretary, at=AT)
    assert selectors.village_bodies(world.village, "1+4", on=TODAY).lines[2].exists
    (count,) = selectors.bodies_by_village([world.village], "1+6", on=TODAY)
    assert (count.present, count.total, len(count.missing)) == (3, 7, 4)


def test_lists_cost_the_same_for_two_and_for_many(world: World, django_assert_num_queries: Any) -> None:
    def fill(start: int, stop: int) -> None:
        for number in range(start, stop):
            branch = world.branch(f"支部{number}")
            services.add_belonging(
                organisation=branch, person=world.person(f"周{number}"), role=Role.SECRETARY,
                from_date=TODAY, by=None, at=AT,
            )  # fmt: skip

    fill(0, 2)
    rows = selectors.organisations(world.secretary, on=TODAY)
    for stop in (2, 8):
        fill(2, stop)
        with django_assert_num_queries(2):
            lines = selectors.organisation_lines(rows, TODAY)
        assert len(lines) == stop
        assert all(line.leaders and line.members == 1 for line in lines)


def test_the_party_tree_shows_some_levels_and_says_where_more_lies(world: World) -> None:
    general = world.found(Kind.GENERAL_BRANCH, "总支")
    branch = world.found(Kind.BRANCH, "支部", parent=general)
    world.found(Kind.PARTY_GROUP, "小组", parent=branch)
    world.found(Kind.WOMEN, "妇联")
    (top,) = selectors.party_tree(world.secretary, on=TODAY)
    assert top.line.name == "总支"
    (below,) = top.children
    assert (below.line.name, below.children, below.is_open) == ("支部", (), False)
    (start,) = selectors.party_tree(world.secretary, on=TODAY, root=branch.pk)
    assert [node.line.name for node in start.children] == ["小组"]


def test_search_by_name_pinyin_leader_and_number(world: World) -> None:
    row = world.found(
        Kind.COOPERATIVE, "禾田合作社", code="HZ-7", leader="周社长", name_en="Hetian Co-operative"
    )
    world.found(Kind.WOMEN, "妇联")
    for words in ("禾田", "hetian", "hthzs", "HZ-7", "周社长", "Co-op"):
        assert [one.pk for one in selectors.organisations(world.secretary, on=TODAY, words=words)] == [row.pk]


def test_an_account_is_one_person_and_recusal_finds_the_household(world: World) -> None:
    person, other = world.person("周一"), world.person("周二")
    clerk = factories.holder(PostKind.TOWNSHIP, world.town)
    link = services.link_staff_person(user=world.worker, person=person, by=clerk, at=AT)
    assert services.link_staff_person(user=world.worker, person=person, by=clerk, at=AT) == link
    for user, someone in ((world.worker, other), (world.secretary, person)):
        with pytest.raises(services.CannotLink):
            services.link_staff_person(user=user, person=someone, by=clerk, at=AT)
    assert selectors.persons_of_staff([world.worker, world.secretary]) == {world.worker.pk: person.pk}
    services.unlink_staff_person(link=link, reason="登记错了", by=clerk, at=AT)
    assert selectors.persons_of_staff([world.worker]) == {}


def test_whoever_leads_stands_first_among_those_who_belong(world: World) -> None:
    branch = world.branch()
    roles = (Role.PARTY_MEMBER, Role.COMMITTEE_MEMBER, Role.DEPUTY_SECRETARY, Role.SECRETARY)
    for name, role in zip(("安一", "何二", "林三", "周四"), roles, strict=True):
        services.add_belonging(
            organisation=branch, person=world.person(name), role=role, keeps_file=role is Role.PARTY_MEMBER,
            from_date=factories.START, by=None, at=AT,
        )  # fmt: skip
    listed = selectors.belonging_lines(selectors.belongings_of(branch, on=TODAY), TODAY)
    assert [one.role for one in listed] == list(reversed(roles))
    exported = selectors.belonging_lines(selectors.all_belongings(None, on=TODAY), TODAY)
    assert [one.role for one in exported if one.organisation_id == branch.pk] == list(reversed(roles))
