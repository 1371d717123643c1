"""Rows of tabs on a phone: they scroll sideways, and the tab of the open page is in view without scrolling."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from jizhi.demo.month import moment
from jizhi.drafting import services
from jizhi.schemes.models import SchemeVersion
from tests.county import make_county

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
DAY = dt.date(2026, 6, 15)

IN_VIEW = """() => {
  const row = document.querySelector("main .tabs, main .subnav");
  const current = row?.querySelector("[aria-current]");
  if (!current) return { seen: false };
  const tab = current.getBoundingClientRect();
  return {
    wide: row.scrollWidth > row.clientWidth,
    seen: tab.left >= 0 && tab.right <= innerWidth,
    page: document.documentElement.scrollWidth <= innerWidth,
  };
}"""


@pytest.mark.parametrize("part", ["items/", "saves/", ""])
def test_the_editors_tab_is_in_view(committed_db: None, clock: Any, visit: Visit, part: str) -> None:
    county = make_county()
    committee = county.home.staff["committee"]
    draft = services.start_draft(
        area=county.home.area, applies_from_date=dt.date(2026, 7, 1), base=SchemeVersion.objects.get(),
        by=committee, at=moment(DAY, 9),
    )  # fmt: skip
    page = visit(f"/desk/drafts/{draft.pk}/{part}", user=committee, phone=True)
    assert page.evaluate(IN_VIEW) == {"wide": True, "seen": True, "page": True}


def test_the_tab_of_a_list_is_in_view_also_after_a_search(
    committed_db: None, clock: Any, visit: Visit
) -> None:
    county = make_county()
    page = visit("/desk/claims/?state=", user=county.home.staff["recorder"], phone=True)
    assert page.evaluate(IN_VIEW) == {"wide": True, "seen": True, "page": True}
    page.locator("main [aria-current]").first.evaluate("tab => { tab.parentElement.scrollLeft = 0 }")
    with page.expect_response(lambda answer: "q=" in answer.url):
        page.get_by_role("searchbox").first.fill("义务")
    expect(page).to_have_url(re.compile("q="))
    page.wait_for_function(f"({IN_VIEW})().seen")
