"""Posting every kind of notice on the desk: preview, sheet, public page; more time; taking down; clocks."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import openpyxl
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from jizhi.notices import selectors as notices
from jizhi.notices.rules import NoticeKind
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from tests.web.desk.world import SINCE, World


def post(client: Client, world: World, period: str, kind: str = "month") -> Any:
    return client.post(reverse("desk:notice_posting", args=[world.village.code, kind, period]), follow=True)


def number(world: World, period: str, kind: NoticeKind = NoticeKind.MONTH) -> int:
    found = notices.notice_of(world.village, period, kind=kind)
    assert found is not None
    return found


def printed(answer: Any) -> str:
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def read(answer: Any) -> str:
    """What a page says, without its marks and spaces."""
    text = re.sub(
        r"<script.*?</script>|<style.*?</style>|<[^>]+>", "", answer.content.decode(), flags=re.DOTALL
    )
    return re.sub(r"\s+", "", html.unescape(text))


@pytest.fixture
def months(as_: Any, months_posted: list[Any]) -> Client:
    """The recorder's client; every month before May is posted."""
    return as_("recorder")


def test_preview_sheet_public_page_and_workbook_say_the_same(months: Client, world: World) -> None:
    about = [world.village.code, "month", "2026-05"]
    preview = months.get(reverse("desk:notice_new", args=about))
    draft = printed(months.get(reverse("desk:notice_draft", args=about)))
    assert "未张贴" in draft
    post(months, world, "2026-05")
    notice = number(world, "2026-05")
    page = notices.notice_page(notice)
    address = reverse("public:notice", args=[world.village.code, notice])
    seen = {
        "preview": read(preview),
        "desk": read(months.get(reverse("desk:notice", args=[notice]))),
        "public": read(Client().get(address)),
        "draft": draft,
        "A4": printed(months.get(reverse("desk:notice_print", args=[notice]))),
        "A3": printed(months.get(reverse("desk:notice_print", args=[notice]), {"paper": "a3"})),
        "public PDF": printed(Client().get(f"{address}notice.pdf")),
    }
    assert len(page.rows) == 12
    for where, text in seen.items():
        for row in page.rows:
            assert re.search(rf"{row.no}{re.escape(row.head)}|{re.escape(row.head)}{row.no}", text), (
                where,
                row,
            )
        assert text.count("参加义务劳动") == 4, where
        assert text.count("+5") >= 8, where
    for where in ("A4", "A3", "public PDF"):
        assert page.line is not None
        assert page.line.digest in seen[where], where
    book = openpyxl.load_workbook(
        io.BytesIO(months.get(reverse("desk:notice_export", args=[notice])).content)
    )
    cells = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert all(row.head in cells for row in page.rows)


def test_a_window_is_extended_and_a_notice_taken_down_and_posted_again(
    as_: Any, months: Client, world: World
) -> None:
    post(months, world, "2026-05")
    notice = number(world, "2026-05")
    extension = reverse("desk:notice_extension", args=[notice])
    assert "只能延长" in months.get(extension).content.decode()
    assert months.post(extension, {"to_date": "2026-06-16", "reason": "农忙"}).status_code == 422
    later = months.post(extension, {"to_date": "2026-06-28", "reason": "农忙，看的人少"}, follow=True)
    assert "农忙，看的人少" in later.content.decode()
    address = reverse("public:notice", args=[world.village.code, notice])
    assert "农忙，看的人少" in Client().get(address).content.decode()
    withdrawal = reverse("desk:notice_withdrawal", args=[notice])
    assert months.get(withdrawal).status_code == 403
    committee = as_("committee")
    assert committee.post(withdrawal, {"reason": ""}).status_code == 422
    down = committee.post(withdrawal, {"reason": "漏登一户"}, follow=True).content.decode()
    assert "漏登一户" in down
    assert "重新张贴" in down
    assert committee.get(reverse("desk:notice_print", args=[notice])).status_code == 404
    public = Client().get(address).content.decode()
    assert "漏登一户" in public
    assert "王**" not in public
    again = post(committee, world, "2026-05").content.decode()
    assert "本期公示替换此前张贴" in again
    second = number(world, "2026-05")
    assert (
        reverse("public:notice", args=[world.village.code, second]) in Client().get(address).content.decode()
    )
    sheet = printed(committee.get(reverse("desk:notice_print", args=[second])))
    assert "漏登一户" in sheet


def test_every_kind_is_chosen_previewed_posted_and_printed(
    as_: Any, months: Client, world: World, clock: Any
) -> None:
    post(months, world, "2026-05")
    clock.move_to("2026-07-01T10:00:00+08:00")
    committee = as_("committee")
    refused = post(committee, world, "2026-Q1", "quarter").content.decode()
    assert "还没有定案" in refused
    for month in range(1, 6):
        found = number(world, f"2026-0{month}")
        assert committee.post(reverse("desk:notice_finalisation", args=[found])).status_code == 302
    choice = committee.get(reverse("desk:notice_choice")).content.decode()
    for kind, period in (("month", "2026-06"), ("quarter", "2026-Q1"), ("honours", "2026-Q1")):
        assert reverse("desk:notice_new", args=[world.village.code, kind, period]) in choice
    assert "没有要公示的表彰" in post(committee, world, "2026-Q1", "honours").content.decode()
    preview = read(committee.get(reverse("desk:notice_new", args=[world.village.code, "quarter", "2026-Q1"])))
    assert "各户积分" in preview
    for kind, period, words in (
        (NoticeKind.QUARTER, "2026-Q1", "各户积分"),
        (NoticeKind.REDEMPTIONS, "2026-05", "物资收支"),
    ):
        posted = post(committee, world, period, kind.value)
        assert words in read(posted)
        notice = number(world, period, kind)
        for answer in (
            committee.get(reverse("desk:notice_print", args=[notice])),
            Client().get(reverse("public:notice_pdf", args=[world.village.code, notice])),
        ):
            assert words in printed(answer)
        assert words in read(Client().get(reverse("public:notice", args=[world.village.code, notice])))
        assert committee.get(reverse("desk:notice_export", args=[notice])).status_code == 200
        assert "定案" not in read(posted).split("公示到")[0].replace("已经定案", "")
    narrowed = committee.get(reverse("desk:notices"), {"kind": "quarter"}).content.decode()
    assert "2026年第1季度积分小结公示" in narrowed
    assert "2026年5月积分公示" not in narrowed


@pytest.mark.parametrize(
    ("kind", "period"), [("month", "2026-Q1"), ("quarter", "2026-13"), ("no", "2026-05"), ("year", "20x6")]
)
def test_a_period_that_the_kind_does_not_have_is_not_found(
    as_: Any, world: World, kind: str, period: str
) -> None:
    for name in ("desk:notice_new", "desk:notice_posting", "desk:notice_draft"):
        assert as_("recorder").get(reverse(name, args=[world.village.code, kind, period])).status_code == 404


def test_the_township_sees_who_is_late_and_the_village_is_reminded(
    as_: Any, months: Client, world: World
) -> None:
    address = reverse("desk:late_notices")
    page = as_("township").get(address).content.decode()
    assert "2026年1月积分公示" in page
    assert "北洼村" in page
    assert "石桥村" in page
    only = as_("township").get(address, {"village": world.foreign.code, "shown": "missing"}).content.decode()
    assert "还没张贴" in only
    assert "120" in only  # January was due on the 15th of February
    book = openpyxl.load_workbook(
        io.BytesIO(as_("township").get(reverse("desk:late_notices_export")).content)
    )
    assert book.worksheets[0].max_row > 5
    stranger = as_("stranger").get(address).content.decode()
    assert "石桥村" not in stranger
    todo = months.get(reverse("desk:todo")).content.decode()
    assert "张贴：2026年5月积分公示" in todo
    assert "张贴：2026年第1季度积分小结公示" in todo


def test_the_county_sets_the_clocks_within_the_packs_bounds(as_: Any, months: Client, world: World) -> None:
    assert as_("township").get(reverse("desk:clocks")).status_code == 403
    posts.assign_post(
        user=world.staff["township"], kind=PostKind.COUNTY, area=world.township.parent,
        from_date=SINCE, by=None, at=world.at,
    )  # fmt: skip
    county = as_("township")
    address = reverse("desk:clocks")
    assert "没有调整过" in county.get(address).content.decode()
    given = {
        "post_by_day": 12, "window_days": 9, "answer_days": 3, "hand_up_days": 10, "escalate_days": 10,
        "appeal_days": 15,
        "public_days": 180, "summary_days": 45, "reason": "省厅〔2026〕8号",
    }  # fmt: skip
    assert county.post(address, given).status_code == 422
    page = county.post(address, given | {"window_days": 20}, follow=True).content.decode()
    assert "省厅〔2026〕8号" in page
    assert "10 → 20" in page
    preview = months.get(
        reverse("desk:notice_new", args=[world.village.code, "month", "2026-05"])
    ).content.decode()
    assert "2026年7月5日" in preview
