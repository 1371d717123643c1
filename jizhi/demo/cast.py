"""Who and where: the demonstration's places, posts and names. Everything here is invented; no such county exists."""

import datetime as dt
import random
from dataclasses import dataclass

from jizhi.areas import selectors as areas
from jizhi.people import selectors as people
from jizhi.posts.rules import PostKind

COUNTY = ("130699", "演示县", "Demo County")
TOWNSHIP = ("130699101", "青禾镇", "Qinghe Town")
PASSWORD = "jizhi-demo-2026"
PIN = "284517"

SURNAMES = "林江何罗高梁宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶"
GIVEN = "禾木溪石岭竹兰松柏云月山川谷雨苗芽穗麦荷枫杉桦菊梅"
RELATIONS = ("配偶", "子", "女", "父", "母", "孙子", "孙女")
# An unassigned region code, so that no number can belong to anybody.
ID_REGION = "990299"


@dataclass(frozen=True, slots=True)
class Village:
    """A demonstration village: how many grids of how many households, and which part of the year's end it shows."""

    code: str
    name: str
    name_en: str
    prefix: str
    grids: int
    households_per_grid: int
    shows: str


VILLAGES = (
    Village("130699101201", "石桥村", "Shiqiao Village", "sq", 10, 42, "notice-open"),
    Village("130699101202", "柳湾村", "Liuwan Village", "lw", 10, 40, "notice-due"),
    Village("130699101203", "槐荫村", "Huaiyin Village", "hy", 10, 38, "finalised"),
)
# Registered without households: the place to try importing a roster and adopting a scheme.
EMPTY_VILLAGE = ("130699101204", "新桥村", "Xinqiao Village")

GRID_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")

# Posts of each village: user name, title, kind.
VILLAGE_STAFF = (
    ("committee", "村委会", PostKind.COMMITTEE),
    ("recorder", "记录员", PostKind.RECORDER),
    ("supervisor", "监督员", PostKind.SUPERVISOR),
    ("store", "超市管理员", PostKind.STOREKEEPER),
    ("panel1", "评议组长", PostKind.PANEL_MEMBER),
    ("panel2", "评议员", PostKind.PANEL_MEMBER),
    ("panel3", "评议员", PostKind.PANEL_MEMBER),
    ("panel4", "评议员", PostKind.PANEL_MEMBER),
    ("panel5", "评议员", PostKind.PANEL_MEMBER),
)
ABOVE_STAFF = (
    ("county", "县级专班", PostKind.COUNTY, COUNTY[0]),
    ("town", "乡镇工作人员", PostKind.TOWNSHIP, TOWNSHIP[0]),
    ("auditor", "审计人员", PostKind.AUDITOR, COUNTY[0]),
)

GOODS = (
    ("牙膏", "Toothpaste", "支", 500, 60),
    ("肥皂", "Soap", "块", 300, 90),
    ("洗洁精", "Dish soap", "瓶", 800, 50),
    ("洗衣粉", "Washing powder", "袋", 1200, 50),
    ("毛巾", "Towel", "条", 1000, 60),
    ("挂面", "Noodles", "把", 600, 80),
    ("食用油", "Cooking oil", "桶", 4000, 25),
    ("大米5公斤", "Rice, 5 kg", "袋", 3500, 30),
)


def person_name(rng: random.Random) -> str:
    """A name of two or three characters out of grain, trees and hills."""
    given = rng.sample(GIVEN, rng.choice((1, 2, 2)))
    return rng.choice(SURNAMES) + "".join(given)


def id_number(rng: random.Random, birth: dt.date, taken: set[str]) -> str:
    """A number with the right check digit in a region that does not exist."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    while True:
        body = f"{ID_REGION}{birth:%Y%m%d}{rng.randrange(1, 1000):03d}"
        number = body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
        if number not in taken:
            taken.add(number)
            return number


def sign_in_lines() -> list[str]:
    """One line for each audience: where to go, and with what."""
    village = VILLAGES[0]
    household = people.household_by_no(areas.area_by_code(village.code), "01001")
    card = household.cards.filter(blocked_at=None).first()
    code = card.code if card else "-"
    staff = (
        ("网格员 grid", f"{village.prefix}-grid01", ""),
        ("记录员 recorder", f"{village.prefix}-recorder", "评议、公示 · panel and notice"),
        ("村委会 committee", f"{village.prefix}-committee", "异议、定案 · objections and finalising"),
        ("书记 secretary", f"{village.prefix}-secretary", "我的积分 · points of one's own and of the branch"),
        ("超市 store", f"{village.prefix}-store", ""),
        ("乡镇 township", "town", ""),
        ("县级 county", "county", ""),
        ("审计 auditor", "auditor", ""),
    )
    return [
        f"公众 public   /v/{village.code}/",
        f"农户 household   /c/{code}/   PIN {PIN}",
        *(f"{who}   /sign-in/staff/   {name}   {PASSWORD}   {what}".rstrip() for who, name, what in staff),
    ]
