"""Whose wallet has what an ended household still receives: the household it was merged into or moved to, and so on.

Facts stay with the subject that earned them; only the points follow. The caller sees to it that both may be read.
"""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from jizhi.changes import models
from jizhi.people.models import Subject


def _steps() -> QuerySet[models.ChangedHousehold]:
    rows = models.ChangedHousehold.objects.filter(successor__isnull=False, change__undone_by=None)
    return rows.filter(household__to_date__isnull=False).order_by("id")


def present_holders(subject_ids: Collection[int]) -> dict[int, int]:
    """Each of the subjects → the one that has its points now: itself, or who followed it. One query a generation."""
    holders = {subject: subject for subject in subject_ids}
    for _generation in range(len(holders) + 100):
        rows = _steps().filter(household__subject_id__in=set(holders.values()))
        after = dict(rows.values_list("household__subject_id", "successor__subject_id"))
        moved = {one: after[now] for one, now in holders.items() if after.get(now, one) not in (one, now)}
        if not moved:
            break
        holders |= moved
    return holders


def carried_into(subject_ids: Collection[int]) -> frozenset[int]:
    """The subjects and every ended one whose points go to them; one query a generation."""
    found, latest = set(subject_ids), set(subject_ids)
    while latest:
        rows = _steps().filter(successor__subject_id__in=latest)
        latest = set(rows.values_list("household__subject_id", flat=True)) - found
        found |= latest
    return frozenset(found)


def villages_of(subject_ids: Iterable[int]) -> list[int]:
    """The villages of the subjects, each once."""
    rows = Subject.objects.filter(pk__in=list(subject_ids)).order_by("village_id")
    return list(rows.values_list("village_id", flat=True).distinct())
