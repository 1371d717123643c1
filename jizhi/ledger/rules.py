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


class TransferReason(LabelledEnum):
    CREDIT = "credit", N_("公示期满入账")
    REDEMPTION = "redemption", N_("兑换支出")
    REFUND = "refund", N_("兑换撤销")
    EXPIRY = "expiry", N_("到期清零")


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
