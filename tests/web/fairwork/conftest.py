"""Shiqiao with its months, resolutions, money and pledges, made once for the tests of the room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from tests.conftest import START_OF_TESTS
from tests.web import foreign_fair, shiqiao

TODAY = dt.date(2026, 6, 15)


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any, worker_database: Any) -> Iterator[shiqiao.Village]:
    with django_db_blocker.unblock(), time_machine.travel(START_OF_TESTS, tick=False):
        worker_database.clone()
        home = shiqiao.run_months(shiqiao.build(TODAY), TODAY)
        foreign_fair.fill(home, TODAY)
        yield home
        worker_database.clone()


@pytest.fixture
def home(built: shiqiao.Village, clock: Any, db: None) -> shiqiao.Village:
    return built


@pytest.fixture
def as_(home: shiqiao.Village, client_as: Callable[[Any], Any]) -> Callable[[str], Any]:
    return lambda key: client_as(home.users[key])
