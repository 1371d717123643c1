"""From an item's points to a version in a real browser: change, guard, cases, simulation, publication, the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jizhi.demo.month import moment
from jizhi.drafting import services
from jizhi.engine import checking, loader
from jizhi.schemes.models import SchemeVersion
from tests.county import County, make_county, posted

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
CASES = "- name: 义务劳动得八分\n  scheme: household\n  period: 2026-03\n  input:\n    facts: |\n"
CASES += (
    "      subject | item | date\n      甲户 | voluntary-labour | 2026-03-05\n  output: {甲户: {total: 8}}\n"
)


def test_from_points_to_a_version(committed_db: None, clock: Any, visit: Visit, tmp_path: Path) -> None:
    county: County = make_county()
    posted(county, "voluntary-labour", dt.date(2026, 3, 5), subject=county.subject(0))
    committee = county.home.staff["committee"]
    draft = services.start_draft(
        area=county.home.area, applies_from_date=dt.date(2026, 7, 1), base=SchemeVersion.objects.get(),
        by=committee, at=moment(dt.date(2026, 6, 15), 9),
    )  # fmt: skip
    services.replace_cases(
        draft_id=draft.pk, number=1, cases=CASES, by=committee, at=moment(dt.date(2026, 6, 15), 9)
    )
    page = visit(f"/desk/drafts/{draft.pk}/items/", user=committee)
    page.get_by_role("link", name="参加义务劳动").click()
    expect(page.get_by_label("每次分值")).to_be_visible()
    expect(page.get_by_label("每单位分值")).to_be_hidden()
    page.get_by_label("每次分值").fill("8")
    page.get_by_role("button", name="保存条目").click()
    expect(page.locator("#item-voluntary-labour")).to_contain_text("8分")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="审查").click()
    expect(page.get_by_text("没有发现问题")).to_be_visible()
    page.get_by_role("link", name="用例").click()
    expect(page.get_by_text("1 个全部通过")).to_be_visible()
    page.get_by_role("link", name="试算").click()
    page.get_by_role("button", name="开始试算").click()
    expect(page.get_by_role("heading", name="增加最多的户")).to_be_visible()
    expect(page.get_by_text("参加义务劳动 5 → 8")).to_be_visible()
    phone = visit(page.url.partition("/desk")[1] + page.url.partition("/desk")[2], user=committee, phone=True)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="概览").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载细则文件").click()
    file = tmp_path / "2026-07-01.yaml"
    download.value.save_as(file)
    assert [one for one in checking.problems(file) if one.level == "error"] == []
    item = loader.load_scheme(file).items_by_id["voluntary-labour"]
    assert str(item.points.fixed) == "8"  # type: ignore[union-attr]
    page.get_by_role("link", name="提交为正式版本").click()
    page.get_by_role("button", name="提交为正式版本").click()
    expect(page.get_by_text("村里表决通过、乡镇备案后才能启用。").first).to_be_visible()
    assert SchemeVersion.objects.get(draft=draft).source == file.read_text(encoding="utf-8")
