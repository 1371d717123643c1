"""Records that a service is to act on, found within the reader's scope; pages read the frozen lines instead."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from jizhi.people.models import Household, Membership
from jizhi.people.selectors.households import HouseholdNotFound


def households_for(user: Any, household_ids: Collection[int], on: dt.date) -> list[Household]:
    """The households of these numbers that the user may see, by village and number."""
    rows = Household.objects.visible_to(user, on).filter(pk__in=household_ids)
    return list(rows.select_related("village", "area", "subject").order_by("village__path", "no"))


def membership_for(user: Any, household_id: int, membership_id: int, on: dt.date) -> Membership:
    """A member of a household the user may see, with person and household; raises HouseholdNotFound."""
    visible = Household.objects.visible_to(user, on).filter(pk=household_id)
    rows = Membership.objects.filter(household__in=visible, pk=membership_id)
    found = rows.select_related("person", "household__area", "household__subject").first()
    if found is None:
        raise HouseholdNotFound(_("没有这位成员，或不在您的工作范围内。"))
    return found
