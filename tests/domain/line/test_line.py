"""The whole line, once, without pages: claim, panel, ledger, notice, objection, settlement, wallet, goods."""

import datetime as dt

import pytest

from jizhi.claims.rules import ClaimState
from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.ledger import selectors as ledger
from jizhi.ledger.rules import AccountKind, Cause
from jizhi.notices import selectors as notices
from jizhi.notices import services as notice_services
from jizhi.notices.rules import NoticeState, ObjectionChannel, Outcome
from jizhi.settlement import selectors as settlement
from jizhi.store import selectors as store
from jizhi.store import services as store_services
from tests.county import County, posted

MAY = dt.date(2026, 5, 1)


def post_may(county: County) -> notices.NoticePage:
    notice = notice_services.post_notice(
        village=county.home.area,
        scheme=SCHEME,
        period="2026-05",
        by=county.home.staff["committee"],
        at=moment(dt.date(2026, 6, 3), 10),
    )
    return notices.notice_page(notice.pk)


def test_from_claim_to_goods(county: County) -> None:
    subject, neighbour = county.subject(0), county.subject(1)
    committee = county.home.staff["committee"]
    posted(county, "volunteering", MAY, subject=subject, quantity="4")
    posted(county, "village-meeting", MAY, subject=subject)
    fault = posted(county, "littering", MAY, subject=neighbour)
    assert fault.told_at is not None
    assert fault.state == ClaimState.POSTED

    page = post_may(county)
    rows = {row.no: row for row in page.rows}
    assert rows["01001"].merits == 600
    assert rows["01001"].head.endswith("*")
    assert rows["01002"].faults == -200
    assert page.households == 8

    objection = notice_services.file_objection(
        notice=page.notice,
        fact_id=fault.fact_id,
        subject=neighbour,
        grounds="当天不在家。",
        channel=ObjectionChannel.PHONE_PAGE,
        request_key="objection-1",
        by=county.user(neighbour),
        at=moment(dt.date(2026, 6, 5), 9),
    )
    with pytest.raises(notice_services.CannotFinalise, match="异议"):
        notice_services.finalise_notice(notice=page.notice, by=committee, at=moment(dt.date(2026, 6, 25), 9))
    notice_services.answer_objection(
        objection=objection,
        outcome=Outcome.UPHELD,
        answer="照片不是这一户。",
        by=committee,
        at=moment(dt.date(2026, 6, 6), 9),
    )
    causes = [line.cause for line in ledger.entries_of_fact(fault.fact_id)]
    assert causes == [Cause.POSTED, Cause.REVERSED]
    assert ledger.worth_of_facts([fault.fact_id]) == {fault.fact_id: (0, 0)}

    with pytest.raises(notice_services.CannotFinalise, match="公示期"):
        notice_services.finalise_notice(notice=page.notice, by=committee, at=moment(dt.date(2026, 6, 9), 9))
    final = notice_services.finalise_notice(
        notice=page.notice, by=committee, at=moment(dt.date(2026, 6, 25), 9)
    )
    assert final.state == NoticeState.FINALISED
    (month,) = settlement.settlements(county.operator, on=dt.date(2026, 6, 25), kind="month")
    assert month.equal
    assert month.awarded == 600
    assert ledger.wallet_of(subject.pk).balance == 600

    redeem_a_toothbrush(county)


def redeem_a_toothbrush(county: County) -> None:
    subject, keeper = county.subject(0), county.home.staff["store"]
    soap = next(row for row in store.goods_of(county.home.area) if row.name == "肥皂")
    when = moment(dt.date(2026, 7, 1), 9)
    for _twice in range(2):
        redemption = store_services.redeem(
            subject=subject, basket={soap.id: 1}, request_key="scan-1", by=keeper, at=when
        )
    assert ledger.wallet_of(subject.pk).balance == 300
    left = next(row for row in store.goods_of(county.home.area) if row.name == "肥皂")
    assert left.stock == soap.stock - 1
    assert sum(ledger.balances(county.home.area).values()) == 0
    store_services.undo_redemption(redemption=redemption, reason="拿错了", by=keeper, at=when)
    assert ledger.wallet_of(subject.pk).balance == 600
    assert ledger.balances(county.home.area)[AccountKind.STORE] == 0
