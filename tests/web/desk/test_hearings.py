"""After the first answer: up to the township, appeals, judgements, letters from outside, and the numbers of it all."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from uuid import uuid4

import openpyxl
import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from jizhi.ledger.selectors import is_reversed
from jizhi.notices import selectors as notices
from jizhi.notices import services
from jizhi.notices.rules import LetterAbout, LetterState, ObjectionState
from tests.web.desk.world import World

MAY = dt.date(2026, 5, 4)


@pytest.fixture
def fact(as_: Any, world: World, months_posted: list[Any]) -> int:
    """A labour day of the first household, on May's notice."""
    as_("recorder").post(reverse("desk:notice_posting", args=[world.village.code, "month", "2026-05"]))
    return int(months_posted[0].fact_id)


@pytest.fixture
def notice(world: World, fact: int) -> Any:
    return notices.staff_notices(world.staff["recorder"], on=world.at.date(), month="2026-05").get()


@pytest.fixture
def objection(as_: Any, notice: Any, fact: int) -> str:
    """Its address."""
    data = {"no": "2", "channel": "spoken", "grounds": "那天没有来", "request_key": str(uuid4())}
    return str(as_("recorder").post(reverse("desk:objection_new", args=[notice.pk, fact]), data).url)


def test_answered_in_part(as_: Any, world: World, objection: str) -> None:
    client = as_("committee")
    assert "更正后的日期" in client.get(objection).content.decode()
    same = client.post(objection, {"outcome": "partly", "answer": "只有半天"})
    assert same.status_code == 422
    answer = client.post(objection, {"outcome": "partly", "answer": "是五月五日", "act_date": "2026-05-05"})
    assert answer.status_code == 302
    page = client.get(objection).content.decode()
    assert "异议部分成立" in page and "是五月五日" in page


def test_up_to_the_township_which_answers(as_: Any, world: World, objection: str) -> None:
    committee = as_("committee")
    address = f"{objection}escalation/"
    assert committee.post(address, {"words": " "}).status_code == 422
    assert committee.post(address, {"words": "经办人都参加了评议"}).status_code == 302
    assert "待乡镇答复" in committee.get(objection).content.decode()
    assert "书面答复" not in committee.get(objection).content.decode()
    town = as_("township")
    assert "答复异议" in town.get(reverse("desk:todo")).content.decode()
    assert town.post(objection, {"outcome": "dismissed", "answer": "记录属实"}).status_code == 302
    assert as_("stranger").get(address).status_code in (403, 404)


def test_an_appeal_is_keyed_in_and_decided_by_the_supervisor(as_: Any, world: World, objection: str) -> None:
    as_("committee").post(objection, {"outcome": "dismissed", "answer": "记录属实"})
    new = f"{objection}appeals/new/"
    recorder = as_("recorder")
    assert "村务监督委员会" in recorder.get(new).content.decode()
    data = {"grounds": "签到是别人代签", "request_key": str(uuid4())}
    address = recorder.post(new, data).url
    assert recorder.post(new, data).url == address
    supervisor = as_("supervisor")
    assert "复核异议" in supervisor.get(reverse("desk:todo")).content.decode()
    assert "作出复核" not in recorder.get(address).content.decode()
    assert supervisor.post(address, {"outcome": "upheld", "answer": " "}).status_code == 422
    assert supervisor.post(address, {"outcome": "upheld", "answer": "笔迹不同"}).status_code == 302
    assert "复核成立" in supervisor.get(address).content.decode()
    for page in (address, new):
        assert as_("stranger").get(page).status_code in (403, 404)


def test_a_judgement_is_entered_with_its_scan(as_: Any, world: World, notice: Any, fact: int) -> None:
    town, address = as_("township"), reverse("desk:order_new", args=[fact])
    scan = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(scan, "PNG")
    data = {
        "kind": "court", "number": "（2026）民初1号", "issuer": "县人民法院", "order_date": "2026-06-10",
        "outcome": "upheld", "words": "撤销该条记分",
    }  # fmt: skip
    assert town.post(address, data).status_code == 422
    scan.seek(0)
    scan.name = "scan.png"
    answer = town.post(address, data | {"scan": scan})
    assert answer.status_code == 302
    page = town.get(answer.url).content.decode()
    assert "县人民法院" in page and is_reversed(fact)
    (line,) = notices.orders_about(fact)
    assert town.get(reverse("desk:order_scan", args=[line.id]))["Content-Type"] == "image/jpeg"
    assert as_("stranger").get(reverse("desk:order_scan", args=[line.id])).status_code == 404
    assert as_("committee").get(address).status_code == 403


def test_a_letter_from_outside_becomes_an_objection(as_: Any, world: World, notice: Any, fact: int) -> None:
    public, code = Client(), world.village.code
    new = reverse("public:letter_new", args=[code])
    assert "怎样答复您" in public.get(new).content.decode()
    data = {
        "about": "entry",
        "name": "<b>路人</b>",
        "contact": "电话",
        "words": "<script>alert(1)</script>",
        "reference": "",
    }
    assert public.post(new, data | {"words": ""}).status_code == 422
    assert public.post(new, data | {"website": "http://spam"}).status_code == 404
    followed = public.post(new, data).url
    page = public.get(followed).content.decode()
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    assert public.get(followed[:-3] + "xx/").status_code == 404
    recorder = as_("recorder")
    assert "核实异议来件" in recorder.get(reverse("desk:todo")).content.decode()
    (line,) = notices.letter_lines(notices.letters(world.staff["recorder"], on=world.at.date()))
    shown = recorder.get(reverse("desk:letter", args=[line.id])).content.decode()
    assert "&lt;b&gt;路人" in shown and "身份待核实" in shown
    admission = reverse("desk:letter_admission", args=[line.id])
    assert "先按户编号" in recorder.get(admission).content.decode()
    chosen = f"{admission}?q=1"
    assert "参加义务劳动" in recorder.get(chosen).content.decode()
    answer = recorder.post(chosen, {"no": "2", "entry": f"{notice.pk}:{fact}"})
    assert answer.status_code == 302
    assert "待答复" in public.get(followed).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(recorder.get(reverse("desk:letters_export")).content))
    assert book.worksheets[0].max_row >= 3
    for page in (reverse("desk:letter", args=[line.id]), admission):
        assert as_("stranger").get(page).status_code in (403, 404)


def test_a_letter_is_answered(as_: Any, world: World) -> None:
    new = reverse("public:letter_new", args=[world.village.code])
    Client().post(new, {"about": "total", "name": "某", "contact": "电话", "words": "合计不对"})
    (line,) = notices.letter_lines(notices.letters(world.staff["committee"], on=world.at.date()))
    client, address = as_("committee"), reverse("desk:letter", args=[line.id])
    assert client.post(address, {"outcome": "dismissed", "answer": "已逐条核对"}).status_code == 302
    line = notices.letter_line(world.staff["committee"], line.id, on=world.at.date())
    assert line.state is LetterState.DISMISSED
    assert "不成立" in client.get(reverse("desk:letters")).content.decode()


def test_objections_in_numbers(as_: Any, world: World, objection: str) -> None:
    as_("committee").post(objection, {"outcome": "upheld", "answer": "查明未到场"})
    client = as_("township")
    page = client.get(reverse("desk:objection_statistics")).content.decode()
    assert "100%" in page and "口头提出" in page and "王守田" not in page
    assert (
        "这段时间没有异议"
        in client.get(
            reverse("desk:objection_statistics"), {"since": "2025-01-01", "until": "2025-02-01"}
        ).content.decode()
    )
    listed = client.get(
        reverse("desk:objections"), {"channel": "spoken", "month": "2026-06"}
    ).content.decode()
    assert "那天没有来" in listed
    assert "那天没有来" not in client.get(reverse("desk:objections"), {"month": "2026-05"}).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("desk:objection_statistics_export")).content))
    assert len(book.worksheets) == 7
    assert "这段时间没有异议" in as_("stranger").get(reverse("desk:objection_statistics")).content.decode()
    (line,) = notices.lines(notices.objections(world.staff["committee"], on=world.at.date()))
    assert line.state is ObjectionState.UPHELD


def test_letters_in_numbers(as_: Any, world: World) -> None:
    services.receive_letter(
        village=world.village, about=LetterAbout.TOTAL, name="在外务工的人", contact="打电话", words="合计少了五分",
        by=None, at=world.at,
    )  # fmt: skip
    client, address = as_("township"), reverse("desk:objection_statistics")
    page = client.get(address).text
    assert "这段时间没有异议" in page and "来件" in page and "合计或名次不对" in page
    assert "在外务工的人" not in page and "合计少了五分" not in page, "numbers alone"
    assert (
        "来件"
        not in client.get(address, {"since": "2025-01-01", "until": "2025-02-01"}).text.partition("results")[
            2
        ]
    )
    listed = client.get(reverse("desk:letters"), {"about": "total", "month": f"{world.at:%Y-%m}"}).text
    assert "合计少了五分" in listed
    assert "合计少了五分" not in client.get(reverse("desk:letters"), {"about": "missing"}).text
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("desk:objection_statistics_export")).content))
    kinds = [list(row) for row in book.worksheets[6].values]
    assert ["合计或名次不对", 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, None] in kinds
    printed = client.get(reverse("desk:objection_statistics_print"))
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(printed.content)).pages)
    assert "来件" in text and "合计或名次不对" in text
    assert "合计或名次不对" not in as_("stranger").get(address).text
