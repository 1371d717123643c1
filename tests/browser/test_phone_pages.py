"""Phones in hand: three taps claim, a dialog asks before withdrawing, a swept card is verified, a deduction opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright import sync_api

from jizhi.claims import selectors as claims
from jizhi.claims.rules import ClaimState
from tests.web import shiqiao

pytestmark = pytest.mark.browser
TODAY = dt.date(2026, 6, 15)
Visit = Callable[..., sync_api.Page]


def _sweep_right(page: sync_api.Page, selector: str) -> None:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    x, y = box["x"] + 80, box["y"] + 30
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for far in range(10, 180, 20):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + far, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_household_and_a_grid_worker_on_their_phones(clock: Any, visit: Visit) -> None:
    place = shiqiao.run_months(shiqiao.build(TODAY), TODAY)
    phone = visit("/my/", user=place.household_user("001"), phone=True)
    _claim_and_withdraw(phone)
    _open_a_deduction(phone, place)
    field = visit("/field/claims/", user=place.users["worker"], phone=True)
    cards = field.locator(".deck__card")
    before = cards.count()
    _sweep_right(field, ".deck__card")
    sync_api.expect(cards).to_have_count(before - 1)
    field.locator("[data-check-all]").check()
    field.get_by_role("button", name="核实选中的").click()
    sync_api.expect(field.get_by_text("没有待核实的申报")).to_be_visible()


def _claim_and_withdraw(phone: sync_api.Page) -> None:
    phone.get_by_role("link", name="我要申报").first.click()
    phone.get_by_placeholder("例如：义务劳动").fill("义务劳动")
    phone.get_by_placeholder("例如：义务劳动").press("Enter")
    sync_api.expect(phone.locator("#items .cell")).to_have_count(1)
    phone.locator("#items .cell").click()
    phone.get_by_role("button", name="提交申报").click()
    sync_api.expect(phone.get_by_text("申报好了")).to_be_visible()
    phone.wait_for_load_state("load")  # without its scripts the link leads to a page of its own
    phone.get_by_role("link", name="撤回申报").click()
    phone.locator("dialog[open]").get_by_role("button", name="撤回").click()
    sync_api.expect(phone.locator(".card .badge").first).to_have_text("已撤回")


def _open_a_deduction(phone: sync_api.Page, place: shiqiao.Village) -> None:
    phone.goto("/my/")
    phone.get_by_role("link", name="扣分告知").click()
    sync_api.expect(phone.get_by_text("意味着")).to_be_visible()
    phone.get_by_role("button", name="打开告知").click()
    sync_api.expect(phone.get_by_text("已告知您")).to_be_visible()
    page = claims.claim_page(place.users["root"], place.made["fault"].pk, on=TODAY)
    assert page.line.state is ClaimState.POSTED
