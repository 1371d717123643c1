"""Giving books away as a table with what is sensitive in them: the one door to it, and it leaves a trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.people.models import Household
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

if TYPE_CHECKING:
    from jizhi.accounts.models import User


class NoReason(DomainError):
    """Nobody takes these without saying what for."""


@transaction.atomic
def disclose_books(*, household_ids: Collection[int], reason: str, by: User | None, at: dt.datetime) -> None:
    """Record in each village who takes how many books with what is sensitive, and why.

    Raises NoReason, and posts.NotAllowed where the user may export from none of these households' villages.
    """
    reason = reason.strip()
    if not reason:
        raise NoReason(_("请写明用途。"), place="reason")
    homes = Household.objects.filter(pk__in=household_ids).order_by().values_list("village")
    counts = dict(homes.annotate(count=Count("pk")))
    for village in Area.objects.filter(pk__in=counts).order_by("path"):
        posts.check_can(by, Action.EXPORT, village, clock.day_of(at))
        audit.record_event(
            by=by,
            at=at,
            verb="book.disclose",
            target=village,
            area_path=village.path,
            detail={"reason": reason, "households": counts[village.pk]},
        )
