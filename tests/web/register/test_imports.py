"""The import screen: what may be imported, dry run, confirmation, history, refused rows back as Excel."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from jizhi.imports import selectors, services
from jizhi.imports.models import Import
from jizhi.imports.rules import ImportState
from jizhi.intake.kinds import KINDS
from jizhi.people.models import Household
from tests import factories
from tests.county import County
from tests.domain.imports.test_running import workbook

HEADER = ["村", "网格", "户编号", "姓名", "与户主关系", "身份证号", "没用的列"]


def table(county: County, *more: list[Any]) -> bytes:
    name = county.home.area.name
    return workbook(HEADER, [name, "", "9001", "周试验", "户主", factories.id_number(901), "x"], *more)


def upload(client: Any, county: County, content: bytes, kind: str = "county-households") -> Any:
    form = client.get(reverse("register:import_new", args=[kind]))
    key = form.context["form"]["request_key"].value()
    file = SimpleUploadedFile("人员.xlsx", content)
    given = {"area": county.home.area.code, "file": file, "request_key": key}
    return client.post(reverse("register:import_new", args=[kind]), given)


def test_checked_confirmed_and_in_the_history(county: County, as_: Any) -> None:
    client, before = as_("recorder"), Household.objects.count()
    bad = [county.home.area.name, "", "9002", "吴试验", "户主", "123", ""]
    address = upload(client, county, table(county, bad)).url
    page = client.get(address).content.decode()
    for text in ("还没有写入", "没用的列", "F 身份证号码", "下载不能导入的行", "确认导入"):
        assert text in page
    assert Household.objects.count() == before
    number = Import.objects.get().pk
    refused = client.get(reverse("register:import_refused", args=[number]))
    sheet = openpyxl.load_workbook(io.BytesIO(refused.content)).worksheets[0]
    last = [cell.value for cell in sheet[sheet.max_row]]
    assert "吴试验" in last and "Sheet 3" in last and "18位" in last[-1]
    done = client.post(reverse("register:import_step", args=[number, "confirm"]))
    assert done.status_code == 302
    assert Household.objects.count() == before + 1
    assert client.post(reverse("register:import_step", args=[number, "confirm"])).status_code == 302
    history = client.get(reverse("register:imports"), {"q": "人员"}).content.decode()
    assert "人员.xlsx" in history and "已导入" in history
    assert "没有符合条件的导入" in client.get(reverse("register:imports"), {"q": "别的"}).content.decode()
    assert client.get(reverse("register:imports_export")).status_code == 200
    found = client.get(address, {"q": "18位"}).content.decode()
    assert "F 身份证号码" in found
    assert "没有符合条件的行" in client.get(address, {"q": "没有这样的"}).content.decode()


def test_discarded_and_then_nothing_to_confirm(county: County, as_: Any) -> None:
    client = as_("recorder")
    upload(client, county, table(county))
    row = Import.objects.get()
    client.post(reverse("register:import_step", args=[row.pk, "discard"]))
    client.post(reverse("register:import_step", args=[row.pk, "confirm"]))
    row.refresh_from_db()
    assert row.state is ImportState.DISCARDED
    assert client.get(reverse("register:import", args=[row.pk])).status_code == 200


def test_others_neither_see_nor_move_it(county: County, as_: Any) -> None:
    upload(as_("recorder"), county, table(county))
    number = Import.objects.get().pk
    neighbour = as_("recorder", "other")
    assert neighbour.get(reverse("register:import", args=[number])).status_code == 404
    assert neighbour.post(reverse("register:import_step", args=[number, "confirm"])).status_code == 404
    assert as_("store").get(reverse("register:imports")).status_code == 403
    assert as_("recorder").get(reverse("register:import_new", args=["areas"])).status_code == 404


@pytest.mark.parametrize("key", list(KINDS))
def test_templates_read_back_as_empty_tables(
    key: str, county: County, superuser: Any, client_as: Any
) -> None:
    client = client_as(superuser)
    page = client.get(reverse("register:import_new", args=[key]))
    assert page.status_code == 200
    content = client.get(reverse("register:import_template", args=[key])).content
    upload(client, county, content, key)
    row = Import.objects.get()
    assert (row.state, row.rows_total) == (ImportState.READY, 0)


def test_a_running_import_says_how_far_it_is_and_can_be_stopped(
    county: County, as_: Any, settings: Any, monkeypatch: Any
) -> None:
    settings.JOBS_IN_WORKER = True
    monkeypatch.setattr("jizhi.intake.jobs.AT_ONCE_BYTES", 0)
    client = as_("recorder")
    page = client.get(upload(client, county, table(county)).url).content.decode()
    assert 'hx-trigger="every 2s"' in page and "可以离开这一页" in page
    from procrastinate.contrib.django.models import ProcrastinateJob

    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args["import_id"]) == ("jizhi.run_import", Import.objects.get().pk)


def test_one_that_was_cut_off_says_so_and_goes_on(county: County, as_: Any, settings: Any) -> None:
    client, before = as_("recorder"), Household.objects.count()
    address = upload(client, county, table(county)).url
    row = Import.objects.get()
    # As a process that was killed between confirming and writing leaves it
    services.confirm_import(import_id=row.pk, kind=KINDS[row.kind], by=row.by, at=row.at)
    page = client.get(address).content.decode()
    assert "已中断" in page and "resume" in page and "every 2s" not in page
    assert "已中断" in client.get(reverse("register:imports")).content.decode()
    assert client.get(reverse("register:imports_export")).status_code == 200
    with _held(row.pk):
        assert "已中断" not in client.get(address).content.decode()
    settings.JOBS_IN_WORKER = True
    assert "已中断" not in client.get(address).content.decode()
    settings.JOBS_IN_WORKER = False
    client.post(reverse("register:import_step", args=[row.pk, "resume"]))
    row.refresh_from_db()
    assert (row.state, Household.objects.count()) == (ImportState.APPLIED, before + 1)


def test_one_that_was_cut_off_before_it_was_read_goes_on(county: County, as_: Any) -> None:
    client = as_("recorder")
    upload(client, county, table(county))
    done = Import.objects.get()
    row = services.upload_table(
        kind=KINDS[done.kind], area=done.area, file_name="断.xlsx", content=[table(county)], request_key="cut",
        by=done.by, at=done.at,
    )  # fmt: skip
    assert "已中断" in client.get(reverse("register:import", args=[row.pk])).content.decode()
    client.post(reverse("register:import_step", args=[row.pk, "resume"]))
    row.refresh_from_db()
    assert row.state is ImportState.READY


@contextlib.contextmanager
def _held(import_id: int) -> Iterator[None]:
    """Somebody else runs the import."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_advisory_lock(hashtext(%s), %s)", [selectors.LOCK, import_id])
        yield
