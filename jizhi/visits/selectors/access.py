"""Who may keep the book of a household and who sees what is sensitive in it; the classes and fields of its county."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.rules import UserKind
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes

if TYPE_CHECKING:
    from jizhi.engine.document.gridwork import BookField, VisitClass
    from jizhi.people.models import Household


class NotKeeper(DomainError):
    """The user neither keeps the household's book nor manages the register of its village."""


def may_keep(user: Any, area: Area, on: dt.date) -> bool:
    """Grid workers and leaders keep the book; recorder, committee and township manage the register it belongs to."""
    return posts.can(user, Action.KEEP_BOOK, area, on) or posts.can(user, Action.MANAGE_HOUSEHOLDS, area, on)


def check_may_keep(user: Any, area: Area, on: dt.date) -> None:
    """Raise NotKeeper unless `may_keep`."""
    if not may_keep(user, area, on):
        raise NotKeeper(_("您不负责这一片的一户一册，请联系该网格的网格员或村（居）委会。"))


def may_see_sensitive(user: Any, area: Area, on: dt.date) -> bool:
    """Those who visit the grid, and the village committee; a household sees all of its own, which is all it gets."""
    if user is not None and user.is_authenticated and user.kind is UserKind.HOUSEHOLD:
        return True
    return posts.can(user, Action.VIEW_SENSITIVE, area, on)


def classes_for(user: Any, area: Area, on: dt.date) -> tuple[VisitClass, ...]:
    """The classes of the county that the user may see in the area."""
    everything = schemes.visits_in(area).classes
    if may_see_sensitive(user, area, on):
        return everything
    return tuple(one for one in everything if not one.sensitive)


def fields_for(user: Any, area: Area, on: dt.date) -> tuple[BookField, ...]:
    """The fields of the book that the user may see in the area."""
    everything = schemes.book_of(area)
    if may_see_sensitive(user, area, on):
        return everything
    return tuple(one for one in everything if not one.sensitive)


def book_household(user: Any, household_id: int, on: dt.date) -> Household:
    """A household whose book the user may read: who keeps it, and who looks after visits. Raises HouseholdNotFound."""
    household = people.household_for(user, household_id, on)
    if may_keep(user, household.area, on) or posts.can(user, Action.VIEW_COVERAGE, household.area, on):
        return household
    raise people.HouseholdNotFound(_("没有这户，或不在您的工作范围内。"))
