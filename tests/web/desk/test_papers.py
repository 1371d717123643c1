"""Paper sheets at the desk: printing, scanning, keying in with a code, what became of each; and who may."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from jizhi.channels import selectors
from jizhi.channels.rules import SheetState, written
from jizhi.claims.rules import Channel
from tests.web.desk.world import HEADS, World

TODAY = dt.date(2026, 6, 15)


@pytest.fixture
def codes(as_: Any, world: World) -> list[str]:
    """Two blank sheets and one for each household, printed through the page."""
    sent = {
        "village": world.village.code,
        "households": world.village.code,
        "count": "2",
        "title": "六月申报表",
    }
    answer = as_("recorder").post(reverse("desk:paper_new"), sent | {"request_key": str(uuid.uuid4())})
    pdf = as_("recorder").get(answer["Location"])
    pages = pypdf.PdfReader(io.BytesIO(pdf.content)).pages
    rows = selectors.sheet_lines(selectors.sheets(world.root, on=TODAY).order_by("number"))
    assert len(pages) == len(rows) == len(HEADS) + 2
    assert rows[0].written in pages[0].extract_text() and "六月申报表" in pages[0].extract_text()
    assert world.households[0].head_name in pages[0].extract_text()
    return [row.code for row in rows]


def fill(code: str, no: str = "", **more: str) -> dict[str, Any]:
    rows = {"row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0", "row-0-act_date": "2026-06-10"}
    rows |= {"row-0-item": "voluntary-labour", "row-0-quantity": "", "row-0-words": "修渠"}
    return rows | {"code": code, "no": no, "channel": "paper", "request_key": str(uuid.uuid4())} | more


def test_scan_key_in_and_see_what_became_of_it(as_: Any, world: World, codes: list[str]) -> None:
    client = as_("recorder")
    scanned = client.get(reverse("desk:paper_scan"), {"code": f"https://x.org/desk/papers/{codes[0]}/"})
    page = client.get(scanned["Location"]).content.decode()
    assert written(codes[0]) in page and f'value="{world.households[0].no}"' in page
    sent = fill(codes[0], world.households[0].no, village=world.village.code)
    assert client.post(reverse("desk:claim_new"), sent).status_code == 302
    again = client.post(reverse("desk:claim_new"), sent | {"request_key": str(uuid.uuid4())})
    assert again.status_code == 422 and "已录入" in again.content.decode()
    shown = client.get(reverse("desk:paper_scan"), {"code": written(codes[0])}, follow=True).content.decode()
    assert "录入的申报" in shown and "已录入" in shown
    (line,) = selectors.sheet_page(world.root, codes[0], on=TODAY).claims
    assert line.channel is Channel.PAPER
    assert written(codes[0]) in client.get(reverse("desk:claim", args=[line.id])).content.decode()


def test_wrong_codes_and_strangers(as_: Any, codes: list[str]) -> None:
    client = as_("recorder")
    wrong = codes[0][:-1] + str((int(codes[0][-1]) + 1) % 10)
    assert "核对" in client.get(reverse("desk:paper_scan"), {"code": wrong}, follow=True).content.decode()
    assert as_("stranger").get(reverse("desk:paper", args=[codes[0]])).status_code == 404
    assert as_("worker").get(reverse("desk:paper_new")).status_code == 403


def test_spoiled_and_missing_are_listed(as_: Any, world: World, codes: list[str]) -> None:
    client = as_("recorder")
    assert client.post(reverse("desk:paper_spoiling", args=[codes[0]]), {"reason": ""}).status_code == 422
    client.post(reverse("desk:paper_spoiling", args=[codes[0]]), {"reason": "弄湿了"})
    client.post(reverse("desk:papers_missing"), {"sheet": codes[1:3]})
    assert "请先勾选" in client.post(reverse("desk:papers_missing"), follow=True).content.decode()
    counts = selectors.counts_by_state(selectors.sheets(world.root, on=TODAY))
    assert (counts[SheetState.SPOILED], counts[SheetState.MISSING]) == (1, 2)
    page = client.get(reverse("desk:papers"), {"state": "spoiled"}).content.decode()
    assert "弄湿了" in page
    assert "没有符合条件" in client.get(reverse("desk:papers"), {"q": "没有此人"}).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("desk:papers_export")).content))
    assert book.worksheets[0].max_row >= len(codes)
