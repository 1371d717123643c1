"""Quarter, year, honours, redemptions: when they may be posted, what they say, one that holds a period."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import NoticeKind, NoticeStanding, NoticeState
from jizhi.posts.selectors import NotAllowed
from jizhi.store import selectors as store
from jizhi.store import services as store_services
from tests.county import County, posted

MONTHS = ((1, "2026-01"), (2, "2026-02"), (3, "2026-03"))


def post(county: County, period: str, day: dt.date, **more: Any) -> models.Notice:
    return services.post_notice(
        village=county.home.area,
        scheme=SCHEME,
        period=period,
        by=county.home.staff["committee"],
        at=moment(day, 9),
        **more,
    )


def finalised_quarter(county: County, *, last: bool = True) -> None:
    for month, period in MONTHS:
        notice = post(county, period, dt.date(2026, month + 1, 3))
        if last or month < 3:
            services.finalise_notice(
                notice=notice, by=county.home.staff["committee"], at=moment(dt.date(2026, month + 1, 20), 9)
            )


def test_a_quarter_waits_for_its_months_and_sums_them(county: County) -> None:
    posted(county, "village-meeting", dt.date(2026, 1, 6))
    posted(county, "village-meeting", dt.date(2026, 3, 6))
    posted(county, "public-cleaning", dt.date(2026, 3, 7), subject=county.subject(1))
    finalised_quarter(county, last=False)
    with pytest.raises(services.CannotPost, match="2026-03"):
        post(county, "2026-Q1", dt.date(2026, 4, 5), kind=NoticeKind.QUARTER)
    march = models.Notice.objects.get(period="2026-03")
    services.finalise_notice(
        notice=march, by=county.home.staff["committee"], at=moment(dt.date(2026, 4, 20), 9)
    )
    with pytest.raises(selectors.NothingToPost):
        post(county, "2026-03", dt.date(2026, 4, 21), kind=NoticeKind.QUARTER)
    notice = post(county, "2026-Q1", dt.date(2026, 4, 21), kind=NoticeKind.QUARTER)
    page = selectors.notice_page(notice.pk)
    sums = {row.no: (row.merits, row.awarded, row.total) for row in page.summary}
    first, second = (county.subject(place).household.no for place in (0, 1))
    assert sums[first] == (400, 400, 10400)
    assert sums[second] == (200, 200, 10200)
    assert len(sums) == len(county.home.all_subjects)
    assert page.rows == []
    assert page.line is not None
    assert page.line.standing(dt.date(2026, 5, 20)) is NoticeStanding.CLOSED
    with pytest.raises(services.CannotFinalise, match="只有月度公示"):
        services.finalise_notice(
            notice=notice, by=county.home.staff["committee"], at=moment(dt.date(2026, 5, 20), 9)
        )


def test_honours_name_whom_the_scheme_honours_but_never_a_few_alone(county: County) -> None:
    for place in range(2):
        posted(county, "village-meeting", dt.date(2026, 1, 6), subject=county.subject(place))
    finalised_quarter(county)
    few = selectors.preview(
        county.home.staff["committee"], county.home.area, SCHEME, "2026-Q1",
        on=dt.date(2026, 4, 21), kind=NoticeKind.HONOURS,
    )  # fmt: skip
    assert [one.names for one in few.lists if one.title == "季度积分先进户"] == [None]
    late = posted(county, "public-cleaning", dt.date(2026, 3, 20), subject=county.subject(2))
    assert late.state == "posted"
    notice = post(county, "2026-Q1", dt.date(2026, 4, 22), kind=NoticeKind.HONOURS)
    (honoured,) = selectors.notice_page(notice.pk).lists
    assert honoured.title == "季度积分先进户"
    assert honoured.names is not None
    assert {no for no, _head in honoured.names} == {county.subject(place).household.no for place in range(3)}
    assert all("*" in head for _no, head in honoured.names)


def test_a_month_without_honours_has_no_notice_of_them(county: County) -> None:
    finalised_quarter(county)
    with pytest.raises(services.CannotPost, match="没有要公示的表彰"):
        post(county, "2026-02", dt.date(2026, 4, 21), kind=NoticeKind.HONOURS)


def test_redemptions_say_who_fetched_what_and_what_moved(county: County) -> None:
    for month, period in ((1, "2026-01"), (2, "2026-02")):
        posted(county, "village-meeting", dt.date(2026, month, 6))
        posted(county, "public-cleaning", dt.date(2026, month, 7))
        notice = post(county, period, dt.date(2026, month + 1, 3))
        services.finalise_notice(
            notice=notice, by=county.home.staff["committee"], at=moment(dt.date(2026, month + 1, 20), 9)
        )
    keeper, article = county.home.staff["store"], store.goods_of(county.home.area)[0]
    goods = store.goods_for_keeper(keeper, article.id, on=dt.date(2026, 4, 1))
    store_services.receive_goods(
        goods=goods, quantity=7, donor="青禾商会", by=keeper, at=moment(dt.date(2026, 4, 1), 8)
    )
    store_services.redeem(
        subject=county.subject(), basket={article.id: 1}, picked_up_by="邻居老江", request_key="r",
        by=keeper, at=moment(dt.date(2026, 4, 1), 9),
    )  # fmt: skip
    about = {"village": county.home.area, "scheme": SCHEME, "period": "2026-04"}
    with pytest.raises(NotAllowed):
        store_services.post_redemptions(**about, by=keeper, at=moment(dt.date(2026, 5, 3), 9))  # type: ignore[arg-type]
    with pytest.raises(services.CannotPost, match="还没有结束"):
        store_services.post_redemptions(
            **about, by=county.home.staff["committee"], at=moment(dt.date(2026, 4, 30), 9)  # type: ignore[arg-type]
        )  # fmt: skip
    notice = store_services.post_redemptions(
        **about, by=county.home.staff["committee"], at=moment(dt.date(2026, 5, 3), 9)  # type: ignore[arg-type]
    )  # fmt: skip
    found = store.redemptions_of(selectors.notice_page(notice.pk).raw)
    (row,) = found.rows
    assert (row.no, row.goods, row.points) == (
        county.subject().household.no, [(article.name, 1)], article.price
    )  # fmt: skip
    assert "邻居老江" not in str(notice.content)
    (moved,) = [one for one in found.goods if one.name == article.name]
    assert (moved.donated, moved.used) == (7, 1)
    assert moved.stock == article.stock + 6


def test_one_notice_holds_a_kind_and_period(county: County) -> None:
    notice = post(county, "2026-01", dt.date(2026, 2, 3))
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Notice.objects.create(
            village=notice.village, scheme=SCHEME, period="2026-01", content={}, digest="",
            window_to_date=notice.window_to_date, public_to_date=notice.public_to_date,
            posted_at=notice.posted_at, posted_by=notice.posted_by,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Notice.objects.create(
            village=notice.village, scheme=SCHEME, kind=NoticeKind.QUARTER, period="2026-Q1", content={}, digest="",
            window_to_date=notice.window_to_date, public_to_date=notice.public_to_date, posted_at=notice.posted_at,
            posted_by=notice.posted_by, state=NoticeState.FINALISED, finalised_at=notice.posted_at,
        )  # fmt: skip
