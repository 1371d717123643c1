"""Signing in by password and by card, the way to each one's first page, lock-out, and the switches."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from jizhi.accounts import services as accounts
from tests.web.conftest import PIN, STAFF_PASSWORD

CARD = "7K2M9QXD01AB"


@pytest.fixture
def client(db: None) -> Client:
    return Client()


def test_staff_sign_in_and_out(client: Client, clerk: Any) -> None:
    answer = client.post("/sign-in/staff/", {"username": "clerk", "password": STAFF_PASSWORD})
    assert answer["Location"] == "/home/"
    assert "李办事员" in client.get("/sign-in/staff/").content.decode()
    client.post("/sign-out/")
    assert "李办事员" not in client.get("/sign-in/staff/").content.decode()


def test_the_way_back_is_kept_but_never_leaves_the_house(client: Client, clerk: Any) -> None:
    typed = {"username": "clerk", "password": STAFF_PASSWORD}
    assert client.post("/sign-in/staff/", {**typed, "next": "/desk/?page=2"})["Location"] == "/desk/?page=2"
    assert (
        client.post("/sign-in/staff/", {**typed, "next": "https://elsewhere.example/"})["Location"]
        == "/home/"
    )
    assert client.post("/sign-in/staff/", {**typed, "next": "//elsewhere.example/"})["Location"] == "/home/"


def test_a_wrong_password_keeps_the_account_name(client: Client, clerk: Any) -> None:
    answer = client.post("/sign-in/staff/", {"username": "clerk", "password": "guess"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "账号或密码不对" in page
    assert 'value="clerk"' in page


def test_a_scanned_card_asks_for_the_pin_only(client: Client, household: Any) -> None:
    page = client.get(f"/c/{CARD}/").content.decode()
    assert "7K2M-9QXD-01AB" in page
    assert 'inputmode="numeric"' in page
    assert client.post(f"/c/{CARD}/", {"password": PIN})["Location"] == "/home/"
    assert client.session.get_expiry_age() > 7 * 24 * 3600
    assert client.get(f"/c/{CARD}/")["Location"] == "/home/"


def test_each_door_takes_its_own_people(client: Client, household: Any, clerk: Any) -> None:
    assert client.post("/sign-in/staff/", {"username": CARD, "password": PIN}).status_code == 422
    typed = {"username": "clerk", "password": STAFF_PASSWORD}
    assert client.post("/sign-in/household/", typed).status_code == 422


def test_five_wrong_pins_lock_the_card_and_say_so(client: Client, household: Any) -> None:
    for _ in range(5):
        answer = client.post(f"/c/{CARD}/", {"password": "000000"})
    assert answer.status_code == 429
    assert "暂时锁定" in answer.content.decode()
    assert client.post(f"/c/{CARD}/", {"password": PIN}).status_code == 429


def test_changing_the_pin(client: Client, household: Any) -> None:
    client.force_login(household, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post("/password/", {"old": PIN, "new": "111111", "again": "111111"})
    assert "太容易被猜到" in page.content.decode()
    page = client.post("/password/", {"old": PIN, "new": "730462", "again": "730463"})
    assert "两次输入不一样" in page.content.decode()
    assert client.post("/password/", {"old": PIN, "new": "730462", "again": "730462"}).status_code == 302
    household.refresh_from_db()
    assert household.check_password("730462")


def test_language_and_large_type_hold_before_and_after_sign_in(client: Client, household: Any) -> None:
    answer = client.post("/preferences/", {"language": "en", "next": "/sign-in/household/"})
    assert answer["Location"] == "/sign-in/household/"
    assert "Card number" in client.get("/sign-in/household/").content.decode()
    client.force_login(household, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/preferences/", {"large_type": "1"})
    household.refresh_from_db()
    assert household.large_type
    elsewhere = Client()
    elsewhere.force_login(household, backend="django.contrib.auth.backends.ModelBackend")
    assert 'class="large"' in elsewhere.get("/password/").content.decode()


def test_the_way_back_of_the_switches_stays_here(client: Client) -> None:
    assert client.post("/preferences/", {"next": "https://elsewhere.example/"})["Location"] == "/"


def test_a_first_password_opens_nothing_after_its_days(client: Client, clerk: Any, now: Any) -> None:
    typed = {"username": "clerk", "password": "meadow 2026 x"}
    for days, status in ((13, 302), (15, 422)):
        accounts.reset_secret(user=clerk, new=typed["password"], by=None, at=now - dt.timedelta(days=days))
        answer = client.post("/sign-in/staff/", typed)
        assert answer.status_code == status
        client.post("/sign-out/")
    assert "初始密码已过期" in answer.content.decode()
    accounts.reset_secret(user=clerk, new="meadow 2026 y", by=None, at=now)
    assert client.post("/sign-in/staff/", typed | {"password": "meadow 2026 y"}).status_code == 302
