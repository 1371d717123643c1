"""Shiqiao with a month of visits, and a client for each of its staff; nothing is asserted here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.visits import services
from jizhi.visits.rules import How, Topic
from tests import factories as make
from tests.conftest import START_OF_TESTS
from tests.kept import Kept, entered, keep
from tests.web import shiqiao

TODAY = dt.date(2026, 6, 15)


@pytest.fixture(scope="session")
def kept_visits(django_db_setup: None, django_db_blocker: Any, worker_database: Any) -> Kept:
    """The village with its visits, built once per worker."""
    with django_db_blocker.unblock():
        return keep(worker_database, "visits", _build, at=START_OF_TESTS)


@pytest.fixture
def in_kept_visits(kept_visits: Kept, request: pytest.FixtureRequest) -> Iterator[shiqiao.Village | None]:
    with entered(kept_visits, request) as village:
        yield village


@pytest.fixture
def place(in_kept_visits: shiqiao.Village | None, db: None, clock: Any) -> shiqiao.Village:
    """The village with its plan of June, one visit in each grid, a book and a class."""
    return in_kept_visits or _build()


def _build() -> shiqiao.Village:
    village = shiqiao.build(TODAY)
    at = timezone.localtime()
    for name, kind, area in (
        ("township", PostKind.TOWNSHIP, village.village.parent),
        ("leader", PostKind.GRID_LEADER, village.village),
        ("auditor", PostKind.AUDITOR, village.village.parent),
    ):
        village.users[name] = make.staff(username=name, display_name=name)
        posts.assign_post(
            user=village.users[name], kind=kind, area=area, from_date=make.START, by=None, at=at
        )
    early = shiqiao.moment(dt.date(2026, 6, 1), 8)
    home = village.households["001"]
    services.set_classes(household=home, keys=["disabled", "newcomers"], by=village.users["worker"], at=early)
    services.make_plans(area=village.village, month=dt.date(2026, 6, 1), by=None, at=early)
    given: dict[str, Any] = {"house": "own", "land": "3.5", "wishes": "想修门前的路"}
    services.fill_book(household=home, values=given, version=0, by=village.users["worker"], at=at)
    for no, worker in (("001", "worker"), ("006", "worker2")):
        village.made[no] = services.record_visit(
            household=village.households[no],
            how=How.HOME,
            topics=[Topic.SAFETY],
            note=f"看了{no}户的取暖",
            request_key=no * 8,
            by=village.users[worker],
            at=at,
        )
    return village


@pytest.fixture
def as_(place: shiqiao.Village, client_as: Callable[[Any], Any]) -> Callable[[str], Any]:
    """`as_("recorder")` is a client signed in as that member of staff."""
    return lambda name: client_as(place.users[name])
