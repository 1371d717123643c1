"""The claims' pages: the queue, verifying and returning, telling, keying in, importing; and who may do it."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jizhi.claims import selectors
from jizhi.claims.models import ClaimImport
from jizhi.claims.rules import Channel, ClaimState
from jizhi.claims.services import imports
from jizhi.schemes import selectors as schemes
from jizhi.sheets.claims import ClaimRow
from tests.web.desk.world import World

MAY = dt.date(2026, 5, 4)


def state_of(claim: Any) -> ClaimState:
    claim.refresh_from_db()
    return ClaimState(claim.state)


@pytest.fixture
def filed(world: World) -> list[Any]:
    return [world.file(place, "voluntary-labour", MAY) for place in range(4)]


def test_queue_shows_searches_and_counts(as_: Any, filed: list[Any]) -> None:
    client = as_("recorder")
    page = client.get(reverse("desk:claims"), {"state": "filed"}).content.decode()
    assert "王守田" in page
    assert "义务劳动" in page
    found = client.get(reverse("desk:claims"), {"q": "李桂兰"}).content.decode()
    assert "李桂兰" in found
    assert "王守田" not in found
    assert "没有符合条件的申报" in client.get(reverse("desk:claims"), {"state": "posted"}).content.decode()
    odd = client.get(reverse("desk:claims"), {"state": "nonsense", "month": "x", "page": "99"})
    assert odd.status_code == 200


def test_queue_does_not_grow_in_queries(
    as_: Any, world: World, filed: list[Any], django_assert_max_num_queries: Any
) -> None:
    client = as_("recorder")
    for day in range(1, 8):
        for place in range(4):
            world.file(place, "public-cleaning", dt.date(2026, 5, day))
    with django_assert_max_num_queries(20):
        assert client.get(reverse("desk:claims")).status_code == 200


def test_another_village_sees_nothing(as_: Any, filed: list[Any]) -> None:
    client = as_("stranger")
    assert "王守田" not in client.get(reverse("desk:claims")).content.decode()
    assert client.get(reverse("desk:claim", args=[filed[0].pk])).status_code in (403, 404, 409)


def test_worker_verifies_one(as_: Any, filed: list[Any]) -> None:
    client = as_("worker")
    assert "情况属实" in client.get(reverse("desk:claim", args=[filed[0].pk])).content.decode()
    address = reverse("desk:claim_verification", args=[filed[0].pk])
    assert client.post(address, {"note": "属实"}).status_code == 302
    assert state_of(filed[0]) is ClaimState.VERIFIED
    again = client.post(address, {"note": "属实"})
    assert again.status_code == 422
    assert "已核实" in again.content.decode()


def test_worker_verifies_many(as_: Any, filed: list[Any]) -> None:
    client = as_("worker")
    address = reverse("desk:claims_verification")
    assert client.post(address).status_code == 302
    client.post(address, {"claim": [claim.pk for claim in filed]})
    assert {state_of(claim) for claim in filed} == {ClaimState.VERIFIED}
    assert client.post(address, {"claim": [filed[0].pk, "x"]}).status_code == 302


def test_returning_needs_a_reason(as_: Any, filed: list[Any]) -> None:
    client = as_("worker")
    address = reverse("desk:claim_return", args=[filed[0].pk])
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "请补一张照片"}).status_code == 302
    assert state_of(filed[0]) is ClaimState.RETURNED
    page = client.get(reverse("desk:claim", args=[filed[0].pk])).content.decode()
    assert "重新申报" in page
    assert "请补一张照片" in page


def test_filer_amends_and_withdraws(as_: Any, filed: list[Any]) -> None:
    client = as_("worker")
    client.post(reverse("desk:claim_return", args=[filed[0].pk]), {"reason": "日期不对"})
    address = reverse("desk:claim_refiling", args=[filed[0].pk])
    assert client.post(address, {"act_date": "2027-01-01", "words": ""}).status_code == 422
    assert client.post(address, {"act_date": "2026-05-05", "words": "改了日期"}).status_code == 302
    assert state_of(filed[0]) is ClaimState.FILED
    address = reverse("desk:claim_withdrawal", args=[filed[0].pk])
    assert "撤回这条申报" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert state_of(filed[0]) is ClaimState.WITHDRAWN


def test_recorder_may_not_verify(as_: Any, filed: list[Any]) -> None:
    address = reverse("desk:claim_verification", args=[filed[0].pk])
    assert as_("recorder").post(address, {"note": ""}).status_code == 403


@pytest.fixture
def fault(world: World) -> Any:
    claim = world.file(1, "littering", MAY, grade="1", channel=Channel.WORKER)
    world.approve(claim)
    return claim


def test_a_fault_waits_until_told(as_: Any, world: World) -> None:
    faults = [item for item in _faults(world) if item.needs == "none"]
    claims = [world.file(place, faults[0].id, MAY) for place in (1, 2, 3)]
    world.approve(*claims)
    assert {state_of(claim) for claim in claims} == {ClaimState.APPROVED}
    client = as_("worker")
    page = client.get(reverse("desk:claim", args=[claims[0].pk])).content.decode()
    assert "告知农户" in page
    assert client.get(reverse("desk:claim_slip", args=[claims[0].pk])).content.startswith(b"%PDF")
    address = reverse("desk:claim_telling", args=[claims[0].pk])
    assert client.post(address, {"how": "message"}).status_code == 422
    assert client.post(address, {"how": "call", "sure": "on"}).status_code == 422
    assert client.post(address, {"how": "call", "sure": "on", "person": "户主本人"}).status_code == 302
    assert state_of(claims[0]) is ClaimState.POSTED
    told = [claim.pk for claim in claims[1:]]
    half = {"claim": told, f"person-{told[0]}": "<i>户主</i>"}
    refused = client.post(reverse("desk:untold"), half)
    assert refused.status_code == 422 and "家的谁" in refused.text
    assert as_("supervisor").post(reverse("desk:untold"), half).status_code == 403
    for link in re.findall(r'(?:href|hx-get)="([^"#]+)"', refused.text.partition('id="results"')[2]):
        assert client.get(urljoin(reverse("desk:untold"), link.replace("&amp;", "&"))).status_code == 200, (
            link
        )
    assert f'value="{told[0]}" checked' in refused.text and "&lt;i&gt;户主&lt;/i&gt;" in refused.text
    assert state_of(claims[1]) is ClaimState.APPROVED
    client.post(reverse("desk:untold"), half | {f"person-{told[1]}": "儿子"})
    assert {state_of(claim) for claim in claims} == {ClaimState.POSTED}
    page = client.get(reverse("desk:claim", args=[claims[1].pk])).content.decode()
    assert "上门当面告知" in page
    assert "台账记录" in page


def _faults(world: World) -> list[Any]:

    scheme = schemes.scheme_on(world.village, "household", MAY)
    return [item for item in scheme.items if item.kind == "fault" and "worker" in item.claim]


def _sheet(**change: Any) -> dict[str, Any]:
    data = {
        "no": "1",
        "channel": "paper",
        "request_key": str(uuid4()),
        "row-TOTAL_FORMS": "3",
        "row-INITIAL_FORMS": "0",
        "row-0-act_date": "2026-05-04",
        "row-0-item": "volunteering",
        "row-0-quantity": "4",
        "row-0-words": "扫街",
        "row-1-act_date": "2026-05-05",
        "row-1-item": "neighbour-help:by-hand",
    }
    return data | change


def test_keying_in_a_sheet(as_: Any, world: World) -> None:
    client, address = as_("recorder"), reverse("desk:claim_new")
    assert "参加志愿服务" in client.get(address).content.decode()
    data = _sheet(village=world.village.code)
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302
    rows = selectors.lines(selectors.queue(world.staff["recorder"], on=world.at.date()))
    assert len(rows) == 2
    assert {row.grade for row in rows} == {"", "by-hand"}
    assert {row.subject_label for row in rows} == {"王守田"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"no": "777"}, "没有编号为"),
        ({"row-0-item": ""}, "这个字段是必填项"),
        ({"row-0-quantity": ""}, "请填写数量"),
        ({"row-0-act_date": "2027-05-04"}, "日期不能晚于今天"),
        (dict.fromkeys([key for key in _sheet() if key.startswith(("row-0", "row-1"))], ""), "至少填写一行"),
    ],
)
def test_a_sheet_with_mistakes_is_kept(as_: Any, world: World, change: dict[str, str], said: str) -> None:
    answer = as_("recorder").post(reverse("desk:claim_new"), _sheet(village=world.village.code, **change))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not selectors.queue(world.staff["recorder"], on=world.at.date()).exists()


def _workbook(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    book.active.append(["日期", "户编号", "户主", "申报事项", "数量"])
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return SimpleUploadedFile("五月申报.xlsx", buffer.getvalue())


def test_importing_asks_then_files(as_: Any, world: World) -> None:
    client = as_("recorder")
    file = _workbook(
        ("2026-05-04", "001", "王守田", "义务劳动", ""),
        ("2026-05-04", "002", "李桂兰", "做了好事", ""),
        ("2026-05-04", "099", "没有这户", "义务劳动", ""),
    )
    answer = client.post(reverse("desk:claim_import_new"), {"village": world.village.code, "file": file})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "做了好事" in page
    assert "没有这个户编号" in page
    assert not selectors.queue(world.staff["recorder"], on=world.at.date()).exists()
    key = next(part.split('"')[0] for part in page.split('name="answer:')[1:])
    assert client.post(answer.url, {f"answer:{key}": "training"}).status_code == 302
    rows = selectors.lines(selectors.queue(world.staff["recorder"], on=world.at.date()))
    assert {row.item.id for row in rows} == {"voluntary-labour", "training"}
    assert "已导入" in client.get(answer.url).content.decode()
    assert "已经导入过" in client.post(answer.url, follow=True).content.decode()


def test_why_a_row_is_refused_is_kept_in_both_languages(as_: Any, world: World) -> None:
    client = as_("recorder")
    client.cookies["django_language"] = "en"
    file = _workbook(("2025-12-04", "001", "王守田", "义务劳动", ""))
    answer = client.post(reverse("desk:claim_import_new"), {"village": world.village.code, "file": file})
    (refused,) = ClaimImport.objects.get().report["refused"]
    assert refused["reason"] == "2025-12-04时本村积分细则尚未生效，不能申报。"
    assert refused["reason_en"] == "On 2025-12-04 no scheme was in force in this village."
    assert refused["reason_en"] in client.get(answer.url).content.decode()


def test_one_row_in_two_schemes_is_two_claims(world: World) -> None:
    """The row's key says of which scheme it is; those of the households' scheme stay what they were."""
    said = ("001", "王守田", "义务劳动", "voluntary-labour", Decimal(2), "2", "次", "", "")
    line = ClaimRow("五月", 2, dt.date(2026, 5, 4), *said)
    subject, versions = world.households[0].subject, schemes.versions_in_village(world.village, "household")
    keys = []
    for scheme in ("household", "person", "household"):
        reading = imports._Reading(1, [], [], [], 0)
        imports._take(reading, line, subject, scheme, versions, Counter(), world.at.date())
        keys += [draft.request_key for _line, draft in reading.drafts]
    assert len(keys) == 3 and keys[0] == keys[2] != keys[1]


def test_a_file_that_is_no_sheet_is_refused(as_: Any, world: World) -> None:
    file = SimpleUploadedFile("x.xlsx", b"nothing of the kind")
    answer = as_("recorder").post(
        reverse("desk:claim_import_new"), {"village": world.village.code, "file": file}
    )
    assert answer.status_code == 422


def test_files_to_take_home(as_: Any, world: World, filed: list[Any]) -> None:
    client = as_("recorder")
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("desk:claims_export")).content))
    assert book.worksheets[0].max_row == 7
    assert client.get(reverse("desk:claim_template")).content.startswith(b"PK")
    assert as_("worker").get(reverse("desk:claims_export")).status_code == 403
