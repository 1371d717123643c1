"""The whole line in a real browser: claim, verify, meet, post, object, answer, finalise, passbook, goods.

Each person has a browser of their own. The clock is moved forward between the steps, as the months pass.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.settlement import selectors as settlement
from tests.county import County, make_county

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
MAY, JUNE = dt.date(2026, 5, 20), dt.date(2026, 6, 1)


@pytest.fixture
def county(committed_db: None, clock: time_machine.Coordinates) -> County:
    """The named county, really committed, on the evening of 20 May."""
    clock.move_to(moment(MAY, 18))
    return make_county()


def test_from_a_tap_to_soap_in_hand(county: County, visit: Visit, clock: time_machine.Coordinates) -> None:
    subject, neighbour = county.subject(0), county.subject(1)
    claim_on_the_phone(visit, county.user(subject))
    verify_in_the_field(visit, county.worker(subject))
    clock.move_to(moment(dt.date(2026, 5, 28), 19))
    decide_in_a_meeting(visit, county.home.staff["recorder"])
    assert [line.points for line in ledger.entries_of_subject(subject.pk)] == [300]

    clock.move_to(moment(dt.date(2026, 6, 3), 9))
    post_the_notice(visit, county.home.staff["committee"])
    take_down_and_post_again(visit, county.home.staff["committee"])
    read_it_as_anybody(visit, subject.label)
    object_as_a_neighbour(visit, county.user(neighbour))
    clock.move_to(moment(dt.date(2026, 6, 4), 9))
    answer(visit, county.home.staff["committee"])
    clock.move_to(moment(dt.date(2026, 6, 20), 9))
    finalise(visit, county.home.staff["committee"])
    (month,) = settlement.settlements(county.operator, on=dt.date(2026, 6, 20), kind="month")
    assert month.equal

    clock.move_to(moment(dt.date(2026, 7, 1), 9))
    see_the_points(visit, county.user(subject), "3")
    redeem(visit, county.home.staff["store"], subject.household.no)
    see_the_points(visit, county.user(subject), "0")


def claim_on_the_phone(visit: Visit, user: Any) -> None:
    page = visit("/my/", user=user, phone=True)
    page.get_by_role("link", name="我要申报").first.click()
    page.get_by_role("link", name=re.compile("参加志愿服务")).first.click()
    page.get_by_label(re.compile("小时")).first.fill("3")
    page.get_by_role("button", name="提交申报").click()
    expect(page.get_by_text("已申报").first).to_be_visible()


def verify_in_the_field(visit: Visit, worker: Any) -> None:
    page = visit("/field/claims/", user=worker, phone=True)
    expect(page.get_by_text("参加志愿服务").first).to_be_visible()
    page.get_by_role("button", name="核实", exact=True).click()
    expect(page.get_by_text("没有待核实的申报")).to_be_visible()


def decide_in_a_meeting(visit: Visit, recorder: Any) -> None:
    page = visit("/desk/meetings/new/", user=recorder)
    for seat in page.get_by_role("checkbox", name=re.compile("评议")).all():
        seat.check()
    page.get_by_role("button", name="开始会议").click()
    page.get_by_role("button", name="记下表决").click()
    expect(page.get_by_text("待表决")).to_have_count(0)
    page.get_by_role("button", name="结束会议").click()
    expect(page.get_by_text("已结束").first).to_be_visible()


def post_the_notice(visit: Visit, committee: Any, item: str = "参加志愿服务") -> None:
    page = visit("/desk/notices/new/130699101201/month/2026-05/", user=committee)
    expect(page.get_by_text(item).first).to_be_visible()
    page.get_by_role("link", name="张贴公示").click()
    page.get_by_role("button", name=re.compile("张贴")).click()
    expect(page.get_by_text("公示中").first).to_be_visible()


def take_down_and_post_again(visit: Visit, committee: Any) -> None:
    page = visit("/desk/notices/", user=committee)
    page.locator("#results a").filter(has_text="2026年5月").first.click()
    page.get_by_role("link", name="撤下").click()
    page.get_by_label(re.compile("原因")).fill("公示栏上的一份抄写有误。")
    page.get_by_role("button", name="撤下").click()
    expect(page.get_by_text("抄写有误").first).to_be_visible()
    page.get_by_role("link", name="重新张贴").click()
    page.get_by_role("link", name="张贴公示").click()
    page.get_by_role("button", name=re.compile("张贴")).click()
    expect(page.get_by_text("本期公示替换此前张贴").first).to_be_visible()


def read_it_as_anybody(visit: Visit, name: str) -> None:
    """Without signing in: the entry is there, the name is masked."""
    page = visit("/v/130699101201/notices/")
    page.get_by_role("link", name=re.compile("2026年5月")).first.click()
    expect(page.get_by_text("参加志愿服务").first).to_be_attached()
    assert name not in page.content()
    assert f"{name[0]}*" in page.content()


def object_as_a_neighbour(visit: Visit, user: Any) -> None:
    page = visit("/my/notices/", user=user, phone=True)
    page.get_by_role("link", name=re.compile("2026年5月")).first.click()
    page.locator("summary").filter(has_text="01001").click()
    page.get_by_role("link", name=re.compile("异议")).locator("visible=true").first.click()
    page.get_by_role("textbox").first.fill("那天下雨，没有组织活动。")
    page.get_by_role("button", name="提出异议").click()
    expect(page.get_by_text("待答复").first).to_be_visible()


def answer(
    visit: Visit, committee: Any, choice: str = "不成立，维持这一条", said: str = "异议不成立"
) -> None:
    page = visit("/desk/objections/", user=committee)
    page.locator("#results a").first.click()
    page.get_by_label(choice, exact=True).check()
    page.get_by_label(re.compile("答复和理由")).fill("有签到表和照片，活动在村室举行。")
    page.get_by_role("button", name="答复").click()
    expect(page.get_by_text(said).first).to_be_visible()


def finalise(visit: Visit, committee: Any) -> None:
    page = visit("/desk/notices/", user=committee)
    page.locator("#results a").filter(has_text="2026年5月").first.click()
    page.get_by_role("link", name="定案").click()
    page.get_by_role("button", name=re.compile("定案")).click()
    expect(page.get_by_text("已定案").first).to_be_visible()


def see_the_points(visit: Visit, user: Any, balance: str) -> None:
    page = visit("/my/", user=user, phone=True)
    expect(page.locator(".passbook__row b").first).to_have_text(balance)


def redeem(visit: Visit, keeper: Any, no: str) -> None:
    page = visit("/desk/store/", user=keeper)
    page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first.fill(no)
    page.get_by_role("button", name="查找").click()
    page.get_by_role("button", name="增加肥皂").click()
    page.get_by_role("button", name="确认兑换").click()
    expect(page.get_by_text("已兑换").first).to_be_visible()
