"""The invented village Shiqiao without any months: its people sign in, help each other, join teams. Asserts nothing."""

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
def place(built: shiqiao.Village, db: None) -> shiqiao.Village:
    """Places, people and a scheme in force; nothing claimed."""
    return built
