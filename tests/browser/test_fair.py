"""Fair ways in real browsers: a paper sheet keyed in by its code, and a deduction that the household mends in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jizhi.channels import services as channels
from tests.county import County, decide, file, make_county, verify
from tests.domain.claims.test_evidence import jpeg, scene

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
DAY = dt.date(2026, 6, 12)


def narrow(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_sheet_is_scanned_keyed_in_and_used_up(committed_db: None, clock: Any, visit: Visit) -> None:
    county: County = make_county()
    recorder, subject = county.home.staff["recorder"], county.subject()
    batch = channels.print_sheets(
        village=county.home.area, scheme="household", subjects=[subject], request_key="b", by=recorder,
        at=dt.datetime(2026, 6, 14, 9, tzinfo=dt.UTC),
    )  # fmt: skip
    code = batch.sheets.get().code
    desk = visit("/desk/papers/", user=recorder)
    desk.get_by_placeholder("扫码，或输入表上的编码").fill(f"https://jizhi.example/desk/papers/{code}/")
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("户编号")).to_have_value(subject.household.no)
    desk.locator("#id_row-0-act_date").fill(DAY.isoformat())
    desk.locator("#id_row-0-item").select_option("voluntary-labour")
    desk.get_by_role("button", name="保存申报").click()
    expect(desk.get_by_text("已录入1条")).to_be_visible()
    again = visit(f"/desk/papers/scan/?code={code}", user=recorder)
    expect(again.get_by_role("heading", name="录入的申报")).to_be_visible()
    assert narrow(desk) and narrow(again)


def test_told_mended_and_nothing_deducted(
    committed_db: None, clock: Any, visit: Visit, tmp_path: Path
) -> None:
    county: County = make_county()
    claim = file(county, "sewage", DAY)
    verify(county, claim)
    (claim,) = decide(county, claim, day=DAY)
    photo = tmp_path / "after.jpg"
    photo.write_bytes(jpeg(scene(3)).read())
    worker = visit("/field/deductions/", user=county.worker(claim.subject), phone=True)
    worker.get_by_role("link", name=claim.subject.label).click()
    worker.get_by_label("上门当面告知").first.check()
    worker.get_by_label("谁接的电话、见到谁、谁签收").fill("户主本人")
    worker.get_by_label("已经说清事项、日期、依据，以及怎样提异议").check()
    worker.get_by_role("button", name="登记已告知").click()
    expect(worker.get_by_text("在期限内改正就不扣分")).to_be_visible()
    home = visit(f"/my/claims/{claim.pk}/", user=county.user(claim.subject), phone=True)
    expect(home.get_by_text("改正，就不扣分。")).to_be_visible()
    worker.get_by_role("link", name=claim.subject.label).click()
    worker.get_by_label("改正后的照片").set_input_files(photo)
    worker.get_by_role("button", name="确认已改正，不扣分").click()
    expect(worker.get_by_text("已确认改正，不扣分。")).to_be_visible()
    home.reload()
    expect(home.get_by_text("已改正，不扣分").first).to_be_visible()
    assert narrow(worker) and narrow(home)
