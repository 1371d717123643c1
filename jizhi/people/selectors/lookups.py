"""Short look-ups that other apps ask for: a user's own subject, grids, names and numbers by key. No pages here."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import F, Q

from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.areas.models import Area
from jizhi.people.models import Household, HouseholdCard, Membership, Subject
from jizhi.people.rules import SubjectKind

_OWN = "_own_subject"
_OWN_IDS = "_own_subject_ids"


def subject_of_user(user: Any, *, on: dt.date) -> Subject | None:
    """The subject of a signed-in household with an open card; None for staff. One query per user object."""
    if user is None or not user.is_authenticated or user.kind != UserKind.HOUSEHOLD:
        return None
    cached: dict[dt.date, Subject | None] = vars(user).setdefault(_OWN, {})
    if on not in cached:
        open_card = Q(household__cards__user=user, household__cards__blocked_at=None)
        cached[on] = Subject.objects.filter(open_card).select_related("village").first()
    return cached[on]


def subjects_of_users(user_ids: Collection[int]) -> dict[int, int]:
    """User number → the subject of the household whose card the user is, old cards included; staff are not in it."""
    if not user_ids:
        return {}
    cards = HouseholdCard.objects.filter(user__in=user_ids).order_by("id")
    return dict(cards.values_list("user_id", "household__subject_id"))


def own_subject_ids(user: Any, *, on: dt.date) -> frozenset[int]:
    """The subjects for which a signed-in household acts: its own, and those of whoever lives in it on that day.

    One query more than the own subject, per user object.
    """
    own = subject_of_user(user, on=on)
    if own is None:
        return frozenset()
    cached: dict[dt.date, frozenset[int]] = vars(user).setdefault(_OWN_IDS, {})
    if on not in cached:
        cached[on] = frozenset({own.pk, *member_subject_ids(own, on)})
    return cached[on]


def member_subject_ids(household: Subject, on: dt.date) -> frozenset[int]:
    """The subjects of whoever lives in a household on that day; one query."""
    members = Membership.objects.on(on).filter(household__subject=household)
    rows = Subject.objects.filter(village=household.village_id, person__in=members.values("person"))
    return frozenset(rows.values_list("pk", flat=True))


def areas_of_subjects(subject_ids: Collection[int]) -> dict[int, Area]:
    """Each household's grid, or its village where no grid is known, by subject; a person's is the household's."""
    rows = Household.objects.filter(subject_id__in=subject_ids).select_related("area")
    found = {row.subject_id: row.area for row in rows}
    if missing := set(subject_ids) - found.keys():
        homes = Membership.objects.filter(person__subjects__in=missing, household__village=F("village"))
        lasting = homes.filter(person__subjects__village=F("village")).order_by("from_date", "id")
        lived = lasting.values_list("person__subjects", "household__area")
        places = {subject: area for subject, area in lived if subject in missing}
        areas = Area.objects.in_bulk(list(set(places.values())))
        found |= {subject: areas[area] for subject, area in places.items()}
    return found


def subject_in_village(village: Area, number: str) -> Subject | None:
    """A subject of the village by its number as a form sends it."""
    if not number.isdecimal() or len(number) > 18:
        return None
    return Subject.objects.filter(village=village, pk=int(number)).select_related("village").first()


def subjects_by_household_no(village: Area) -> dict[str, Subject]:
    """A village's household subjects by household number."""
    rows = Subject.objects.filter(village=village, household__isnull=False).select_related(
        "household", "village"
    )
    return {row.household.no: row for row in rows}


def subject_ids_by_key(keys: Collection[str]) -> dict[str, int]:
    """Subject numbers by key."""
    return dict(Subject.objects.filter(key__in=keys).values_list("key", "id"))


def names_by_subject_key(village: Area) -> dict[str, tuple[str, str]]:
    """(household number, head's name) of a village's subjects by key; other subjects have the number of their key and
    their label."""
    rows = Subject.objects.filter(village=village).values_list(
        "key", "household__no", "household__head_name", "label"
    )
    return {key: (no or key.rpartition("-")[2], head or label) for key, no, head, label in rows}


def organisations_among(village: Area) -> set[str]:
    """Keys of a village's subjects that are organisations: their names are nobody's."""
    rows = Subject.objects.filter(village=village, kind=SubjectKind.ORGANISATION)
    return set(rows.values_list("key", flat=True))


def minor_heads(village: Area, *, before: dt.date, on: dt.date) -> set[str]:
    """Keys of the households whose head was born after `before`, or all of whose known members were; and of persons."""
    registered = Household.objects.filter(village=village)
    young = set(registered.filter(head__birth_date__gt=before).values_list("subject__key", flat=True))
    members = Membership.objects.on(on).filter(household__in=registered.filter(head=None))
    ages: dict[str, list[bool]] = {}
    for key, born in members.values_list("household__subject__key", "person__birth_date"):
        ages.setdefault(key, []).append(born is not None and born > before)
    persons = Subject.objects.filter(village=village, person__birth_date__gt=before)
    young |= set(persons.values_list("key", flat=True))
    return young | {key for key, minors in ages.items() if all(minors)}


def users_of_village(village: Area) -> dict[int, User]:
    """The users behind the village's open cards, by subject number."""
    cards = HouseholdCard.objects.filter(household__village=village, blocked_at=None)
    return {card.household.subject_id: card.user for card in cards.select_related("household", "user")}


def labels_of_subjects(subject_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """(key, label) by subject number."""
    rows = Subject.objects.filter(pk__in=subject_ids).values_list("pk", "key", "label")
    return {number: (key, label) for number, key, label in rows}
