"""A household claims, amends, withdraws, adds photos; a double tap is harmless; another's claims stay out of sight."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from jizhi.claims import selectors
from jizhi.claims.rules import ClaimState
from tests.web import shiqiao


def _photo(colour: str = "green") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, format="JPEG")
    return SimpleUploadedFile("photo.jpg", buffer.getvalue(), content_type="image/jpeg")


def _lines(place: shiqiao.Village, no: str = "001") -> list[selectors.ClaimLine]:
    return selectors.claims_of_subject(place.households[no].subject.pk)


def test_three_taps_make_a_claim(mine: Any, place: shiqiao.Village) -> None:
    items = mine.get("/my/claims/new/").content.decode()
    assert "/my/claims/new/volunteering/" in items and "/my/claims/new/clean-courtyard/" not in items
    form = mine.get("/my/claims/new/volunteering/")
    key = str(form.context["form"]["request_key"].value())
    assert 'value="2026-06-15"' in form.content.decode()
    sent = {"act_date": "2026-06-15", "quantity": "2.5", "request_key": key, "photos": [_photo()]}
    before = len(_lines(place))
    answer = mine.post("/my/claims/new/volunteering/", sent)
    again = mine.post("/my/claims/new/volunteering/", sent | {"photos": [_photo()]})
    line = _lines(place)[0]
    assert answer.url == again.url == reverse("resident:claim", args=[line.id])
    assert len(_lines(place)) == before + 1
    assert (line.state, line.photos, str(line.quantity)) == (ClaimState.FILED, 1, "2.500000")


@pytest.mark.parametrize(
    ("item", "sent", "field"),
    [
        ("volunteering", {"act_date": "2026-06-15"}, "quantity"),
        ("volunteering", {"act_date": "2026-06-15", "quantity": "-1"}, "quantity"),
        ("volunteering", {"act_date": "2026-06-16", "quantity": "1"}, "act_date"),
        ("volunteering", {"act_date": "2019-01-01", "quantity": "1"}, "act_date"),
        ("neighbour-help", {"act_date": "2026-06-15"}, "grade"),
        ("neighbour-help", {"act_date": "2026-06-15", "grade": "gold"}, "grade"),
        ("voluntary-labour", {"act_date": ""}, "act_date"),
    ],
)
def test_a_claim_that_cannot_be_used_says_which_field(
    mine: Any, place: shiqiao.Village, item: str, sent: Any, field: str
) -> None:
    before = len(_lines(place))
    answer = mine.post(f"/my/claims/new/{item}/", sent | {"request_key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert len(_lines(place)) == before


def test_a_bad_photo_does_not_lose_the_claim(mine: Any, place: shiqiao.Village) -> None:
    bad = SimpleUploadedFile("photo.jpg", b"no picture at all", content_type="image/jpeg")
    sent = {"act_date": "2026-06-15", "request_key": str(uuid.uuid4()), "photos": [bad]}
    answer = mine.post("/my/claims/new/voluntary-labour/", sent, follow=True)
    assert "照片没有加上" in answer.content.decode()
    assert _lines(place)[0].item.id == "voluntary-labour"


def test_items_are_found_by_everyday_words(mine: Any) -> None:
    page = mine.get("/my/claims/new/?q=植树").content.decode()
    assert "planting" in page and "/my/claims/new/volunteering/" not in page
    assert "没有找到这样的条目" in mine.get("/my/claims/new/?q=飞船").content.decode()


def test_faults_cannot_be_claimed_by_oneself(mine: Any) -> None:
    assert mine.get("/my/claims/new/littering/").status_code == 404


@pytest.mark.parametrize(
    "name", ["claim", "claim_withdrawal", "claim_amendment", "claim_photos", "claim_telling"]
)
def test_anothers_claim_is_not_there(theirs: Any, place: shiqiao.Village, name: str) -> None:
    key = "fault" if name == "claim_telling" else "returned"
    address = reverse(f"resident:{name}", args=[place.made[key].pk])
    if name not in {"claim_photos", "claim_telling"}:
        assert theirs.get(address).status_code == 404
    assert theirs.post(address).status_code in {404, 405}


@pytest.mark.parametrize("key", ["filed", "waiting", "posted", "rejected", "returned", "withdrawn", "fault"])
def test_a_claim_page_in_every_state(mine: Any, place: shiqiao.Village, key: str) -> None:
    page = mine.get(reverse("resident:claim", args=[place.made[key].pk]))
    assert page.status_code == 200
    words = {
        "returned": "请补一张现场照片",
        "rejected": "照片看不清是哪一天",
        "fault": "打开告知",
        "withdrawn": "已撤回",
    }
    assert words.get(key, "办到哪一步") in page.content.decode()


def test_withdraw(mine: Any, place: shiqiao.Village) -> None:
    address = reverse("resident:claim_withdrawal", args=[place.made["filed"].pk])
    assert "撤回这条申报" in mine.get(address).content.decode()
    mine.post(address)
    assert {line.id: line.state for line in _lines(place)}[place.made["filed"].pk] is ClaimState.WITHDRAWN
    assert "不能这样做" in mine.post(address, follow=True).content.decode()


def test_amend_a_returned_claim(mine: Any, place: shiqiao.Village) -> None:
    number = place.made["returned"].pk
    address = reverse("resident:claim_amendment", args=[number])
    assert "请补一张现场照片" in mine.get(address).content.decode()
    sent = {
        "act_date": "2026-06-06",
        "words": "在石桥路",
        "version": "1",
        "request_key": str(uuid.uuid4()),
        "photos": [_photo()],
    }
    mine.post(address, sent)
    line = next(line for line in _lines(place) if line.id == number)
    assert (line.state, line.words, line.photos) == (ClaimState.FILED, "在石桥路", 1)
    assert mine.get(address).status_code == 302


def test_photos_are_the_households_own(mine: Any, theirs: Any, place: shiqiao.Village) -> None:
    number = place.made["filed"].pk
    mine.post(reverse("resident:claim_photos", args=[number]), {"photos": [_photo(), _photo("red")]})
    photos = selectors.photos_of_claims([number])[number]
    assert len(photos) == 2
    address = reverse("resident:photo", args=[photos[0]])
    answer = mine.get(address)
    assert answer["Content-Type"] == "image/jpeg" and "private" in answer["Cache-Control"]
    assert theirs.get(address).status_code == 404
    assert (
        "请先选择照片"
        in mine.post(reverse("resident:claim_photos", args=[number]), follow=True).content.decode()
    )


def test_no_photos_after_the_decision(mine: Any, place: shiqiao.Village) -> None:
    address = reverse("resident:claim_photos", args=[place.made["posted"].pk])
    assert "已经有了结果" in mine.post(address, {"photos": [_photo()]}, follow=True).content.decode()


def test_the_list_asks_as_much_for_many(
    mine: Any, place: shiqiao.Village, django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 9):
        shiqiao.file(place, "001", "river-cleaning", place.today.replace(day=day), key=f"more-{day}")
    with django_assert_max_num_queries(14):
        mine.get("/my/claims/")


def test_a_household_cannot_take_back_a_deduction_recorded_against_it(
    mine: Any, place: shiqiao.Village
) -> None:
    fault = shiqiao.file(place, "001", "flying-wires", place.today, by="worker")
    page = mine.get(reverse("resident:claim", args=[fault.pk])).content.decode()
    assert "撤回申报" not in page
    answer = mine.post(reverse("resident:claim_withdrawal", args=[fault.pk]), follow=True)
    assert "只能由登记人改动" in answer.content.decode()
    assert {line.id: line.state for line in _lines(place)}[fault.pk] is ClaimState.FILED
