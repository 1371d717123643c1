"""People and places the page tests share: a superuser, a clerk, a household, and a village to stand in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind
from jizhi.areas import services as areas

STAFF_PASSWORD = "lantern 2026"  # noqa: S105 - of people who exist in tests only
PIN = "402917"


@pytest.fixture
def now(db: None) -> dt.datetime:
    return timezone.localtime()


@pytest.fixture
def superuser(now: dt.datetime) -> Any:
    return accounts.create_user(
        username="root.of.tests",
        display_name="测试管理员",
        password=STAFF_PASSWORD,
        kind=UserKind.STAFF,
        is_superuser=True,
        by=None,
        at=now,
    )


@pytest.fixture
def clerk(now: dt.datetime) -> Any:
    """Staff without any post."""
    return accounts.create_user(
        username="clerk",
        display_name="李办事员",
        password=STAFF_PASSWORD,
        kind=UserKind.STAFF,
        by=None,
        at=now,
    )


@pytest.fixture
def household(now: dt.datetime) -> Any:
    """A household's user, whose user name is its card number."""
    return accounts.create_user(
        username="7K2M9QXD01AB",
        display_name="王示例家",
        password=PIN,
        kind=UserKind.HOUSEHOLD,
        by=None,
        at=now,
    )


@pytest.fixture
def village(now: dt.datetime) -> Any:
    """County, township and a village with two grids."""
    day = dt.date(2022, 1, 1)
    titles = [("county", "县", "County"), ("township", "乡镇", "Township"), ("village", "村", "Village")]
    levels = [(key, title, english) for key, title, english in [*titles, ("grid", "网格", "Grid")]]
    areas.define_levels(levels=levels, by=None, at=now)
    above = None
    for code, name, english, level in [
        ("130699", "示范县", "Model County", "county"),
        ("130699101", "柳河镇", "Liuhe Township", "township"),
        ("130699101201", "石桥村", "Shiqiao Village", "village"),
    ]:
        above = areas.create_area(
            code=code, name=name, name_en=english, level=level, parent=above, from_date=day, by=None, at=now
        )
    for number in ("001", "002"):
        areas.create_area(
            code=f"130699101201{number}", name=f"第{number}网格", name_en=f"Grid {number}",
            level="grid", parent=above, from_date=day, by=None, at=now,
        )  # fmt: skip
    return above
