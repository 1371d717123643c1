"""The organisations of a demonstration village: party tree, bodies, a unit that reports, further posts, a deputy.

Everything goes through the services, as a township would key it in; names are invented like the rest of the cast.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind
from jizhi.areas.selectors import grids_of
from jizhi.demo import cast
from jizhi.demo.month import moment
from jizhi.organisations import selectors, services
from jizhi.organisations.rules import OrganisationKind as Kind
from jizhi.organisations.rules import Role
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import all_posts_of, post_for

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.areas.models import Area
    from jizhi.demo.setup import VillageParts
    from jizhi.organisations.models import Organisation
    from jizhi.people.models import Person

BODIES = (
    (Kind.VILLAGERS_COMMITTEE, "村民委员会", "Villagers' Committee", "林禾"),
    (Kind.SUPERVISION_COMMITTEE, "村务监督委员会", "Supervision Committee", "何松"),
    (Kind.COLLECTIVE, "股份经济合作社", "Collective", "林禾"),
    (Kind.COOPERATIVE, "禾苗种植合作社", "Seedling Co-operative", "高穗"),
    (Kind.WOMEN, "妇联", "Women's Federation", "许荷"),
    (Kind.YOUTH, "团支部", "Youth League", "程枫"),
)
# User name, title, post, number of the grid (0 for the village).
POSTS = (
    ("head", "总网格长", PostKind.HEAD_GRID_LEADER, 0),
    ("secretary", "村党支部书记", PostKind.SECRETARY, 0),
    ("leader01", "网格长", PostKind.GRID_LEADER, 1),
    ("building01", "楼栋长", PostKind.BUILDING_LEADER, 1),
)
WORKS = (("清扫街道", 120), ("陪老人看病", 180), ("防汛巡查", 90), ("政策宣讲", 60))


@dataclass(frozen=True)
class Founded:
    """What stands from the first day on: the grids, the new holders of posts, two branches and who leads the first."""

    grids: list[Area]
    staff: dict[str, User]
    branches: list[Organisation]
    secretary: Person | None


def found_organisations(part: VillageParts, operator: User, day: dt.date) -> Founded:
    """Leaders and the secretary, the party tree, the bodies: all from `day` on, before anything is lived."""
    at, grids = moment(day, 9), list(grids_of(part.area))
    secretary = _secretary(part)
    staff = _posts(part, grids, secretary, operator, day, at)
    branches = _party(part, grids, operator, day, at)
    if secretary is not None:
        services.link_staff_person(user=staff["secretary"], person=secretary, by=operator, at=at)
        services.add_belonging(
            organisation=branches[0], person=secretary, role=Role.SECRETARY, keeps_file=True, from_date=day,
            by=operator, at=at,
        )  # fmt: skip
    for kind, name, name_en, leader in BODIES:
        _found(kind, f"{part.cast.name}{name}", part.area, operator, day, at, name_en=name_en, leader=leader)
    return Founded(grids, staff, branches, secretary)


def make_organisations(
    part: VillageParts, founded: Founded, operator: User, day: dt.date, at: dt.datetime
) -> None:
    """What the visitor finds of them: a deputy, members with their files, a unit that reports since `day`."""
    _deputise(part, founded, operator, at)
    _members(part, founded, operator, at)
    _reports(part, founded.grids, founded.staff, operator, day, at)


def _secretary(part: VillageParts) -> Person | None:
    """A party member who heads a household, neither on the panel nor in the grid where households change."""
    seated = {user.display_name.partition("（")[0] for user in part.staff.values()}
    still = [rows for number, rows in enumerate(part.subjects.values()) if number != 1]
    for subject in [subject for rows in still for subject in rows][1:]:
        head: Person | None = subject.household.head
        if head is not None and head.party_member and head.name not in seated:
            return head
    return None


def _found(
    kind: Kind,
    name: str,
    area: Area,
    by: User,
    day: dt.date,
    at: dt.datetime,
    *,
    parent: Organisation | None = None,
    name_en: str = "",
    leader: str = "",
) -> Organisation:
    data = services.OrganisationData(
        kind=kind, name=name, area=area, parent=parent, name_en=name_en, leader=leader
    )
    return services.create_organisation(data=data, from_date=day, by=by, at=at)


def _posts(
    part: VillageParts,
    grids: list[Area],
    secretary: Person | None,
    by: User,
    day: dt.date,
    at: dt.datetime,
) -> dict[str, User]:
    """Leaders of the grids, and a secretary who is a villager where one was found."""
    made = {}
    for username, title, kind, number in POSTS:
        villager = secretary.name if secretary is not None and kind is PostKind.SECRETARY else ""
        name = villager or cast.person_name(_seeded(part, username))
        user = accounts.create_user(
            username=f"{part.cast.prefix}-{username}",
            display_name=f"{name}（{title}）",
            password=cast.PASSWORD,
            kind=UserKind.STAFF,
            by=by,
            at=at,
        )
        area = grids[number - 1] if number else part.area
        posts.assign_post(user=user, kind=kind, area=area, from_date=day, by=by, at=at)
        made[username] = user
    return made


def _deputise(part: VillageParts, founded: Founded, by: User, at: dt.datetime) -> None:
    """The last grid's worker is away and stood in for."""
    (held,) = all_posts_of(part.workers[founded.grids[-1].pk])[:1]
    posts.deputise_post(
        post=post_for(by, held.id, on=at.date()),
        deputy=founded.staff["leader01"],
        from_date=at.date(),
        to_date=at.date() + dt.timedelta(days=20),
        by=by,
        at=at,
    )


def _seeded(part: VillageParts, word: str) -> random.Random:
    return random.Random(f"{part.cast.prefix}-{word}")


def _party(
    part: VillageParts, grids: list[Area], by: User, day: dt.date, at: dt.datetime
) -> list[Organisation]:
    """A general branch, two branches, a group on each of the first grids, a member household."""
    name = part.cast.name
    general = _found(Kind.GENERAL_BRANCH, f"{name}党总支", part.area, by, day, at, name_en="General Branch")
    branches = [
        _found(Kind.BRANCH, f"{name}第{n}党支部", part.area, by, day, at, parent=general) for n in "一二"
    ]
    for number, grid in enumerate(grids[:4]):
        branch = branches[number % 2]
        group = _found(Kind.PARTY_GROUP, f"{grid.name}党小组", grid, by, day, at, parent=branch)
        if number == 0:
            _found(Kind.MEMBER_HOUSEHOLD, f"{grid.name}党员中心户", grid, by, day, at, parent=group)
    return branches


def _members(part: VillageParts, founded: Founded, by: User, at: dt.datetime) -> None:
    """Members with their files; the first of each branch is its secretary where it has none yet."""
    led = 0 if founded.secretary is None else 1
    for number, person in enumerate(selectors.party_members_in(by, part.area, on=at.date(), limit=24)):
        services.add_belonging(
            organisation=founded.branches[number % 2],
            person=person,
            role=Role.SECRETARY if led <= number < 2 else Role.PARTY_MEMBER,
            keeps_file=True,
            from_date=at.date(),
            by=by,
            at=at,
        )


def _reports(
    part: VillageParts, grids: list[Area], staff: dict[str, User], by: User, day: dt.date, at: dt.datetime
) -> None:
    """A unit of the county reports here; two members serve in grids, most of it confirmed."""
    unit = _found(
        Kind.UNIT, f"演示县图书馆（{part.cast.name}）", part.area, by, day, at, name_en="Demo Library"
    )
    report = services.report_unit(unit=unit, area=part.area, contact_name="董竹", from_date=day, by=by, at=at)
    for number, name in enumerate(("袁芽", "余石")):
        member = services.ReporterData(name=name, duty="政策宣传员", grid=grids[number % len(grids)])
        key = f"demo-{part.cast.prefix}-{number}"
        reporter = services.add_reporter(
            report=report, data=member, request_key=key, from_date=day, by=by, at=at
        )
        done = [
            services.record_service(
                reporter=reporter,
                day=at.date() - dt.timedelta(days=place * 7 + number),
                minutes=minutes,
                words=words,
                request_key=f"{key}-{place}",
                by=staff["secretary"],
                at=at,
            ).pk
            for place, (words, minutes) in enumerate(WORKS)
        ]
        services.confirm_services(service_ids=done[1:], by=staff["head"], at=at)
