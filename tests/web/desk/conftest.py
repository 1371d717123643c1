"""The desk's own world for its tests, and a client for each of its staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from tests.conftest import START_OF_TESTS
from tests.kept import Kept, entered, keep
from tests.web.desk import world as worlds


@pytest.fixture(scope="session")
def kept_world(django_db_setup: None, django_db_blocker: Any, worker_database: Any) -> Kept:
    """The desk's world, built once per worker."""
    with django_db_blocker.unblock():
        return keep(worker_database, "desk", _build, at=START_OF_TESTS)


def _build() -> worlds.World:
    return worlds.build(timezone.localtime())


@pytest.fixture(scope="session")
def kept_months(django_db_setup: None, django_db_blocker: Any, worker_database: Any) -> Kept:
    """The same with months on the board, built once per worker."""
    with django_db_blocker.unblock():
        return keep(worker_database, "months", _build_months, at=START_OF_TESTS)


def _build_months() -> worlds.World:
    return worlds.build_months(timezone.localtime())


@pytest.fixture
def in_kept_world(request: pytest.FixtureRequest) -> Iterator[worlds.World | None]:
    with entered(request.getfixturevalue(f"kept_{_kind(request)}"), request) as world:
        yield world


def _kind(request: pytest.FixtureRequest) -> str:
    return "months" if "months_posted" in request.fixturenames else "world"


@pytest.fixture
def world(
    in_kept_world: worlds.World | None, db: None, clock: Any, request: pytest.FixtureRequest
) -> worlds.World:
    return in_kept_world or (_build_months if _kind(request) == "months" else _build)()


@pytest.fixture
def months_posted(world: worlds.World) -> list[Any]:
    """Asks for the world in which every month before May is on the board; the claims of May's labour day."""
    return world.claims


@pytest.fixture
def as_(world: worlds.World, client_as: Callable[[Any], Any]) -> Callable[[str], Any]:
    """`as_("recorder")` is a client signed in as that member of staff."""
    return lambda key: client_as(world.staff[key])
