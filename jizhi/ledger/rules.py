"""Causes of entries, kinds of accounts and reasons of transfers, and what may be moved. Plain Python only."""

from collections.abc import Sequence
from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum


class Cause(LabelledEnum):
    """Why an entry was appended to the ledger."""

    POSTED = "posted", N_("认定记分")
    REVERSED = "reversed", N_("撤销记分")
    REPRICED = "repriced", N_("重新计算")


class AccountKind(LabelledEnum):
    """The sides of the double-entry wallets; all balances of a village add up to zero."""

    ISSUE = "issue", N_("发放")
    WALLET = "wallet", N_("可兑换积分")
    STORE = "store", N_("积分超市")
    EXPIRED = "expired", N_("已过期")
    CLEARING = "clearing", N_("村际划转")
    HELD = "held", N_("异议冻结")


class TransferReason(LabelledEnum):
    CREDIT = "credit", N_("公示期满入账")
    REDEMPTION = "redemption", N_("兑换支出")
    REFUND = "refund", N_("兑换撤销")
    EXPIRY = "expiry", N_("到期清零")
    CHANGE = "change", N_("户籍变动划转")
    HOLD = "hold", N_("异议期间冻结")
    RELEASE = "release", N_("异议办结解冻")
    REVOKE = "revoke", N_("异议成立收回")


@dataclass(frozen=True, slots=True)
class LotState:
    """What is left of one lot, in hundredths of a point."""

    lot_id: int
    remaining: int


def draw(lots: Sequence[LotState], points: int) -> list[LotState]:
    """Which lots pay for `points`, and how much each, in the order given (the first to expire comes first).

    Raises ValueError when the lots do not hold that much; the caller has checked the balance before.
    """
    drawn: list[LotState] = []
    for lot in lots:
        take = min(lot.remaining, points)
        if take > 0:
            drawn.append(LotState(lot.lot_id, take))
            points -= take
    if points > 0:
        raise ValueError("the lots hold less than the balance")
    return drawn


def spread(lots: Sequence[LotState], points: int) -> list[LotState]:
    """Take `points` from all lots in proportion, so that what leaves expires like what stays; exact to the hundredth.

    Largest remainder; of equal remainders the lot that comes first gives. Raises ValueError when the lots hold less.
    """
    total = sum(lot.remaining for lot in lots)
    if points < 0 or points > total:
        raise ValueError("the lots hold less than is to be moved")
    if not points:
        return []
    taken = [lot.remaining * points // total for lot in lots]
    left = [lot.remaining * points % total for lot in lots]
    for place in sorted(range(len(lots)), key=lambda place: (-left[place], place))[: points - sum(taken)]:
        taken[place] += 1
    return [LotState(lot.lot_id, take) for lot, take in zip(lots, taken, strict=True) if take]
