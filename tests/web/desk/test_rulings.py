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
from jizhi.reviews.models import Meeting
from tests import factories
from tests.county import County, file, make_county, verify
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
