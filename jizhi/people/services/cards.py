"""Household cards: issuing, blocking, replacing, and the PIN. A card's code is its user's user name.

PINs leave this module once, in the return value, to be printed; only their hash is kept.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts import services as accounts
from jizhi.accounts.models import User
from jizhi.core import audit, clock, scope
from jizhi.core.errors import DomainError
from jizhi.people import rules
from jizhi.people.models import Household, HouseholdCard
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class NoOpenCard(DomainError):
    """The household has no card in use."""


@dataclass(frozen=True)
class IssuedCard:
    """What is printed on one card. `pin` is empty when the household already had a card."""

    household_id: int
    household_no: str
    head_name: str
    village_name: str
    code: str
    pin: str

    @property
    def printed_code(self) -> str:
        """The code in groups of four."""
        return rules.printed_card_code(self.code)


def _check_may_manage(by: User | None, households: Iterable[Household], at: dt.datetime) -> None:
    for village in {household.village_id: household.village for household in households}.values():
        posts.check_can(by, Action.MANAGE_HOUSEHOLDS, village, clock.day_of(at))


@transaction.atomic
def issue_cards(
    *, households: Iterable[Household], by: User | None, at: dt.datetime, pin: str | None = None
) -> list[IssuedCard]:
    """Issue a card to each household that has none, with a user behind it; returns all cards for printing.

    Each PIN is random and hashed on its own (about 50 ms each). `pin` gives everybody the same starting PIN, hashed
    once: for demonstrations and tests only.
    """
    rows = list(households)
    _check_may_manage(by, rows, at)
    # Whoever asks second finds the cards of the first.
    locked = Household.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in rows])
    list(locked.order_by("pk").values_list("pk"))
    open_cards = HouseholdCard.objects.filter(household__in=rows, blocked_at=None).order_by("id")
    codes = dict(open_cards.values_list("household_id", "code"))
    new = [household for household in rows if household.pk not in codes]
    pins = {household.pk: pin or accounts.new_pin() for household in new}
    fresh = {household.pk: rules.new_card_code() for household in new}
    named = [(fresh[household.pk], household.head_name, pins[household.pk]) for household in new]
    with scope.beyond("a household's account is in nobody's scope before it has its card"):
        users = accounts.create_household_users(accounts=named, by=by, at=at)
    HouseholdCard.objects.bulk_create(
        [
            HouseholdCard(household=household, user=user, code=user.username, issued_at=at)
            for household, user in zip(new, users, strict=True)
        ],
        batch_size=1000,
    )
    _record(by, at, "card.issue", new)
    codes |= fresh
    return [_printed(household, codes[household.pk], pins.get(household.pk, "")) for household in rows]


def _printed(household: Household, code: str, pin: str) -> IssuedCard:
    return IssuedCard(household.pk, household.no, household.head_name, household.village.name, code, pin)


def _record(
    by: User | None, at: dt.datetime, verb: str, households: list[Household], reason: str = ""
) -> None:
    detail = {"reason": reason} if reason else {}
    audit.append_events(
        [
            audit.new_event(by=by, at=at, verb=verb, target=row, area_path=row.village.path, detail=detail)
            for row in households
        ]
    )


def _open_card(household: Household) -> HouseholdCard:
    card = HouseholdCard.objects.select_for_update().filter(household=household, blocked_at=None).first()
    if card is None:
        raise NoOpenCard(_("这户没有使用中的积分卡。"))
    return card


@transaction.atomic
def block_card(*, household: Household, reason: str, by: User | None, at: dt.datetime) -> HouseholdCard:
    """Block the household's card, as when it was lost: nobody signs in or redeems with it any more."""
    _check_may_manage(by, [household], at)
    card = _open_card(household)
    card.blocked_at, card.block_reason = at, reason
    card.save(update_fields=["blocked_at", "block_reason"])
    User.objects.filter(pk=card.user_id).update(is_active=False)
    _record(by, at, "card.block", [household], reason)
    return card


@transaction.atomic
def replace_card(
    *, household: Household, reason: str, by: User | None, at: dt.datetime, pin: str | None = None
) -> IssuedCard:
    """Give the household a new code and PIN. Its user stays the same, so what it did before stays its own."""
    _check_may_manage(by, [household], at)
    last = (
        HouseholdCard.objects.select_for_update()
        .filter(household=household)
        .order_by("-issued_at", "-id")
        .first()
    )
    if last is None:
        return issue_cards(households=[household], by=by, at=at, pin=pin)[0]
    if last.blocked_at is None:
        last.blocked_at, last.block_reason = at, reason
        last.save(update_fields=["blocked_at", "block_reason"])
    user, pin = last.user, pin or accounts.new_pin()
    user.username, user.is_active = rules.new_card_code(), True
    user.save(update_fields=["username", "is_active"])
    accounts.reset_secret(user=user, new=pin, by=by, at=at)
    HouseholdCard.objects.create(household=household, user=user, code=user.username, issued_at=at)
    _record(by, at, "card.replace", [household], reason)
    return _printed(household, user.username, pin)


@transaction.atomic
def set_pin(*, household: Household, by: User | None, at: dt.datetime, pin: str | None = None) -> IssuedCard:
    """Staff set a new PIN for a household that forgot it (random unless given)."""
    _check_may_manage(by, [household], at)
    card = _open_card(household)
    pin = pin or accounts.new_pin()
    accounts.reset_secret(user=card.user, new=pin, by=by, at=at)
    _record(by, at, "card.set_pin", [household])
    return _printed(household, card.code, pin)


def block_card_of(*, household: Household, reason: str, at: dt.datetime) -> int | None:
    """Block the card of a household that ends, if it has one; for services that have checked who may. Its number."""
    card = HouseholdCard.objects.select_for_update().filter(household=household, blocked_at=None).first()
    if card is None:
        return None
    card.blocked_at, card.block_reason = at, _(reason)
    card.save(update_fields=["blocked_at", "block_reason"])
    User.objects.filter(pk=card.user_id).update(is_active=False)
    return card.pk


def unblock_card(*, card_id: int) -> None:
    """Let a card work again that a change blocked which was taken back; for services that have checked who may."""
    card = HouseholdCard.objects.select_for_update().get(pk=card_id)
    if not HouseholdCard.objects.filter(household=card.household_id, blocked_at=None).exists():
        card.blocked_at, card.block_reason = None, ""
        card.save(update_fields=["blocked_at", "block_reason"])
        User.objects.filter(pk=card.user_id).update(is_active=True)
