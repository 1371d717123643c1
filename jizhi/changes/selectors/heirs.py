"""Whose wallet has what an ended household still receives: the household it was merged into or moved to, and so on.

Facts stay with the subject that earned them; only the points follow. The caller sees to it that both may be read.

Who speaks for an ended household is wider: where its people went, whether its points went along or not. `scope.sql`
says the same for the database.
"""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from jizhi.changes import models, rules
from jizhi.core import scope
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


def predecessors(subject_ids: Collection[int]) -> frozenset[int]:
    """The ended households whose people these are by now: merged into them, moved there, come back as them."""
    found: set[int] = set()
    latest = set(subject_ids)
    with scope.beyond("a household speaks for those that it succeeded, in another village, too"):
        while latest:
            latest = {old for old, _new in _went(into=latest)} - found - set(subject_ids)
            found |= latest
    return frozenset(found)


def speaker_of(subject_id: int) -> int:
    """The household that speaks for a subject today: itself, or where its people went, and so on."""
    seen = [subject_id]
    with scope.beyond("a household speaks for those that it succeeded, in another village, too"):
        while True:
            after = sorted({new for _old, new in _went(of={seen[-1]})} - set(seen))
            if not after:
                return seen[-1]
            seen.append(after[-1])


def one_voice(subject_id: int) -> frozenset[int]:
    """The subject, and all others for which the same household speaks today."""
    speaker = speaker_of(subject_id)
    return frozenset({subject_id, speaker}) | predecessors([speaker])


def _went(*, of: Collection[int] = (), into: Collection[int] = ()) -> set[tuple[int, int]]:
    """Pairs of an ended household and the one where its people went, by either side."""
    ended = models.ChangedHousehold.objects.filter(change__undone_by=None, household__to_date__isnull=False)
    old, new = "household__subject_id", "successor__subject_id"
    succeeded = ended.filter(**({f"{old}__in": of} if of else {f"{new}__in": into}))
    pairs = set(succeeded.exclude(successor=None).values_list(old, new))
    other = "change__households__household__subject_id"
    moved = ended.filter(
        change__kind=rules.ChangeKind.MOVE,
        side=rules.Side.CLOSED,
        change__households__side=rules.Side.OPENED,
        **({f"{old}__in": of} if of else {f"{other}__in": into}),
    )
    return pairs | set(moved.values_list(old, other))


def villages_of(subject_ids: Iterable[int]) -> list[int]:
    """The villages of the subjects, each once."""
    rows = Subject.objects.filter(pk__in=list(subject_ids)).order_by("village_id")
    return list(rows.values_list("village_id", flat=True).distinct())
