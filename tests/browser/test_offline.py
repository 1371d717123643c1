"""A grid worker's phone in a village without network: a real service worker, a browser that is really closed.

The browser's profile stays on disk between its lives, as on a phone; the network is cut for pages and worker alike.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from PIL import Image
from playwright import sync_api
from playwright.sync_api import BrowserContext, Page, expect

from jizhi.claims import models, services
from jizhi.claims.rules import ClaimState
from tests.browser.conftest import FLAGS, PHONE
from tests.browser.wire import Wire
from tests.web import shiqiao

pytestmark = pytest.mark.browser
TODAY = dt.date(2026, 6, 15)


class Phone:
    """One phone: its profile outlives the browser. `page` is the tab in front."""

    def __init__(self, playwright: sync_api.Playwright, site: str, home: Path) -> None:
        self.playwright, self.wire, self.home = playwright, Wire(site), home
        self.faults: list[str] = []
        self.context: BrowserContext
        self.page: Page

    def start(self) -> Page:
        """Start the browser, or start it again; without network if the wire is cut."""
        flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.home),
            executable_path=os.environ.get("JIZHI_CHROMIUM") or shutil.which("chromium"),
            args=flags,
            base_url=self.wire.url,
            viewport=PHONE,  # type: ignore[arg-type]
            has_touch=True,
            is_mobile=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="allow",
            offline=self.wire.is_cut,
        )
        self.context.set_default_timeout(40_000)
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", lambda message: self._note(message))
        return self.page

    def _note(self, message: sync_api.ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def cut(self) -> None:
        """No network from now on."""
        self.wire.cut()
        self.context.set_offline(True)

    def reconnect(self) -> None:
        """The network is back."""
        self.wire.mend()
        self.context.set_offline(False)

    def kill(self) -> None:
        """The browser is gone; what it had on disk stays."""
        self.context.close()

    def sign_in(self, user: Any) -> None:
        self.page.goto("/sign-in/staff/?next=/field/")
        self.page.fill('input[name="username"]', user.username)
        self.page.fill('input[name="password"]', shiqiao.PASSWORD)
        self.page.press('input[name="password"]', "Enter")
        self.page.wait_for_url("**/field/")

    def prepare(self) -> None:
        """Keep today's pages on the phone, on the button, and wait until all are there."""
        self.page.goto("/field/queue/")
        self.page.evaluate("navigator.serviceWorker.ready")
        self.page.evaluate("jizhi.prepare.run()")
        expect(self.page.get_by_text("上次准备")).to_be_visible(timeout=120_000)


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


def photo(colour: str) -> dict[str, Any]:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(content, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def claim_offline(page: Page, household: Any, item: str, words: str, colour: str) -> None:
    """From the household's page to the form, filled in and submitted."""
    page.goto(f"/field/households/{household.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(household.head_name)
    page.get_by_role("link", name="为这户申报").click()
    page.get_by_role("link", name=re.compile(item)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(household.head_name)
    page.locator('input[type="file"]').wait_for()
    page.wait_for_load_state(
        "load"
    )  # a form submitted before its scripts are there goes to the server by itself
    page.locator('input[type="file"]').set_input_files([photo(colour)])
    if page.get_by_label(re.compile("数量")).count():
        page.get_by_label(re.compile("数量")).fill("2")
    page.get_by_label(re.compile("补充说明")).fill(words)
    page.get_by_role("button", name="提交申报").click()
    page.wait_for_url("**/field/queue/**")


def waiting(page: Page) -> sync_api.Locator:
    return page.locator("#queue [data-entries] .entry")


def rows(words: str) -> list[models.Claim]:
    return list(models.Claim.objects.filter(words=words))


def test_a_day_without_network(place: shiqiao.Village, phone: Phone) -> None:
    worker = place.users["worker"]
    phone.sign_in(worker)
    phone.prepare()

    phone.cut()
    page = phone.page
    page.goto("/field/")
    expect(page.get_by_text("没有网络。可以继续工作")).to_be_visible()
    expect(page.get_by_text("这是存在手机上的页面")).to_be_visible()
    claim_offline(page, place.households["003"], "参加志愿服务", "村口扫雪", "red")
    expect(page.get_by_text("已存在手机上")).to_be_visible()
    claim_offline(page, place.households["004"], "公共", "清理河道", "blue")
    expect(waiting(page)).to_have_count(2)
    expect(page.locator("[data-strip=waiting]")).to_contain_text("2")

    phone.kill()
    page = phone.start()
    page.goto("/field/queue/")
    expect(waiting(page)).to_have_count(2)
    expect(waiting(page).first).to_contain_text("村口扫雪")
    assert not rows("村口扫雪")

    phone.reconnect()
    expect(waiting(page)).to_have_count(0)
    for words, no in (("村口扫雪", "003"), ("清理河道", "004")):
        (claim,) = rows(words)
        assert claim.subject == place.households[no].subject
        assert claim.evidence.count() == 1
    expect(page.get_by_text("没有等待发送的记录")).to_be_visible()
    page.reload()
    assert len(rows("村口扫雪")) == len(rows("清理河道")) == 1


def test_a_lost_answer_makes_no_second_claim(place: shiqiao.Village, phone: Phone) -> None:
    phone.sign_in(place.users["worker"])
    phone.wire.loses = b"POST /field/households/"
    claim_offline(phone.page, place.households["002"], "参加志愿服务", "路口值守", "green")
    expect(waiting(phone.page)).to_contain_text("没有收到回音")
    expect(waiting(phone.page).get_by_role("link", name="修改")).to_be_hidden()
    assert phone.wire.lost
    assert len(rows("路口值守")) == 1  # the server has it, the phone does not know

    phone.wire.loses = b""
    phone.page.reload()  # opening the page sends again, unless the service worker did
    expect(waiting(phone.page)).to_have_count(0)
    expect(phone.page.locator("[data-sent] .cell")).to_have_count(1)
    (claim,) = rows("路口值守")
    assert claim.evidence.count() == 1


def test_what_another_page_sent_meanwhile_counts_as_sent(place: shiqiao.Village, phone: Phone) -> None:
    """A form waits for its turn behind whatever is being sent; that may have taken its entry along."""
    phone.sign_in(place.users["worker"])
    phone.wire.loses = b"POST /field/households/"
    claim_offline(phone.page, place.households["002"], "参加志愿服务", "路口值守", "green")
    expect(waiting(phone.page)).to_have_count(1)
    phone.wire.loses = b""
    said = phone.page.evaluate("""async () => {
      const { send, store, page } = jizhi;
      const [{ id }] = await store.of(page.user);
      await send.all(page.user, { eager: true });
      return send.now(id, page.user);
    }""")
    assert len(rows("路口值守")) == 1
    assert said == {"state": "stored", "url": f"/field/households/{place.households['002'].pk}/"}


def returned_claim(place: shiqiao.Village) -> models.Claim:
    """Filed by the grid worker for household 005, and sent back."""
    day = TODAY - dt.timedelta(days=5)
    claim = shiqiao.file(place, "005", "volunteering", day, by="worker", quantity="2")
    send_back(place, claim)
    return claim


def send_back(place: shiqiao.Village, claim: models.Claim) -> None:
    services.return_claim(
        claim_id=claim.pk, reason="请写明在哪里服务。", by=place.users["worker"], at=shiqiao.moment(TODAY, 9)
    )


def amend_as_the_household(place: shiqiao.Village, claim: models.Claim) -> None:
    services.refile_claim(
        claim=claim, act_date=claim.act_date, quantity=claim.quantity, grade="", words="在敬老院",
        version=1, by=place.household_user("005"), at=shiqiao.moment(TODAY, 9),
    )  # fmt: skip


def amend_offline(phone: Phone, claim: models.Claim) -> None:
    """The worker fills the amendment in on a page opened before, and the network comes back later."""
    phone.page.goto(f"/field/claims/{claim.pk}/amendment/")
    phone.cut()
    phone.page.get_by_label(re.compile("补充说明")).fill("在村小学")
    phone.page.get_by_label(re.compile("数量")).fill("3")
    phone.page.get_by_role("button", name="重新提交").click()
    phone.page.wait_for_url("**/field/queue/**")
    expect(waiting(phone.page)).to_have_count(1)


def see_the_conflict(phone: Phone) -> None:
    phone.reconnect()
    expect(phone.page.locator("[data-strip=trouble]")).to_contain_text("1")
    phone.page.get_by_role("link", name="查看并处理").click()
    both = phone.page.locator(".versus__row--differs").filter(has_text="补充说明")
    expect(both).to_contain_text("在敬老院")
    expect(both).to_contain_text("在村小学")


def test_mine_goes_on_top_of_what_changed_meanwhile(place: shiqiao.Village, phone: Phone) -> None:
    claim = returned_claim(place)
    phone.sign_in(place.users["worker"])
    phone.prepare()
    amend_offline(phone, claim)
    amend_as_the_household(place, claim)
    claim.refresh_from_db()
    send_back(place, claim)
    see_the_conflict(phone)
    phone.page.get_by_role("button", name="用我的覆盖").click()
    phone.page.wait_for_url(f"**/field/claims/{claim.pk}/")
    claim.refresh_from_db()
    assert (claim.words, claim.quantity, claim.version) == ("在村小学", 3, 3)
    phone.page.goto("/field/queue/")
    expect(phone.page.get_by_text("没有等待发送的记录")).to_be_visible()


def test_theirs_stays_where_the_record_is_closed(place: shiqiao.Village, phone: Phone) -> None:
    claim = returned_claim(place)
    phone.sign_in(place.users["worker"])
    phone.prepare()
    amend_offline(phone, claim)
    amend_as_the_household(place, claim)
    see_the_conflict(phone)
    expect(phone.page.get_by_role("button", name="用我的覆盖")).to_be_hidden()
    phone.page.get_by_role("button", name="保留现在的").click()
    phone.page.get_by_role("button", name="确定放弃").click()
    expect(phone.page.get_by_text("没有等待发送的记录")).to_be_visible()
    claim.refresh_from_db()
    assert (claim.words, claim.state) == ("在敬老院", ClaimState.FILED)


def test_a_shared_phone_keeps_people_apart(place: shiqiao.Village, phone: Phone) -> None:
    first, second = place.users["worker"], place.users["worker2"]
    household = place.households["003"]
    phone.sign_in(first)
    phone.prepare()
    phone.cut()
    claim_offline(phone.page, household, "参加志愿服务", "替邻居挑水", "red")
    phone.kill()
    Session.objects.all().delete()
    page = phone.start()
    page.goto("/field/queue/")
    phone.reconnect()
    expect(page.locator("[data-strip=signed-out]")).to_be_visible()
    assert not rows("替邻居挑水")

    phone.sign_in(second)
    page.goto("/field/queue/")
    expect(page.get_by_text("没有等待发送的记录")).to_be_visible()
    page.goto("/field/offline/")
    phone.cut()
    page.goto(f"/field/households/{household.pk}/")
    expect(page.get_by_text("手机上没有这一页")).to_be_visible()
    assert household.head_name not in page.content()
    phone.reconnect()
    page.goto("/field/me/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda url: "/field/" not in url)
    page.wait_for_function(
        "caches.keys().then((names) => !names.some((name) => name.startsWith('jizhi-pages')))"
    )
    assert not rows("替邻居挑水")

    phone.sign_in(first)
    page.goto("/field/queue/")
    expect(page.get_by_text("替人申报").or_(page.get_by_text("参加志愿服务")).first).to_be_visible()
    expect(waiting(page)).to_have_count(0)
    (claim,) = rows("替邻居挑水")
    assert (claim.filed_by, claim.evidence.count()) == (first, 1)


def test_a_refused_entry_says_why_and_is_put_right(place: shiqiao.Village, phone: Phone) -> None:
    phone.sign_in(place.users["worker"])
    phone.prepare()
    phone.cut()
    page = phone.page
    page.goto(f"/field/households/{place.households['001'].pk}/claims/new/volunteering/")
    page.get_by_label(re.compile("数量")).fill("0")
    page.get_by_label(re.compile("补充说明")).fill("搬图书")
    page.locator('input[type="file"]').set_input_files([photo("orange")])
    page.get_by_role("button", name="提交申报").click()
    page.wait_for_url("**/field/queue/**")
    phone.reconnect()
    expect(waiting(page)).to_contain_text("数量须大于0")
    assert not rows("搬图书")

    waiting(page).get_by_role("link", name="修改").click()
    expect(page.get_by_label(re.compile("补充说明"))).to_have_value("搬图书")
    expect(page.locator(".field__error")).to_contain_text("数量须大于0")
    page.get_by_label(re.compile("数量")).fill("2")
    page.get_by_role("button", name="提交申报").click()
    page.wait_for_url(re.compile(r"/field/households/\d+/$"))
    (claim,) = rows("搬图书")
    assert (claim.quantity, claim.evidence.count()) == (2, 1)
    page.goto("/field/queue/")
    expect(page.get_by_text("没有等待发送的记录")).to_be_visible()


def test_an_entry_is_not_sent_while_it_is_edited(place: shiqiao.Village, phone: Phone) -> None:
    phone.sign_in(place.users["worker"])
    phone.prepare()
    phone.cut()
    page = phone.page
    claim_offline(page, place.households["002"], "参加志愿服务", "写错了", "red")
    waiting(page).get_by_role("link", name="修改").click()
    expect(page.get_by_label(re.compile("补充说明"))).to_have_value("写错了")
    phone.reconnect()
    page.get_by_label(re.compile("补充说明")).fill("写对了")
    page.get_by_role("button", name="提交申报").click()
    page.wait_for_url(re.compile(r"/field/(households/\d+/|queue/#kept)$"))  # sent at once, or a moment later
    page.goto("/field/queue/")
    expect(page.get_by_text("没有等待发送的记录")).to_be_visible()
    (claim,) = models.Claim.objects.all()
    assert (claim.words, claim.evidence.count()) == ("写对了", 1)
