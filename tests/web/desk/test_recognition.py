"""Recognition through the pages: a round, the household's own column, the team's, the group's, prints; and who may."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from jizhi.accounts.selectors import user_by_username
from jizhi.claims import selectors as claims
from jizhi.people import services as people
from jizhi.recognition import rules, selectors
from jizhi.reviews import services as reviews
from tests.web.desk.test_evidence import photo
from tests.web.desk.world import HEADS, World

TODAY = dt.date(2026, 6, 15)


@pytest.fixture
def sheet(as_: Any, world: World) -> Any:
    sent = {
        "village": world.village.code, "title": "上半年三方认定", "from_date": "2026-03-01",
        "to_date": "2026-06-14", "self_until_date": "2026-06-30",
    }  # fmt: skip
    assert as_("recorder").post(reverse("desk:recognition_new"), sent).status_code == 302
    row = selectors.rounds(world.root, on=TODAY).get()
    return row.sheets.get(subject=world.households[0].subject)


def test_from_the_phone_to_the_ledger(as_: Any, world: World, sheet: Any, client_as: Any) -> None:
    (card,) = people.issue_cards(households=[world.households[0]], by=world.root, at=world.at, pin="402917")
    home = client_as(user_by_username(card.code))
    own = reverse("resident:recognition", args=[sheet.pk])
    assert "参加义务劳动" in home.get(own).content.decode()
    assert home.post(own, {"a-voluntary-labour": "40"}).status_code == 422
    home.post(own, {"a-voluntary-labour": "2", "w-voluntary-labour": "修路"})
    assert "修路" in home.get(own).content.decode()
    worker, address = as_("worker"), reverse("desk:recognition_sheet", args=[sheet.pk])
    assert "填工作组" in worker.get(address).content.decode()
    sent = {"a-voluntary-labour": "1", "p-voluntary-labour": [photo(3)], "a-volunteering": "2"}
    assert worker.post(reverse("desk:recognition_team", args=[sheet.pk]), sent).status_code == 302
    page = worker.get(address).content.decode()
    assert "2 条不一致" in page and "修路" in page
    recorder = as_("recorder")
    assert "请先开会" in recorder.get(address).content.decode()
    world.meet()
    decision = reverse("desk:recognition_decision", args=[sheet.pk])
    refused = recorder.post(decision, {"a-voluntary-labour": "2", "a-volunteering": "2"})
    assert refused.status_code == 422 and "理由" in refused.content.decode()
    agreed = {"a-voluntary-labour": "2", "a-volunteering": "2", "reason": "村里有签到表"}
    assert recorder.post(decision, agreed).status_code == 302
    assert len(claims.claims_of_subject(sheet.subject_id)) == 3
    page = home.get(own).content.decode()
    assert "村里有签到表" in page and "加分已记入存折" in page
    kept = selectors.sheet_page(world.root, sheet.pk, on=TODAY)
    (number,) = next(row.photos for row in kept.rows if row.photos)
    assert home.get(reverse("resident:recognition_photo", args=[number]))["Content-Type"] == "image/jpeg"
    assert as_("stranger").get(reverse("desk:recognition_photo", args=[number])).status_code == 404


def test_a_typed_sheet_stays_when_the_meeting_was_closed_meanwhile(
    as_: Any, world: World, sheet: Any
) -> None:
    as_("worker").post(reverse("desk:recognition_team", args=[sheet.pk]), {"a-voluntary-labour": "1"})
    recorder, meeting = as_("recorder"), world.meet()
    reviews.close_meeting(meeting=meeting, minutes="", by=world.staff["recorder"], at=world.at)
    sent = {"a-voluntary-labour": "3", "reason": "有签到表为证"}
    refused = recorder.post(reverse("desk:recognition_decision", args=[sheet.pk]), sent)
    assert refused.status_code == 422
    assert "评议会已经结束" in refused.text and "有签到表为证" in refused.text and 'value="3"' in refused.text
    assert reverse("desk:meeting_new") in refused.text
    assert claims.claims_of_subject(sheet.subject_id) == []
    world.meet()
    assert recorder.post(reverse("desk:recognition_decision", args=[sheet.pk]), sent).status_code == 302


def test_paper_prints_and_tables(as_: Any, world: World, sheet: Any) -> None:
    recorder = as_("recorder")
    printed = recorder.get(reverse("desk:recognition_print", args=[sheet.round_id]))
    pages = pypdf.PdfReader(io.BytesIO(printed.content)).pages
    assert len(pages) >= len(HEADS) and "王守田" in pages[0].extract_text()
    scanned = recorder.get(reverse("desk:recognition_scan"), {"code": rules.sheet_code(sheet.pk)})
    assert scanned["Location"] == reverse("desk:recognition_sheet", args=[sheet.pk])
    assert (
        "核对" in recorder.get(reverse("desk:recognition_scan"), {"code": "12"}, follow=True).content.decode()
    )
    keyed = reverse("desk:recognition_self", args=[sheet.pk])
    assert recorder.post(keyed, {"channel": "paper", "a-voluntary-labour": "1"}).status_code == 302
    page = recorder.get(reverse("desk:recognition_round", args=[sheet.round_id]), {"state": "self_scored"})
    assert "王守田" in page.content.decode() and "李桂兰" not in page.content.decode()
    book = openpyxl.load_workbook(
        io.BytesIO(recorder.get(reverse("desk:recognition_export", args=[sheet.round_id])).content)
    )
    assert book.worksheets[0].max_row >= len(HEADS)


def test_strangers_and_posts_without_the_right(as_: Any, sheet: Any) -> None:
    stranger = as_("stranger")
    for name in ("recognition_round", "recognition_print"):
        assert stranger.get(reverse(f"desk:{name}", args=[sheet.round_id])).status_code == 404
    assert stranger.get(reverse("desk:recognition_sheet", args=[sheet.pk])).status_code == 404
    assert "上半年三方认定" not in stranger.get(reverse("desk:recognition")).content.decode()
    assert as_("worker").get(reverse("desk:recognition_new")).status_code == 403


def test_rounds_are_found_and_taken_home(as_: Any, world: World, sheet: Any) -> None:
    client, address = as_("recorder"), reverse("desk:recognition")
    assert "上半年三方认定" in client.get(address, {"q": "上半年"}).content.decode()
    page = client.get(address, {"q": "下半年"}).content.decode()
    assert "没有符合条件的记录" in page and "还没有开过认定" not in page
    answer = client.get(reverse("desk:recognition_rounds_export"), {"q": "上半年"})
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.values for cell in row]
    assert "上半年三方认定" in cells and len(HEADS) in cells
    assert "上半年三方认定" not in as_("stranger").get(address).content.decode()


def test_earlier_sheets_stay_within_reach(as_: Any, world: World, sheet: Any, client_as: Any) -> None:
    sent = {
        "village": world.village.code, "title": "春季三方认定", "from_date": "2026-01-01",
        "to_date": "2026-02-28", "self_until_date": "2026-06-30",
    }  # fmt: skip
    as_("recorder").post(reverse("desk:recognition_new"), sent)
    earlier = selectors.rounds(world.root, on=TODAY, words="春季").get().sheets.get(subject=sheet.subject)
    (card,) = people.issue_cards(households=[world.households[0]], by=world.root, at=world.at, pin="402917")
    home = client_as(user_by_username(card.code))
    address = reverse("resident:recognition", args=[earlier.pk])
    assert address in home.get(reverse("resident:recognition", args=[sheet.pk])).content.decode()
    assert "春季三方认定" in home.get(address).content.decode()
    page = as_("recorder").get(reverse("desk:recognition_sheet", args=[sheet.pk])).content.decode()
    assert reverse("desk:recognition_sheet", args=[earlier.pk]) in page


def test_waiting_sheets_are_on_the_list_of_things_to_do(as_: Any, world: World, sheet: Any) -> None:
    todo = reverse("desk:todo")
    assert "工作组评分" not in as_("worker").get(todo).content.decode(), "the household has its days first"
    recorder = as_("recorder")
    recorder.post(
        reverse("desk:recognition_self", args=[sheet.pk]), {"channel": "paper", "a-voluntary-labour": "1"}
    )
    assert "工作组评分：1张认定表" in as_("worker").get(todo).content.decode()
    as_("worker").post(reverse("desk:recognition_team", args=[sheet.pk]), {"a-voluntary-labour": "1"})
    assert "评议会认定：1张认定表" in recorder.get(todo).content.decode()
    assert "张认定表" not in as_("worker").get(todo).content.decode()
