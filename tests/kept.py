"""A world that many tests begin with, built once per worker in a database of its own; each test takes its part back.

`keep` builds it when the first test asks; `entered` puts a test's connection into that database. What a test may point
at travels as a pickle, so that no test sees what another did to the objects.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

if TYPE_CHECKING:
    from tests.conftest import WorkerDatabase

# Numbers begin here, so that nothing a process remembers by number is taken for a record of another database
FIRST_NUMBERS = {"county": 40_000, "desk": 60_000, "visits": 80_000, "months": 100_000}


@dataclass(frozen=True)
class Kept:
    """The database's name, and the cast as it was when the world was built."""

    name: str
    cast: bytes


def keep(worker: WorkerDatabase, kind: str, build: Callable[[], Any], *, at: str) -> Kept:
    """Build the world of that kind; database access is unblocked by the caller."""
    from django.db import connection, connections

    own = replace(worker, name=f"{worker.name}_{kind}")
    with time_machine.travel(at, tick=False):
        own.clone()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s)"
                " FROM pg_sequences WHERE schemaname = 'public'",
                [FIRST_NUMBERS[kind]],
            )
        cast = pickle.dumps(build())
        connections.close_all()
    connections["default"].settings_dict["NAME"] = worker.name
    return Kept(own.name, cast)


@contextmanager
def entered(kept: Kept, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The connection goes to the kept database; None where a transaction runs in the worker's own already."""
    from django.db import connection

    assert "committed_db" not in request.fixturenames, "what is committed would stay in the kept world"
    if connection.in_atomic_block:
        yield None
        return
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = kept.name
    yield pickle.loads(kept.cast)
    connection.close()
    connection.settings_dict["NAME"] = before
