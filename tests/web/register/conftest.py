"""The named county for the registers' pages, and a client for each of its staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind
from jizhi.core import scope
from jizhi.demo.month import moment
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from tests.county import BEGIN, County, make_county


@pytest.fixture
def county(in_kept_county: County | None, db: None, clock: Any) -> County:
    return in_kept_county or make_county()


@pytest.fixture
def town(county: County) -> Any:
    """A clerk of the township above both villages."""
    at = moment(BEGIN, 9)
    user = accounts.create_user(
        username="town.clerk",
        display_name="乡镇办事员",
        password="lantern 2026",  # noqa: S106 - exists in tests only
        kind=UserKind.STAFF,
        by=None,
        at=at,
    )
    area = county.home.area.parent
    posts.assign_post(user=user, kind=PostKind.TOWNSHIP, area=area, from_date=BEGIN, by=None, at=at)
    return user


@pytest.fixture
def as_(county: County, client_as: Callable[[Any], Any]) -> Callable[..., Any]:
    """`as_("store")` is a client signed in as the village's storekeeper; `as_("store", "other")` the neighbour's."""

    def sign_in(key: str, village: str = "home") -> Any:
        return client_as(getattr(county, village).staff[key])

    return sign_in


@pytest.fixture
def read_as(db: None) -> Iterator[Any]:
    """`read_as(user)` makes the test's connection that of the user's pages."""

    def enter(user: Any) -> None:
        scope.leave()
        scope.enter(user.pk, date(2026, 6, 15))

    yield enter
    scope.leave()
