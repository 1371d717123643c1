"""Importing a roster at the desk: the dry run writes nothing, every problem has its place, confirming writes once."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jizhi.people.models import Household, Subject
from tests.county import County, posted

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "rosters"
HEADER = ["户编号", "所属网格", "户主姓名", "家庭人口", "联系电话"]


def sheet(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["石桥村农户花名册"])
    book.active.append(HEADER)
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(client: Any, county: County, content: bytes, name: str = "名册.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("register:roster_new"), {"village": county.home.area.code, "file": file})


def test_dry_run_then_confirm_then_nothing_new(county: County, as_: Any) -> None:
    client, before = as_("recorder"), Household.objects.count()
    rows = [["9001", "第一网格", "周试验", 3, "19900000001"], ["9002", "第二网格", "吴试验", 2, ""]]
    address = upload(client, county, sheet(*rows)).url
    page = client.get(address).content.decode()
    assert "还没有写入" in page
    assert "周试验" in page
    assert Household.objects.count() == before
    number = address.rstrip("/").rsplit("/", 1)[-1]
    done = client.post(reverse("register:roster_confirmation", args=[number]))
    assert done.status_code == 302
    assert Household.objects.count() == before + 2
    again = client.post(reverse("register:roster_confirmation", args=[number]))
    assert again.status_code == 200
    assert "已经导入" in again.content.decode()
    repeated = client.get(upload(client, county, sheet(*rows)).url).content.decode()
    assert "没有变动" in repeated


def test_problems_have_their_place_and_the_rest_is_imported(county: County, as_: Any) -> None:
    client = as_("recorder")
    rows = [["9001", "第一网格", "周试验", 3, ""], ["9002", "第一网格", "", "三口半", ""]]
    address = upload(client, county, sheet(*rows)).url
    page = client.get(address, {"show": "refused"}).content.decode()
    assert "9002" in page or "三口半" in page
    report = json.loads(client.get(f"{address}report.json").content)
    assert report["refused"][0]["row"] == 4
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}report.xlsx").content))
    assert len(book.sheetnames) == 3


def test_a_file_that_is_no_roster_says_so(county: County, as_: Any) -> None:
    client = as_("recorder")
    for content in (b"%PDF-1.7 nothing of ours", b"\x00" * 40):
        refused = upload(client, county, content)
        assert refused.status_code == 422
        assert "field__error" in refused.content.decode()
    assert client.post(reverse("register:roster_new"), {}).status_code == 422


def test_others_do_not_import_here(county: County, as_: Any) -> None:
    address = upload(as_("recorder"), county, sheet(["9001", "第一网格", "周试验", 3, ""])).url
    stranger = as_("recorder", "other")
    assert stranger.get(address).status_code == 404
    number = address.rstrip("/").rsplit("/", 1)[-1]
    assert stranger.post(reverse("register:roster_confirmation", args=[number])).status_code == 404
    assert upload(stranger, county, sheet()).status_code == 422
    assert as_("store").get(reverse("register:roster_new")).status_code == 403
    assert not Household.objects.filter(no="9001").exists()


def test_a_new_size_reaches_the_ledger(county: County, as_: Any, monkeypatch: Any) -> None:
    import datetime as dt

    posted(county, "voluntary-labour", dt.date(2026, 5, 4))
    told: list[Any] = []
    monkeypatch.setattr(
        "jizhi.web.register.repricing.claims.reprice_subjects",
        lambda **given: told.append(sorted(given["subject_ids"])) or 0,
    )
    client, household = as_("recorder"), county.subject().household
    size = household.subject.size + 2
    address = upload(client, county, sheet([household.no, "", household.head_name, size, ""])).url
    client.post(f"{address}confirmation/")
    assert Subject.objects.get(pk=household.subject_id).size == size
    assert told == [[household.subject_id]]


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*名*.*")))
def test_messy_rosters_go_through_the_page(county: County, as_: Any, name: str) -> None:
    client = as_("recorder")
    address = upload(client, county, (FOLDER / name).read_bytes(), name).url
    report = json.loads(client.get(f"{address}report.json").content)
    wanted = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
    refused = {row["row"] for row in wanted["refused"]} if "错误" in name else set()
    assert {row["row"] for row in report["refused"]} == refused
    assert report["created"] + report["updated"] + report["unchanged"] == 180
    for part in ("refused", "understood", "created", "updated", "unchanged"):
        assert client.get(address, {"show": part, "page": "2"}).status_code == 200
    client.post(f"{address}confirmation/")
    assert Household.objects.filter(village=county.home.area).count() >= 180
