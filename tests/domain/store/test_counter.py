"""The counter: opening days, stock and wallet moving together, twenty customers at once, stock-taking."""

import datetime as dt
import threading

import pytest
from django.db import connection

from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.ledger.models import Account, Lot, Transfer
from jizhi.posts.selectors import NotAllowed
from jizhi.store import models, selectors, services
from jizhi.store.rules import next_opening
from tests.county import County, make_county

JULY = dt.date(2026, 7, 1)
OPEN = moment(JULY, 9)


def give(
    county: County, points: int, period: str = "household:2026-05", expires: dt.date | None = None
) -> None:
    ledger_services.credit_wallets(
        village=county.home.area,
        period=period,
        points={county.subject().pk: points},
        expires_date=expires,
        by=county.home.staff["committee"],
        at=moment(dt.date(2026, 6, 25), 9),
    )


def goods(county: County, name: str = "肥皂") -> selectors.GoodsLine:
    return next(row for row in selectors.goods_of(county.home.area) if row.name == name)


def redeem(county: County, quantity: int = 1, key: str = "k", at: dt.datetime = OPEN) -> models.Redemption:
    return services.redeem(
        subject=county.subject(),
        basket={goods(county).id: quantity},
        request_key=key,
        by=county.home.staff["store"],
        at=at,
    )


def test_nothing_without_points_stock_or_opening_day(county: County) -> None:
    with pytest.raises(ledger_services.NotEnoughPoints, match="3.0分"):
        redeem(county)
    give(county, 100_000_00)
    with pytest.raises(services.OutOfStock):
        redeem(county, quantity=100_000)
    with pytest.raises(services.StoreClosed, match="2026-08-01"):
        redeem(county, at=moment(JULY + dt.timedelta(days=1), 9))
    with pytest.raises(services.NothingChosen):
        redeem(county, quantity=0)
    with pytest.raises(NotAllowed):
        services.redeem(
            subject=county.subject(), basket={goods(county).id: 1}, request_key="x",
            by=county.other.staff["store"], at=OPEN,
        )  # fmt: skip
    assert ledger.wallet_of(county.subject().pk).balance == 100_000_00
    assert not models.Redemption.objects.exists()


def test_an_announced_day_opens_the_store(county: County) -> None:
    give(county, 1000)
    day = JULY + dt.timedelta(days=4)
    services.announce_opening(
        village=county.home.area, date=day, reason="赶集日", by=county.home.staff["store"], at=OPEN
    )
    assert redeem(county, at=moment(day, 9)).points == 300


def test_the_points_that_lapse_first_are_spent_first(county: County) -> None:
    give(county, 400, "household:2026-04")
    give(county, 400, "household:2026-05", expires=dt.date(2026, 7, 31))
    redeem(county)
    assert sorted(Lot.objects.values_list("remaining", flat=True)) == [100, 400]
    moved = ledger_services.expire_lots(
        village=county.home.area, by=county.home.staff["committee"], at=moment(dt.date(2026, 8, 1), 1)
    )
    assert moved == 100
    assert ledger.wallet_of(county.subject().pk).balance == 400
    assert sum(ledger.balances(county.home.area).values()) == 0


def test_a_new_period_keeps_at_most_what_may_be_carried(county: County) -> None:
    give(county, 900)
    by, at = county.home.staff["committee"], moment(dt.date(2026, 8, 1), 1)
    for moved in (400, 0):
        assert (
            ledger_services.cap_wallets(village=county.home.area, keep=500, key="2026-Q3", by=by, at=at)
            == moved
        )
    assert ledger.wallet_of(county.subject().pk).balance == 500
    assert sum(Lot.objects.values_list("remaining", flat=True)) == 500
    assert sum(ledger.balances(county.home.area).values()) == 0


def test_crediting_a_month_twice_credits_it_once(county: County) -> None:
    give(county, 500)
    give(county, 500)
    assert ledger.wallet_of(county.subject().pk).balance == 500


def test_stock_taking_needs_a_reason_for_a_difference(county: County) -> None:
    keeper = county.home.staff["store"]
    row = models.Goods.objects.get(pk=goods(county).id)
    assert services.count_stock(goods=row, counted=row.stock, note="", by=keeper, at=OPEN) is None
    with pytest.raises(services.BadGoods):
        services.count_stock(goods=row, counted=row.stock - 2, note=" ", by=keeper, at=OPEN)
    move = services.count_stock(goods=row, counted=row.stock - 2, note="破损两块", by=keeper, at=OPEN)
    assert move is not None
    assert move.quantity == -2


@pytest.mark.parametrize(
    ("today", "every", "expected"),
    [
        (dt.date(2026, 7, 1), "month", dt.date(2026, 7, 1)),
        (dt.date(2026, 7, 2), "month", dt.date(2026, 8, 1)),
        (dt.date(2026, 12, 2), "month", dt.date(2027, 1, 1)),
        (dt.date(2026, 7, 2), "quarter", dt.date(2026, 10, 1)),
    ],
)
def test_regular_opening_days(today: dt.date, every: str, expected: dt.date) -> None:
    assert next_opening(today, 1, every) == expected


def test_twenty_at_once_never_overdraw(committed_db: None) -> None:
    """Twenty tills redeem three points each from a wallet of ten: three are served, stock and wallet agree."""
    county = make_county()
    give(county, 1000)
    before = goods(county).stock
    results: list[str] = []

    def till(number: int) -> None:
        try:
            redeem(county, key=f"till-{number}")
            results.append("served")
        except ledger_services.NotEnoughPoints:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=till, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["refused"] * 17 + ["served"] * 3
    assert ledger.wallet_of(county.subject().pk).balance == 100
    assert before - goods(county).stock == 3
    assert Transfer.objects.filter(reason="redemption").count() == 3
    assert sum(Account.objects.values_list("balance", flat=True)) == 0
    numbers = list(models.Redemption.objects.values_list("number", flat=True))
    assert len(set(numbers)) == 3
