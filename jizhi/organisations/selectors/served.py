"""Confirmed services of whoever reports here, for whoever derives something from them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.organisations.models import Service
from jizhi.organisations.rules import ServiceState


@dataclass(frozen=True, slots=True)
class Served:
    """A reporter served on a day for so many minutes; the person is known where the register knows them."""

    id: int
    person_id: int | None
    day: dt.date
    minutes: int
    words: str
    by: User


def services_confirmed(village: Area, *, since: dt.date) -> list[Served]:
    """Services that stand confirmed since that day."""
    rows = Service.objects.filter(
        Q(area=village) | Q(area__path__descendant_of=village.path),
        state=ServiceState.CONFIRMED,
        day__gte=since,
        closed_by__isnull=False,
    ).select_related("reporter", "closed_by")
    return [
        Served(row.pk, row.reporter.person_id, row.day, row.minutes, row.words, row.closed_by)
        for row in rows.order_by("id")
        if row.closed_by is not None
    ]
