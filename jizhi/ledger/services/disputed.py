"""Holding points that are under dispute: out of the wallet into the village's account for them, and back or away.

What a wallet does not hold stays owed; the caller keeps the account of it. The lots that the points came from are
remembered by their uses, so that what is released can be spent as many days longer as it was held.
"""

import datetime as dt

from django.db import transaction

from jizhi.accounts.models import User
from jizhi.core import clock
from jizhi.ledger import models, rules
from jizhi.ledger.services import wallets
from jizhi.people.models import Subject


@transaction.atomic
def hold_points(*, subject: Subject, points: int, request_key: str, by: User, at: dt.datetime) -> int:
    """Move up to `points` (hundredths) from the wallet into the village's held points. Returns what was moved.

    A repeat of `request_key` moves nothing more.
    """
    wallet = wallets.locked_wallets(subject.village, [subject.pk])[subject.pk]
    present = models.Transfer.objects.filter(request_key=request_key).first()
    if present is not None:
        return present.points
    wallets.expire_wallet(wallet, wallet.village, by, at)
    amount = min(points, wallet.balance)
    if amount <= 0:
        return 0
    held = wallets.village_account(wallet.village, rules.AccountKind.HELD)
    return wallets.pay(wallet, held, amount, rules.TransferReason.HOLD, request_key, by, at).points


@transaction.atomic
def release_points(*, key: str, points: int, by: User, at: dt.datetime) -> int:
    """Give back up to `points` of what transfers with this key held, lot by lot; the rest is taken back for good.

    Each lot can be spent as much longer as it was held. Returns what was given back, in hundredths.
    """
    moved = 0
    for transfer in _held(key):
        days = (clock.day_of(at) - clock.day_of(transfer.made_at)).days
        given = 0
        for use in transfer.lot_uses.select_related("lot").order_by("id"):
            part = min(use.points, points - moved - given)
            if part > 0:
                given += _give_back(transfer, use, part, dt.timedelta(days=days), by, at)
        _take_back(transfer, transfer.points - given, by, at)
        moved += given
    return moved


def _give_back(
    transfer: models.Transfer,
    use: models.LotUse,
    points: int,
    longer: dt.timedelta,
    by: User,
    at: dt.datetime,
) -> int:
    day = use.lot.expires_date
    back = models.Transfer.objects.create(
        source=transfer.target,
        target=transfer.source,
        points=points,
        reason=rules.TransferReason.RELEASE,
        request_key=f"release:{use.pk}",
        made_at=at,
        made_by=by,
    )
    models.Lot.objects.create(
        wallet=transfer.source, credit=back, remaining=points, expires_date=day + longer if day else None
    )
    wallets.move_balances({transfer.source_id: points, transfer.target_id: -points})
    return points


def _take_back(transfer: models.Transfer, points: int, by: User, at: dt.datetime) -> int:
    if points <= 0:
        return 0
    issue = wallets.village_account(transfer.source.village, rules.AccountKind.ISSUE)
    models.Transfer.objects.create(
        source=transfer.target,
        target=issue,
        points=points,
        reason=rules.TransferReason.REVOKE,
        request_key=f"revoke:{transfer.pk}",
        made_at=at,
        made_by=by,
    )
    wallets.move_balances({transfer.target_id: -points, issue.pk: points})
    return points


@transaction.atomic
def revoke_points(*, key: str, by: User, at: dt.datetime) -> int:
    """Take back for good what transfers with this key held: the entry behind them was reversed."""
    return sum(_take_back(transfer, transfer.points, by, at) for transfer in _held(key))


def _held(key: str) -> list[models.Transfer]:
    """The holding transfers of a key, their wallets locked first."""
    rows = models.Transfer.objects.filter(
        request_key__startswith=f"{key}:", reason=rules.TransferReason.HOLD
    ).select_related("source__village", "target")
    found = list(rows.order_by("pk"))
    subjects = [row.source.subject_id for row in found if row.source.subject_id]
    if found:
        wallets.locked_wallets(found[0].source.village, subjects)
    return found
