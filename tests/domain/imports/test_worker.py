"""The worker process's loop: it runs the jobs that are there, and picks up imports that an earlier worker left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from jizhi.cli import jobs as process
from jizhi.imports import services
from jizhi.imports.models import Import
from jizhi.imports.rules import ImportState
from jizhi.intake import jobs
from tests import factories
from tests.domain.imports.test_running import HEADER, PEOPLE, county_rows, workbook

pytestmark = pytest.mark.usefixtures("committed_db")


def run_jobs() -> None:
    """Run what waits, in a thread of its own: in this one a browser's event loop may be running."""

    def work() -> None:
        try:
            process.work(wait=False)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def test_jobs_are_run_and_what_was_left_is_picked_up(settings: Any, monkeypatch: Any) -> None:
    settings.JOBS_IN_WORKER = True
    monkeypatch.setattr(jobs, "AT_ONCE_BYTES", 0)
    area, rows = county_rows()
    row = services.upload_table(
        kind=PEOPLE, area=area, file_name="a.xlsx", content=[workbook(HEADER, *rows)],
        request_key="k", by=None, at=factories.AT,
    )  # fmt: skip
    jobs.go_on(row.pk, PEOPLE, size=1, at=factories.AT)
    assert Import.objects.get().state is ImportState.UPLOADED
    run_jobs()
    assert Import.objects.get().state is ImportState.READY
    services.confirm_import(import_id=row.pk, kind=PEOPLE, by=None, at=factories.AT)
    run_jobs()  # no job was written: as after a power cut
    assert Import.objects.get().counts == {"created": 12, "refused": 0}
