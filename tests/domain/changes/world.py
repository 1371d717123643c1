"""Orders and sums for the tests of changes: the named county with points in its wallets."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Sum

from jizhi.changes import rules, services
from jizhi.changes.models import Change
from jizhi.demo.month import moment
from jizhi.ledger import services as ledger_services
from jizhi.ledger.models import Account, Lot
from jizhi.ledger.rules import AccountKind
from jizhi.notices.services import hold_owed as hold_owed
from jizhi.people.models import Household, Membership
from tests.county import County

DAY = dt.date(2026, 6, 15)
AT = moment(DAY, 10)
_key = itertools.count(1)


def no_concerns(
    subject_ids: Collection[int], ending: Collection[int], day: dt.date
) -> Sequence[rules.Concern]:
    """Nothing is held open by the rooms above."""
    return ()


def credit(county: County, household: Household, points: int, *, expires: dt.date | None = None) -> None:
    """Spendable points, as a finalised month credits them."""
    ledger_services.credit_wallets(
        village=household.village,
        period=f"test:{next(_key)}",
        points={household.subject_id: points},
        expires_date=expires,
        by=county.operator,
        at=moment(dt.date(2026, 5, 1), 9),
    )


def make(
    county: County, order: services.Order, *, at: dt.datetime = AT, by: Any = None, **more: Any
) -> Change:
    """Preview, then confirm what was previewed."""
    by = by or county.operator
    shown = services.preview_change(order=order, concerns=no_concerns, by=by, at=at)
    return services.make_change(
        order=order,
        concerns=no_concerns,
        received=hold_owed,
        request_key=f"change-{next(_key)}",
        expected=shown.digest,
        by=by,
        at=at,
        **more,
    )


def undo(county: County, change: Change, *, at: dt.datetime = AT, by: Any = None) -> Change:
    by = by or county.operator
    return services.undo_change(change=change, request_key=f"undo-{next(_key)}", by=by, at=at)


def wallet(household: Household) -> int:
    account = Account.objects.filter(subject=household.subject_id).first()
    return account.balance if account else 0


def lots(household: Household) -> list[tuple[dt.date | None, int]]:
    rows = Lot.objects.filter(wallet__subject=household.subject_id, remaining__gt=0)
    sums = rows.order_by("expires_date").values_list("expires_date").annotate(points=Sum("remaining"))
    return list(sums)


def member_ids(household: Household) -> list[int]:
    rows = Membership.objects.filter(household=household, to_date=None).order_by("id")
    return list(rows.values_list("person_id", flat=True))


def check_accounts() -> None:
    """Each village's accounts add up to zero, all clearing accounts do, and every wallet is the sum of its lots."""
    for _village, balance in Account.objects.order_by().values_list("village").annotate(all=Sum("balance")):
        assert balance == 0
    clearing = Account.objects.filter(kind=AccountKind.CLEARING).aggregate(all=Sum("balance"))["all"]
    assert not clearing
    held = dict(Lot.objects.order_by().values_list("wallet").annotate(all=Sum("remaining")))
    for account in Account.objects.filter(kind=AccountKind.WALLET):
        assert account.balance == held.get(account.pk, 0)


def big_household(county: County, *, members: int = 3) -> Household:
    """A household of the home village with at least so many members."""
    for subject in county.home.all_subjects:
        household: Household = subject.household
        if len(member_ids(household)) >= members:
            return household
    raise AssertionError("the county has no household of that size")
