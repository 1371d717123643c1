"""The line without a phone in the household's hand: once on paper all the way, once by word of mouth at the desk.

The way by phone is `test_line.py`. Here a deduction goes along, which the household is told of before it counts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from jizhi.channels import services as channels
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ToldHow
from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.notices.models import Objection
from jizhi.notices.rules import ObjectionChannel
from jizhi.settlement import selectors as settlement
from tests.browser import test_line as line
from tests.county import County, make_county
from tests.domain.claims.test_evidence import jpeg, scene

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
MAY = dt.date(2026, 5, 20)


@pytest.fixture
def county(committed_db: None, clock: time_machine.Coordinates) -> County:
    """The named county, really committed, on the evening of 20 May."""
    clock.move_to(moment(MAY, 18))
    return make_county()


def test_on_paper(county: County, visit: Visit, clock: time_machine.Coordinates, tmp_path: Path) -> None:
    """Sheet, signed slip, written objection that is upheld, goods at the counter by the household's number."""
    subject, staff = county.subject(0), county.home.staff
    key_in_a_sheet(visit, county)
    to_the_panel(visit, county, clock)
    photo = tmp_path / "slip.jpg"
    photo.write_bytes(jpeg(scene(5)).read())
    told(visit, county, "书面告知单签收", photo)
    assert {entry.points for entry in ledger.entries_of_subject(subject.pk)} == {500, -200}

    clock.move_to(moment(dt.date(2026, 6, 3), 9))
    line.post_the_notice(visit, staff["committee"], "乱倒垃圾")
    object_for(visit, county, "书面提出")
    clock.move_to(moment(dt.date(2026, 6, 4), 9))
    line.answer(visit, staff["committee"], "成立，撤销这一条", "异议成立")
    settled(visit, county, clock)
    assert sum(entry.points for entry in ledger.entries_of_subject(subject.pk)) == 500
    assert ledger.wallet_of(subject.pk).balance == 300, "what was given back comes with June's notice"
    line.redeem(visit, staff["store"], subject.household.no)
    assert ledger.wallet_of(subject.pk).balance == 0
    assert {claim.channel for claim in Claim.objects.all()} == {Channel.PAPER}
    assert Objection.objects.get().channel == ObjectionChannel.PAPER
    assert Claim.objects.get(item="littering").told_how == ToldHow.SLIP


def test_at_the_desk(county: County, visit: Visit, clock: time_machine.Coordinates) -> None:
    """Said and read back, told by telephone, objected to in words and dismissed: the deduction stays."""
    subject, staff = county.subject(0), county.home.staff
    key_in_what_was_said(visit, county)
    to_the_panel(visit, county, clock)
    told(visit, county, "电话告知", None)

    clock.move_to(moment(dt.date(2026, 6, 3), 9))
    line.post_the_notice(visit, staff["committee"], "乱倒垃圾")
    object_for(visit, county, "口头提出")
    clock.move_to(moment(dt.date(2026, 6, 4), 9))
    line.answer(visit, staff["committee"])
    settled(visit, county, clock)
    assert ledger.wallet_of(subject.pk).balance == 300
    line.redeem(visit, staff["store"], subject.household.no)
    assert ledger.wallet_of(subject.pk).balance == 0
    assert {claim.channel for claim in Claim.objects.all()} == {Channel.SPOKEN}
    assert Objection.objects.get().channel == ObjectionChannel.SPOKEN
    assert Claim.objects.get(item="littering").told_how == ToldHow.CALL


def key_in_a_sheet(visit: Visit, county: County) -> None:
    """The sheet was printed for the household and came back filled in; its code brings the form."""
    recorder, subject = county.home.staff["recorder"], county.subject(0)
    batch = channels.print_sheets(
        village=county.home.area, scheme="household", subjects=[subject], request_key="b", by=recorder,
        at=moment(MAY, 9),
    )  # fmt: skip
    page = visit(f"/desk/papers/scan/?code={batch.sheets.get().code}", user=recorder)
    expect(page.get_by_label("户编号")).to_have_value(subject.household.no)
    two_lines(page)


def key_in_what_was_said(visit: Visit, county: County) -> None:
    page = visit("/desk/claims/new/", user=county.home.staff["recorder"])
    page.get_by_label("户编号").fill(county.subject(0).household.no)
    page.get_by_label("口头申报，代为录入").check()
    page.get_by_label("谁说的").fill("户主本人")
    page.get_by_label("已念给对方听，对方认可").check()
    two_lines(page)


def two_lines(page: Page) -> None:
    """A day's labour, and litter that somebody admits."""
    for number, item in enumerate(["voluntary-labour", "littering"]):
        page.locator(f"#id_row-{number}-act_date").fill(MAY.isoformat())
        page.locator(f"#id_row-{number}-item").select_option(item)
    page.get_by_role("button", name="保存申报").click()
    expect(page.get_by_text("已录入2条")).to_be_visible()


def to_the_panel(visit: Visit, county: County, clock: time_machine.Coordinates) -> None:
    """Looked at on the spot, then approved together in a meeting; the merit counts, the fault waits."""
    field = visit("/field/claims/", user=county.worker(county.subject(0)), phone=True)
    field.locator("[data-check-all]").check()
    field.get_by_role("button", name="核实选中的").click()
    expect(field.get_by_text("没有待核实的申报")).to_be_visible()
    clock.move_to(moment(dt.date(2026, 5, 28), 19))
    desk = visit("/desk/meetings/new/", user=county.home.staff["recorder"])
    for seat in desk.get_by_role("checkbox", name=re.compile("评议")).all():
        seat.check()
    desk.get_by_role("button", name="开始会议").click()
    desk.get_by_role("link", name=re.compile("其余 2 条全部认定")).click()
    desk.get_by_role("button", name="全部认定").click()
    expect(desk.get_by_text("已认定2条")).to_be_visible()
    desk.get_by_role("button", name="结束会议").click()
    expect(desk.get_by_text("已结束").first).to_be_visible()
    assert [entry.points for entry in ledger.entries_of_subject(county.subject(0).pk)] == [500]


def told(visit: Visit, county: County, how: str, photo: Path | None) -> None:
    """The recorder tells the household, from the list of those who do not know yet."""
    page = visit("/desk/claims/untold/", user=county.home.staff["recorder"])
    page.locator("#results a").filter(has_text=county.subject(0).label).first.click()
    page.get_by_label(how).first.check()
    page.get_by_label("谁接的电话、见到谁、谁签收").fill("户主本人")
    page.get_by_label("对方怎么说").fill("知道了")
    if photo is not None:
        page.get_by_label("签收回执照片").set_input_files(photo)
    page.get_by_label("已经说清事项、日期、依据，以及怎样提异议").check()
    page.get_by_role("button", name="登记已告知").click()
    expect(page.get_by_text("扣分已记入台账")).to_be_visible()


def object_for(visit: Visit, county: County, way: str) -> None:
    """The recorder takes the household's objection to the deduction down in its own words."""
    page = visit("/desk/notices/", user=county.home.staff["recorder"])
    page.locator("#results a").filter(has_text="2026年5月").first.click()
    page.locator("li").filter(has_text="乱倒垃圾").get_by_role("link", name="代录异议").first.click()
    page.get_by_label("提出异议的户编号").fill(county.subject(0).household.no)
    page.get_by_label(way).check()
    page.get_by_label("理由").fill("那天全家都不在村里。")
    page.get_by_role("button", name="登记异议").click()
    expect(page.get_by_text("待答复").first).to_be_visible()


def settled(visit: Visit, county: County, clock: time_machine.Coordinates) -> None:
    clock.move_to(moment(dt.date(2026, 6, 20), 9))
    line.finalise(visit, county.home.staff["committee"])
    (month,) = settlement.settlements(county.operator, on=dt.date(2026, 6, 20), kind="month")
    assert month.equal
    clock.move_to(moment(dt.date(2026, 7, 1), 9))
