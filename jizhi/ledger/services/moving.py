"""Moving spendable points from one wallet to another, as when a household is split, merged or moves away.

Each lot moves with its own expiry. Between two villages the points pass their clearing accounts: each village's
accounts still add up to zero, and so do all clearing accounts together.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import F, Q

from jizhi.accounts.models import User
from jizhi.core import clock
from jizhi.ledger import models, rules
from jizhi.ledger.services import wallets
from jizhi.ledger.services.holding import hold_for_posting
from jizhi.people.models import Subject


def lock_wallets(*, subjects: Sequence[Subject], by: User, at: dt.datetime) -> dict[int, models.Account]:
    """The subjects' wallets, opened where missing, locked by number; what has expired is taken out first."""
    hold_for_posting(one.village_id for one in subjects)
    models.Account.objects.bulk_create(
        [
            models.Account(village_id=one.village_id, kind=rules.AccountKind.WALLET, subject=one)
            for one in sorted(subjects, key=lambda one: one.pk)
        ],
        ignore_conflicts=True,
    )
    rows = models.Account.objects.select_for_update(of=("self",)).select_related("village")
    found = {wallet.subject_id or 0: wallet for wallet in rows.filter(subject__in=subjects).order_by("pk")}
    for wallet in found.values():
        wallets.expire_wallet(wallet, wallet.village, by, at)
    return found


def lock_open_wallets(*, village_id: int, subject_ids: Collection[int]) -> None:
    """Lock every wallet of the village and those of the subjects, wherever they are, by number and all at once."""
    elsewhere = Subject.objects.filter(pk__in=subject_ids).values_list("village_id", flat=True)
    hold_for_posting({village_id, *elsewhere})
    wanted = Q(village_id=village_id, kind=rules.AccountKind.WALLET) | Q(subject_id__in=subject_ids)
    list(
        models.Account.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk").values_list("pk")
    )


@transaction.atomic
def move_points(
    *,
    source: Subject,
    target: Subject,
    points: int,
    request_key: str,
    lots: Mapping[int, int] | None = None,
    by: User,
    at: dt.datetime,
) -> int:
    """Move `points` (hundredths) between two wallets, from all lots in proportion or from the `lots` named.

    A repeat of `request_key` moves nothing. Returns the points moved; raises NotEnoughPoints.
    """
    held = lock_wallets(subjects=[source, target], by=by, at=at)
    giver, taker = held[source.pk], held[target.pk]
    if not points or models.Transfer.objects.filter(request_key__startswith=f"{request_key}:").exists():
        return 0
    rows = [lot for lot in giver.lots.select_for_update() if lot.remaining > 0]
    states = [rules.LotState(lot.pk, lot.remaining) for lot in rows]
    present = {state.lot_id: state.remaining for state in states}
    if lots is not None:
        parts = [rules.LotState(number, share) for number, share in sorted(lots.items())]
        enough = sum(lots.values()) == points and all(present.get(n, 0) >= s for n, s in lots.items())
    else:
        enough = points <= sum(present.values())
        parts = rules.spread(states, points) if enough else []
    if not enough:
        raise wallets.not_enough(giver.balance, points)
    by_id = {lot.pk: lot for lot in rows}
    for part in parts:
        _move_lot(by_id[part.lot_id], part.remaining, giver, taker, f"{request_key}:{part.lot_id}", by, at)
    return points


def _move_lot(
    lot: models.Lot,
    points: int,
    giver: models.Account,
    taker: models.Account,
    key: str,
    by: User,
    at: dt.datetime,
) -> None:
    def transfer(source: models.Account, target: models.Account, key: str) -> models.Transfer:
        return models.Transfer.objects.create(
            source=source,
            target=target,
            points=points,
            reason=rules.TransferReason.CHANGE,
            request_key=key,
            made_at=at,
            made_by=by,
        )

    if giver.village_id == taker.village_id:
        leaves = arrives = transfer(giver, taker, key)
        moved = {giver.pk: -points, taker.pk: points}
    else:
        out = wallets.village_account(giver.village, rules.AccountKind.CLEARING)
        into = wallets.village_account(taker.village, rules.AccountKind.CLEARING)
        leaves, arrives = transfer(giver, out, f"{key}:out"), transfer(into, taker, f"{key}:in")
        moved = {giver.pk: -points, out.pk: points, into.pk: -points, taker.pk: points}
    models.LotUse.objects.create(transfer=leaves, lot=lot, points=points)
    models.Lot.objects.filter(pk=lot.pk).update(remaining=F("remaining") - points)
    models.Lot.objects.create(wallet=taker, credit=arrives, remaining=points, expires_date=lot.expires_date)
    wallets.move_balances(moved)


@transaction.atomic
def bring_forward_expiry(
    *, subject: Subject, until: dt.date, by: User, at: dt.datetime
) -> list[tuple[int, str]]:
    """Let what a wallet holds be spent until that day at the latest. Returns the lots changed and their day before."""
    wallet = lock_wallets(subjects=[subject], by=by, at=at)[subject.pk]
    changed = []
    for lot in wallet.lots.select_for_update():
        if lot.remaining > 0 and (lot.expires_date is None or lot.expires_date > until):
            changed.append((lot.pk, lot.expires_date.isoformat() if lot.expires_date else ""))
            lot.expires_date = max(until, clock.day_of(at))
            lot.save(update_fields=["expires_date"])
    return changed


@transaction.atomic
def restore_expiry(*, lots: Sequence[tuple[int, str]]) -> None:
    """Undo `bring_forward_expiry`."""
    for number, day in lots:
        models.Lot.objects.filter(pk=number).update(expires_date=dt.date.fromisoformat(day) if day else None)
