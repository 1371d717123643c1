"""Short look-ups that other apps ask for: a user's own subject, grids, names and numbers by key. No pages here."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from jizhi.accounts.models import User
from jizhi.accounts.rules import UserKind
from jizhi.areas.models import Area
from jizhi.people.models import Household, HouseholdCard, Subject

_OWN = "_own_subject"


def subject_of_user(user: Any, *, on: dt.date) -> Subject | None:
    """The subject of a signed-in household with an open card; None for staff. One query per user object."""
    if user is None or not user.is_authenticated or user.kind != UserKind.HOUSEHOLD:
        return None
    cached: dict[dt.date, Subject | None] = vars(user).setdefault(_OWN, {})
    if on not in cached:
        open_card = Q(household__cards__user=user, household__cards__blocked_at=None)
        cached[on] = Subject.objects.filter(open_card).select_related("village").first()
    return cached[on]


def areas_of_subjects(subject_ids: Collection[int]) -> dict[int, Area]:
    """Each household's grid, or its village where no grid is known, by subject number."""
    rows = Household.objects.filter(subject_id__in=subject_ids).select_related("area")
    return {row.subject_id: row.area for row in rows}


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
    """(household number, head's name) of a village's subjects by key; the label stands in for other subjects."""
    rows = Subject.objects.filter(village=village).values_list(
        "key", "household__no", "household__head_name", "label"
    )
    return {key: (no or key, head or label) for key, no, head, label in rows}


def users_of_village(village: Area) -> dict[int, User]:
    """The users behind the village's open cards, by subject number."""
    cards = HouseholdCard.objects.filter(household__village=village, blocked_at=None)
    return {card.household.subject_id: card.user for card in cards.select_related("household", "user")}
