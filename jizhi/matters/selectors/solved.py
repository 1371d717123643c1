"""Matters that households reported and that were solved, for whoever derives something from them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.matters import models, rules
from jizhi.people.models import Subject


@dataclass(frozen=True, slots=True)
class SolvedMatter:
    """A solved matter: who reported it, who looked at it again, and whether that was not who had handled it."""

    id: int
    number: str
    reporter: Subject
    reported_date: dt.date
    confirmed_by: User
    by_two: bool


def solved_for_reporters(village: Area, *, since: dt.date, kinds: Sequence[str]) -> list[SolvedMatter]:
    """Closed since that day, found solved on the spot, reported by a household and not in confidence. Two queries."""
    rows = models.Matter.objects.filter(
        village=village, state=rules.MatterState.CLOSED, reporter__isnull=False, confidential=False,
        closed_at__date__gte=since,
    ).select_related("reporter__village")  # fmt: skip
    if kinds:
        rows = rows.filter(kind__in=kinds)
    matters, found = list(rows.order_by("id")), []
    steps = models.Step.objects.filter(matter__in=matters, verb=rules.Verb.CONFIRM, by__isnull=False)
    confirmed = {step.matter_id: step.by for step in steps.select_related("by").order_by("matter", "no")}
    for row in matters:
        by = confirmed.get(row.pk)
        if row.reporter is None or by is None:
            continue
        by_two = row.handled_by_id is not None and row.handled_by_id != by.pk
        found.append(SolvedMatter(row.pk, row.number, row.reporter, row.reported_date, by, by_two))
    return found
