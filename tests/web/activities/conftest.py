"""The invented village Shiqiao with its staff signed in, for the pages of the grid's work. Asserts nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests.conftest import START_OF_TESTS
from tests.web import shiqiao

TODAY = dt.date(2026, 6, 15)


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any, worker_database: Any) -> Iterator[shiqiao.Village]:
    """The village, committed once for this package's tests; each test still rolls its own changes back."""
    with django_db_blocker.unblock(), time_machine.travel(START_OF_TESTS, tick=False):
        worker_database.clone()
        village = shiqiao.build(TODAY)
    yield village
    with django_db_blocker.unblock():
        worker_database.clone()


@pytest.fixture
def place(built: shiqiao.Village, clock: Any, db: None) -> shiqiao.Village:
    """Places, people and a scheme in force, at ten in the morning of 15 June."""
    return built


@pytest.fixture
def worker(place: shiqiao.Village, client_as: Any) -> Any:
    """The grid worker of grid 1."""
    return client_as(place.users["worker"])


@pytest.fixture
def recorder(place: shiqiao.Village, client_as: Any) -> Any:
    """The village's recorder."""
    return client_as(place.users["recorder"])


@pytest.fixture
def mine(place: shiqiao.Village, client_as: Any) -> Any:
    """Household 001's own session."""
    return client_as(place.household_user("001"))


@pytest.fixture
def theirs(place: shiqiao.Village, client_as: Any) -> Any:
    """Household 002's session."""
    return client_as(place.household_user("002"))
