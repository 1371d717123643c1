"""The ledger may only grow, whoever asks; wallets never go below zero, whatever a service forgets."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from jizhi.ledger import models, rules
from jizhi.ledger.rules import LotState, draw
from tests.county import County, posted

MAY = dt.date(2026, 5, 6)


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
@pytest.mark.parametrize("table", ["ledger_fact", "ledger_entry"])
def test_rows_stay(county: County, table: str, statement: str) -> None:
    posted(county, "village-meeting", MAY)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert models.Entry.objects.count() == 1


def test_a_wallet_below_zero_is_refused_by_the_database(county: County) -> None:
    wallet = models.Account.objects.create(
        village=county.home.area, kind=rules.AccountKind.WALLET, subject=county.subject()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Account.objects.filter(pk=wallet.pk).update(balance=-1)


@given(st.lists(st.integers(0, 10_000), max_size=8), st.integers(0, 60_000))
def test_drawing_takes_exactly_what_is_asked_in_order(remaining: list[int], points: int) -> None:
    lots = [LotState(number, rest) for number, rest in enumerate(remaining)]
    if points > sum(remaining):
        with pytest.raises(ValueError, match="less"):
            draw(lots, points)
        return
    drawn = draw(lots, points)
    assert sum(part.remaining for part in drawn) == points
    assert [part.lot_id for part in drawn] == sorted(part.lot_id for part in drawn)
    for part in drawn[:-1]:
        assert part.remaining == remaining[part.lot_id]
