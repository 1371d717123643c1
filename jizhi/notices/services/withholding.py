"""A disputed entry's points are not spent: left out of the credit, or held in the wallet, until the hearing ends.

The owner's row is the lock of all this: whoever files, answers, appeals or makes a notice final takes it first, and
with it the row of the household that has an ended one's points now. A household that objects to a neighbour's entry
touches that neighbour's wallet, which it may not read.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.changes import selectors as change_selectors
from jizhi.changes import services as changes
from jizhi.core import clock, scope
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.notices import models, rules
from jizhi.notices.selectors import counting, disputes, ends
from jizhi.people.models import Subject

if TYPE_CHECKING:
    from jizhi.ledger.models import Fact

_STATE = rules.WithholdingState


def lock_owner(fact_id: int) -> bool:
    """Take the lock of everything about the fact until the transaction ends. Returns whether it has been reversed."""
    with scope.beyond("whoever objects does not see the wallet from which the disputed points are held"):
        _lock(ledger.fact(fact_id).subject_id)
        return ledger.is_reversed(fact_id)


def begin_dispute(fact: "Fact", by: User, at: dt.datetime) -> None:
    """Mark the entry as disputed; points of it that were credited are held, as far as the wallet has them."""
    with scope.beyond("whoever objects does not see the wallet from which the disputed points are held"):
        _lock(fact.subject_id)
        if models.Dispute.objects.filter(fact=fact, ended_at=None).exists():
            return
        models.Dispute.objects.create(fact=fact, village_id=fact.village_id, begun_at=at)
        found = counting.counted([fact.subject_id])
        merits = ledger.merits_among([fact.pk]) - ledger.reversed_facts([fact.pk])
        if fact.pk not in merits or fact.pk not in found.home:
            return
        due = found.worth(fact.pk)
        models.Withholding.objects.create(
            fact=fact,
            subject_id=fact.subject_id,
            village_id=fact.village_id,
            points=found.values[fact.pk],
            due=due,
            begun_at=at,
        )
        hold_owed([fact.subject_id], by, at)


def end_dispute(fact: "Fact", by: User, at: dt.datetime) -> None:
    """Nothing about the entry waits any more: release its points, or take them back where it was reversed."""
    with scope.beyond("whoever takes an objection back does not see the wallet to which the points return"):
        _lock(fact.subject_id)
        fallen, waits = ledger.is_reversed(fact.pk), disputes.has_open_hearing(fact.pk)
        if waits and not fallen:
            return
        if not waits:
            models.Dispute.objects.filter(fact=fact, ended_at=None).update(ended_at=at)
        waiting = models.Withholding.objects.select_for_update(of=("self",)).select_related(
            "notice__village", "subject__village"
        )
        for row in waiting.filter(fact=fact, state=_STATE.WITHHELD).order_by("id"):
            if fallen:
                _revoke(row, by, at)
            else:
                _release(row, by, at)
        hold_owed([fact.subject_id], by, at)


def _lock(subject_id: int) -> None:
    """The owner's row, and the row of whoever has its points now."""
    ledger_services.lock_subjects({subject_id, *change_selectors.present_holders([subject_id]).values()})


def _revoke(row: models.Withholding, by: User, at: dt.datetime) -> None:
    if row.held:
        ledger_services.revoke_points(key=f"hold:{row.pk}", by=by, at=at)
    row.state, row.ended_at = _STATE.REVOKED, at
    row.save(update_fields=["state", "ended_at"])


def _release(row: models.Withholding, by: User, at: dt.datetime) -> None:
    """Give what the entry is worth by now: of what is held first, the rest as a credit; what it is not worth goes."""
    found = counting.counted([row.subject_id])
    worth = found.worth(row.fact_id)
    kept = row.due if row.notice is None else 0
    # What the wallet has of it already: the part that was spent before it could be held.
    loss = max(0, kept - worth)
    ledger_services.release_points(key=f"hold:{row.pk}", points=max(0, row.held - loss), by=by, at=at)
    row.state, row.ended_at = _STATE.RELEASED, at
    if row.notice is not None:
        row.due = worth
    row.save(update_fields=["due", "state", "ended_at"])
    home = models.Notice.objects.select_related("village").defer("content").get(pk=found.home[row.fact_id])
    key = f"{home.scheme}:{home.period}:fact:{row.fact_id}:{row.pk}"
    ledger_services.credit_wallets(
        village=home.village,
        period=key,
        points={row.subject_id: worth - kept},
        expires_date=disputes.longer(ends.expiry_of(home), clock.day_of(row.begun_at), clock.day_of(at)),
        by=by,
        at=at,
    )
    _forward(row.subject_id, key, by, at)


def _forward(subject_id: int, key: str, by: User, at: dt.datetime) -> None:
    """What came to an ended household goes on at once, out of every village on the way."""
    holder = change_selectors.present_holders([subject_id])[subject_id]
    way = change_selectors.carried_into([holder]) - {holder}
    for village in Area.objects.filter(pk__in=change_selectors.villages_of(way)).order_by("pk"):
        changes.forward_credits(village=village, key=key, by=by, at=at)


def lock_for_credits(notice: models.Notice) -> list[int]:
    """Lock whoever a notice credits, whoever has ended households' points now, and their wallets: once, in order.

    Returns the subjects that are credited. The caller has locked the village.
    """
    with scope.beyond("points of an ended household go on to another, perhaps in another village"):
        subjects = ends.spendable_of(notice)
        ended = change_selectors.ended_successors(notice.village_id)
        holders = change_selectors.present_holders({*subjects, *ended})
        everybody = {*holders, *holders.values()}
        ledger_services.lock_subjects(everybody)
        ledger_services.lock_open_wallets(village_id=notice.village_id, subject_ids=everybody)
        return sorted(subjects)


def hold_owed(subject_ids: Collection[int], by: User, at: dt.datetime) -> None:
    """Hold what these subjects' wallets have of disputed points that had been spent before.

    What an ended household owes is held from the one that has its points now. The caller has locked their subjects.
    """
    with scope.beyond("what an ended household owes is held where its points went"):
        holders = set(change_selectors.present_holders(subject_ids).values())
        rows = list(disputes.owing(change_selectors.carried_into(holders)))
        if not rows:
            return
        now = change_selectors.present_holders({row.subject_id for row in rows})
        owners = Subject.objects.select_related("village").in_bulk(set(now.values()))
        ledger_services.lock_wallets(subjects=list(owners.values()), by=by, at=at)
        for row in rows:
            row.held += ledger_services.hold_points(
                subject=owners[now[row.subject_id]],
                points=row.due - row.held,
                request_key=f"hold:{row.pk}:{row.held}",
                by=by,
                at=at,
            )
            row.save(update_fields=["held"])


def credits_of(notice: models.Notice, at: dt.datetime) -> dict[int, int]:
    """What the notice credits to each subject: the net of its spendable entries without those disputed or fallen.

    What is left out is written down, so that it can be credited when the dispute ends; a deduction keeps its effect.
    A correction of an entry of an earlier month counts as much as it changes that month's credit; of an entry that
    fell in a dispute, only what is still owed. The subjects are locked.
    """
    sums = disputes.sums_on(notice)
    facts = [one.fact_id for one in sums]
    kept_out = ledger.merits_among(facts) & (disputes.disputed_facts(facts) | ledger.reversed_facts(facts))
    fallen, shown = ledger.reversed_facts(facts), disputes.reversed_on(notice)
    found = counting.counted({one.subject_id for one in sums}, without=notice)
    owed = disputes.still_owed(facts)
    nets: dict[int, int] = defaultdict(int)
    left_out = []
    for one in sums:
        if one.fact_id in found.home:
            nets[one.subject_id] += found.correct(one.fact_id, one.points)
            nets[one.subject_id] -= owed.get(one.fact_id, 0) if one.fact_id in shown else 0
        elif one.fact_id in kept_out and one.points > 0:
            left_out.append(one)
        else:
            nets[one.subject_id] += one.points
    models.Withholding.objects.bulk_create(
        [
            models.Withholding(
                fact_id=one.fact_id,
                subject_id=one.subject_id,
                village_id=notice.village_id,
                notice=notice,
                points=one.points,
                state=_STATE.REVOKED if one.fact_id in fallen else _STATE.WITHHELD,
                begun_at=at,
                ended_at=at if one.fact_id in fallen else None,
            )
            for one in left_out
        ]
    )
    return dict(nets)
