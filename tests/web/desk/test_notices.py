"""From the ledger to the notice, its objections, its end and the settlement; and the start page that leads there."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from jizhi.ledger.selectors import is_reversed
from jizhi.notices import selectors as notices
from jizhi.notices.rules import NoticeState, ObjectionState
from jizhi.settlement import selectors as settlements
from tests.web.desk.world import MAY, World, labour


@pytest.fixture
def ledger(world: World) -> list[Any]:
    """Four households with a labour day in May, in the ledger."""
    return world.claims or labour(world)


@pytest.fixture
def notice(as_: Any, world: World, months_posted: list[Any]) -> Any:
    """Every month until May is posted; May's notice."""
    address = reverse("desk:notice_posting", args=[world.village.code, "month", "2026-05"])
    assert as_("recorder").post(address).status_code == 302
    rows = notices.staff_notices(world.staff["recorder"], on=world.at.date(), month="2026-05")
    return rows.get()


def test_the_ledger_lists_explains_and_exports(as_: Any, world: World, ledger: list[Any]) -> None:
    client = as_("recorder")
    page = client.get(reverse("desk:ledger")).content.decode()
    assert "王守田" in page
    assert "参加义务劳动" in page
    assert "王守田" not in client.get(reverse("desk:ledger"), {"q": "李桂兰"}).content.decode()
    assert "没有符合条件" in client.get(reverse("desk:ledger"), {"month": "2026-02"}).content.decode()
    fact = client.get(reverse("desk:fact", args=[ledger[0].fact_id])).content.decode()
    assert "评议结果" in fact
    assert "+5" in fact
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("desk:ledger_export")).content))
    assert book.worksheets[0].max_row == 7
    stranger = as_("stranger")
    assert "王守田" not in stranger.get(reverse("desk:ledger")).content.decode()
    assert stranger.get(reverse("desk:fact", args=[ledger[0].fact_id])).status_code == 404


def test_preview_is_what_is_posted(as_: Any, world: World, ledger: list[Any]) -> None:
    client = as_("recorder")
    assert "2026年5月" in client.get(reverse("desk:notices")).content.decode()
    preview = client.get(
        reverse("desk:notice_new", args=[world.village.code, "month", "2026-05"])
    ).content.decode()
    assert "王**" in preview or "王*" in preview
    assert "王守田" not in preview
    posting = reverse("desk:notice_posting", args=[world.village.code, "month", "2026-05"])
    assert "张贴之后内容不能再改" in client.get(posting).content.decode()
    answer = client.post(posting)
    assert answer.status_code == 302
    posted = client.get(answer.url).content.decode()
    assert "公示中" in posted
    assert "参加义务劳动" in posted
    assert "已经张贴过" in client.post(posting, follow=True).content.decode()


def test_a_running_month_cannot_be_posted(as_: Any, world: World) -> None:
    address = reverse("desk:notice_posting", args=[world.village.code, "month", "2026-06"])
    assert "还没有结束" in as_("recorder").post(address, follow=True).content.decode()


def test_notice_prints_exports_and_stays_in_the_village(as_: Any, world: World, notice: Any) -> None:
    client = as_("committee")
    assert client.get(reverse("desk:notice_print", args=[notice.pk])).content.startswith(b"%PDF")
    a3 = client.get(reverse("desk:notice_print", args=[notice.pk]), {"paper": "a3"})
    assert a3["Content-Type"] == "application/pdf"
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("desk:notice_export", args=[notice.pk])).content)
    )
    assert len(book.worksheets) == 2
    assert (
        "没有找到这一户"
        in client.get(reverse("desk:notice", args=[notice.pk]), {"q": "zzz"}).content.decode()
    )
    stranger = as_("stranger")
    assert stranger.get(reverse("desk:notice", args=[notice.pk])).status_code == 404
    for address in ("desk:notice_new", "desk:notice_posting"):
        assert (
            stranger.get(reverse(address, args=[world.village.code, "month", "2026-05"])).status_code == 404
        )


def test_spoken_objection_is_keyed_in_and_upheld(
    as_: Any, world: World, notice: Any, ledger: list[Any]
) -> None:
    client = as_("recorder")
    address = reverse("desk:objection_new", args=[notice.pk, ledger[0].fact_id])
    assert "参加义务劳动" in client.get(address).content.decode()
    data = {"no": "999", "channel": "spoken", "grounds": "那天没有来", "request_key": str(uuid4())}
    assert client.post(address, data).status_code == 422
    answer = client.post(address, data | {"no": "2"})
    assert answer.status_code == 302
    assert client.post(address, data | {"no": "2"}).url == answer.url
    assert "那天没有来" in client.get(reverse("desk:objections")).content.decode()
    assert "异议办理中" in client.get(reverse("desk:notice", args=[notice.pk])).content.decode()
    assert "书面答复" not in client.get(answer.url).content.decode()
    committee = as_("committee")
    assert committee.post(answer.url, {"outcome": "upheld", "answer": " "}).status_code == 422
    assert committee.post(answer.url, {"outcome": "upheld", "answer": "查明未到场。"}).status_code == 302
    line = notices.lines(notices.objections(world.staff["committee"], on=world.at.date()))[0]
    assert line.state is ObjectionState.UPHELD
    assert is_reversed(ledger[0].fact_id)
    assert committee.get(reverse("desk:objection_reply", args=[line.id])).content.startswith(b"%PDF")
    assert (
        "已经办结" in committee.post(answer.url, {"outcome": "dismissed", "answer": "再答"}).content.decode()
    )
    assert as_("stranger").get(answer.url).status_code in (404, 409)


def test_an_entry_that_is_not_on_the_notice(as_: Any, notice: Any) -> None:
    assert as_("recorder").get(reverse("desk:objection_new", args=[notice.pk, 999_999])).status_code == 404


def test_finalising_after_the_window(as_: Any, world: World, notice: Any, clock: Any) -> None:
    client = as_("committee")
    address = reverse("desk:notice_finalisation", args=[notice.pk])
    assert "期满之后才能定案" in client.post(address, follow=True).content.decode()
    clock.move_to("2026-06-29T10:00:00+08:00")
    client = as_("committee")
    todo = client.get(reverse("desk:todo")).content.decode()
    assert "公示定案" in todo
    for row in notices.staff_notices(world.staff["committee"], on=dt.date(2026, 6, 29)).order_by("period"):
        assert client.post(reverse("desk:notice_finalisation", args=[row.pk])).status_code == 302
    notice.refresh_from_db()
    assert notice.state == NoticeState.FINALISED
    line = settlements.settlements(world.staff["committee"], on=dt.date(2026, 6, 29), kind="month")[0]
    assert line.period == "2026-05"
    assert line.equal
    assert line.awarded == 2000


def test_a_reckoning_says_when_the_ledger_has_moved_on(
    as_: Any, world: World, ledger: list[Any], clock: Any
) -> None:
    client = as_("committee")
    answer = client.post(reverse("desk:settlement_new"), {"village": world.village.code, "period": "2026-05"})
    number = int(answer.url.rstrip("/").split("/")[-1])
    world.approve(world.file(0, "voluntary-labour", dt.date(2026, 5, 6)))
    address = reverse("desk:explanation", args=[number, world.households[0].subject_id])
    moved = client.get(address).content.decode()
    assert "之后台账又有变动" in moved
    assert "名次和结果怎么来的" not in moved


def test_a_streak_is_explained_over_the_quarters_that_were_settled(
    as_: Any, world: World, ledger: list[Any], clock: Any
) -> None:
    clock.move_to("2026-07-02T10:00:00+08:00")
    client = as_("committee")
    for quarter in ("2026-Q1", "2026-Q2"):
        answer = client.post(
            reverse("desk:settlement_new"), {"village": world.village.code, "period": quarter}
        )
    number = int(answer.url.rstrip("/").split("/")[-1])
    subject = world.households[0].subject_id
    why = client.get(reverse("desk:explanation", args=[number, subject])).content.decode()
    assert "季度积分先进户" in why
    assert "符合；名次1（前5）；总分5.0（高于0.0）；无一票否决（要求无）" in why
    assert "连续4期：此前未结算、2026-Q1不成立、2026-Q2成立" in why


def test_settling_by_hand_and_reading_it(as_: Any, world: World, ledger: list[Any], clock: Any) -> None:
    client = as_("committee")
    address = reverse("desk:settlement_new")
    assert client.get(address).status_code == 200
    assert client.post(address, {"village": world.village.code, "period": "2026-06"}).status_code == 422
    answer = client.post(address, {"village": world.village.code, "period": "2026-05"})
    assert answer.status_code == 302
    clock.shift(dt.timedelta(minutes=5))
    again = client.post(address, {"village": world.village.code, "period": "2026-05"}, follow=True)
    assert "完全相同" in again.content.decode()
    page = client.get(answer.url).content.decode()
    assert "与台账一致" in page
    assert "分毫不差" in page
    assert "王守田" not in client.get(answer.url, {"q": "李桂兰"}).content.decode()
    number = int(answer.url.rstrip("/").split("/")[-1])
    subject = world.households[0].subject_id
    why = client.get(reverse("desk:explanation", args=[number, subject])).content.decode()
    assert "参加义务劳动" in why
    assert "第 1 名，5 分" in why
    assert "5分 = 5.0" in why
    assert "4个中第1名" in why or "中第1名，并列" in why
    client.cookies["django_language"] = "en"
    english = client.get(reverse("desk:explanation", args=[number, subject])).content.decode()
    client.cookies["django_language"] = "zh-hans"
    assert "5 points = 5.0" in english
    assert "How rank and outcomes came about" in english
    assert client.get(reverse("desk:explanation", args=[number, 0])).status_code == 404
    assert client.get(reverse("desk:settlement_export", args=[number])).content.startswith(b"PK")
    data = client.get(reverse("desk:settlement_recalculation", args=[number])).content
    assert {"subjects.csv", "facts.csv", "totals.csv"} <= set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    assert as_("stranger").get(answer.url).status_code in (404, 409)
    assert as_("recorder").get(address).status_code == 403


@pytest.mark.parametrize("who", ["recorder", "worker", "committee", "supervisor", "township", "panel1"])
def test_every_post_has_a_start_page(as_: Any, world: World, ledger: list[Any], who: str) -> None:
    world.file(5, "voluntary-labour", MAY)
    page = as_(who).get(reverse("desk:todo"))
    assert page.status_code == 200
    assert ("各村进展" in page.content.decode()) == (who == "township")
    for name in ("claims", "meetings", "ledger", "notices", "objections", "settlements"):
        assert as_(who).get(reverse(f"desk:{name}")).status_code == 200


def test_the_township_filters_by_village(as_: Any, world: World, ledger: list[Any]) -> None:
    client = as_("township")
    for name in ("claims", "meetings", "ledger", "notices", "objections", "settlements"):
        page = client.get(reverse(f"desk:{name}"), {"village": world.foreign.code})
        assert page.status_code == 200
        assert "北洼村" in page.content.decode()


def test_villages_have_their_english_names_on_english_lists(as_: Any, world: World, notice: Any) -> None:
    client = as_("township")
    client.cookies["django_language"] = "en"
    for noun in ("claims", "meetings", "ledger", "notices"):
        page = client.get(reverse(f"desk:{noun}")).content.decode()
        cells = set(re.findall(r'<td data-label="Village"[^>]*>([^<]*)</td>', page))
        assert cells == {"Shiqiao Village"}, noun


def test_start_page_in_few_queries(as_: Any, world: World, django_assert_max_num_queries: Any) -> None:
    client = as_("township")
    with django_assert_max_num_queries(48):
        client.get(reverse("desk:todo"))


@pytest.mark.parametrize("noun", ["claims", "meetings", "ledger", "notices", "objections", "settlements"])
def test_every_list_can_be_taken_home(as_: Any, world: World, notice: Any, noun: str) -> None:
    answer = as_("committee").get(reverse(f"desk:{noun}_export"))
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row >= 3
    shown = as_("committee").get(reverse(f"desk:{noun}")).content.decode()
    assert (reverse(f"desk:{noun}_export") in shown) == (noun not in ("objections", "settlements"))
    assert as_("panel1").get(reverse(f"desk:{noun}_export")).status_code == 403


def test_no_link_in_the_menu_is_refused(as_: Any, world: World) -> None:
    for who in ("worker", "recorder", "committee", "supervisor", "township", "panel1"):
        client = as_(who)
        page = client.get(reverse("desk:todo")).content.decode()
        menu = page.partition('class="desk-nav"')[2].partition("</nav>")[0]
        for address in [part.partition('"')[0] for part in menu.split('href="')[1:]]:
            assert client.get(address, follow=True).status_code == 200, (who, address)
