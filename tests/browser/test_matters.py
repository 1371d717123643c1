"""A matter in real browsers: reported on a phone, dispatched at a desk, handled, re-checked, closed, read at home."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.county import County, make_county
from tests.domain.matters import world

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_from_the_phone_to_the_answer(committed_db: None, clock: Any, visit: Visit) -> None:
    county: County = make_county()
    place = world.make_place(county)
    household = county.user(place.subject)
    phone = visit("/my/", user=household, phone=True)
    phone.get_by_role("link", name="反映问题").click()
    phone.get_by_role("link", name="反映一件事").click()
    phone.get_by_label("公共设施").check()
    phone.get_by_label("说一说").fill("桥头路灯不亮两天了")
    phone.get_by_role("button", name="上报", exact=True).click()
    expect(phone.get_by_text("2026-0001").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    desk = visit("/desk/matters/?mine=accept", user=place.committee)
    desk.get_by_role("link", name="2026-0001").click()
    desk.get_by_label("交给谁办理").select_option(str(place.committee.pk))
    desk.get_by_role("button", name="分派", exact=True).click()
    expect(desk.get_by_text("已分派。")).to_be_visible()
    desk.get_by_label("怎样办理的").fill("换了灯泡")
    desk.get_by_role("button", name="办好了，交复核").click()
    expect(desk.get_by_text("已交复核。")).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")

    worker = visit("/field/matters/?what=recheck", user=place.worker, phone=True)
    worker.get_by_role("link", name="公共设施").first.click()
    worker.get_by_role("button", name="已解决").click()
    worker.get_by_label("给报告人的答复").fill("路灯已修好")
    worker.get_by_role("button", name="反馈并办结").click()
    expect(worker.get_by_text("已反馈并办结。")).to_be_visible()

    phone.goto("/my/messages/")
    phone.get_by_role("link", name="您反映的公共设施已办结").click()
    expect(phone.get_by_text("路灯已修好").first).to_be_visible()
    phone.goto("/my/matters/")
    phone.get_by_role("link", name="公共设施").first.click()
    phone.get_by_label("满意", exact=True).check()
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.get_by_text("谢谢您的评价。")).to_be_visible()
