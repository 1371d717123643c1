"""The grid worker's pages: only the own grid, verifying and returning, telling, claiming for others, finding a card."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse

from jizhi.claims import selectors as claims
from jizhi.claims.rules import Channel, ClaimState, ToldHow
from jizhi.core.models import AuditEvent
from jizhi.notices import selectors as notices
from tests.web import shiqiao


def _state(place: shiqiao.Village, number: int) -> ClaimState:
    return claims.claim_page(place.users["root"], number, on=place.today).line.state


def _waiting(place: shiqiao.Village) -> list[int]:
    return [
        line.id for line in claims.lines(claims.queue(place.users["worker"], on=place.today, state="filed"))
    ]


@pytest.mark.parametrize("name", ["today", "claims", "returned", "deductions", "scan", "households", "me"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(worker: Any, name: str, language: str) -> None:
    worker.cookies["django_language"] = language
    answer = worker.get(reverse(f"field:{name}"))
    assert answer.status_code == 200
    assert ("Households" if language == "en" else "农户名册") in answer.content.decode()


def test_today_counts_what_waits(worker: Any, neighbour: Any, place: shiqiao.Village) -> None:
    page = worker.get("/field/").content.decode()
    assert "欧阳晓芸" in page and "养犬不文明" in page and "5 户" in page
    other = neighbour.get("/field/").content.decode()
    assert "欧阳晓芸" not in other and "要走访的户" in other


def test_households_have_no_business_here(client: Any, place: shiqiao.Village, client_as: Any) -> None:
    assert client.get("/field/").status_code == 302
    assert client_as(place.household_user("001")).get("/field/").status_code == 403
    assert client_as(place.users["keeper"]).get("/field/claims/").status_code == 403


def test_verify_one_and_many(worker: Any, place: shiqiao.Village) -> None:
    first, *others = _waiting(place)
    worker.post("/field/claims/verification/", {"claim": first, "note": "看过了"})
    assert _state(place, first) is ClaimState.VERIFIED
    answer = worker.post("/field/claims/verification/", {"claim": others}, follow=True)
    assert f"已核实 {len(others)} 条" in answer.content.decode()
    assert {_state(place, number) for number in others} == {ClaimState.VERIFIED}
    again = worker.post("/field/claims/verification/", {"claim": first}, follow=True)
    assert "不能这样做" in again.content.decode()
    assert "请先勾选" in worker.post("/field/claims/verification/", follow=True).content.decode()


def test_the_neighbours_worker_cannot_verify(neighbour: Any, place: shiqiao.Village) -> None:
    number = place.made["filed"].pk
    assert neighbour.get(reverse("field:claim", args=[number])).status_code == 404
    neighbour.post("/field/claims/verification/", {"claim": number})
    assert _state(place, number) is ClaimState.FILED


def test_return_needs_a_reason(worker: Any, place: shiqiao.Village) -> None:
    address = reverse("field:claim_return", args=[place.made["filed"].pk])
    assert worker.post(address, {"reason": " "}).status_code == 422
    worker.post(address, {"reason": "请写明在哪条街"})
    line = claims.claim_page(place.users["root"], place.made["filed"].pk, on=place.today).line
    assert (line.state, line.note) == (ClaimState.RETURNED, "请写明在哪条街")


def test_tell_a_deduction(worker: Any, neighbour: Any, place: shiqiao.Village) -> None:
    number = place.made["ladder"].pk
    address = reverse("field:deduction", args=[number])
    assert neighbour.get(address).status_code == 404
    assert "乱堆乱放" in worker.get(address).content.decode()
    assert worker.post(address, {"how": "visit"}).status_code == 422
    worker.post(address, {"how": "call", "sure": "on", "person": "户主本人"})
    page = claims.claim_page(place.users["root"], number, on=place.today)
    assert (page.line.state, page.told_how) == (ClaimState.POSTED, ToldHow.CALL)
    assert worker.get(address).status_code == 302


def test_the_slip_is_a_pdf(worker: Any, place: shiqiao.Village) -> None:
    answer = worker.get(reverse("field:slip", args=[place.made["fault"].pk]))
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    "text", ["{code}", "https://jizhi.example/c/{code}/", "{dashed}", "001", "欧阳晓芸", "oyxy"]
)
def test_a_card_or_a_name_leads_to_the_household(worker: Any, place: shiqiao.Village, text: str) -> None:
    card = place.cards["001"]
    answer = worker.get("/field/scan/", {"q": text.format(code=card.code, dashed=card.printed_code.lower())})
    assert answer.url == reverse("field:household", args=[place.households["001"].pk])


def test_scanning_a_card_of_another_grid_says_so(neighbour: Any, place: shiqiao.Village) -> None:
    answer = neighbour.get("/field/scan/", {"q": place.cards["001"].code})
    assert answer.status_code == 200 and "不在您的网格" in answer.content.decode()


def test_several_hits_are_listed(worker: Any) -> None:
    page = worker.get("/field/scan/", {"q": "石桥路"}).content.decode()
    assert "是哪一户" in page and "王示例" in page


def test_the_cards_address_leads_staff_to_the_household(worker: Any, place: shiqiao.Village) -> None:
    answer = worker.get(f"/c/{place.cards['001'].code}/", follow=True)
    assert answer.redirect_chain[-1][0] == reverse("field:household", args=[place.households["001"].pk])


def test_the_household_book(worker: Any, neighbour: Any, place: shiqiao.Village) -> None:
    address = reverse("field:household", args=[place.households["001"].pk])
    page = worker.get(address).content.decode()
    assert "139****0000" in page and "13900000000" not in page and "清扫公共卫生" in page
    assert neighbour.get(address).status_code == 404


def test_calling_shows_the_number_and_is_recorded(
    worker: Any, neighbour: Any, place: shiqiao.Village
) -> None:
    address = reverse("field:household_phone", args=[place.households["001"].pk])
    assert worker.get(address).status_code == 405
    assert "tel:13900000000" in worker.post(address).content.decode()
    assert AuditEvent.objects.filter(verb="household.reveal_phone").count() == 1
    assert neighbour.post(address).status_code == 404


def test_claim_for_a_household(worker: Any, neighbour: Any, place: shiqiao.Village) -> None:
    household = place.households["001"]
    address = reverse("field:claim_form", args=[household.pk, "piling"])
    assert neighbour.get(address).status_code == 404
    sent = {"act_date": "2026-06-14", "grade": "", "words": "路边堆沙", "request_key": str(uuid.uuid4())}
    before = len(claims.claims_of_subject(household.subject.pk))
    worker.post(address, sent)
    worker.post(address, sent)
    lines = claims.claims_of_subject(household.subject.pk)
    assert len(lines) == before + 1
    assert (lines[0].channel, lines[0].item.id, lines[0].state) == (
        Channel.WORKER,
        "piling",
        ClaimState.FILED,
    )
    later = {"act_date": "2030-01-01", "request_key": str(uuid.uuid4())}
    assert worker.post(address, sent | later).status_code == 422
    assert worker.get(reverse("field:claim_form", args=[household.pk, "honours"])).status_code == 404


def test_what_came_back_can_be_amended_or_withdrawn(worker: Any, place: shiqiao.Village) -> None:
    number = place.made["worker_returned"].pk
    assert "请写明在哪里服务" in worker.get("/field/claims/returned/").content.decode()
    sent = {"act_date": "2026-06-07", "quantity": "3", "words": "敬老院", "version": "1"}
    sent["request_key"] = str(uuid.uuid4())
    worker.post(reverse("field:claim_amendment", args=[number]), sent)
    assert _state(place, number) is ClaimState.FILED
    worker.post(reverse("field:claim_withdrawal", args=[number]))
    assert _state(place, number) is ClaimState.WITHDRAWN


def test_lists_ask_as_much_for_many(
    worker: Any, place: shiqiao.Village, django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 9):
        shiqiao.file(place, "003", "river-cleaning", place.today.replace(day=day), key=f"many-{day}")
    worker.get("/field/")  # the first look of the day makes the month's plan
    for address, most in [("/field/", 34), ("/field/claims/", 14), ("/field/households/", 12)]:
        with django_assert_max_num_queries(most):
            worker.get(address)


@pytest.mark.parametrize(
    "address",
    ["households/?q=%00", "households/?page=99999999999999999999", "claims/?q=%00&kind=odd", "scan/?q=%00"],
)
def test_odd_addresses_break_nothing(worker: Any, address: str) -> None:
    assert worker.get(f"/field/{address}").status_code == 200


def test_odd_numbers_break_nothing(worker: Any) -> None:
    answer = worker.post("/field/claims/verification/", {"claim": ["9" * 30, "x", "-1"]}, follow=True)
    assert "请先勾选" in answer.content.decode()
    assert worker.get(f"/field/claims/{'9' * 30}/").status_code == 404
    assert worker.get(f"/field/households/{'9' * 30}/").status_code == 404


def test_an_objection_is_taken_down_at_the_door(worker: Any, neighbour: Any, place: shiqiao.Village) -> None:
    household = place.households["001"]
    address = reverse("field:objection_new", args=[household.pk])
    form = worker.get(address).context["form"]
    (entry, _words), *_more = form.fields["entry"].choices
    data = {"entry": entry, "grounds": "那天下雨没有去", "request_key": str(uuid.uuid4())}
    assert worker.post(address, data).status_code == 422
    assert worker.post(address, data | {"read_back": "on"}).status_code == 302
    (line,) = notices.objections_of_subject(household.subject_id)
    assert (line.channel.value, line.grounds) == ("spoken", "那天下雨没有去")
    assert neighbour.get(address).status_code == 404


def test_an_attempt_without_its_how_keeps_the_words(worker: Any, place: shiqiao.Village) -> None:
    line = claims.lines(claims.queue(place.users["worker"], on=place.today, state="approved"))[0]
    address = reverse("field:deduction_attempt", args=[line.id])
    answer = worker.post(address, {"answer": "敲门没人应"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "敲门没人应" in page and "open>" in page
    assert worker.post(address, {"how": "call", "answer": "敲门没人应"}).status_code == 302
