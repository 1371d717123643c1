"""Shiqiao, a small invented village whose months run through the real services: the cast of the phone pages' tests.

Two months are noticed (the first is final, the second open to objections), this month's claims stand in every state.
Nothing here asserts anything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind
from jizhi.accounts.selectors import user_by_username
from jizhi.areas import services as areas
from jizhi.claims import selectors as claim_pages
from jizhi.claims import services as claims
from jizhi.claims.rules import Channel, ToldHow
from jizhi.notices import services as notices
from jizhi.people import services as people
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Outcome, SeatRole
from jizhi.schemes import services as schemes
from jizhi.schemes.rules import MeetingKind
from jizhi.store import services as store

PACK = Path(__file__).parents[2] / "jizhi" / "packs" / "gaoyang"
ZONE = ZoneInfo("Asia/Shanghai")
PIN = "402917"
PASSWORD = "lantern 2026"  # noqa: S105 - of people who exist in tests only

HEADS = [
    ("001", "欧阳晓芸", 4), ("002", "王示例", 3), ("003", "李样本", 5), ("004", "赵示范", 2),
    ("005", "孙假设", 6), ("006", "周虚构", 1), ("007", "吴试验", 4), ("008", "郑模拟", 3),
]  # fmt: skip


@dataclass
class Village:
    """The people and places of one village, by name."""

    village: Any
    grids: list[Any]
    users: dict[str, Any]
    households: dict[str, Any]
    cards: dict[str, Any]
    panel: Any
    today: Any
    made: dict[str, Any] = field(default_factory=dict)

    def household_user(self, no: str) -> Any:
        """The account behind a household's card."""
        return user_by_username(self.cards[no].code)


def moment(day: dt.date, hour: int = 10) -> dt.datetime:
    """That hour of the day in Shanghai."""
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def first_of(today: dt.date, months_back: int) -> dt.date:
    """The first day of the month so many months before."""
    index = today.year * 12 + today.month - 1 - months_back
    return dt.date(index // 12, index % 12 + 1, 1)


def build(
    today: dt.date, *, code: str = "130699101201", name: str = "石桥村", name_en: str = "Shiqiao Village"
) -> Village:
    """Places, people, scheme in force, cards; nothing claimed yet."""
    start = first_of(today, 12)
    at = moment(start, 8)
    root = _user("root", "系统管理员", None, at, is_superuser=True)
    village, grids = _places(code, name, name_en, start, at)
    users = {"root": root} | _staff(village, grids, start, root, at)
    township = village.parent
    schemes.load_pack(folder=PACK, area=township, by=root, at=at)
    _adopt(township, village, start, root, at)
    households = _households(village, grids, start, root, at)
    panel = reviews.create_panel(
        village=village, title=f"{name}积分评议小组",
        members=[(users["chair"], SeatRole.CHAIR), *((users[n], SeatRole.MEMBER) for n in ("panel2", "panel3"))],
        from_date=start, by=root, at=at,
    )  # fmt: skip
    cards = {
        card.household_no: card
        for card in people.issue_cards(households=list(households.values()), by=root, at=at, pin=PIN)
    }
    return Village(village, grids, users, households, cards, panel, today)


def _user(username: str, name: str, by: Any, at: dt.datetime, **more: Any) -> Any:
    return accounts.create_user(
        username=username, display_name=name, password=PASSWORD, kind=UserKind.STAFF, by=by, at=at, **more
    )


def _places(code: str, name: str, name_en: str, start: dt.date, at: dt.datetime) -> tuple[Any, list[Any]]:
    titles = [
        ("county", "县", "County"),
        ("township", "乡镇", "Township"),
        ("village", "村", "Village"),
        ("grid", "网格", "Grid"),
    ]
    areas.define_levels(levels=titles, by=None, at=at)
    above = None
    for place, title, english, level in [
        (code[:6], "示范县", "Model County", "county"),
        (code[:9], "柳河镇", "Liuhe Township", "township"),
        (code, name, name_en, "village"),
    ]:
        above = areas.create_area(
            code=place,
            name=title,
            name_en=english,
            level=level,
            parent=above,
            from_date=start,
            by=None,
            at=at,
        )
    grids = [
        areas.create_area(
            code=f"{code}{number:03d}", name=f"第{number}网格", name_en=f"Grid {number}", level="grid",
            parent=above, from_date=start, by=None, at=at,
        )
        for number in (1, 2)
    ]  # fmt: skip
    return above, grids


def _staff(village: Any, grids: list[Any], start: dt.date, root: Any, at: dt.datetime) -> dict[str, Any]:
    cast = [
        ("worker", "周网格", PostKind.GRID_WORKER, grids[0], "13800000011"),
        ("worker2", "钱网格", PostKind.GRID_WORKER, grids[1], "13800000012"),
        ("recorder", "孙记录", PostKind.RECORDER, village, ""),
        ("committee", "赵主任", PostKind.COMMITTEE, village, "13800000013"),
        ("keeper", "吴保管", PostKind.STOREKEEPER, village, ""),
        ("chair", "郑组长", PostKind.PANEL_MEMBER, village, ""),
        ("panel2", "冯评议", PostKind.PANEL_MEMBER, village, ""),
        ("panel3", "陈评议", PostKind.PANEL_MEMBER, village, ""),
    ]
    users = {}
    for username, name, kind, area, phone in cast:
        users[username] = _user(username, name, root, at, work_phone=phone)
        posts.assign_post(user=users[username], kind=kind, area=area, from_date=start, by=root, at=at)
    return users


def _adopt(area: Any, village: Any, start: dt.date, root: Any, at: dt.datetime) -> None:
    path = sorted((PACK / "schemes" / "household").glob("*.yaml"))[-1]
    version = schemes.load_version(area=area, path=path, by=root, at=at)
    resolution = schemes.record_resolution(
        version=version, village=village, kind=MeetingKind.REPRESENTATIVES, held_on_date=start, members=30,
        present=27, votes_for=25, filing_number="柳政备〔2025〕3号", by=root, at=at,
    )  # fmt: skip
    schemes.activate_version(resolution=resolution, effective_from_date=start, by=root, at=at)


def _households(village: Any, grids: list[Any], start: dt.date, root: Any, at: dt.datetime) -> dict[str, Any]:
    found = {}
    for number, (no, head, size) in enumerate(HEADS):
        members = (
            people.NewMember(
                name=head,
                relation="户主",
                birth_date=dt.date(1970, 1, 1 + number),
                phone=f"1390000{number:04d}",
            ),
        )
        members += tuple(
            people.NewMember(name=f"{head[0]}家人{n}", relation="家庭成员") for n in range(1, size)
        )
        found[no] = people.create_household(
            no=no, head_name=head, village=village, area=grids[0 if number < 5 else 1], members=members,
            address=f"石桥路{number + 1}号", phone=f"1390000{number:04d}", from_date=start, by=root, at=at,
        )  # fmt: skip
    return found


def file(
    place: Village,
    no: str,
    item: str,
    day: dt.date,
    *,
    by: str = "",
    quantity: str = "",
    grade: str = "",
    key: str = "",
) -> Any:
    """One claim: by the household itself, or by the grid worker or recorder named in `by`."""
    channel = {"": Channel.SELF, "recorder": Channel.RECORDER}.get(by, Channel.WORKER)
    household = place.households[no]
    draft = claims.Draft(
        subject=household.subject, item=item, act_date=day, request_key=key or f"{no}-{item}-{day}-{by}",
        quantity=Decimal(quantity) if quantity else None, grade=grade,
    )  # fmt: skip
    user = place.users[by] if by else place.household_user(no)
    (claim,) = claims.file_claims(
        village=place.village,
        scheme="household",
        drafts=[draft],
        channel=channel,
        by=user,
        at=moment(day, 18),
    )
    return claim


def verify(place: Village, filed: list[Any], at: dt.datetime) -> None:
    """Both grid workers verify what lies in their grids."""
    for username, grid in zip(("worker", "worker2"), place.grids, strict=True):
        numbers = [claim.pk for claim in filed if claim.area_id == grid.pk]
        if numbers:
            claims.verify_claims(claim_ids=numbers, note="已到现场看过", by=place.users[username], at=at)


def decide(
    place: Village, filed: list[Any], day: dt.date, *, reject: tuple[int, ...] = (), grade: str = ""
) -> None:
    """The panel approves everything but the numbers in `reject`, in one meeting."""
    at = moment(day, 19)
    rows = claim_pages.lines(
        claim_pages.queue(place.users["root"], on=day).filter(pk__in=[claim.pk for claim in filed])
    )
    cases = [row.case_id for row in rows]
    meeting = reviews.open_meeting(
        panel=place.panel, held_on_date=day, place="村委会", case_ids=cases,
        seat_ids=list(place.panel.seats.values_list("pk", flat=True)), by=place.users["chair"], at=at,
    )  # fmt: skip
    rulings = [
        claims.ClaimRuling(
            row.id, Outcome.REJECT if row.id in reject else Outcome.APPROVE,
            "照片看不清是哪一天" if row.id in reject else "", row.grade or (grade if row.item.needs == "grade" else ""),
        )
        for row in rows
    ]  # fmt: skip
    claims.decide_claims(meeting=meeting, rulings=rulings, by=place.users["chair"], at=at)
    reviews.close_meeting(meeting=meeting, minutes="", by=place.users["chair"], at=at)


def run_months(place: Village, today: dt.date) -> Village:
    """Two months noticed, one of them final with goods handed out; this month's claims in every state."""
    old, last, this = (first_of(today, n) for n in (2, 1, 0))
    filed = [
        file(place, no, "volunteering", old.replace(day=5), quantity="3") for no in ("001", "002", "003")
    ]
    filed += [file(place, no, "public-cleaning", old.replace(day=9)) for no in ("001", "004", "006")]
    filed += [file(place, "001", "voluntary-labour", old.replace(day=12))]
    verify(place, filed, moment(old.replace(day=20)))
    decide(place, filed, old.replace(day=25))
    first = notices.post_notice(
        village=place.village,
        scheme="household",
        period=f"{old:%Y-%m}",
        by=place.users["committee"],
        at=moment(last),
    )
    notices.finalise_notice(notice=first, by=place.users["committee"], at=moment(last.replace(day=20)))

    filed = [file(place, "001", "volunteering", last.replace(day=day), quantity="4") for day in (4, 11, 18)]
    filed += [
        file(place, "001", "planting", last.replace(day=12), quantity="6"),
        file(place, "002", "culture", last.replace(day=8), grade="village"),
    ]
    filed += [
        file(place, "003", "patrol", last.replace(day=10), quantity="2"),
        file(place, "006", "hazard-report", last.replace(day=15)),
    ]
    fault = file(place, "001", "littering", last.replace(day=13), by="worker")
    verify(place, [*filed, fault], moment(last.replace(day=20)))
    decide(place, [*filed, fault], last.replace(day=25))
    claims.tell_faults(
        claim_ids=[fault.pk], how=ToldHow.VISIT, proof=claims.Proof(person="户主"), by=place.users["worker"],
        at=moment(last.replace(day=26)),
    )  # fmt: skip
    posted = moment(this) if today.day <= 9 else moment(today - dt.timedelta(days=5))
    place.made["notice"] = notices.post_notice(
        village=place.village,
        scheme="household",
        period=f"{last:%Y-%m}",
        by=place.users["committee"],
        at=posted,
    )
    _this_month(place, today)
    return place


def _this_month(place: Village, today: dt.date) -> None:
    this = first_of(today, 0)
    day = [min(this + dt.timedelta(days=n), today) for n in range(12)]
    decided = [
        file(place, "001", "voluntary-labour", day[1]),
        file(place, "001", "volunteering", day[2], quantity="2"),
        file(place, "001", "neighbour-help", day[3], grade="by-hand"),
    ]
    fault = file(place, "001", "dogs", day[4], by="worker")
    ladder = file(place, "002", "piling", day[4], by="worker")
    verify(place, [*decided, fault, ladder], moment(day[6]))
    decide(place, [*decided, fault, ladder], day[7], reject=(decided[2].pk,), grade="1")
    waiting = file(place, "001", "facility-repair", day[8])
    verify(place, [waiting], moment(day[9]))
    returned = file(place, "001", "hazard-report", day[5])
    claims.return_claim(
        claim_id=returned.pk,
        reason="请补一张现场照片，写明在哪条路。",
        by=place.users["worker"],
        at=moment(day[9], 11),
    )
    withdrawn = file(place, "001", "river-cleaning", day[5])
    claims.withdraw_claim(claim=withdrawn, by=place.household_user("001"), at=moment(day[6], 9))
    filed = file(place, "001", "public-cleaning", day[10])
    for no in ("002", "003", "004"):
        file(place, no, "public-cleaning", day[10])
    back = file(place, "005", "volunteering", day[6], by="worker", quantity="2")
    claims.return_claim(
        claim_id=back.pk, reason="请写明在哪里服务。", by=place.users["worker"], at=moment(day[9], 12)
    )
    place.made |= {
        "fault": fault, "ladder": ladder, "waiting": waiting, "returned": returned, "withdrawn": withdrawn,
        "filed": filed, "posted": decided[0], "rejected": decided[2], "worker_returned": back,
    }  # fmt: skip


def stock_the_store(place: Village, today: dt.date) -> Village:
    """Some goods, and one redemption by household 001 on the last opening day."""
    keeper, at = place.users["keeper"], moment(first_of(today, 0))
    for name, english, unit, price, count in [
        ("洗洁精", "Washing-up liquid", "瓶", 300, 20),
        ("毛巾", "Towel", "条", 500, 30),
        ("食用油 5升", "Cooking oil, 5 l", "桶", 5000, 4),
    ]:
        goods = store.save_goods(
            village=place.village, name=name, name_en=english, unit=unit, price=price, by=keeper, at=at
        )
        store.receive_goods(goods=goods, quantity=count, by=keeper, at=at)
        place.made.setdefault("goods", goods)
    place.made["redemption"] = store.redeem(
        subject=place.households["001"].subject, basket={place.made["goods"].pk: 1}, picked_up_by="欧阳晓芸",
        request_key="redeem-001", by=keeper, at=at,
    )  # fmt: skip
    return place
