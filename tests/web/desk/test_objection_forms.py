"""Objection forms from the notice to the keyed-in objection, reminders on the start page, and the mark on a total."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from jizhi.channels.models import PaperSheet
from jizhi.demo.month import moment
from jizhi.notices import models, services
from tests.web.desk.test_hearings import fact as fact
from tests.web.desk.test_hearings import notice as notice
from tests.web.desk.test_hearings import objection as objection
from tests.web.desk.world import World


def test_a_form_is_printed_scanned_and_keyed_in_once(as_: Any, world: World, notice: Any, fact: int) -> None:
    recorder = as_("recorder")
    address = reverse("desk:objection_forms", args=[notice.pk])
    assert address in recorder.get(reverse("desk:notice", args=[notice.pk])).content.decode()
    assert "空白表张数" in recorder.get(address).content.decode()
    data = {"households": "", "no": "", "count": "2", "request_key": str(uuid4())}
    printed = recorder.post(address, data)
    assert recorder.get(printed.url)["Content-Type"] == "application/pdf"
    sheet = PaperSheet.objects.order_by("number").first()
    assert sheet is not None and PaperSheet.objects.count() == 2
    scan = recorder.get(reverse("desk:paper_scan"), {"code": sheet.code})
    assert scan.url == reverse("desk:objection_form", args=[sheet.code])
    assert "先按户编号找记录" in recorder.get(scan.url).content.decode()
    assert "针对的记录" in recorder.get(scan.url, {"q": "1"}).content.decode()
    given = {
        "no": "2",
        "entry": str(fact),
        "grounds": "<b>没有来</b>",
        "received_date": world.at.date().isoformat(),
    }
    address = f"{scan.url}?q=1"
    assert recorder.post(address, given | {"grounds": ""}).status_code == 422
    filed = recorder.post(address, given)
    page = recorder.get(filed.url).content.decode()
    assert "书面提出" in page and "&lt;b&gt;" in page
    assert recorder.post(address, given).status_code == 422
    assert models.Objection.objects.count() == 1
    paper = recorder.get(reverse("desk:paper", args=[sheet.code])).content.decode()
    assert filed.url in paper and "异议表" in paper
    assert "异议表" in recorder.get(reverse("desk:papers"), {"kind": "objection"}).content.decode()
    for page_address in (printed.url, scan.url, reverse("desk:objection_forms", args=[notice.pk])):
        assert as_("stranger").get(page_address).status_code in (403, 404)


def test_a_reminder_stands_on_the_start_page_until_it_is_opened(
    as_: Any, world: World, objection: str
) -> None:
    due = models.Objection.objects.get().due_date
    services.remind_of_answers(at=moment(due, 1))
    committee = as_("committee")
    page = committee.get(reverse("desk:todo")).content.decode()
    row = models.Reminder.objects.get(user=world.staff["committee"])
    address = reverse("desk:reminder", args=[row.pk])
    assert address in page and "快到期" in page
    assert committee.get(address).url == objection
    assert address not in committee.get(reverse("desk:todo")).content.decode()
    assert as_("recorder").get(address).status_code == 404


def test_a_letters_writer_appeals_on_the_page_of_the_letter(as_: Any, world: World) -> None:
    public, data = (
        Client(),
        {"about": "total", "name": "路人", "contact": "电话", "words": "合计不对", "reference": ""},
    )
    followed = public.post(reverse("public:letter_new", args=[world.village.code]), data).url
    letter = reverse("desk:letter", args=[models.Letter.objects.get().pk])
    answer = {"outcome": "dismissed", "answer": "合计无误"}
    assert as_("committee").post(letter, answer).status_code == 302
    assert "申请复核" in public.get(followed).content.decode()
    assert public.post(followed, {"grounds": " "}).status_code == 422
    assert public.post(followed, {"grounds": "还是不对"}).status_code == 302
    page = public.get(followed).content.decode()
    assert "待乡镇答复" in page and "还是不对" in page
    again = models.Letter.objects.get(appeal_of__isnull=False)
    town = as_("township")
    assert "核实异议来件" in town.get(reverse("desk:todo")).content.decode()
    assert town.post(reverse("desk:letter", args=[again.pk]), answer).status_code == 302
    assert "合计无误" in public.get(followed).content.decode()


def test_a_letter_is_handed_up_with_the_reason(as_: Any, world: World) -> None:
    data = {"about": "total", "name": "路人", "contact": "电话", "words": "合计不对", "reference": ""}
    Client().post(reverse("public:letter_new", args=[world.village.code]), data)
    letter = models.Letter.objects.get()
    address = reverse("desk:letter", args=[letter.pk])
    assert as_("committee").post(address, {"outcome": "escalated", "answer": "应当回避"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.escalation) == ("escalated", "应当回避")
    assert as_("committee").post(address, {"outcome": "dismissed", "answer": "不"}).status_code == 422
    assert letter.due_date > dt.date(2026, 1, 1)


def test_the_committee_settles_the_forms_that_it_keys_in(as_: Any, world: World, notice: Any) -> None:
    """Who keys in objections settles their forms; sheets of claims are the recorder's alone."""
    recorder, committee = as_("recorder"), as_("committee")
    data = {"households": "", "no": "", "count": "2", "request_key": str(uuid4())}
    recorder.post(reverse("desk:objection_forms", args=[notice.pk]), data)
    spoiled, lost = (row.code for row in PaperSheet.objects.order_by("number"))
    claims = {"village": world.village.code, "households": "", "count": "1", "title": ""}
    recorder.post(reverse("desk:paper_new"), claims | {"request_key": str(uuid4())})
    other = PaperSheet.objects.exclude(code__in=[spoiled, lost]).get().code
    listed = committee.get(reverse("desk:papers"), {"state": "printed"}).content.decode()
    assert f'value="{lost}"' in listed and f'value="{other}"' not in listed
    page = committee.get(reverse("desk:paper", args=[spoiled])).content.decode()
    assert "登记作废" in page
    assert "登记作废" not in committee.get(reverse("desk:paper", args=[other])).content.decode()
    committee.post(reverse("desk:paper_spoiling", args=[spoiled]), {"reason": "弄湿了"})
    committee.post(reverse("desk:papers_missing"), {"sheet": [lost]})
    committee.post(reverse("desk:papers_missing"), {"sheet": [other]})
    states = dict(PaperSheet.objects.values_list("code", "state"))
    assert states == {spoiled: "spoiled", lost: "missing", other: "printed"}
    assert as_("worker").post(reverse("desk:papers_missing"), {"sheet": [other]}).status_code == 403
