"""Teams, activities and needs of one village of the demonstration, up to the visitor's day. All invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jizhi.activities import services
from jizhi.activities.rules import ActivityKind, NeedKind, SignInHow, TeamKind
from jizhi.demo.month import moment
from jizhi.people import selectors as people

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.activities.models import Activity, Team
    from jizhi.demo.setup import VillageParts
    from jizhi.people.models import Subject

ITEM = "volunteering"
TEAMS = (
    (TeamKind.CLEANING, "清洁家园队", "Clean Village Team", "每周清扫村道和河岸。"),
    (TeamKind.CARE, "敬老关爱队", "Care for the Old", "看望独居老人，帮忙跑腿。"),
)
# Kind, title, place, days from the visitor's day, hour, hours, item, team.
ACTIVITIES = (
    (ActivityKind.SERVICE, "清理河岸垃圾", "石桥头河岸", -9, 8, 2, ITEM, 0),
    (ActivityKind.TRAINING, "果树冬剪培训", "村委会会议室", -4, 14, 3, "", None),
    (ActivityKind.SERVICE, "给独居老人包饺子", "日间照料中心", -1, 9, 2, ITEM, 1),
    (ActivityKind.LABOUR, "村道义务清扫", "村口", 2, 8, 2, "voluntary-labour", 0),
)
NEEDS = (
    (NeedKind.REPAIR, "水管漏水，想请人修一下"),
    (NeedKind.TRANSPORT, "下周去镇卫生院，想搭个车"),
    (NeedKind.STUDY, "孩子数学想请人辅导"),
    (NeedKind.FARMING, "收玉米缺一个帮手"),
)


def play(parts: VillageParts, now: dt.datetime) -> None:
    """Everything up to `now`: lists confirmed, one activity over but unconfirmed, one still to come."""
    home: dict[str, Any] = {
        "by": parts.staff["recorder"],
        "at": moment(now.date() - dt.timedelta(days=30), 9),
    }
    day = home["at"].date()
    teams = []
    leaders = sorted(parts.workers)
    for number, (kind, name, name_en, purpose) in enumerate(TEAMS):
        worker = parts.workers[leaders[number % len(leaders)]]
        teams.append(
            services.create_team(
                area=parts.area, kind=kind, name=name, name_en=name_en, purpose=purpose,
                leader=worker.display_name, phone=worker.work_phone, from_date=day, **home,
            )
        )  # fmt: skip
    by_no = people.subjects_by_household_no(parts.area)
    homes = [one for _no, one in sorted(by_no.items()) if one.to_date is None and one.from_date <= day]
    users = people.users_of_village(parts.area)
    for number, team in enumerate(teams):
        for subject in homes[number * 11 : number * 11 + 8]:
            services.join_team(team=team, subject=subject, name=subject.label, from_date=day, **home)
    for number, row in enumerate(ACTIVITIES):
        _activity(parts, teams, number, row, homes[number * 7 : number * 7 + 14], now)
    _needs(parts, homes, users, now)


def _activity(
    parts: VillageParts, teams: list[Team], number: int, row: tuple[Any, ...], homes: list[Subject], now: dt.datetime
) -> None:  # fmt: skip
    kind, title, place, days, hour, hours, item, team = row
    starts = moment(now.date() + dt.timedelta(days=days), hour)
    ends = starts + dt.timedelta(hours=hours)
    organiser = parts.workers[sorted(parts.workers)[number % len(parts.workers)]]
    planned = min(starts, now) - dt.timedelta(days=5)
    activity = services.plan_activity(
        area=parts.area, kind=kind, title=title, place=place, starts_at=starts, ends_at=ends, item=item,
        team=teams[team] if team is not None else None, request_key=f"demo-{parts.cast.code}-{number}",
        by=organiser, at=planned,
    )  # fmt: skip
    if ends < now:
        _sign_in(activity, homes, organiser, starts)
        if days < -2:
            services.confirm_activity(
                activity=activity, by=organiser, at=min(ends + dt.timedelta(hours=1), now)
            )


def _sign_in(activity: Activity, homes: list[Subject], organiser: Any, at: dt.datetime) -> None:
    for place, subject in enumerate(homes):
        row = services.sign_in_household(
            activity=activity, subject=subject, how=SignInHow.CARD if place % 3 else SignInHow.LIST, by=organiser, at=at
        )  # fmt: skip
        if place == 3:
            services.strike_attendance(attendance=row, reason="签到后有事先走了", by=organiser, at=at)
        if place == 5:
            services.set_hours(attendance=row, hours=Decimal("1.0"), by=organiser, at=at)


def _needs(parts: VillageParts, homes: list[Subject], users: dict[int, User], now: dt.datetime) -> None:
    """One in each state: waiting to be published, open, taken up, done."""
    at, recorder = now - dt.timedelta(days=2), parts.staff["recorder"]
    for number, (kind, title) in enumerate(NEEDS[: len(homes) // 2]):
        asker = homes[number]
        user = users[asker.pk]
        need = services.post_need(
            village=parts.area, subject=asker, kind=kind, title=title, wanted_date=now.date() + dt.timedelta(days=5),
            request_key=f"demo-need-{parts.cast.code}-{number}", by=user, at=at,
        )  # fmt: skip
        if number == 0:
            continue
        services.open_need(need=need, item=ITEM, by=recorder, at=at)
        if number == 1:
            continue
        helper = homes[number + len(homes) // 2]
        taking = services.take_need(need=need, subject=helper, by=users[helper.pk], at=at)
        if number == 3:
            services.finish_need(need=need, helped=[services.Help(taking.pk, Decimal(2))], by=user, at=now)
