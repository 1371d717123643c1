"""Points that a household still receives after it was merged or moved go on to the household it went into.

A month is credited when its notice is final, often after the change; facts stay with the subject who earned them,
and what they bring follows the wallet.
"""

import datetime as dt

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.changes import selectors
from jizhi.core import audit, scope
from jizhi.ledger import services as ledger_services
from jizhi.people.models import Subject


@transaction.atomic
def forward_credits(*, village: Area, key: str, by: User, at: dt.datetime) -> list[int]:
    """Move what wallets of ended households hold to their successors; a repeat with the same `key` is harmless.

    Returns the subjects that received something.
    """
    with scope.beyond("points of a household that moved go on to its new village"):
        moved = _forward(village, key, by, at)
    if moved:
        audit.record_event(
            by=by,
            at=at,
            verb="wallet.forward",
            target=village,
            area_path=village.path,
            detail={"points": sum(moved.values())},
        )
    return sorted(moved)


def _forward(village: Area, key: str, by: User, at: dt.datetime) -> dict[int, int]:
    successors = selectors.ended_successors(village.pk)
    holders = Subject.objects.filter(
        pk__in=successors, wallet__balance__gt=0, household__to_date__isnull=False
    ).select_related("village")
    found = list(holders.order_by("pk"))
    heirs = selectors.present_holders([holder.pk for holder in found])
    targets = Subject.objects.select_related("village").in_bulk(set(heirs.values()))
    ledger_services.lock_subjects({*heirs, *targets})
    wallets = ledger_services.lock_wallets(subjects=[*found, *targets.values()], by=by, at=at)
    moved: dict[int, int] = {}
    for holder in found:
        target = targets[heirs[holder.pk]]
        if target.pk == holder.pk:
            continue
        points = ledger_services.move_points(
            source=holder,
            target=target,
            points=wallets[holder.pk].balance,
            request_key=f"forward:{key}:{holder.pk}",
            by=by,
            at=at,
        )
        if points:
            moved[target.pk] = moved.get(target.pk, 0) + points
    return moved
