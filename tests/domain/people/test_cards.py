"""Household cards and the inbox: codes, PINs, blocking, replacing, messages in two languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy

from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.core.models import AuditEvent
from jizhi.people import rules, selectors, services
from jizhi.people.models import HouseholdCard
from tests import factories

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": None, "at": factories.AT}


@pytest.mark.parametrize(
    "typed", ["7K2M9QXD01AB", "7k2m-9qxd-o1ab", " 7K2M 9QXD OIAB ", "https://example.cn/c/7K2M-9QXD-01AB/"]
)
def test_codes_are_understood_as_typed_and_scanned(typed: str) -> None:
    assert rules.clean_card_code(typed) == "7K2M9QXD01AB"


@pytest.mark.parametrize("typed", ["", "7K2M", "7K2M9QXD01A!", "7K2M9QXD01ABC"])
def test_other_text_is_no_code(typed: str) -> None:
    assert rules.clean_card_code(typed) == ""


def test_fresh_codes_are_clean_and_differ() -> None:
    codes = {rules.new_card_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(rules.clean_card_code(rules.printed_card_code(code)) == code for code in codes)


def test_cards_are_issued_once_with_a_pin_each(django_assert_max_num_queries: Any) -> None:
    village = factories.village()
    homes = [factories.household(village) for _ in range(8)]
    with django_assert_max_num_queries(10):
        cards = services.issue_cards(households=homes, **BY)
    assert [card.household_no for card in cards] == [home.no for home in homes]
    assert all(len(card.pin) == 6 for card in cards)
    again = services.issue_cards(households=homes, **BY)
    assert [card.code for card in again] == [card.code for card in cards]
    assert {card.pin for card in again} == {""}
    user = User.objects.get(username=cards[0].code)
    assert user.kind is UserKind.HOUSEHOLD
    assert user.check_password(cards[0].pin)
    assert selectors.household_of(user) == homes[0]
    assert selectors.household_by_code(cards[0].printed_code.lower()) == homes[0]
    assert AuditEvent.objects.filter(verb="card.issue").count() == 8
    assert cards[0].pin not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def _sign_in(code: str, pin: str) -> Any:
    return authenticate(RequestFactory().get("/"), username=code, password=pin)


def test_a_blocked_card_opens_nothing() -> None:
    home = factories.household()
    card = factories.household_user(home)
    services.block_card(household=home, reason="遗失", **BY)
    card.refresh_from_db()
    assert _sign_in(card.username, factories.PIN) is None
    assert selectors.household_of(card) is None
    with pytest.raises(selectors.HouseholdNotFound):
        selectors.household_by_code(card.username)
    with pytest.raises(services.NoOpenCard):
        services.block_card(household=home, reason="遗失", **BY)


@pytest.mark.parametrize("blocked_before", [True, False])
def test_a_replaced_card_has_a_new_code_and_pin_for_the_same_user(blocked_before: bool) -> None:
    home = factories.household()
    old = factories.household_user(home)
    code = old.username
    if blocked_before:
        services.block_card(household=home, reason="遗失", **BY)
    fresh = services.replace_card(household=home, reason="遗失", **BY)
    user = _sign_in(fresh.code, fresh.pin)
    assert user == old
    assert fresh.code != code
    assert _sign_in(code, factories.PIN) is None
    assert selectors.household_of(user) == home
    with pytest.raises(selectors.HouseholdNotFound):
        selectors.household_by_code(code)
    assert HouseholdCard.objects.filter(household=home).count() == 2


def test_one_open_card_per_household() -> None:
    home = factories.household()
    user = factories.household_user(home)
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseholdCard.objects.create(household=home, user=user, code="OTHER", issued_at=factories.AT)


def test_a_forgotten_pin_is_set_anew() -> None:
    home = factories.household()
    user = factories.household_user(home)
    card = services.set_pin(household=home, **BY)
    assert _sign_in(user.username, card.pin) == user
    user.refresh_from_db()
    assert not user.must_change_password


def test_a_message_waits_in_the_inbox_until_it_is_opened() -> None:
    home = factories.household()
    user = factories.household_user(home)
    told = services.tell_subject(
        subject=home.subject,
        kind="entry",
        title=gettext_lazy("网格员"),
        body="3 月",
        link="/passbook/",
        at=factories.AT,
    )
    assert selectors.unread_count(home.subject_id) == 1
    (line,) = selectors.inbox(home.subject_id, unread=True)
    assert (line.title, line.body, line.link, line.is_read) == ("网格员", "3 月", "/passbook/", False)
    services.read_message(message_id=told.pk, by=user, at=factories.AT)
    assert selectors.inbox(home.subject_id, unread=True) == ()
    assert selectors.inbox(home.subject_id)[0].is_read


def test_a_message_follows_the_language_of_its_reader() -> None:
    home = factories.household()
    message = services.tell_subject(
        subject=home.subject, kind="k", title=gettext_lazy("网格员"), body="", link="", at=factories.AT
    )
    with translation.override("en"):
        assert selectors.inbox(home.subject_id)[0].title == message.title_en


def test_nobody_opens_anothers_message() -> None:
    home = factories.household()
    message = services.tell_subject(
        subject=home.subject, kind="k", title="t", body="", link="", at=factories.AT
    )
    for user in (factories.household_user(factories.household()), factories.staff()):
        with pytest.raises(services.NotYourMessage):
            services.read_message(message_id=message.pk, by=user, at=factories.AT)
