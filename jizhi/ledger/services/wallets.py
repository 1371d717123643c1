"""Spendable points: credited when a month is final, spent at the store, refunded, expired.

Every move is a transfer between two accounts of one village, made under the locks of both, the wallets first in
the order of their numbers. The balances of a village add up to zero at any time.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.core.points import format_points
from jizhi.ledger import models, rules
from jizhi.ledger.services.holding import hold_for_posting
from jizhi.people.models import Subject


class NotEnoughPoints(DomainError):
    """The wallet holds fewer spendable points than asked for."""


def not_enough(have: int, need: int) -> NotEnoughPoints:
    """The refusal, in hundredths as they are."""
    return NotEnoughPoints(
        _("可兑换积分不够：现有%(have)s分，需要%(need)s分。")
        % {"have": format_points(have), "need": format_points(need)}
    )


def village_account(village: Area, kind: rules.AccountKind) -> models.Account:
    """The village's account of that kind, opened when first needed."""
    account, _created = models.Account.objects.get_or_create(village=village, kind=kind, subject=None)
    return account


def locked_wallets(village: Area, subject_ids: Sequence[int]) -> dict[int, models.Account]:
    """The subjects' wallets, opened where missing, locked in a fixed order, by subject."""
    hold_for_posting([village.pk])
    models.Account.objects.bulk_create(
        [
            models.Account(village=village, kind=rules.AccountKind.WALLET, subject_id=subject)
            for subject in sorted(subject_ids)
        ],
        ignore_conflicts=True,
    )
    wallets = models.Account.objects.select_for_update().filter(subject_id__in=subject_ids).order_by("pk")
    return {wallet.subject_id: wallet for wallet in wallets if wallet.subject_id}


def move_balances(account_ids_and_points: Mapping[int, int]) -> None:
    """Add to balances, account by account in the order of their numbers."""
    for account_id in sorted(account_ids_and_points):
        points = account_ids_and_points[account_id]
        if points:
            models.Account.objects.filter(pk=account_id).update(balance=F("balance") + points)


@transaction.atomic
def credit_wallets(
    *,
    village: Area,
    period: str,
    points: Mapping[int, int],
    expires_date: dt.date | None,
    by: User,
    at: dt.datetime,
) -> int:
    """Credit each subject's wallet with a lot of `points` (hundredths, by subject number) of a finalised period.

    Subjects with nothing to credit get no lot. A period credited before is left alone. Returns the sum.
    """
    due = {subject: amount for subject, amount in points.items() if amount > 0}
    keys = {subject: f"credit:{period}:{subject}" for subject in due}
    done = set(
        models.Transfer.objects.filter(request_key__in=keys.values()).values_list("request_key", flat=True)
    )
    due = {subject: amount for subject, amount in due.items() if keys[subject] not in done}
    if not due:
        return 0
    wallets = locked_wallets(village, list(due))
    issue = village_account(village, rules.AccountKind.ISSUE)
    transfers = models.Transfer.objects.bulk_create(
        [
            models.Transfer(
                source=issue,
                target=wallets[subject],
                points=amount,
                reason=rules.TransferReason.CREDIT,
                period=period,
                request_key=keys[subject],
                made_at=at,
                made_by=by,
            )
            for subject, amount in sorted(due.items())
        ]
    )
    models.Lot.objects.bulk_create(
        [
            models.Lot(wallet=t.target, credit=t, remaining=t.points, expires_date=expires_date)
            for t in transfers
        ]
    )
    for wallet in wallets.values():
        wallet.balance += due[wallet.subject_id or 0]
    models.Account.objects.bulk_update(wallets.values(), ["balance"])
    total = sum(due.values())
    move_balances({issue.pk: -total})
    return total


@transaction.atomic
def spend(*, subject: Subject, points: int, request_key: str, by: User, at: dt.datetime) -> models.Transfer:
    """Pay `points` (hundredths) from the subject's wallet to the village's store. Raises NotEnoughPoints.

    Points whose day has come expire first. The same `request_key` again gives the transfer that is there.
    """
    village = subject.village
    wallet = locked_wallets(village, [subject.pk])[subject.pk]
    present = models.Transfer.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    expire_wallet(wallet, village, by, at)
    if points > wallet.balance:
        raise not_enough(wallet.balance, points)
    store = village_account(village, rules.AccountKind.STORE)
    return pay(wallet, store, points, rules.TransferReason.REDEMPTION, request_key, by, at)


def pay(
    wallet: models.Account,
    target: models.Account,
    points: int,
    reason: rules.TransferReason,
    request_key: str,
    by: User,
    at: dt.datetime,
) -> models.Transfer:
    """Move points out of a locked wallet that holds as much, from the lots that expire first."""
    lots = [lot for lot in wallet.lots.select_for_update() if lot.remaining > 0]
    drawn = rules.draw([rules.LotState(lot.pk, lot.remaining) for lot in lots], points)
    transfer = models.Transfer.objects.create(
        source=wallet,
        target=target,
        points=points,
        reason=reason,
        request_key=request_key,
        made_at=at,
        made_by=by,
    )
    for part in drawn:
        models.Lot.objects.filter(pk=part.lot_id).update(remaining=F("remaining") - part.remaining)
    models.LotUse.objects.bulk_create(
        [models.LotUse(transfer=transfer, lot_id=part.lot_id, points=part.remaining) for part in drawn]
    )
    move_balances({wallet.pk: -points, target.pk: points})
    wallet.refresh_from_db(fields=["balance"])
    return transfer


@transaction.atomic
def refund(*, transfer: models.Transfer, request_key: str, by: User, at: dt.datetime) -> models.Transfer:
    """Give a redemption's points back to the lots they came from. A repeat of `request_key` is harmless."""
    subject_id = transfer.source.subject_id
    assert subject_id is not None
    wallet = locked_wallets(transfer.source.village, [subject_id])[subject_id]
    present = models.Transfer.objects.filter(request_key=request_key).first()
    if present is not None:
        return present
    back = models.Transfer.objects.create(
        source=transfer.target,
        target=wallet,
        points=transfer.points,
        reason=rules.TransferReason.REFUND,
        request_key=request_key,
        made_at=at,
        made_by=by,
    )
    uses = list(transfer.lot_uses.all())
    for use in uses:
        models.Lot.objects.filter(pk=use.lot_id).update(remaining=F("remaining") + use.points)
    models.LotUse.objects.bulk_create(
        [models.LotUse(transfer=back, lot_id=use.lot_id, points=-use.points) for use in uses]
    )
    move_balances({wallet.pk: transfer.points, transfer.target_id: -transfer.points})
    return back


def expire_wallet(wallet: models.Account, village: Area, by: User, at: dt.datetime) -> int:
    """Move what has expired out of a locked wallet. Returns the points moved."""
    gone = 0
    lots = wallet.lots.select_for_update().filter(expires_date__lt=clock.day_of(at), remaining__gt=0)
    for lot in lots:
        target = village_account(village, rules.AccountKind.EXPIRED)
        transfer = models.Transfer.objects.create(
            source=wallet,
            target=target,
            points=lot.remaining,
            reason=rules.TransferReason.EXPIRY,
            request_key=f"expiry:{lot.pk}:{clock.day_of(at)}",
            made_at=at,
            made_by=by,
        )
        models.LotUse.objects.create(transfer=transfer, lot=lot, points=lot.remaining)
        models.Lot.objects.filter(pk=lot.pk).update(remaining=0)
        move_balances({wallet.pk: -transfer.points, target.pk: transfer.points})
        gone += transfer.points
    if gone:
        wallet.refresh_from_db(fields=["balance"])
    return gone


@transaction.atomic
def cap_wallets(*, village: Area, keep: int, key: str, by: User, at: dt.datetime) -> int:
    """Let every wallet of the village keep at most `keep` points (hundredths); the rest lapses, the oldest lots first.

    `key` names the occasion: the same one again changes nothing. Returns the points moved.
    """
    over = models.Account.objects.filter(
        village=village, kind=rules.AccountKind.WALLET, balance__gt=keep
    ).order_by("pk")
    subjects = [subject for subject in over.values_list("subject_id", flat=True) if subject]
    if not subjects:
        return 0
    wallets = locked_wallets(village, subjects)
    target = village_account(village, rules.AccountKind.EXPIRED)
    moved = 0
    for subject, wallet in sorted(wallets.items()):
        request_key = f"cap:{key}:{subject}"
        if wallet.balance > keep and not models.Transfer.objects.filter(request_key=request_key).exists():
            transfer = pay(
                wallet, target, wallet.balance - keep, rules.TransferReason.EXPIRY, request_key, by, at
            )
            moved += transfer.points
    return moved


@transaction.atomic
def expire_lots(*, village: Area, by: User, at: dt.datetime) -> int:
    """Expire every lot of the village whose day has come. Returns the points moved, in hundredths."""
    due = models.Lot.objects.filter(
        wallet__village=village, expires_date__lt=clock.day_of(at), remaining__gt=0
    )
    subjects = sorted(set(due.values_list("wallet__subject_id", flat=True)))
    if not subjects:
        return 0
    wallets = locked_wallets(village, [subject for subject in subjects if subject])
    return sum(expire_wallet(wallet, village, by, at) for wallet in wallets.values())
