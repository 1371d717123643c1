"""A site served from the test's own database, and Chromium to visit it with: as anybody, on a phone or at a desk.

A missing Chromium fails these tests; it never skips them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from playwright import sync_api
from pytest_django.live_server_helper import LiveServer

from tests.conftest import START_OF_TESTS

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright's synchronous interface runs an event loop in the test's thread, which Django would take for async code
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """As in the other tests, but the time runs: the site's and the browser's own waiting depend on it."""
    with time_machine.travel(START_OF_TESTS, tick=True) as coordinates:
        yield coordinates


@pytest.fixture(scope="session")
def playwright_of() -> Iterator[sync_api.Playwright]:
    """Playwright itself, once per worker: for tests that start and end browsers of their own."""
    with sync_api.sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright_of: sync_api.Playwright) -> Iterator[sync_api.Browser]:
    """One headless Chromium per worker."""
    program = os.environ.get("JIZHI_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        pytest.fail(
            "Chromium was not found, so the pages cannot be tested. On Debian: apt-get install chromium fonts-noto-cjk;"
            " elsewhere set JIZHI_CHROMIUM to its program."
        )
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS  # Chromium's sandbox refuses root
    browser = playwright_of.chromium.launch(executable_path=program, args=flags)
    yield browser
    browser.close()


@pytest.fixture
def site(committed_db: None) -> Iterator[str]:
    """The address of the site, served from this test's own database; everything in it is really committed."""
    server = LiveServer("localhost:0")
    yield str(server.url)
    server.stop()


@pytest.fixture
def visit(site: str, chromium: sync_api.Browser) -> Iterator[Callable[..., sync_api.Page]]:
    """`visit("/passbook/", user=…, phone=True, language="en")` opens a page as that user, in a context of its own.

    The test fails at its end when a page raised a script error or asked another host for anything.
    """
    contexts: list[sync_api.BrowserContext] = []
    faults: list[str] = []

    def open_page(
        path: str, *, user: Any = None, phone: bool = False, language: str = "zh-hans"
    ) -> sync_api.Page:
        context = chromium.new_context(
            base_url=site,
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            has_touch=phone,
            is_mobile=phone,
            locale="en-GB" if language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": site}])
        if user is not None:
            context.add_cookies([{"name": "sessionid", "value": _session_of(user), "url": site}])
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("request", lambda request: _note_stranger(request.url, site, faults))
        page.on("console", lambda message: faults.append(message.text) if _refused(message) else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def _session_of(user: Any) -> str:
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def _note_stranger(url: str, site: str, faults: list[str]) -> None:
    if not url.startswith((site, "data:", "blob:")):
        faults.append(f"asked another host: {url}")


def _refused(message: sync_api.ConsoleMessage) -> bool:
    return message.type == "error" and "Content Security Policy" in message.text
