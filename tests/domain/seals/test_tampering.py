"""Whatever a superuser does to a single sealed row behind the application's back is found, and the row is named.

Triggers, foreign keys and checks are out of the way, as they are for whoever owns the database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jizhi.database.cluster import SUPERUSER
from jizhi.demo.month import moment
from jizhi.ledger.models import Account, Entry, Fact, Transfer
from jizhi.seals import rules, selectors, services
from jizhi.seals.models import Seal, SealedLeaf
from jizhi.seals.rules import canonical, merkle
from jizhi.seals.rules.checking import Fault, Finding
from jizhi.seals.selectors import chains
from tests.county import County, make_county
from tests.domain.seals import world
from tests.examples import examples

# What is lent to the owner of the tables is lent in the whole server, so one worker runs all of these
pytestmark = pytest.mark.xdist_group("superuser")

ENTRY, TRANSFER = rules.RecordKind.ENTRY, rules.RecordKind.TRANSFER
# Columns in which nothing is said: a balance is what the transfers add up to, a leaf's own number is not referred to.
UNSEALED = {("ledger_account", "balance"), ("seals_sealedleaf", "id")}
TABLES: list[type[models.Model]] = [Entry, Fact, Transfer, Account, Seal, SealedLeaf]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, worker_database: Any) -> Iterator[County]:
    with django_db_blocker.unblock():
        worker_database.clone()
        county = make_county()
        world.months(county)
        # never taken back: another worker may be using it, and the server is this run's own
        _superuser("GRANT SET ON PARAMETER session_replication_role TO CURRENT_USER_OF_TESTS")
        yield county
        worker_database.clone()


def _superuser(statement: str) -> None:
    """Lend the owner of the tables what only the superuser of the server may do: leave triggers out."""
    address = urlsplit(os.environ["DATABASE_URL"])
    owner, place = address.netloc.split(":", 1)
    url = address._replace(netloc=f"{SUPERUSER}:{place}").geturl()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(statement.replace("CURRENT_USER_OF_TESTS", owner))


@contextmanager
def behind_our_back() -> Iterator[Any]:
    """A superuser's connection for a moment; everything is as before afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        transaction.set_rollback(True)


def findings(county: County, **more: Any) -> list[Finding]:
    return selectors.check_village(county.home.area, **more).findings


def refused(cursor: Any, statement: str, values: list[Any]) -> bool:
    """Whether a CHECK or a unique index, which hold for a superuser too, refused the change."""
    try:
        with transaction.atomic():
            cursor.execute(statement, values)
    except IntegrityError:
        return True
    return False


def altered(field: models.Field[Any, Any]) -> str:
    """SQL for another value of the column's type, so far off that no unique index minds."""
    kind = field.get_internal_type()
    column = f'"{field.column}"'
    if field.name == "kind":
        others = {"entry": "transfer", "issue": "store", "store": "issue"}
        cases = " ".join(f"WHEN '{one}' THEN '{other}'" for one, other in others.items())
        return f"CASE {column} {cases} ELSE 'entry' END"
    if kind in {"CharField", "TextField"}:
        turned = f"translate({column}, '0123456789abcdef', '123456789abcdef0')"
        return f"CASE WHEN length({column}) < 32 THEN {column} || '~' ELSE {turned} END"
    if kind == "BinaryField":
        return f"set_byte({column}, 3, get_byte({column}, 3) # 1)"
    if kind == "BooleanField":
        return f"NOT {column}"
    if kind == "DateField":
        return f"COALESCE({column}, date '2026-01-01') + 1"
    if kind == "DateTimeField":
        return f"{column} + interval '1 microsecond'"
    if kind == "DecimalField":
        return f"COALESCE({column}, 0) + 0.01"
    return f"COALESCE({column}, 0) + 100000"


def records(model: type[models.Model], pk: int, county: County) -> set[tuple[Any, int]]:
    """Which records must be named when this row is touched."""
    if model is Entry:
        return {(ENTRY, pk)}
    if model is Fact:
        return {(ENTRY, number) for number in Entry.objects.filter(fact_id=pk).values_list("pk", flat=True)}
    if model is Transfer:
        return {(TRANSFER, pk)}
    if model is Account:
        touched = Transfer.objects.filter(models.Q(source_id=pk) | models.Q(target_id=pk))
        return {(TRANSFER, number) for number in touched.values_list("pk", flat=True)}
    leaves = SealedLeaf.objects.filter(seal_id=pk) if model is Seal else SealedLeaf.objects.filter(pk=pk)
    return {(rules.RecordKind(kind), number) for kind, number in leaves.values_list("kind", "record")}


def sealed_rows(model: type[models.Model], county: County) -> list[int]:
    """The rows of the table that this village's seals stand for, by number."""
    village = {"source__village": county.home.area} if model is Transfer else {"village": county.home.area}
    rows = model._default_manager.filter(**village).order_by("pk")
    if model is Account:
        rows = rows.filter(models.Q(outgoing__isnull=False) | models.Q(incoming__isnull=False)).distinct()
    return list(rows.values_list("pk", flat=True))


def named(found: list[Finding]) -> set[tuple[Any, int]]:
    return {(one.kind, one.number) for one in found if one.number}


def test_the_untouched_village_is_sound(built: County, db: None) -> None:
    checked = selectors.check_village(built.home.area)
    assert (checked.findings, checked.seals, checked.waiting) == ([], 3, 0)
    assert checked.records == Entry.objects.count() + Transfer.objects.count() == 11
    with behind_our_back():
        pass
    assert findings(built) == []


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
def test_a_change_of_any_column_is_found_and_named(
    built: County, db: None, model: type[models.Model]
) -> None:
    rows = sealed_rows(model, built)
    table = model._meta.db_table
    missed = []
    for field in model._meta.concrete_fields:
        if (table, field.column) in UNSEALED:
            continue
        for pk in {rows[0], rows[len(rows) // 2], rows[-1]}:
            wanted = records(model, pk, built)
            seal = Seal.objects.get(pk=pk).number if model is Seal else -1
            with behind_our_back() as cursor:
                if refused(
                    cursor, f'UPDATE {table} SET "{field.column}" = {altered(field)} WHERE id = %s', [pk]
                ):
                    continue
                found = findings(built)
            if not wanted & named(found) and not {seal, seal + 1} & {one.seal for one in found}:
                missed.append((field.column, pk, found))
    assert not missed


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.db_table)
def test_the_removal_of_any_row_is_found_and_named(
    built: County, db: None, model: type[models.Model]
) -> None:
    for pk in sealed_rows(model, built):
        wanted = records(model, pk, built)
        with behind_our_back() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [pk])
            found = findings(built)
        assert wanted <= named(found), (pk, found)


def _copy(cursor: Any, table: str, pk: int, **values: str) -> None:
    cursor.execute(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
    columns = [name for (name,) in cursor.fetchall()]
    given = ", ".join(values.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {given} FROM {table} WHERE id = %s", [pk])


def test_a_row_slipped_in_among_sealed_ones_is_found_and_named(built: County, db: None) -> None:
    entry, transfer = sealed_rows(Entry, built)[-1], sealed_rows(Transfer, built)[-1]
    with behind_our_back() as cursor:
        _copy(cursor, "ledger_entry", entry, id="-1", cause="'repriced'")
        assert findings(built) == [Finding(0, Fault.ADDED, ENTRY, -1)]
    with behind_our_back() as cursor:
        _copy(cursor, "ledger_transfer", transfer, id="-1", request_key="'x'")
        assert findings(built) == [Finding(0, Fault.ADDED, TRANSFER, -1)]
    with behind_our_back() as cursor:
        _copy(cursor, "ledger_fact", sealed_rows(Fact, built)[0], id="-1", request_key="'x'")
        assert findings(built) == [Finding(0, Fault.FACT_ALONE, None, -1)]
    leaf = SealedLeaf.objects.order_by("pk").first()
    with behind_our_back() as cursor:
        _copy(cursor, "seals_sealedleaf", leaf.pk, id="-1", record="-1", position="999")
        assert (ENTRY, -1) in named(findings(built))
    seal = Seal.objects.get(number=2)
    with behind_our_back() as cursor:
        _copy(cursor, "seals_seal", seal.pk, id="-1", number="4", previous=f"'{'ab' * 32}'")
        assert {4} <= {one.seal for one in findings(built)}


def _swap(table: str, column: str, one: int, other: int) -> tuple[str, list[Any]]:
    pairs = "(t.id, o.id) IN ((%s, %s), (%s, %s))"
    statement = f'UPDATE {table} t SET "{column}" = o."{column}" FROM {table} o WHERE {pairs}'
    return statement, [one, other, other, one]


@given(st.data())
@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_rows_that_change_places_are_found_and_named(
    built: County, db: None, data: st.DataObject
) -> None:
    model, column = data.draw(
        st.sampled_from(
            [(Entry, "points"), (Entry, "subject_id"), (Entry, "posted_at"), (Fact, "item"), (Fact, "subject_id"),
             (Transfer, "points"), (Transfer, "target_id"), (SealedLeaf, "record"), (SealedLeaf, "hash")]
        )
    )  # fmt: skip
    rows = sealed_rows(model, built)
    one, other = data.draw(st.lists(st.sampled_from(rows), min_size=2, max_size=2, unique=True))
    values = dict(model._default_manager.filter(pk__in=[one, other]).values_list("pk", column))
    if values[one] == values[other]:
        return
    wanted = records(model, one, built) | records(model, other, built)
    with behind_our_back() as cursor:
        if column == "record":  # the unique index looks at each row
            cursor.execute("ALTER TABLE seals_sealedleaf DROP CONSTRAINT record_sealed_once")
        if refused(cursor, *_swap(model._meta.db_table, column, one, other)):
            return
        assert wanted & named(findings(built))


@given(st.data())
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_renumbered_rows_are_found_and_named(built: County, db: None, data: st.DataObject) -> None:
    """Two entries or two fingerprints exchange their whole contents: everything is still there, in another order."""
    model, key = data.draw(st.sampled_from([(Entry, "id"), (Transfer, "id"), (SealedLeaf, "position")]))
    rows = sealed_rows(model, built)
    one, other = data.draw(st.lists(st.sampled_from(rows), min_size=2, max_size=2, unique=True))
    if model is SealedLeaf:
        pair = SealedLeaf.objects.filter(pk__in=[one, other])
        if len(set(pair.values_list("seal_id", flat=True))) == 2:
            return
    wanted = records(model, one, built) | records(model, other, built)
    table = model._meta.db_table
    values = dict(model._default_manager.filter(pk__in=[one, other]).values_list("pk", key))
    with behind_our_back() as cursor:
        if key == "id":
            for old, new in ((one, -7), (other, one), (-7, other)):
                cursor.execute(f"UPDATE {table} SET id = %s WHERE id = %s", [new, old])
        else:
            for pk, new in ((one, 99_999), (other, values[one]), (one, values[other])):
                cursor.execute(f"UPDATE {table} SET position = %s WHERE id = %s", [new, pk])
        found = findings(built)
    assert wanted <= named(found), found


def test_an_entry_and_its_fingerprint_changed_together_spoil_the_root(built: County, db: None) -> None:
    copy = selectors.chain_of(built.home.area, leaves=True)
    entry = sealed_rows(Entry, built)[1]
    leaf = SealedLeaf.objects.get(kind=ENTRY, record=entry)
    with behind_our_back() as cursor:
        cursor.execute("UPDATE ledger_entry SET points = points + 100 WHERE id = %s", [entry])
        row = chains.row_of_entry(built.home.area, entry)
        assert row is not None
        value = merkle.leaf_hash(canonical.canonical(row.leaf(bytes(leaf.salt))))
        cursor.execute("UPDATE seals_sealedleaf SET hash = %s WHERE id = %s", [value, leaf.pk])
        assert findings(built) == [Finding(1, Fault.ROOT)]
        assert Finding(1, Fault.COPY_RECORD, ENTRY, entry) in findings(built, copy=copy)


def test_a_chain_sealed_anew_agrees_with_itself_but_not_with_what_others_keep(
    built: County, db: None
) -> None:
    area = built.home.area
    copy = rules.Chain.read(selectors.chain_of(area, leaves=True).document())
    entry = sealed_rows(Entry, built)[1]
    kept = selectors.receipt_of(entry)
    assert kept is not None
    assert selectors.verdict_on(kept.receipt).holds
    with behind_our_back() as cursor:
        cursor.execute("UPDATE ledger_entry SET points = points + 100 WHERE id = %s", [entry])
        cursor.execute("DELETE FROM seals_sealedleaf")
        cursor.execute("DELETE FROM seals_seal")
        services.seal_village(village=area, by=None, at=moment(world.MAY, 9))
        assert findings(built) == []
        found = findings(built, copy=copy)
        assert {(1, Fault.COPY_DIFFERS), (2, Fault.COPY_LONGER)} <= {(one.seal, one.fault) for one in found}
        assert (ENTRY, entry) in named(found)
        verdict = selectors.verdict_on(kept.receipt)
        assert [one.holds for one in verdict.answers] == [True, True, False, False]


def test_every_table_of_the_ledger_that_only_grows_is_walked() -> None:
    """A new table of the ledger has to be sealed, or to be listed here with the reason."""
    grows = {
        model._meta.db_table
        for model in apps.get_app_config("ledger").get_models()
        if any(trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", []))
    }
    lots = {"ledger_lotuse"}  # which lot pays for which transfer: follows from the transfers
    assert grows - lots <= {model._meta.db_table for model in TABLES}
