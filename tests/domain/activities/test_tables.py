"""Activities' tables row by row: new, changed or as it was; refusals name their column; repeats do nothing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from jizhi.activities import rules, services
from jizhi.activities.models import Activity, Attendance, Need, Team, TeamMember
from jizhi.activities.services import tables
from jizhi.core.errors import DomainError
from jizhi.imports.rules import Fate
from jizhi.posts.selectors import NotAllowed
from tests.web.shiqiao import Village, moment

DAY = dt.date(2026, 6, 12)
AT = moment(DAY, 12)


def given(place: Village, by: str = "committee") -> dict[str, Any]:
    return {"area": place.village, "by": place.users[by], "at": AT}


def activity(**more: Any) -> dict[str, Any]:
    return {
        "village": None, "kind": "义务劳动", "title": "清理河道", "place": "村口", "starts_at": "2026-06-12 09:00",
        "ends_at": "2026-06-12 11:00", "team": None,
    } | more  # fmt: skip


def attended(**more: Any) -> dict[str, Any]:
    wanted = {"activity": None, "village": None, "title": "清理河道", "day": DAY}
    return wanted | {"no": "2", "name": None, "hours": None} | more


def refused(write: Any, values: dict[str, Any], place: Village) -> str:
    with pytest.raises(DomainError) as caught:
        write(values, **given(place))
    assert str(caught.value)
    return str(caught.value.place)


def test_an_activity_is_planned_changed_and_then_as_it_was(place: Village) -> None:
    assert tables.write_activity(activity(), **given(place)) is Fate.CREATED
    assert tables.write_activity(activity(village="石桥村"), **given(place)) is Fate.UNCHANGED
    assert tables.write_activity(activity(place="河边"), **given(place)) is Fate.UPDATED
    assert Activity.objects.get().place == "河边"
    team = services.create_team(
        area=place.village,
        kind=rules.TeamKind.CARE,
        name="关爱队",
        from_date=DAY,
        by=place.users["committee"],
        at=AT,
    )
    led = {"place": "河边", "team": "关爱队"}
    assert tables.write_activity(activity(**led), **given(place)) is Fate.UPDATED
    assert tables.write_activity(activity(place="河边"), **given(place)) is Fate.UNCHANGED
    assert Activity.objects.get().team == team
    services.close_team(team=team, to_date=DAY, by=place.users["committee"], at=AT)
    assert tables.write_activity(activity(**led), **given(place)) is Fate.UNCHANGED
    assert refused(tables.write_activity, activity(team="没有的队"), place) == "team"
    assert refused(tables.write_activity, activity(kind="旅游"), place) == "kind"
    assert refused(tables.write_activity, activity(starts_at="早上"), place) == "starts_at"
    assert refused(tables.write_activity, activity(village="别村"), place) == "village"


def test_attendance_is_listed_once_and_hours_follow_the_table(place: Village) -> None:
    tables.write_activity(activity(), **given(place))
    assert tables.write_attendance(attended(), **given(place)) is Fate.CREATED
    assert tables.write_attendance(attended(), **given(place)) is Fate.UNCHANGED
    assert tables.write_attendance(attended(hours="1.5"), **given(place)) is Fate.UPDATED
    row = Attendance.objects.get()
    assert (row.how, row.hours, row.name) == (rules.SignInHow.EXCEL, Decimal("1.5"), "王示例")
    number = Activity.objects.get().pk
    by_number = attended(activity=number, title=None, day=None, hours="1.5")
    assert tables.write_attendance(by_number, **given(place)) is Fate.UNCHANGED
    services.strike_attendance(attendance=row, reason="没有来", by=place.users["committee"], at=AT)
    assert tables.write_attendance(attended(hours="2"), **given(place)) is Fate.UNCHANGED
    assert refused(tables.write_attendance, attended(no="999"), place) == "no"
    assert refused(tables.write_attendance, attended(hours="两"), place) == "hours"
    assert refused(tables.write_attendance, attended(title="没有"), place) == "title"
    assert refused(tables.write_attendance, attended(activity=number + 99), place) == "activity"
    with pytest.raises(NotAllowed):
        tables.write_attendance(attended(no="003"), **given(place, "keeper"))


def test_needs_are_posted_once(place: Village) -> None:
    need = {
        "village": None, "kind": "repair", "title": "修水管", "no": "001", "words": None,
        "wanted_date": DAY + dt.timedelta(days=3), "places": None,
    }  # fmt: skip
    assert tables.write_need(need, **given(place)) is Fate.CREATED
    assert tables.write_need(need, **given(place)) is Fate.UNCHANGED
    assert tables.write_need(need | {"no": None}, **given(place)) is Fate.CREATED
    assert sorted(row.places for row in Need.objects.all()) == [1, 1]
    past = need | {"title": "旧事", "wanted_date": DAY - dt.timedelta(days=1)}
    assert refused(tables.write_need, past, place) == "wanted_date"


def test_teams_and_members_come_and_go(place: Village) -> None:
    team = dict.fromkeys(("area", "place", "leader", "phone", "purpose"))
    team |= {"name": "清洁队", "kind": "环境卫生队", "from_date": DAY}
    assert tables.write_team(team, **given(place)) is Fate.CREATED
    assert tables.write_team(team, **given(place)) is Fate.UNCHANGED
    assert tables.write_team(team | {"leader": "赵主任"}, **given(place)) is Fate.UPDATED
    assert tables.write_team(team, **given(place)) is Fate.UNCHANGED
    assert refused(tables.write_team, team | {"area": "nowhere"}, place) == "area"
    member = dict.fromkeys(("area", "place", "village", "to_date"))
    member |= {"team": "清洁队", "no": "3", "name": "李样本", "from_date": DAY}
    assert tables.write_member(member, **given(place)) is Fate.CREATED
    assert tables.write_member(member, **given(place)) is Fate.UNCHANGED
    left = member | {"to_date": DAY + dt.timedelta(days=1)}
    assert tables.write_member(left, **given(place)) is Fate.UPDATED
    assert tables.write_member(left, **given(place)) is Fate.UNCHANGED
    assert TeamMember.objects.get().to_date == DAY + dt.timedelta(days=1)
    for again in (member, left | {"from_date": None}):
        assert tables.write_member(again, **given(place)) is Fate.UNCHANGED
    short = member | {"no": "2", "name": "王示例", "from_date": None, "to_date": DAY}
    assert tables.write_member(short, **given(place)) is Fate.CREATED
    assert tables.write_member(short, **given(place)) is Fate.UNCHANGED
    assert tables.write_member(short | {"to_date": None}, **given(place)) is Fate.UNCHANGED
    assert TeamMember.objects.filter(to_date=None).count() == 0
    assert refused(tables.write_member, member | {"team": "没有的队"}, place) == "team"
    services.close_team(team=Team.objects.get(), to_date=DAY, by=place.users["committee"], at=AT)
    assert tables.write_team(team, **given(place)) is Fate.UNCHANGED
