"""The smallest journey: the site is up, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_healthz(clock: object, visit: Callable[..., Page]) -> None:
    page = visit("/healthz")
    assert page.inner_text("body") == "ok"
