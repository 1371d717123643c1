"""The strict world all tests live in: one embedded PostgreSQL per run, a still clock, no network but loopback.

The controller process starts the database; workers get its address. Each worker's database is a clone of one
migrated template, so migrations run once; `tests.template` keeps it until a migration or a model changes. Worlds that
many tests begin with are built once and kept in databases beside it (`tests.kept`). Fixtures for the browser are in
`tests/browser/conftest.py`.
"""

from __future__ import annotations

import gc
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import django
import hypothesis
import psycopg
import pytest
import time_machine
from psycopg import sql

from jizhi import database
from tests import template as kept
from tests.kept import Kept, entered, keep

if TYPE_CHECKING:
    from tests.county import County

START_OF_TESTS = "2026-06-15T10:00:00+08:00"
_RUN = "JIZHI_TEST_RUN"
_MADE_OF = "JIZHI_TEST_TEMPLATE"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only", action="store_true", help="only tests that use the database, without the browser"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database-only"):
        kept = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def _uses_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") is not None
    return (marked or bool(fixtures & {"db", "committed_db"})) and "chromium" not in fixtures


def _open_world() -> database.Server | None:
    """Start this run's database and set Django up on it; workers inherit both through the environment.

    Called while this file is imported, since other conftest files import models right after.
    """
    if _RUN in os.environ:
        return None
    home = Path(tempfile.mkdtemp(prefix="jizhi-tests-"))
    home.chmod(0o755)
    for address in ("DATABASE_URL", "JIZHI_WEB_DATABASE_URL"):
        os.environ.pop(address, None)
    os.environ[_MADE_OF] = kept.key()
    kept.fetch(home / "database", os.environ[_MADE_OF])
    server = database.start(home / "database", durable=False)
    os.environ["DATABASE_URL"] = server.url
    os.environ["JIZHI_DATA"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ[_RUN] = secrets.token_hex(4)
    return server


_server = _open_world()
django.setup()

# What was imported stays until the end: the collector need not go through it again and again
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)

# The same examples on every machine, and no deadline: how busy a machine is says nothing about the code
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house")


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server is not None and _server.owned:
        new = _leave_template_alone()
        _server.stop()
        if new and kept.key() == os.environ[_MADE_OF]:  # nothing was edited while migrating
            kept.keep(Path(os.environ["JIZHI_DATA"]) / "database", os.environ[_MADE_OF])
        shutil.rmtree(os.environ["JIZHI_DATA"], ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def test_settings() -> None:
    """What differs from a real installation: quick passwords, plain file names, and that is all."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]


@dataclass(frozen=True)
class WorkerDatabase:
    """This worker's database and the migrated template of the run it is cloned from."""

    template: str
    name: str

    def clone(self) -> None:
        """(Re)make the database from the template: a tenth of a second, whatever the test left behind."""
        from django.db import connections

        connections.close_all()
        with _admin() as admin:
            _drop(admin, self.name)
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            admin.execute(statement.format(sql.Identifier(self.name), sql.Identifier(self.template)))
            # A clone does not inherit this from its template
            admin.execute(
                sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(self.name))
            )
        connections["default"].settings_dict["NAME"] = self.name


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    """Drops a database; the server's own vacuum may be in it, which nobody but the server may end: it soon leaves."""
    for patience in range(100, -1, -1):
        try:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        except psycopg.errors.InsufficientPrivilege:
            if not patience:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="session")
def worker_database(worker_id: str) -> WorkerDatabase:
    """The names of this worker's databases."""
    run = os.environ[_RUN]
    return WorkerDatabase(template=f"template_{os.environ[_MADE_OF]}", name=f"test_{run}_{worker_id}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_database: WorkerDatabase) -> Iterator[None]:
    """A database of this worker's own, cloned from the migrated template of this run."""
    from django.db import connections

    with django_db_blocker.unblock():
        with (
            _admin() as admin
        ):  # the lock ends with the connection; the second worker finds the template made
            admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [worker_database.template])
            _make_template_once(admin, worker_database.template)
        worker_database.clone()
    yield
    connections.close_all()


@pytest.fixture
def committed_db(
    django_db_setup: None, django_db_blocker: Any, worker_database: WorkerDatabase
) -> Iterator[None]:
    """The database without the usual roll-back, for tests in which several connections must see each other.

    Use this instead of `django_db(transaction=True)`, whose TRUNCATE the ledger's triggers refuse.
    """
    with django_db_blocker.unblock():
        yield
        worker_database.clone()


@pytest.fixture(scope="session")
def kept_county(django_db_setup: None, django_db_blocker: Any, worker_database: WorkerDatabase) -> Kept:
    """The named county, built once per worker."""
    from tests.county import make_county

    with django_db_blocker.unblock():
        return keep(worker_database, "county", make_county, at=START_OF_TESTS)


@pytest.fixture
def in_kept_county(kept_county: Kept, request: pytest.FixtureRequest) -> Iterator[County | None]:
    """The test's connection in the county's database, if it comes before `db`; None otherwise."""
    with entered(kept_county, request) as county:
        yield county


def _admin() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def _leave_template_alone() -> bool:
    """Drop this run's databases if it made the template, so that the cluster can be kept; whether it did."""
    template = f"template_{os.environ[_MADE_OF]}"
    if (kept.CACHE / os.environ[_MADE_OF]).exists():
        return False
    with _admin() as admin:
        names = [name for (name,) in admin.execute("SELECT datname FROM pg_database").fetchall()]
        for name in names:
            if name.startswith("test_"):
                _drop(admin, name)
    return template in names


def _make_template_once(admin: psycopg.Connection[Any], template: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from jizhi.core import policies

    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
        return
    unfinished = f"{template}_unfinished"
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    connection.settings_dict["NAME"] = unfinished
    database.ensure_extensions(_url_of(unfinished))
    call_command("migrate", verbosity=0)
    policies.apply()
    connection.close()
    admin.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(template))
    )


def _url_of(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """`gw0`, `gw1` … under xdist, `master` alone."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"A test tried to reach {address[0]}; only loopback is allowed.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """The time stands still at 10:00 on 15 June 2026 in Shanghai; `clock.move_to(…)` and `clock.shift(…)` move it."""
    with time_machine.travel(START_OF_TESTS, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def client_as(db: None) -> Callable[[Any], Any]:
    """`client_as(user)` is a test client already signed in as that user."""
    from django.test import Client

    def sign_in(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
