"""What hearings ask of the ledger: which facts were reversed, which brought points."""

from collections.abc import Collection

from jizhi.ledger import models, rules


def reversed_facts(fact_ids: Collection[int]) -> frozenset[int]:
    """Which of the facts hold a reversing entry."""
    rows = models.Entry.objects.filter(fact_id__in=fact_ids, cause=rules.Cause.REVERSED)
    return frozenset(rows.values_list("fact_id", flat=True))


def is_reversed(fact_id: int) -> bool:
    """Whether the fact holds a reversing entry."""
    return bool(reversed_facts([fact_id]))


def merits_among(fact_ids: Collection[int]) -> frozenset[int]:
    """Which of the facts were priced above nothing when they were posted."""
    rows = models.Entry.objects.filter(fact_id__in=fact_ids, cause=rules.Cause.POSTED, price__gt=0)
    return frozenset(rows.values_list("fact_id", flat=True))
