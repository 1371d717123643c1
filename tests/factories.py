"""Builders for tests: each makes one thing with sensible parts, through the services wherever a service exists.

They are not fixtures with a story; the named county of the tests is `tests/county.py`.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any
from zoneinfo import ZoneInfo

from jizhi.accounts import services as accounts
from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.areas import rules as area_rules
from jizhi.areas import services as areas
from jizhi.areas.models import Area, Level
from jizhi.people import services as people
from jizhi.people.models import Household
from jizhi.people.services import NewMember
from jizhi.posts import services as posts
from jizhi.posts.models import Post
from jizhi.posts.rules import PostKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = dt.datetime(2026, 6, 15, 10, 0, tzinfo=SHANGHAI)
TODAY = AT.date()
START = dt.date(2026, 1, 1)
PASSWORD = "meadow-lark-7"
PIN = "382915"

_number = itertools.count(1)


def levels() -> None:
    """County, township, village, grid; harmless when repeated."""
    if not Level.objects.exists():
        areas.define_levels(levels=area_rules.USUAL_LEVELS, by=None, at=AT)


def area(level: str, parent: Area | None = None, *, code: str = "", name: str = "", **more: Any) -> Area:
    """An area of that level; roots need no parent."""
    levels()
    number = next(_number)
    code = code or f"{parent.code if parent else 'c'}{number:03d}"
    wanted = {"name_en": "", "from_date": START, "by": None, "at": AT} | more
    return areas.create_area(code=code, name=name or f"{level}{number}", level=level, parent=parent, **wanted)


def township(parent: Area | None = None, **more: Any) -> Area:
    """A township, in a county of its own unless given."""
    return area("township", parent or area("county"), **more)


def village(parent: Area | None = None, **more: Any) -> Area:
    """A village, in a township and county of its own unless given."""
    return area("village", parent or township(), **more)


def grid(parent: Area | None = None, **more: Any) -> Area:
    """A grid of a village."""
    return area("grid", parent or village(), **more)


def staff(username: str = "", **more: Any) -> User:
    """A member of staff without posts; password PASSWORD."""
    number = next(_number)
    wanted = {
        "display_name": f"工作人员{number}",
        "password": PASSWORD,
        "kind": UserKind.STAFF,
        "by": None,
        "at": AT,
    }
    return accounts.create_user(username=username or f"staff{number}", **wanted | more)


def superuser(**more: Any) -> User:
    """Somebody who may do everything."""
    return staff(is_superuser=True, **more)


def post(kind: PostKind, place: Area, user: User | None = None, **more: Any) -> Post:
    """A post, held since START by a new member of staff unless given."""
    wanted = {"from_date": START, "by": None, "at": AT} | more
    return posts.assign_post(user=user or staff(), kind=kind, area=place, **wanted)


def holder(kind: PostKind, place: Area, **more: Any) -> User:
    """A member of staff who holds that post in that place."""
    user = staff(**more)
    post(kind, place, user)
    return user


def household(place: Area | None = None, **more: Any) -> Household:
    """A household of a village or grid with its head as only member, unless members are given."""
    place = place or village()
    home = place if place.level_id == "village" else place.parent
    assert home is not None
    number = next(_number)
    head = more.pop("head_name", f"周{'甲乙丙丁'[number % 4]}{number}")
    wanted = {
        "no": f"{number:04d}",
        "from_date": START,
        "by": None,
        "at": AT,
        "members": (NewMember(head, "户主"),),
    }
    return people.create_household(head_name=head, village=home, area=place, **wanted | more)


def household_user(home: Household, pin: str = PIN) -> User:
    """The user behind the household's card, issued if there is none yet."""
    code = people.issue_cards(households=[home], by=None, at=AT, pin=pin)[0].code
    return User.objects.get(username=code)


def id_number(serial: int, birth: dt.date = dt.date(1980, 5, 17)) -> str:
    """A fictional ID number with a right check digit, of the unassigned region 990199."""
    body = f"990199{birth:%Y%m%d}{serial:03d}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]
