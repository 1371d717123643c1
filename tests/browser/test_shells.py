"""The shells in a browser: narrow and wide, in both languages, with and without scripts, on the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.fixture
def superuser(clock: Any, site: str) -> Any:
    return accounts.create_user(
        username="root.of.tests",
        display_name="测试管理员",
        password="lantern 2026",  # noqa: S106 - of somebody who exists in this test only
        kind=UserKind.STAFF,
        is_superuser=True,
        by=None,
        at=timezone.localtime(),
    )


@pytest.mark.parametrize("shell", ["desk", "resident", "field", "public"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_shell_scrolls_sideways(visit: Visit, superuser: Any, shell: str, language: str) -> None:
    page = visit(f"/style/{shell}/", user=superuser, phone=True, language=language)
    expect(page.locator("h1")).to_have_text("样式一览")
    for width in (360, 390, 820, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{shell} at {width} px scrolls {over} px sideways"


def test_things_to_press_on_a_phone_are_large_enough(visit: Visit, superuser: Any) -> None:
    page = visit("/style/resident/", user=superuser, phone=True)
    expect(page.locator("h1")).to_have_text("样式一览")
    small = page.evaluate(
        """() => [...document.querySelectorAll('a.btn, button:not(.message__close), .tabbar a, a.cell, a.tile')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert not small


def test_the_switches_change_language_and_type(visit: Visit, superuser: Any) -> None:
    page = visit("/sign-in/household/", phone=True)
    before = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    with page.expect_navigation():
        page.get_by_role("button", name="大字").click()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") > before
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Card number")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_desk_folds_its_navigation(visit: Visit, superuser: Any) -> None:
    page = visit("/style/desk/", user=superuser)
    expect(page.locator("#desk-menu")).to_be_visible()
    page.set_viewport_size({"width": 820, "height": 900})
    expect(page.locator("#desk-menu")).to_be_hidden()
    page.get_by_role("button", name="菜单").click()
    expect(page.locator("#desk-menu")).to_be_visible()


def test_ticking_all_and_chosen_photos(visit: Visit, superuser: Any) -> None:
    page = visit("/style/desk/", user=superuser)
    page.get_by_label("全选").check()
    assert page.locator('input[name="pick"]:checked').count() == 4
    picture = b"\x89PNG\r\n\x1a\n"
    page.locator('input[type="file"]').set_input_files(
        [{"name": "road.png", "mimeType": "image/png", "buffer": picture}]
    )
    expect(page.locator('.previews img[alt="road.png"]')).to_have_count(1)


def test_signing_in_works_without_scripts(visit: Visit, superuser: Any, site: str) -> None:
    page = visit("/sign-in/staff/")
    plain = page.context.browser.new_context(base_url=site, java_script_enabled=False)  # type: ignore[union-attr]
    quiet = plain.new_page()
    quiet.goto("/sign-in/staff/")
    quiet.fill('input[name="username"]', "root.of.tests")
    quiet.fill('input[name="password"]', "lantern 2026")
    quiet.press('input[name="password"]', "Enter")
    quiet.goto("/password/")
    expect(quiet.locator("h1")).to_have_text("修改密码")
    plain.close()


def test_a_list_narrows_while_typing_and_says_when_nobody_answers(visit: Visit, superuser: Any) -> None:
    page = visit("/style/desk/", user=superuser)
    with page.expect_response(lambda answer: "q=%E7%8E%8B" in answer.url):
        page.locator('input[type="search"]').fill("王")
    page.wait_for_url("**/style/desk/?q=*")
    assert page.locator(".desk-side").count() == 1
    page.route("**/style/desk/**", lambda route: route.abort())
    page.locator('input[type="search"]').fill("李")
    expect(page.locator("#messages")).to_contain_text("没有连上服务器")
