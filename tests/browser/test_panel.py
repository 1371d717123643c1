"""A panel's meeting in real browsers: members sign in on their phones, kin step aside, the signed sheet is attached."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from PIL import Image
from playwright.sync_api import Page, expect

from jizhi.demo.month import moment
from jizhi.reviews import selectors
from jizhi.reviews.rules import Ground
from tests.county import County, file, make_county, verify
from tests.domain.reviews.world import is_person

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
MAY = dt.date(2026, 5, 20)


@pytest.fixture
def county(committed_db: None, clock: time_machine.Coordinates) -> County:
    """Two claims wait; the first is that of a panel member's own household."""
    clock.move_to(moment(MAY, 22))
    county = make_county()
    claims = [file(county, "village-meeting", MAY, subject=county.subject(n)) for n in (0, 1)]
    verify(county, *claims)
    is_person(county, county.home.staff["panel1"], county.subject(0))
    clock.move_to(moment(MAY + dt.timedelta(days=1), 19))
    return county


def test_kin_step_aside_and_the_minutes_are_signed(county: County, visit: Visit) -> None:
    desk = visit("/desk/meetings/new/", user=county.home.staff["recorder"])
    for box in desk.get_by_role("group", name=re.compile("到会成员")).get_by_role("checkbox").all():
        box.uncheck()
    desk.get_by_role("button", name="开始会议").click()
    expect(desk.get_by_text("还不能表决")).to_be_visible()
    room = desk.url
    desk.get_by_role("link", name="扫码签到").click()
    word = desk.locator(".sign-code__word").inner_text()
    for member in ("panel1", "panel2", "panel3", "panel4"):
        _sign_in(visit, county.home.staff[member], word)
    desk.goto(room)
    expect(desk.get_by_text("可以表决")).to_be_visible()
    expect(desk.get_by_text(re.compile("须回避.*本户事项"))).to_be_visible()
    desk.get_by_role("link", name=re.compile("其余 2 条全部认定")).click()
    desk.get_by_role("button", name="全部认定").click()
    expect(desk.get_by_text("已认定2条")).to_be_visible()
    desk.get_by_role("button", name="结束会议").click()
    photo = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(photo, "PNG")
    desk.locator("#sheets input[type=file]").set_input_files(
        {"name": "signed.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    )
    desk.get_by_role("button", name="附上签字页").click()
    expect(desk.get_by_alt_text("签字页 1")).to_be_visible()
    (meeting,) = selectors.meetings(county.operator, on=MAY)
    frame = selectors.meeting_frame(county.operator, meeting.pk, on=MAY)
    grounds = [list(line.recusals.values()) for line in frame.decisions.values()]
    assert sorted(grounds, key=len) == [[], [Ground.HOUSEHOLD]]


def _sign_in(visit: Visit, user: Any, word: str) -> None:
    """From the own to-do list, with the code read off the screen in the room."""
    phone = visit("/desk/", user=user, phone=True)
    phone.get_by_role("link", name=re.compile("评议会签到")).click()
    phone.get_by_label("签到码").fill(word)
    phone.get_by_role("button", name="签到").click()
    expect(phone.get_by_text("已签到").first).to_be_visible()
