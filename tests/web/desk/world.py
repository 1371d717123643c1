"""A township with two villages for the desk's tests: staff for every post, a panel, households, the scheme in force.

Built through services only, so whatever the pages meet here could have happened. All persons are invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import jizhi
from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind
from jizhi.areas import services as areas
from jizhi.claims import services as claims
from jizhi.claims.rules import Channel, ToldHow
from jizhi.notices import services as notices
from jizhi.people import services as people
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Outcome, SeatRole
from jizhi.schemes import services as schemes
from jizhi.schemes.rules import MeetingKind

PACK = Path(jizhi.__file__).parent / "packs" / "gaoyang"
SINCE, MAY = dt.date(2026, 1, 1), dt.date(2026, 5, 4)
HEADS = (
    "王守田", "李桂兰", "张满仓", "赵小满", "刘春耕", "陈玉米",
    "杨麦收", "黄秋实", "周立冬", "吴谷雨", "徐白露", "孙霜降",
)  # fmt: skip


@dataclass
class World:
    """Everything the tests point at, by name."""

    at: dt.datetime
    root: Any
    village: Any
    foreign: Any
    township: Any
    grids: list[Any]
    staff: dict[str, Any] = field(default_factory=dict)
    households: list[Any] = field(default_factory=list)
    panel: Any = None
    claims: list[Any] = field(default_factory=list)

    def file(
        self,
        place: int,
        item: str,
        day: dt.date,
        *,
        quantity: Any = None,
        grade: str = "",
        channel: Any = None,
    ) -> Any:
        """A claim for the household at `place`, filed by its grid worker unless the channel says otherwise."""
        channel = channel or Channel.WORKER
        by = self.staff["worker" if channel is Channel.WORKER else "recorder"]
        subject = self.households[place].subject
        draft = claims.Draft(
            subject, item, day, f"{place}-{item}-{day}-{channel}",
            quantity=Decimal(quantity) if quantity is not None else None, grade=grade, words="全家一起参加",
        )  # fmt: skip
        (claim,) = claims.file_claims(
            village=subject.village, scheme="household", drafts=[draft], channel=channel, by=by, at=self.at
        )
        return claim

    def verify(self, *filed: Any) -> None:
        claims.verify_claims(
            claim_ids=[claim.pk for claim in filed], note="已到现场看过", by=self.staff["worker"], at=self.at
        )
        for claim in filed:
            claim.refresh_from_db()

    def meet(self, *filed: Any, present: int = 5) -> Any:
        """An open meeting with these claims on its agenda."""
        seats = [seat.id for seat in panels.seats_of(self.panel)][:present]
        return reviews.open_meeting(
            panel=self.panel, held_on_date=self.at.date(), place="村委会二楼",
            case_ids=[claim.case_id for claim in filed], seat_ids=seats, by=self.staff["recorder"], at=self.at,
        )  # fmt: skip

    def approve(self, *filed: Any) -> None:
        """Verify, decide and close: merits are in the ledger afterwards."""
        self.verify(*filed)
        meeting = self.meet(*filed)
        claims.decide_claims(
            meeting=meeting,
            rulings=[claims.ClaimRuling(claim.pk, Outcome.APPROVE, grade=claim.grade) for claim in filed],
            by=self.staff["recorder"],
            at=self.at,
        )
        reviews.close_meeting(
            meeting=meeting, minutes="照议程逐项评议。", by=self.staff["recorder"], at=self.at
        )
        for claim in filed:
            claim.refresh_from_db()

    def tell(self, *filed: Any) -> None:
        claims.tell_faults(
            claim_ids=[claim.pk for claim in filed], how=ToldHow.CALL, proof=claims.Proof(person="户主"),
            by=self.staff["worker"], at=self.at,
        )  # fmt: skip


def build(at: dt.datetime) -> World:
    """The whole world at `at`."""
    root = _user("desk.root", "系统管理员", at, is_superuser=True)
    world = _places(root, at)
    _appoint(world)
    _register(world, world.village, HEADS)
    _register(world, world.foreign, HEADS[:2])
    _adopt(world)
    return world


def build_months(at: dt.datetime) -> World:
    """The same with a labour day of four households in May's ledger, and every month before May on the board."""
    world = build(at)
    labour(world)
    for month in range(1, 5):
        notices.post_notice(
            village=world.village, scheme="household", period=f"2026-{month:02d}", by=world.staff["recorder"], at=at
        )  # fmt: skip
    return world


def labour(world: World) -> list[Any]:
    """Four households with a labour day in May, in the ledger."""
    world.claims = [world.file(place, "voluntary-labour", MAY) for place in range(4)]
    world.approve(*world.claims)
    return world.claims


def _user(username: str, name: str, at: dt.datetime, **more: Any) -> Any:
    return accounts.create_user(
        username=username, display_name=name, password="lantern 2026", kind=UserKind.STAFF, by=None, at=at, **more
    )  # fmt: skip


def _places(root: Any, at: dt.datetime) -> World:
    titles = [("county", "县", "County"), ("township", "乡镇", "Township"), ("village", "村", "Village")]
    areas.define_levels(levels=[*titles, ("grid", "网格", "Grid")], by=None, at=at)

    def area(code: str, name: str, english: str, level: str, parent: Any = None) -> Any:
        return areas.create_area(
            code=code, name=name, name_en=english, level=level, parent=parent, from_date=SINCE, by=None, at=at
        )

    county = area("130699", "示范县", "Model County", "county")
    township = area("130699101", "柳河镇", "Liuhe Township", "township", county)
    village = area("130699101201", "石桥村", "Shiqiao Village", "village", township)
    foreign = area("130699101202", "北洼村", "Beiwa Village", "village", township)
    grids = [
        area(f"{village.code}00{n}", f"第{n}网格", f"Grid {n}", "grid", village) for n in (1, 2)
    ]  # fmt: skip
    return World(at, root, village, foreign, township, grids)


def _appoint(world: World) -> None:
    staff = [
        ("worker", "网格员小田", PostKind.GRID_WORKER, world.village),
        ("recorder", "记录员小禾", PostKind.RECORDER, world.village),
        ("committee", "村委老耿", PostKind.COMMITTEE, world.village),
        ("supervisor", "监督员老秤", PostKind.SUPERVISOR, world.village),
        ("stranger", "邻村记录员", PostKind.RECORDER, world.foreign),
        ("township", "乡镇小江", PostKind.TOWNSHIP, world.township),
        *((f"panel{n}", f"评议员{name}", PostKind.PANEL_MEMBER, world.village) for n, name in enumerate("甲乙丙丁戊")),
    ]  # fmt: skip
    for key, name, kind, area in staff:
        user = _user(f"desk.{key}", name, world.at)
        posts.assign_post(user=user, kind=kind, area=area, from_date=SINCE, by=None, at=world.at)
        world.staff[key] = user
    members = [(world.staff[f"panel{n}"], SeatRole.MEMBER if n else SeatRole.CHAIR) for n in range(5)]
    world.panel = reviews.create_panel(
        village=world.village, title="石桥村评议小组", members=members, quorum=3,
        from_date=SINCE, by=world.root, at=world.at,
    )  # fmt: skip


def _register(world: World, village: Any, heads: tuple[str, ...]) -> None:
    for number, head in enumerate(heads, 1):
        grid = world.grids[number % 2] if village == world.village else village
        household = people.create_household(
            no=f"{number:03d}", head_name=head, village=village, area=grid, size=3,
            from_date=SINCE, by=None, at=world.at,
        )  # fmt: skip
        world.households.append(household)


def _adopt(world: World) -> None:
    from jizhi.schemes.models import SchemeVersion

    county = world.township.parent
    schemes.load_pack(folder=PACK, area=county, by=world.root, at=world.at)
    version = SchemeVersion.objects.get(scheme="household")
    for village in (world.village, world.foreign):
        resolution = schemes.record_resolution(
            version=version, village=village, kind=MeetingKind.REPRESENTATIVES, held_on_date=SINCE, members=30,
            present=28, votes_for=26, filing_number="柳备〔2026〕1号", by=world.root, at=world.at,
        )  # fmt: skip
        schemes.activate_version(resolution=resolution, effective_from_date=SINCE, by=world.root, at=world.at)
