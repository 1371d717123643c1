"""Persons whose points are good for goods: at the counter, by number, name or the card of the household they live in.

A scheme of persons gives spendable points where it says how they are redeemed. Organisations fetch nothing.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.people.models import Subject
from jizhi.people.rules import SubjectKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class NoSuchSpender(DomainError):
    """Nobody takes part in a scheme with spendable points under that number, or it is another store's customer."""


@dataclass(frozen=True, slots=True)
class Spender:
    """A person with spendable points of a scheme of its own; its title in both languages, the balance in hundredths."""

    subject: Subject
    no: str
    label: str
    title: Any
    balance: int
    to_date: dt.date | None


def spenders_of(household: Subject, *, on: dt.date) -> list[Spender]:
    """Whoever lives in a household on that day and has points of its own to spend; a fixed number of queries."""
    return _spenders(household.village, people.member_subject_ids(household, on), on)


def find_spenders(village: Area, words: str, *, on: dt.date, limit: int = 12) -> list[Spender]:
    """Persons by the number on the list of their scheme, or by a part of the name."""
    named = Q(label__icontains=words)
    if words.isdecimal():
        named |= Q(key__endswith=f"-{words.zfill(4)}")
    titles = _titles(village, on)
    rows = _persons().filter(named, village=village, scheme__in=titles)
    return _as_spenders(list(rows.values_list("pk", flat=True)[:limit]), titles, on)


def spender(user: User, subject_id: int, *, on: dt.date) -> Spender:
    """One person at a counter that the user keeps. Raises NoSuchSpender."""
    paths = posts.scope_paths(user, Action.KEEP_STORE, on)
    row = _persons().filter(pk=subject_id, village__path__within=paths).select_related("village").first()
    found = _spenders(row.village, [row.pk], on) if row is not None else []
    if not found:
        raise NoSuchSpender(_("没有这个人的可兑换积分，或者不在您的超市兑换。"))
    return found[0]


def _persons() -> QuerySet[Subject]:
    return Subject.objects.filter(kind=SubjectKind.PERSON, void=False).order_by("scheme", "key")


def _titles(village: Area, on: dt.date) -> dict[str, Any]:
    """The schemes of persons in force in a village whose points are redeemed."""
    found = participants.schemes_in_force(village, on)
    persons = SubjectKind.PERSON.value
    return {one.id: one.title for one in found if one.subject == persons and one.redeem is not None}


def _spenders(village: Area, subject_ids: Collection[int], on: dt.date) -> list[Spender]:
    return _as_spenders(subject_ids, _titles(village, on), on) if subject_ids else []


def _as_spenders(subject_ids: Collection[int], titles: dict[str, Any], on: dt.date) -> list[Spender]:
    """Those who take part or have something left."""
    return [
        Spender(one.subject, one.no, one.label, titles[one.scheme], one.balance, one.to_date)
        for one in participants.shares_of(subject_ids, on=on)
        if one.scheme in titles and (one.balance or one.to_date is None or one.to_date >= on)
    ]
