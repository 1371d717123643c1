"""A grid worker's day without network: visits, a book, a matter; the browser ends, the book changes meanwhile.

The phone is that of `test_offline.py`: a real service worker and a profile that outlives the browser.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright import sync_api
from playwright.sync_api import Page, expect

from jizhi.matters.models import Matter
from jizhi.visits import selectors, services
from jizhi.visits.models import Book, BookChange, Visit
from jizhi.visits.rules import How
from tests.browser.test_offline import TODAY, Phone, photo, waiting
from tests.web import shiqiao

pytestmark = pytest.mark.browser
LAIN = dt.timedelta(hours=26)
A_DAY_LATER = """async (hours) => {
  for (const entry of await jizhi.store.of(jizhi.page.user)) {
    await jizhi.store.put({ ...entry, recorded: entry.recorded - hours * 3_600_000 });
  }
}"""


@pytest.fixture
def place(committed_db: None, clock: Any) -> shiqiao.Village:
    return shiqiao.build(TODAY)


@pytest.fixture
def phone(site: str, playwright_of: sync_api.Playwright, tmp_path: Path) -> Iterator[Phone]:
    one = Phone(playwright_of, site, tmp_path / "profile")
    one.start()
    yield one
    one.kill()
    one.wire.close()
    assert not one.faults, "\n".join(one.faults)


def open_household(page: Page, household: Any) -> None:
    page.goto(f"/field/households/{household.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(household.head_name)


def visit_offline(page: Page, household: Any, button: str, note: str, colour: str = "") -> None:
    """From the household's page to the visit, with a note and perhaps a photo."""
    open_household(page, household)
    page.get_by_role("link", name="记走访").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(household.head_name)
    page.locator("summary").filter(has_text="备注").click()
    page.get_by_label(re.compile("备注")).fill(note)
    if colour:
        page.locator('input[type="file"]').set_input_files([photo(colour)])
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/field/queue/**")


def edit_book_offline(page: Page, household: Any, skills: str) -> None:
    page.goto(f"/field/households/{household.pk}/book/")
    page.get_by_role("link", name="填写一户一册").click()
    page.get_by_label("自有").check()
    page.get_by_label(re.compile("特长")).fill(skills)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/field/queue/**")


def report_offline(page: Page, household: Any, words: str, colour: str) -> None:
    """A matter of a household, whose number the phone fills in itself."""
    open_household(page, household)
    page.get_by_role("link", name="上报这户的事").click()
    expect(page.get_by_label(re.compile("户号"))).to_have_value(household.no)
    page.get_by_label("公共设施").check()
    page.get_by_label(re.compile("说一说")).fill(words)
    page.locator('input[type="file"]').set_input_files([photo(colour)])
    page.get_by_role("button", name="上报", exact=True).click()
    page.wait_for_url("**/field/queue/**")


def change_book(place: shiqiao.Village, household: Any, skills: str) -> None:
    """The village committee fills in the same book at its desk."""
    services.fill_book(
        household=household, values={"house": "rented", "skills": skills}, version=0,
        by=place.users["committee"], at=timezone.localtime(),
    )  # fmt: skip


def a_day_of_work(page: Page, place: shiqiao.Village) -> None:
    homes = place.households
    visit_offline(page, homes["001"], "见到人，保存", "谈了取暖", "red")
    visit_offline(page, homes["002"], "没人在家", "院门锁着")
    edit_book_offline(page, homes["003"], "会修水泵")
    report_offline(page, homes["004"], "门前路灯不亮", "blue")
    expect(waiting(page)).to_have_count(4)
    expect(page.locator("[data-strip=waiting]")).to_contain_text("4")


def check_stored(place: shiqiao.Village) -> None:
    """Each once, with photos, and at the time when it was written down a day before."""
    written = timezone.localtime() - LAIN
    visits = {visit.household.no: visit for visit in Visit.objects.select_related("household")}
    assert set(visits) == {"001", "002"} and Visit.objects.count() == 2
    assert (visits["001"].how, visits["001"].note, visits["001"].photos.count()) == (How.HOME, "谈了取暖", 1)
    assert (visits["002"].how, visits["002"].note, visits["002"].photos.count()) == (
        How.ABSENT,
        "院门锁着",
        0,
    )
    matter = Matter.objects.get()
    assert (matter.words, matter.household, matter.photos.count()) == (
        "门前路灯不亮",
        place.households["004"],
        1,
    )
    for moment in (visits["001"].visited_at, visits["002"].visited_at, matter.reported_at):
        assert abs(moment - written) < dt.timedelta(minutes=5)
    assert visits["001"].visited_by == matter.reported_by == place.users["worker"]
    assert selectors.progress(place.users["worker"], on=TODAY).done == 1


def test_a_day_in_the_grid_without_network(place: shiqiao.Village, phone: Phone) -> None:
    phone.sign_in(place.users["worker"])
    phone.prepare()
    phone.cut()
    page = phone.page
    page.goto("/field/")
    expect(page.get_by_text("这是存在手机上的页面")).to_be_visible()
    expect(page.get_by_role("heading", name="要走访的户")).to_be_visible()
    a_day_of_work(page, place)

    phone.kill()
    page = phone.start()
    page.goto("/field/queue/")
    expect(waiting(page)).to_have_count(4)
    expect(waiting(page).first).to_contain_text("见到人，保存")
    assert not Visit.objects.exists() and not Matter.objects.exists()
    page.evaluate(A_DAY_LATER, LAIN.total_seconds() / 3600)
    household = place.households["003"]
    change_book(place, household, "会修水泵，会开车")

    phone.reconnect()
    expect(waiting(page)).to_have_count(1)
    expect(page.locator("[data-strip=trouble]")).to_contain_text("1")
    check_stored(place)

    page.get_by_role("link", name="查看并处理").click()
    rows = page.locator(".versus__row--differs")
    expect(rows.filter(has_text="特长")).to_contain_text("会开车")
    expect(rows.filter(has_text="住房")).to_contain_text("租住")
    expect(rows.filter(has_text="住房")).to_contain_text("自有")
    expect(page.locator("#conflict")).to_contain_text("赵主任")
    page.get_by_role("button", name="用我的覆盖").click()
    page.wait_for_url(f"**/field/households/{household.pk}/book/")
    book = Book.objects.get(household=household)
    assert (book.values, book.version) == ({"house": "own", "skills": "会修水泵"}, 2)
    assert BookChange.objects.filter(book=book, version=2).count() == 2
    page.goto("/field/queue/")
    expect(page.get_by_text("没有等待发送的记录")).to_be_visible()
    check_stored(place)


def test_a_visit_edited_later_keeps_its_moment(place: shiqiao.Village, phone: Phone) -> None:
    phone.sign_in(place.users["worker"])
    phone.prepare()
    phone.cut()
    page = phone.page
    visit_offline(page, place.households["001"], "见到人，保存", "写错了", "red")
    page.evaluate(A_DAY_LATER, LAIN.total_seconds() / 3600)
    page.reload()
    waiting(page).get_by_role("link", name="修改").click()
    expect(page.get_by_label(re.compile("备注"))).to_have_value("写错了")
    (pressed,) = page.evaluate(
        "jizhi.store.of(jizhi.page.user).then((all) => all.map((one) => one.recorded))"
    )
    moment = dt.datetime.fromtimestamp(pressed / 1000, timezone.get_default_timezone())
    expect(page.get_by_label(re.compile("走访时间"))).to_have_value(f"{moment:%Y-%m-%dT%H:%M}")


def test_the_last_answer_lost_leaves_one_visit(place: shiqiao.Village, phone: Phone) -> None:
    phone.sign_in(place.users["worker"])
    phone.wire.loses = b"POST /field/households/"
    visit_offline(phone.page, place.households["002"], "见到人，保存", "路口", "green")
    expect(waiting(phone.page)).to_contain_text("没有收到回音")
    assert Visit.objects.count() == 1
    phone.wire.loses = b""
    phone.page.reload()
    expect(waiting(phone.page)).to_have_count(0)
    assert Visit.objects.get().photos.count() == 1
