"""Notices as a household reads them, and objecting to an own or another's entry while the window is open."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.urls import reverse

from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors as notices
from jizhi.notices import services
from jizhi.notices.models import Letter
from jizhi.notices.rules import ObjectionState, Outcome
from jizhi.store import services as store
from jizhi.web.resident.views.notices import ROWS
from tests.web import shiqiao


def _fact(place: shiqiao.Village, no: str, item: str) -> int:
    lines = ledger.entries_of_subject(place.households[no].subject.pk)
    return next(line.fact_id for line in lines if line.item == item and line.act_date.month == 5)


def _objection(place: shiqiao.Village, fact: int) -> str:
    return reverse("resident:notice_objection", args=[place.made["notice"].pk, fact])


def test_the_own_line_first_and_the_others_masked(mine: Any, place: shiqiao.Village) -> None:
    page = mine.get(reverse("resident:notice", args=[place.made["notice"].pk])).content.decode()
    assert page.index("欧阳**") < page.index("王**")
    assert "王示例" not in page and len(shiqiao.HEADS) <= ROWS
    found = mine.get(reverse("resident:notice", args=[place.made["notice"].pk]) + "?q=003").content.decode()
    assert "李**" in found and "王**" not in found


def test_other_kinds_are_read_and_searched(mine: Any, place: shiqiao.Village) -> None:
    at = shiqiao.moment(dt.date(2026, 6, 15))
    notice = store.post_redemptions(
        village=place.village, scheme="household", period="2026-05", by=place.users["committee"], at=at
    )
    address = reverse("resident:notice", args=[notice.pk])
    page = mine.get(address).content.decode()
    assert "2026年5月积分兑换公示" in page
    assert "各户兑换" in page
    assert "各户兑换" not in mine.get(f"{address}?q=没有这样的").content.decode()
    assert "2026年5月积分兑换公示" in mine.get("/my/notices/").content.decode()


def test_what_was_taken_down_shows_its_reason_alone(mine: Any, place: shiqiao.Village) -> None:
    notice = place.made["notice"]
    services.withdraw_notice(
        notice=notice, reason="漏登一户", by=place.users["committee"], at=shiqiao.moment(dt.date(2026, 6, 15))
    )
    page = mine.get(reverse("resident:notice", args=[notice.pk])).content.decode()
    assert "漏登一户" in page
    assert "王**" not in page
    sent = {"grounds": "只栽了三棵", "request_key": str(uuid.uuid4())}
    assert (
        "公示期已过" in mine.post(_objection(place, _fact(place, "001", "planting")), sent).content.decode()
    )


def test_object_to_the_own_entry_once(mine: Any, place: shiqiao.Village) -> None:
    fact = _fact(place, "001", "littering")
    assert mine.get(reverse("resident:entry_objection", args=[fact])).url == _objection(place, fact)
    sent = {"grounds": "那天不在家", "request_key": str(uuid.uuid4())}
    first, second = mine.post(_objection(place, fact), sent), mine.post(_objection(place, fact), sent)
    assert first.url == second.url
    (line,) = notices.objections_of_subject(place.households["001"].subject.pk)
    assert (line.state, line.grounds) == (ObjectionState.FILED, "那天不在家")
    assert "那天不在家" in mine.get(first.url).content.decode()
    assert "待答复" in mine.get("/my/objections/").content.decode()
    other = mine.post(_objection(place, fact), sent | {"request_key": str(uuid.uuid4())})
    assert other.status_code == 422 and "正在处理" in other.content.decode()


def test_object_to_anothers_entry(mine: Any, theirs: Any, place: shiqiao.Village) -> None:
    fact = _fact(place, "001", "planting")
    page = theirs.get(_objection(place, fact)).content.decode()
    assert "欧阳**" in page and "欧阳晓芸" not in page.replace("王示例", "")
    answer = theirs.post(_objection(place, fact), {"grounds": "只栽了三棵", "request_key": str(uuid.uuid4())})
    assert "只栽了三棵" in theirs.get(answer.url).content.decode()
    seen = mine.get(answer.url).content.decode()
    assert "对我家积分的异议" in seen and "王示例" not in seen


def test_grounds_are_needed(mine: Any, place: shiqiao.Village) -> None:
    answer = mine.post(
        _objection(place, _fact(place, "001", "planting")), {"grounds": " ", "request_key": str(uuid.uuid4())}
    )
    assert answer.status_code == 422 and "grounds" in answer.context["form"].errors


def test_after_the_window_nothing_is_taken(mine: Any, place: shiqiao.Village, clock: Any) -> None:
    clock.move_to("2026-07-20T10:00:00+08:00")
    mine.force_login(place.household_user("001"), backend="django.contrib.auth.backends.ModelBackend")
    fact = _fact(place, "001", "planting")
    answer = mine.post(_objection(place, fact), {"grounds": "太晚了", "request_key": str(uuid.uuid4())})
    assert answer.status_code == 422 and "公示期已过" in answer.content.decode()
    assert mine.get(reverse("resident:entry_objection", args=[fact])).status_code == 302


def test_withdraw_an_objection(mine: Any, theirs: Any, place: shiqiao.Village) -> None:
    fact = _fact(place, "001", "planting")
    filed = mine.post(_objection(place, fact), {"grounds": "记错了日子", "request_key": str(uuid.uuid4())})
    address = filed.url + "withdrawal/"
    assert theirs.post(address).status_code == 404
    assert mine.get(address).status_code == 200
    mine.post(address)
    assert (
        notices.objections_of_subject(place.households["001"].subject.pk)[0].state is ObjectionState.WITHDRAWN
    )


def test_a_fact_that_is_not_on_the_notice(mine: Any, place: shiqiao.Village) -> None:
    assert mine.get(_objection(place, 999_999)).status_code == 404
    assert mine.get(reverse("resident:notice", args=[999_999])).status_code == 404


def test_late_goes_up_answered_is_appealed_and_withdrawn(
    mine: Any, theirs: Any, place: shiqiao.Village, clock: Any
) -> None:
    fact = _fact(place, "001", "planting")
    filed = mine.post(_objection(place, fact), {"grounds": "少记了", "request_key": str(uuid.uuid4())}).url
    assert "转请乡镇答复" not in mine.get(filed).content.decode()
    assert "没有到" in mine.post(filed + "escalation/", follow=True).content.decode()
    line = notices.objections_of_subject(place.households["001"].subject.pk)[0]
    services.answer_objection(
        objection=line.objection, outcome=Outcome.DISMISSED, answer="已核对", by=place.users["committee"],
        at=shiqiao.moment(dt.date(2026, 6, 15)),
    )  # fmt: skip
    assert "不服答复" in mine.get(filed).content.decode()
    assert notices.objections_of_subject(place.households["001"].subject.pk)[0].read_at is not None
    sent = {"grounds": "照片在", "request_key": str(uuid.uuid4())}
    assert mine.post(filed + "appeal/", sent | {"grounds": " "}).status_code == 422
    assert mine.post(filed + "appeal/", sent).status_code == 302
    assert theirs.get(filed + "appeal/").status_code == 404
    (one,) = notices.appeals_of(line.id)
    address = reverse("resident:appeal_withdrawal", args=[one.id])
    assert theirs.post(address).status_code == 404
    assert "异议办理中" in mine.get(reverse("resident:entry", args=[fact])).content.decode()
    assert mine.post(address).status_code == 302
    assert "异议办理中" not in mine.get(reverse("resident:entry", args=[fact])).content.decode()


def test_what_is_no_entry_is_told_all_the_same(mine: Any, place: shiqiao.Village) -> None:
    new = reverse("resident:letter_new")
    assert mine.post(new, {"about": "missing", "words": " "}).status_code == 422
    mine.cookies["django_language"] = "en"
    assert mine.post(new, {"about": "missing", "words": "修路那天没有记"}).status_code == 302
    mine.cookies["django_language"] = "zh-hans"
    assert Letter.objects.get().contact == "手机消息"
    page = mine.get(reverse("resident:objections")).content.decode()
    assert "修路那天没有记" in page and "来件待核实" in page
