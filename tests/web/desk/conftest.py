"""The desk's own world for its tests, and a client for each of its staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.web.desk import world as worlds


@pytest.fixture
def world(db: None, clock: Any) -> worlds.World:
    return worlds.build(timezone.localtime())


@pytest.fixture
def as_(world: worlds.World, client_as: Callable[[Any], Any]) -> Callable[[str], Any]:
    """`as_("recorder")` is a client signed in as that member of staff."""
    return lambda key: client_as(world.staff[key])
