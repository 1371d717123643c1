"""The household's first page and its readings: figures, entries, periods, store, own data; never another's."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from jizhi.claims import selectors as claims
from jizhi.ledger import selectors as ledger
from jizhi.people import services as people
from tests.web import shiqiao

PAGES = [
    "passbook", "claims", "claim_new", "messages", "entries", "notices", "objections", "periods", "store", "me",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(mine: Any, name: str, language: str) -> None:
    mine.cookies["django_language"] = language
    answer = mine.get(reverse(f"resident:{name}"))
    assert answer.status_code == 200
    assert ("Passbook" if language == "en" else "存折") in answer.content.decode()


def test_the_passbook_says_this_months_points_and_no_rank(mine: Any, place: shiqiao.Village) -> None:
    page = mine.get("/my/").content.decode()
    subject = place.households["001"].subject
    assert ledger.awarded_in_period(subject.pk, shiqiao.first_of(place.today, 0), place.today) == 700
    assert "+7" in page and "欧阳晓芸" in page
    assert f"{ledger.wallet_of(subject.pk).balance // 100}</b>" in page
    assert "名次" not in page and "排名" not in page


def test_pages_ask_households_only(client: Any, place: shiqiao.Village, client_as: Any) -> None:
    assert client.get("/my/").status_code == 302
    assert client_as(place.users["worker"]).get("/my/").status_code == 403


def test_a_blocked_card_opens_nothing(mine: Any, place: shiqiao.Village) -> None:
    people.block_card(
        household=place.households["001"],
        reason="丢失",
        by=place.users["recorder"],
        at=shiqiao.moment(place.today),
    )
    assert mine.get("/my/").status_code in {302, 403}


def test_an_entry_explains_itself_to_its_household_only(
    mine: Any, theirs: Any, place: shiqiao.Village
) -> None:
    line = next(
        line for line in ledger.entries_of_subject(place.households["001"].subject.pk) if line.held_back
    )
    address = reverse("resident:entry", args=[line.fact_id])
    page = mine.get(address).content.decode()
    assert "每月" in page and "到会 3 人" in page and "参加志愿服务" in page
    assert theirs.get(address).status_code == 404
    assert mine.get(reverse("resident:entry", args=[999_999])).status_code == 404


def test_entries_by_month(mine: Any) -> None:
    page = mine.get("/my/entries/?month=2026-04").content.decode()
    assert "4月5日" in page and "5月4日" not in page
    assert mine.get("/my/entries/?month=nonsense").status_code == 200


def test_a_settled_period_adds_up(mine: Any) -> None:
    page = mine.get("/my/periods/2026-04/").content.decode()
    assert 'class="big-figure">10<' in page and "名次" not in page
    assert mine.get("/my/periods/").content.decode().count("2026年4月") == 1
    assert mine.get("/my/periods/2026/").status_code == 200
    assert mine.get("/my/periods/2031-01/").status_code == 404
    assert mine.get("/my/periods/rubbish/").status_code == 404


def test_goods_and_a_receipt(mine: Any, theirs: Any, place: shiqiao.Village) -> None:
    page = mine.get("/my/store/").content.decode()
    assert "洗洁精" in page and "积分还不够" in page
    address = reverse("resident:receipt", args=[place.made["redemption"].pk])
    assert place.made["redemption"].number in mine.get(address).content.decode()
    assert theirs.get(address).status_code == 404


def test_all_own_data_as_workbook_and_json(mine: Any) -> None:
    book = load_workbook(io.BytesIO(mine.get("/my/me/data.xlsx").content))
    assert "积分明细" in book.sheetnames and len(book.sheetnames) == 10
    data = mine.get("/my/me/data.json").json()
    assert data["household"]["no"] == "001"
    assert {entry["points"] for entry in data["entries"]} >= {"4.00", "-2.00"}
    assert all("13900000000" not in str(member) for member in data["members"])


def test_members_are_masked(mine: Any) -> None:
    page = mine.get("/my/me/").content.decode()
    assert "13900000000" not in page and "13800000011" in page  # the grid worker's phone is public


def test_the_passbook_asks_as_much_for_many_entries(
    mine: Any, place: shiqiao.Village, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(29):
        mine.get("/my/")
    with django_assert_max_num_queries(14):
        mine.get("/my/entries/")
    with django_assert_max_num_queries(14):
        mine.get("/my/claims/")


@pytest.mark.parametrize(
    "address", ["claims/new/?q=%00", "entries/?month=%00&page=x", "notices/1/?q=%00&page=999"]
)
def test_odd_addresses_break_nothing(mine: Any, address: str) -> None:
    assert mine.get(f"/my/{address}").status_code == 200


@pytest.mark.parametrize(
    "place_of", ["claims", "entries", "messages", "notices", "objections", "store/receipts"]
)
def test_absurd_numbers_are_not_found(mine: Any, place_of: str) -> None:
    assert mine.get(f"/my/{place_of}/{'9' * 30}/").status_code == 404


def test_the_months_limits_say_how_far_one_has_come(mine: Any, place: shiqiao.Village) -> None:
    subject, may = place.households["001"].subject, shiqiao.first_of(place.today, 1)
    whole, section = claims.month_limits(subject, "household", may, may.replace(day=31))
    assert (whole.title, whole.used, whole.cap, whole.is_full) == (None, 1100, 3000, False)
    assert (section.title.zh, section.used, section.cap) == ("人居环境", 300, 1500)
    assert "7 / 30" in mine.get("/my/").content.decode()
