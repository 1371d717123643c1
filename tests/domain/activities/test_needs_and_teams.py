"""Needs from asking to thanks, and teams with their members."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from jizhi.activities import rules, selectors, services
from jizhi.activities.models import Need, Taking, TeamMember
from jizhi.claims.models import Claim
from jizhi.core.errors import Conflict
from jizhi.people.models import Message
from jizhi.posts.selectors import NotAllowed
from tests.web.shiqiao import Village, moment

DAY = dt.date(2026, 6, 12)
AT = moment(DAY)


def ask(place: Village, no: str = "001", **more: Any) -> Need:
    """A household asks for one pair of hands."""
    about: dict[str, Any] = {
        "kind": rules.NeedKind.REPAIR, "title": "修水管", "wanted_date": DAY + dt.timedelta(days=3),
        "request_key": "need-1",
    } | more  # fmt: skip
    return services.post_need(
        village=place.village,
        subject=place.households[no].subject,
        by=place.household_user(no),
        at=AT,
        **about,
    )


def opened(place: Village, **more: Any) -> Need:
    return services.open_need(need=ask(place, **more), item="volunteering", by=place.users["worker"], at=AT)


def take(place: Village, need: Need, no: str = "002") -> Taking:
    return services.take_need(
        need=need, subject=place.households[no].subject, by=place.household_user(no), at=AT
    )


def test_help_confirmed_by_the_household_reaches_the_panel_through_the_village(place: Village) -> None:
    need = opened(place)
    taking = take(place, need)
    need.refresh_from_db()
    assert need.state == rules.NeedState.TAKEN
    services.finish_need(
        need=need, helped=[services.Help(taking.pk, Decimal(2))], by=place.household_user("001"), at=AT
    )
    assert not Claim.objects.exists(), "a household alone gives nobody points"
    need.refresh_from_db()
    assert services.count_help(need=need, by=place.users["worker"], at=AT) == 1
    assert services.count_help(need=need, by=place.users["worker"], at=AT) == 0
    (claim,) = Claim.objects.all()
    assert (claim.subject, claim.quantity) == (place.households["002"].subject, Decimal(2))


def test_what_staff_finish_goes_to_the_panel_at_once(place: Village) -> None:
    need = opened(place, places=2)
    takings = [take(place, need, no) for no in ("002", "003")]
    helped = [services.Help(takings[0].pk, Decimal(1)), services.Help(takings[1].pk, None)]
    services.finish_need(need=need, helped=helped, by=place.users["worker"], at=AT)
    assert [row.state for row in Taking.objects.order_by("id")] == [
        rules.TakingState.CONFIRMED,
        rules.TakingState.MISSED,
    ]
    assert Claim.objects.count() == 1


def test_nobody_helps_himself_or_takes_more_places_than_there_are(place: Village) -> None:
    need = opened(place)
    with pytest.raises(services.BadNeed):
        take(place, need, "001")
    take(place, need, "002")
    with pytest.raises(services.BadNeed):
        take(place, need, "003")
    assert take(place, need, "002").pk == Taking.objects.get().pk


def test_a_place_is_free_again_when_somebody_cannot_come(place: Village) -> None:
    need = opened(place)
    taking = take(place, need)
    services.give_up_need(taking=taking, by=place.household_user("002"), at=AT)
    need.refresh_from_db()
    assert need.state == rules.NeedState.OPEN
    take(place, need, "003")
    assert Message.objects.filter(subject=place.households["001"].subject, kind="need").count() >= 3


def test_neighbours_see_who_asks_only_after_taking_it_up(place: Village) -> None:
    need = opened(place)
    neighbour = place.households["002"].subject
    before = selectors.need_page(need, reader=neighbour)
    assert (before.line.asker, before.phone, before.address) == ("欧阳**", "", "")
    take(place, need)
    after = selectors.need_page(need, reader=neighbour)
    assert after.line.asker == "欧阳晓芸"
    assert after.address and after.phone.startswith("139")


def test_unpublished_needs_are_seen_by_the_household_alone(place: Village) -> None:
    need = ask(place)
    assert selectors.need_in_village(place.households["001"].subject, need.pk) == need
    with pytest.raises(selectors.NotFound):
        selectors.need_in_village(place.households["002"].subject, need.pk)
    services.refuse_need(need=need, reason="请联系医院", by=place.users["worker"], at=AT)
    with pytest.raises(services.BadNeed):
        services.open_need(need=need, by=place.users["worker"], at=AT)


def test_only_the_village_publishes(place: Village) -> None:
    need = ask(place)
    with pytest.raises(NotAllowed):
        services.open_need(need=need, by=place.household_user("001"), at=AT)
    with pytest.raises(services.BadNeed):
        services.withdraw_need(need=need, by=place.household_user("002"), at=AT)


def test_a_repeat_is_one_need(place: Village) -> None:
    assert ask(place).pk == ask(place).pk


def test_a_team_from_founding_to_closing(place: Village) -> None:
    about = {
        "kind": rules.TeamKind.CARE,
        "name": "关爱队",
        "leader": "周网格",
        "by": place.users["committee"],
        "at": AT,
    }
    with pytest.raises(NotAllowed):
        services.create_team(area=place.village, from_date=DAY, **(about | {"by": place.users["chair"]}))
    about["by"] = place.users["recorder"]
    team = services.create_team(area=place.village, from_date=DAY, **about)
    with pytest.raises(services.BadTeam):
        services.create_team(area=place.village, from_date=DAY, **about)
    member = services.join_team(
        team=team, subject=place.households["001"].subject, name="欧阳晓芸", from_date=DAY,
        by=place.household_user("001"), at=AT,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        services.leave_team(member=member, to_date=DAY, by=place.household_user("002"), at=AT)
    page = selectors.team_page(team)
    assert [line.name for line in page.members] == ["欧阳晓芸"]
    with pytest.raises(Conflict):
        services.change_team(team=team, version=9, **about)
    services.close_team(team=team, to_date=DAY, by=place.users["recorder"], at=AT)
    team.refresh_from_db()
    assert [line.to_date for line in selectors.team_page(team).former] == [DAY]
    with pytest.raises(services.BadTeam):
        services.join_team(
            team=team, subject=place.households["002"].subject, name="王示例", from_date=DAY,
            by=place.household_user("002"), at=AT,
        )  # fmt: skip


def test_whoever_leaves_and_joins_again_on_one_day_has_not_been_away(place: Village) -> None:
    clerk, day = place.users["recorder"], dt.timedelta(days=1)
    team = services.create_team(
        area=place.village, kind=rules.TeamKind.CARE, name="关爱队", from_date=DAY - 30 * day, by=clerk, at=AT
    )

    def join(from_date: dt.date) -> TeamMember:
        return services.join_team(
            team=team,
            subject=place.households["001"].subject,
            name="欧阳晓芸",
            from_date=from_date,
            by=clerk,
            at=AT,
        )

    def leave(member: TeamMember, to_date: dt.date) -> TeamMember:
        return services.leave_team(member=member, to_date=to_date, by=clerk, at=AT)

    member = join(DAY - 9 * day)
    leave(member, DAY)
    again = join(DAY)
    assert (again.pk, again.from_date, again.to_date) == (member.pk, DAY - 9 * day, None)
    stale = TeamMember.objects.get()
    leave(again, DAY - 5 * day)
    assert leave(stale, DAY).to_date == DAY - 5 * day, "left already"
    assert join(DAY).pk != member.pk
    leave(TeamMember.objects.get(to_date=None), DAY)
    with pytest.raises(services.BadTeam) as refusal:
        join(DAY - 20 * day)
    assert refusal.value.place == "from_date"
    assert TeamMember.objects.filter(to_date=None).count() == 0
