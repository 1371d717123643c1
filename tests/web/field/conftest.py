"""The invented village Shiqiao in mid-June, and its two grid workers signed in. Nothing is asserted here."""

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
        village = shiqiao.stock_the_store(shiqiao.run_months(shiqiao.build(TODAY), TODAY), TODAY)
    yield village
    with django_db_blocker.unblock():
        worker_database.clone()


@pytest.fixture
def place(built: shiqiao.Village, clock: Any, db: None) -> shiqiao.Village:
    """Places, people and scheme; two months run, the second one posted, claims of June in every state."""
    return built


@pytest.fixture
def worker(place: shiqiao.Village, client_as: Any) -> Any:
    """The grid worker of grid 1."""
    return client_as(place.users["worker"])


@pytest.fixture
def neighbour(place: shiqiao.Village, client_as: Any) -> Any:
    """The grid worker of grid 2, who has nothing to do with household 001."""
    return client_as(place.users["worker2"])
