"""The daily record, weekly reports and the township's re-check as pages."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from jizhi.claims.rules import ClaimState
from jizhi.oversight.models import Recheck, WeeklyReport
from jizhi.reviews.models import Decision
from tests.web.desk.world import World

JUNE = dt.date(2026, 6, 2)


def text(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


@pytest.fixture
def posted(world: World) -> Any:
    claim = world.file(0, "voluntary-labour", JUNE)
    world.approve(claim)
    return claim


def test_the_day_lists_what_was_recorded(as_: Any, world: World, posted: Any) -> None:
    client, address = as_("supervisor"), reverse("desk:daily")
    page = text(client.get(address))
    assert "王守田" in page
    assert "评议决定" in page
    assert "王守田" in text(client.get(address, {"kind": "decision"}))
    assert "这一天没有记录" in text(client.get(address, {"day": "2026-06-01"}))
    assert client.get(reverse("desk:daily_export")).content.startswith(b"PK")
    printed = client.get(reverse("desk:daily_print"), {"kind": "decision"}).content
    assert "王守田" in pypdf.PdfReader(io.BytesIO(printed)).pages[0].extract_text()
    assert as_("panel0").get(address).status_code == 403
    assert "王守田" not in text(as_("stranger").get(address))


def test_reports_are_sent_shown_printed_and_exported(as_: Any, world: World, posted: Any) -> None:
    client = as_("recorder")
    assert "未报送" in text(client.get(reverse("desk:reports")))
    assert "报送周报" in text(client.get(reverse("desk:todo")))
    answer = client.post(reverse("desk:report_sending"), {"village": world.village.code})
    assert answer.status_code == 302
    page = text(client.get(answer.url))
    assert "与内容一致" in page
    report = WeeklyReport.objects.get()
    assert client.get(reverse("desk:report_print", args=[report.pk])).content.startswith(b"%PDF")
    above = text(as_("township").get(reverse("desk:reports")))
    assert "未报送" in above
    assert "零报送" in above or "已报送" in above
    assert as_("township").post(reverse("desk:report_sending")).status_code == 403
    assert client.get(reverse("desk:reports_export")).content.startswith(b"PK")
    assert as_("stranger").get(answer.url).status_code == 404


def test_the_township_returns_a_decision(as_: Any, world: World, posted: Any) -> None:
    decision = Decision.objects.get(case=posted.case_id)
    client, address = as_("township"), reverse("desk:decision_return", args=[decision.pk])
    assert "退回重新评议" in text(client.get(reverse("desk:decisions"), {"month": "2026-06"}))
    assert "没有找到" in text(client.get(reverse("desk:decisions"), {"q": "查无此人"}))
    assert client.post(address, {"reason": ""}).status_code == 200
    assert not Recheck.objects.exists()
    assert client.post(address, {"reason": "没有签到表"}).status_code == 302
    posted.refresh_from_db()
    assert posted.state == ClaimState.REVERSED
    shown = text(as_("recorder").get(reverse("desk:decisions")))
    assert "没有签到表" in shown
    assert "复核期限" not in shown
    again = Recheck.objects.get().again
    room = world.meet(again)
    assert "乡镇复核退回" in text(as_("recorder").get(reverse("desk:meeting", args=[room.pk])))
    assert client.get(reverse("desk:decisions_export")).content.startswith(b"PK")
    assert as_("recorder").get(address).status_code == 403
