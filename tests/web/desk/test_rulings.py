"""The township's list of what recusal puts beyond a panel, the ruling, its record on desk and phone; and who may."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from jizhi.claims.models import Claim
from jizhi.claims.rules import ClaimState
from jizhi.posts.rules import PostKind
from jizhi.recognition.models import Sheet
from jizhi.recognition.rules import SheetState
from jizhi.reviews.models import Meeting
from tests import factories
from tests.county import County, file, make_county, verify
from tests.domain.recognition.test_recognition import by_team, score, sheet_of
from tests.domain.reviews.world import are_kin, head, is_person

DAY = dt.date(2026, 6, 14)


@pytest.fixture
def county(db: None, clock: Any) -> County:
    return make_county()


@pytest.fixture
def town(county: County, client_as: Callable[[Any], Any]) -> Any:
    return client_as(factories.holder(PostKind.TOWNSHIP, county.home.area.parent, display_name="镇办老周"))


@pytest.fixture
def claim(county: County) -> Claim:
    """A verified claim on which one of five members may vote."""
    row = file(county, "village-meeting", DAY)
    verify(county, row)
    for number in (1, 2, 3, 4):
        member = is_person(county, county.home.staff[f"panel{number}"], county.subject(number))
        are_kin(county, member, head(row.subject))
    row.refresh_from_db()
    return row


def test_from_the_list_to_the_passbook(county: County, town: Any, claim: Claim, client_as: Any) -> None:
    assert "待乡镇裁定" in town.get(reverse("desk:todo")).text
    page = town.get(reverse("desk:rulings")).text
    assert claim.subject.label in page and "近亲属事项" in page and "1 人，至少要 2 人" in page
    assert claim.subject.label not in town.get(reverse("desk:rulings"), {"q": "没有这家"}).text
    assert (
        town.get(reverse("desk:rulings"), {"village": county.other.area.code}).text.count("近亲属事项") == 0
    )
    book = openpyxl.load_workbook(io.BytesIO(town.get(reverse("desk:rulings_export")).content))
    clerk = client_as(county.home.staff["recorder"])
    assert clerk.get(reverse("desk:rulings_export")).status_code == 403
    assert claim.subject.label in [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    address = reverse("desk:ruling", args=[claim.pk])
    assert "所以由乡镇裁定" in town.get(address).text
    assert town.post(address, {"outcome": "approve", "reason": " "}).status_code == 422
    assert town.post(address, {"outcome": "approve", "reason": "<b>看过照片</b>"}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.POSTED
    assert town.get(address).status_code == 404
    meeting = Meeting.objects.get(procedure="ruling")
    recorder = client_as(county.home.staff["recorder"])
    room = recorder.get(reverse("desk:meeting", args=[meeting.pk])).text
    assert "乡镇裁定" in room and "镇办老周" in room and "&lt;b&gt;看过照片" in room
    assert "到会成员" not in room and "附上签字页" not in room
    printed = recorder.get(reverse("desk:meeting_minutes", args=[meeting.pk]))
    text = pypdf.PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    assert "乡镇裁定书" in text and "镇办老周" in text
    assert "乡镇裁定" in recorder.get(reverse("desk:decisions")).text
    home = client_as(county.user(claim.subject))
    assert "无法表决" in home.get(reverse("resident:entry", args=[claim.fact_id])).text


def test_only_the_township_sees_it(county: County, claim: Claim, client_as: Any) -> None:
    for name in ("recorder", "committee", "panel5"):
        client = client_as(county.home.staff[name])
        assert client.get(reverse("desk:rulings")).status_code == 403
        assert client.post(reverse("desk:ruling", args=[claim.pk]), {"outcome": "approve"}).status_code == 403
    elsewhere = client_as(factories.holder(PostKind.TOWNSHIP, factories.township()))
    assert elsewhere.get(reverse("desk:ruling", args=[claim.pk])).status_code == 404
    assert claim.subject.label not in elsewhere.get(reverse("desk:rulings")).text


@pytest.fixture
def sheet(county: County) -> Sheet:
    """A sheet of three-party recognition, scored by the team, on which one of five members may vote."""
    row = by_team(county, sheet_of(county), {"voluntary-labour": score(2), "volunteering": score(3)})
    for number in (1, 2, 3, 4):
        member = is_person(county, county.home.staff[f"panel{number}"], county.subject(number))
        are_kin(county, member, head(row.subject))
    return row


def test_a_sheet_from_the_list_to_the_household(
    county: County, town: Any, sheet: Sheet, client_as: Any
) -> None:
    assert "待乡镇裁定" in town.get(reverse("desk:todo")).text
    page = town.get(reverse("desk:rulings")).text
    assert sheet.subject.label in page and sheet.round.title in page and "1 人，至少要 2 人" in page
    assert sheet.subject.label not in town.get(reverse("desk:rulings"), {"kind": "claims"}).text
    assert sheet.subject.label not in town.get(reverse("desk:rulings"), {"q": "没有这家"}).text
    book = openpyxl.load_workbook(io.BytesIO(town.get(reverse("desk:rulings_export")).content))
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert sheet.subject.label in cells and f"三方认定表：{sheet.round.title}" in cells
    address = reverse("desk:sheet_ruling", args=[sheet.pk])
    assert address in town.get(reverse("desk:recognition_sheet", args=[sheet.pk])).text
    empty = town.get(address).text
    assert "所以由乡镇裁定" in empty and "近亲属事项" in empty and 'value="3"' in empty, (
        "begins with the team's"
    )
    sent = {"a-voluntary-labour": "1", "a-volunteering": "3"}
    refused = town.post(address, sent | {"reason": " "})
    assert refused.status_code == 422 and 'value="1"' in refused.text
    assert town.post(address, sent | {"reason": "签到表上只有一次<b>"}).status_code == 302
    assert town.get(address).status_code == 404
    sheet.refresh_from_db()
    assert sheet.state == SheetState.DECIDED
    own = client_as(county.user(sheet.subject)).get(reverse("resident:recognition", args=[sheet.pk])).text
    assert "乡镇裁定的理由：" in own and "签到表上只有一次&lt;b&gt;" in own and "认定小组的理由" not in own
    record = (
        client_as(county.home.staff["recorder"]).get(reverse("desk:meeting", args=[sheet.meeting_id])).text
    )
    assert "乡镇裁定" in record and "镇办老周" in record


def test_only_the_township_rules_on_a_sheet(county: County, sheet: Sheet, client_as: Any) -> None:
    address = reverse("desk:sheet_ruling", args=[sheet.pk])
    for name in ("recorder", "committee", "panel5"):
        client = client_as(county.home.staff[name])
        assert client.get(address).status_code == 403
        assert client.post(address, {"reason": "属实"}).status_code == 403
        assert address not in client.get(reverse("desk:recognition_sheet", args=[sheet.pk])).text
    elsewhere = client_as(factories.holder(PostKind.TOWNSHIP, factories.township()))
    assert elsewhere.get(address).status_code == 404
    assert sheet.subject.label not in elsewhere.get(reverse("desk:rulings"), {"kind": "sheets"}).text
    sheet.refresh_from_db()
    assert sheet.state == SheetState.TEAM_SCORED
