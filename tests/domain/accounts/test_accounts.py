"""Users: strength of secrets, signing in, own changes and resets by staff."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory

from jizhi.accounts import rules, selectors, services
from jizhi.accounts.models import User
from jizhi.accounts.rules import Language, UserKind
from jizhi.core.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "pin", ["123456", "654321", "111111", "121212", "123123", "12345", "12345a", "１２３９８７"]
)
def test_pins_anybody_would_try_are_refused(pin: str) -> None:
    assert rules.pin_problem(pin)


@pytest.mark.parametrize("password", ["short1", "onlyletters", "12345678", "xiaowang99"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(services.WeakSecret):
        factories.staff(username="xiaowang", password=password)


def test_random_pins_pass_their_own_rules() -> None:
    assert not any(rules.pin_problem(services.new_pin()) for _ in range(200))


def test_user_names_are_taken_once_and_typed_everywhere() -> None:
    factories.staff(username="li.si")
    with pytest.raises(services.UsernameTaken):
        factories.staff(username="li.si")
    with pytest.raises(services.BadUsername):
        factories.staff(username="李四")


def test_a_household_cannot_make_users_nor_staff_a_superuser() -> None:
    card = factories.household_user(factories.household())
    with pytest.raises(services.NotStaff):
        factories.staff(by=card)
    with pytest.raises(services.NotStaff):
        factories.superuser(by=factories.staff())
    assert factories.superuser(by=factories.superuser()).is_superuser


def test_the_database_refuses_a_superuser_household() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(
            username="x1", kind=UserKind.HOUSEHOLD, is_superuser=True, created_at=factories.AT
        )
    factories.staff()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET language = 'xx'")


def _sign_in(username: str, secret: str) -> User | None:
    user = authenticate(RequestFactory().get("/"), username=username, password=secret)
    assert user is None or isinstance(user, User)
    return user


def test_staff_sign_in_with_password_and_households_with_card_and_pin() -> None:
    user = factories.staff(username="wang")
    card = factories.household_user(factories.household())
    assert _sign_in("wang", factories.PASSWORD) == user
    assert _sign_in(card.username, factories.PIN) == card
    assert _sign_in("wang", "wrong-password-1") is None
    services.close_user(user=user, by=None, at=factories.AT, reason="离职")
    assert _sign_in("wang", factories.PASSWORD) is None


def test_changing_a_secret_asks_for_the_present_one() -> None:
    user = factories.staff(must_change_password=True)
    change = {"user": user, "by": user, "at": factories.AT}
    with pytest.raises(services.WrongSecret):
        services.change_secret(old="nothing-1", new="brook-trout-8", **change)
    with pytest.raises(services.WeakSecret):
        services.change_secret(old=factories.PASSWORD, new=factories.PASSWORD, **change)
    with pytest.raises(services.WrongSecret):
        services.change_secret(
            user=user, old=factories.PASSWORD, new="brook-trout-8", by=factories.staff(), at=factories.AT
        )
    services.change_secret(old=factories.PASSWORD, new="brook-trout-8", **change)
    user.refresh_from_db()
    assert user.check_password("brook-trout-8")
    assert not user.must_change_password


def test_a_reset_makes_staff_choose_anew_and_leaves_no_secret_in_the_trail() -> None:
    user = factories.staff()
    services.reset_secret(user=user, new="brook-trout-8", by=factories.staff(), at=factories.AT)
    user.refresh_from_db()
    assert user.must_change_password
    assert "brook" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_preferences_are_ones_own() -> None:
    user = factories.staff()
    services.set_preferences(user=user, by=user, at=factories.AT, language=Language.ENGLISH, large_type=True)
    user.refresh_from_db()
    assert (user.language, user.large_type) == (Language.ENGLISH, True)
    with pytest.raises(services.NotStaff):
        services.set_preferences(user=user, by=factories.staff(), at=factories.AT, large_type=False)


def test_a_shared_pin_is_hashed_once() -> None:
    users = services.create_household_users(
        accounts=[
            ("AAAA0000BBBB", "甲", "382915"),
            ("AAAA0000CCCC", "乙", "382915"),
            ("AAAA0000DDDD", "丙", "902817"),
        ],
        by=None,
        at=factories.AT,
    )
    assert users[0].password == users[1].password != users[2].password
    assert {user.kind for user in User.objects.all()} == {UserKind.HOUSEHOLD}


def test_staff_are_listed_by_name_without_households() -> None:
    factories.staff(username="b2", display_name="李明")
    factories.staff(username="a1", display_name="王明")
    factories.household_user(factories.household())
    assert [line.username for line in selectors.staff("明")] == ["b2", "a1"]
