"""The database's own half of the scope: raw SQL through the web role, and settings that never outlive their request."""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import time_machine
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from jizhi.core import policies, scope
from jizhi.people.models import Household, Person
from jizhi.posts.rules import PostKind
from tests.conftest import START_OF_TESTS
from tests.web import foreign

PROTECTED = [model for model, stated in policies.tables().items() if not stated.open]
PRIVATE = [model for model in PROTECTED if not policies.tables()[model].public]
GROWS = [
    model for model in PROTECTED if any(t.name == "append_only" for t in getattr(model._meta, "triggers", []))
]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, worker_database: Any) -> Iterator[foreign.Two]:
    with django_db_blocker.unblock(), time_machine.travel(START_OF_TESTS, tick=False):
        worker_database.clone()
        yield foreign.build()
        worker_database.clone()


@pytest.fixture
def two(built: foreign.Two, clock: Any, db: None) -> foreign.Two:
    return built


@pytest.fixture
def as_reader(db: None) -> Iterator[Any]:
    """`as_reader(user)` turns the test's connection into what a page of that user has; None is a stranger."""

    def enter(user: Any) -> None:
        scope.enter(getattr(user, "pk", None), foreign.TODAY)

    yield enter
    scope.leave()


def _numbers(model: type[models.Model]) -> set[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {model._meta.db_table}")
        return {row[0] for row in cursor.fetchall()}


def _own(two: foreign.Two, model: type[models.Model]) -> set[Any]:
    """Rows of the foreign village itself, its household's account, and staff, who are public."""
    village, township = two.village, two.village.parent
    scope_of = {
        "villages": village.pk,
        "areas": f"{village.pk},{township.pk}",
        "paths": f"{{{township.path}}}",
    }
    with connection.cursor() as cursor:
        for name, value in scope_of.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [f"jizhi.{name}", str(value)])
        own = policies.writing(model)
        if model._meta.db_table == "accounts_user":
            own = f"kind = 'staff' OR id = {two.household_user.pk}"
        cursor.execute(f"SELECT id FROM {model._meta.db_table} WHERE {own}")
        found = {row[0] for row in cursor.fetchall()}
        for name in scope_of:
            cursor.execute("SELECT set_config(%s, '', false)", [f"jizhi.{name}"])
    return found


def test_every_protected_table_has_rows_to_protect(two: foreign.Two) -> None:
    empty = [model._meta.label for model in PROTECTED if not _numbers(model)]
    assert set(empty) <= {"store.Undoing", "store.OpeningDay", "imports.ImportHandout"}


def test_without_settings_nothing_is_seen(two: foreign.Two) -> None:
    connection.cursor().execute("SET ROLE jizhi_web")
    seen = {model._meta.label: len(found) for model in PROTECTED if (found := _numbers(model))}
    connection.cursor().execute("RESET ROLE")
    assert not seen


@pytest.mark.parametrize("who", [*PostKind, "household_user", "nobody"])
def test_strangers_to_the_village_see_no_row_of_it(two: foreign.Two, as_reader: Any, who: Any) -> None:
    user = two.staff[who] if isinstance(who, PostKind) else getattr(two, who)
    allowed = {model: _own(two, model) for model in PRIVATE}
    as_reader(user)
    seen = {model: _numbers(model) - allowed[model] for model in PRIVATE}
    scope.leave()
    assert not {model._meta.label: rows for model, rows in seen.items() if rows}


def test_strangers_to_the_village_change_no_row_of_it(two: foreign.Two, as_reader: Any) -> None:
    """An update or delete of everything reaches the own rows at most."""
    allowed = {model: _own(two, model) for model in PROTECTED}
    as_reader(two.everything)
    for model in PROTECTED:
        table = model._meta.db_table
        for verb in (f"UPDATE {table} SET id = id RETURNING id", f"DELETE FROM {table} RETURNING id"):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(verb)
                    touched = {row[0] for row in cursor.fetchall()}
                    transaction.set_rollback(True)
            except (
                DatabaseError
            ) as refusal:  # a foreign key, a trigger or a missing right: refused is refused
                touched, missing = set(), "permission denied" in str(refusal)
            else:
                missing = False
            assert missing or model not in GROWS, f"{verb}: what only grows may not even be asked to change"
            assert touched <= allowed[model], f"{verb}: {touched - allowed[model]}"


# Here a trigger, which looks before the policy does, refuses first: the stranger does not see the resolution.
FIRST = {"assemblies.Dividend": "no acknowledged resolution of this village"}


def test_strangers_to_the_village_add_no_row_to_it(two: foreign.Two, as_reader: Any) -> None:
    """Each private row of the home village, written once more under another number, is refused by its policy."""
    rows = {}
    with connection.cursor() as cursor:
        for model in PROTECTED:
            cursor.execute(
                f"SELECT to_jsonb({model._meta.db_table}) FROM {model._meta.db_table} ORDER BY id LIMIT 1"
            )
            found = cursor.fetchone()
            rows[model] = json.loads(found[0]) if found else None
    as_reader(two.staff[PostKind.RECORDER])
    for model, row in rows.items():
        if row is None:
            continue
        table, refusal = model._meta.db_table, FIRST.get(model._meta.label, "row-level security")
        row["id"] = str(uuid.uuid4()) if isinstance(row["id"], str) else -1
        copied = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            connection.cursor().execute(copied, [json.dumps(row)])


def test_areas_are_read_by_all_and_written_from_within(two: foreign.Two, as_reader: Any) -> None:
    as_reader(two.staff[PostKind.TOWNSHIP])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE areas_area SET name = name WHERE id = %s", [two.village.pk])
        assert cursor.rowcount == 1
        for verb in ("UPDATE areas_area SET name = 'x'", "DELETE FROM areas_area"):
            with pytest.raises(DatabaseError, match="guard of areas_area"), transaction.atomic():
                cursor.execute(f"{verb} WHERE id = %s", [two.home.village.pk])


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE people_message",
        "ALTER TABLE people_message ADD COLUMN note text",
        "ALTER TABLE people_message DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE claims_claim DISABLE TRIGGER ALL",
        "DROP POLICY jizhi_read ON people_message",
        "CREATE TABLE elsewhere (id bigint)",
        "CREATE TEMPORARY TABLE elsewhere (id bigint)",
        "CREATE FUNCTION elsewhere() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE INDEX elsewhere ON people_message (title)",
        "SET session_replication_role = replica",
        "SET ROLE jizhi",
        "SELECT * FROM django_migrations",
        "SELECT * FROM pg_authid",
    ],
)
def test_the_web_role_alters_nothing(db: None, statement: str) -> None:
    with _as_web() as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement)


def _as_web() -> psycopg.Connection[Any]:
    """A connection of the web role itself, as the pages of an installation have it."""
    password = Path(os.environ["JIZHI_DATA"], "database", "password.web").read_text().strip()
    at = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return psycopg.connect(
        f"postgresql://jizhi_web:{password}@{at.hostname}:{at.port}/{name}", autocommit=True
    )


def test_every_table_of_ours_is_protected_or_says_why_not(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
        protected = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.role_table_grants WHERE grantee = 'jizhi_web'"
        )
        granted = {row[0] for row in cursor.fetchall()}
    assert protected == {model._meta.db_table for model in PROTECTED}
    assert granted == {model._meta.db_table for model in policies.tables()}


def test_applying_again_changes_nothing(db: None) -> None:
    assert policies.apply() is False


# A request's scope ends with it ----------------------------------------------------------------------------------


def _settings() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        found = {"role": cursor.fetchone()[0]}
        for name in scope.SETTINGS:
            cursor.execute("SELECT current_setting(%s, true)", [f"jizhi.{name}"])
            found[name] = cursor.fetchone()[0] or ""
    return found


def test_one_query_more_and_nothing_left_behind(
    two: foreign.Two, client_as: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # the scope, and what the page itself asks
        assert Client().get("/healthz").status_code == 200
    assert client_as(two.home.users["recorder"]).get("/desk/households/").status_code == 200
    left = _settings()
    assert left.pop("role") == "jizhi"
    assert not any(left.values())


def test_a_page_that_breaks_leaves_nothing_behind(two: foreign.Two, client_as: Any, monkeypatch: Any) -> None:
    client, inside = client_as(two.home.users["recorder"]), {}

    def broken(*args: Any, **kwargs: Any) -> Any:
        inside.update(_settings())
        with transaction.atomic():
            connection.cursor().execute("SELECT 1 / 0")

    monkeypatch.setattr("jizhi.web.register.views.households.selectors.households", broken)
    with pytest.raises(DatabaseError, match="division by zero"):
        client.get("/desk/households/")
    assert inside["role"] == "jizhi_web"
    assert inside["reader"] == "staff"
    assert inside["villages"] == str(two.home.village.pk)
    left = _settings()
    assert left.pop("role") == "jizhi"
    assert not any(left.values())


def test_beyond_ends_with_its_block_and_with_its_transaction(two: foreign.Two, as_reader: Any) -> None:
    as_reader(two.staff[PostKind.RECORDER])
    near = Household.objects.count()
    with scope.beyond("a test"):
        far = Household.objects.count()
    assert (near, far) == (1, 10)
    assert Household.objects.count() == near
    with pytest.raises(DatabaseError, match="division by zero"), transaction.atomic(), scope.beyond("a test"):
        connection.cursor().execute("SELECT 1 / 0")
    assert Household.objects.count() == near
    assert Person.objects.filter(name=foreign.MEMBER).count() == 0


def test_threads_keep_their_readers_apart(built: foreign.Two, django_db_blocker: Any, clock: Any) -> None:
    """Many requests of two villages at once, on a few connections that each served the other before."""
    with django_db_blocker.unblock():
        _ask_from_threads(built)


def _ask_from_threads(two: foreign.Two) -> None:
    readers = [two.home.users["recorder"], two.staff[PostKind.RECORDER], two.household_user, None]
    cookies = [_signed_in(user) for user in readers]
    expected = [(True, False), (False, True), (False, True), (False, False)]  # a household reads its own name
    wrong: list[str] = []
    done: list[int] = []

    def ask(turn: int) -> None:
        for step in range(8):
            reader = (turn + step) % len(readers)
            client = Client()
            client.cookies = cookies[reader]
            page = client.get("/desk/households/").content.decode()
            if ("欧阳晓芸" in page, "柳湾某" in page) != expected[reader]:
                wrong.append(f"{readers[reader]} saw another's rows")
            if any(value for name, value in _settings().items() if name != "role"):
                wrong.append(f"{readers[reader]} left a scope behind")
        connection.close()
        done.append(turn)

    threads = [threading.Thread(target=ask, args=[turn]) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(done) == len(threads)


def _signed_in(user: Any) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies
