"""A household keeps its receipt; somebody else checks it without signing in, before and after an alteration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from jizhi.ledger.models import Entry
from tests.county import County, make_county
from tests.domain.seals import world

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]


@pytest.fixture
def county(committed_db: None, clock: Any) -> County:
    county = make_county()
    world.post_may_with_one(county)
    world.another(county, dt.date(2026, 6, 4), who=1)
    world.night(county, dt.date(2026, 6, 12))
    return county


def test_a_receipt_goes_from_hand_to_hand(county: County, visit: Visit, tmp_path: Path) -> None:
    subject = county.subject()
    entry = Entry.objects.get(subject=subject)
    phone = visit(f"/my/entries/{entry.fact_id}/", user=county.user(subject), phone=True)
    phone.get_by_role("link", name="凭证（存证 1 号）").click()
    expect(phone.get_by_text("凭证属实，台账没有被改动")).to_be_visible()
    code = phone.get_by_role("img", name="存证凭证的二维码").bounding_box()
    assert code is not None and code["width"] > 280, "the code fills a phone"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    with phone.expect_download() as kept:
        phone.get_by_role("link", name="保存凭证文件").click()
    file = tmp_path / "receipt.json"
    kept.value.save_as(file)
    phone.get_by_role("link", name="扫码看到的核验页").click()
    expect(phone.get_by_role("heading", name="凭证上写的")).to_be_visible()

    desk = visit(f"/v/{county.home.area.code}/seals/")
    assert desk.locator("tbody tr").count() == 2
    _check(desk, file)
    expect(desk.get_by_text("凭证属实，台账没有被改动")).to_be_visible()
    expect(desk.get_by_text(str(entry.pk), exact=False).first).to_be_visible()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET points = points + 100 WHERE id = %s", [entry.pk])
    _check(desk, file)
    expect(desk.get_by_text("核验不通过")).to_be_visible()
    expect(desk.get_by_text("台账今天写的与凭证不一样")).to_be_visible()
    assert phone.reload() is not None
    expect(phone.get_by_text("核验不通过")).to_be_visible()


def _check(page: Page, file: Path) -> None:
    """With the keyboard alone, but for choosing the file."""
    page.goto("/verify/")
    page.get_by_label("或上传凭证文件").set_input_files(file)
    page.get_by_role("button", name="核验", exact=True).press("Enter")
