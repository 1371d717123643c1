"""An import whose process is killed, or that somebody stops, between chunks: seen from other connections, resumed."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, connections

from jizhi.imports import services
from jizhi.imports.models import Import
from jizhi.imports.rules import ImportState
from jizhi.people.models import Household, Person
from tests import factories
from tests.domain.imports.test_running import HEADER, PEOPLE, apply, county_rows, run, upload, workbook

pytestmark = pytest.mark.usefixtures("committed_db")


def _register() -> list[Any]:
    rows = Household.objects.order_by("village__code", "no").select_related("subject", "area")
    return [(h.no, h.head_name, h.area.name, h.phone, h.subject.size) for h in rows]


def test_killed_between_chunks_it_goes_on_and_ends_like_one_that_was_not() -> None:
    area, rows = county_rows()
    row = upload(PEOPLE, area, workbook(HEADER, *rows))
    kind = replace(PEOPLE, chunk=1)
    services.confirm_import(import_id=row.pk, kind=kind, by=None, at=factories.AT)
    connections.close_all()
    child = os.fork()
    if child == 0:
        calls: list[int] = []

        def dying(rows: Any, **given: Any) -> Any:
            outcomes = PEOPLE.apply(rows, **given)
            calls.append(len(rows))
            if len(calls) == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            return outcomes

        try:
            connections.close_all()  # what another context left; a child must not share a socket
            run(row.pk, replace(kind, apply=dying))
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    row.refresh_from_db()
    assert (row.state, row.rows_done) == (ImportState.APPLYING, 4)
    assert Household.objects.count() == 2
    row = run(row.pk, kind)
    assert (row.state, row.counts) == (ImportState.APPLIED, {"created": 12, "refused": 0})
    interrupted = _register()
    assert (len(interrupted), Person.objects.count()) == (6, 12)
    again = apply(upload(PEOPLE, area, workbook(HEADER, *rows), "again"), PEOPLE)
    assert again.counts == {"unchanged": 12, "refused": 0}
    assert _register() == interrupted


def _elsewhere(job: Any) -> Any:
    """Run it on another connection."""

    def work() -> Any:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def test_stopped_from_a_page_it_keeps_what_is_written_and_goes_on_when_told() -> None:
    area, rows = county_rows()
    row = upload(PEOPLE, area, workbook(HEADER, *rows))
    number, calls = row.pk, []

    def now() -> Any:
        calls.append(Import.objects.values_list("rows_done", flat=True).get(pk=number))
        return factories.AT

    def stop() -> None:
        services.stop_import(import_id=number, kind=PEOPLE, by=None, at=factories.AT)

    kind = replace(PEOPLE, chunk=1)
    services.confirm_import(import_id=number, kind=kind, by=None, at=factories.AT)
    _elsewhere(stop)
    stopped = services.run_import(import_id=number, kind=kind, now=now)
    assert (stopped.state, Household.objects.count()) == (ImportState.STOPPED, 0)
    services.resume_import(import_id=number, kind=kind, by=None, at=factories.AT)
    assert run(number, kind).state is ImportState.APPLIED
    assert Household.objects.count() == 6


def test_two_runners_do_not_do_it_twice() -> None:
    area, rows = county_rows()
    row = upload(PEOPLE, area, workbook(HEADER, *rows))
    services.confirm_import(import_id=row.pk, kind=PEOPLE, by=None, at=factories.AT)
    seen: list[str] = []

    def second() -> None:
        try:
            run(row.pk, PEOPLE)
        except services.ImportBusy:
            seen.append("busy")

    def slow(rows: Any, **given: Any) -> Any:
        _elsewhere(second)
        return PEOPLE.apply(rows, **given)

    assert run(row.pk, replace(PEOPLE, apply=slow)).counts == {"created": 12, "refused": 0}
    assert seen == ["busy"]
