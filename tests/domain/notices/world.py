"""Steps of a hearing as the tests take them: a fact on a posted notice, filing, answering, appealing, ordering."""

import datetime as dt
import io

from PIL import Image

from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.ledger import selectors as ledger
from jizhi.ledger.rules import AccountKind
from jizhi.notices import models, services
from jizhi.notices.rules import ObjectionChannel, OrderKind, Outcome, WithholdingState
from jizhi.store import selectors as store
from jizhi.store import services as store_services
from jizhi.store.models import Redemption
from tests.county import County

MAY = dt.date(2026, 5, 6)
POSTED = dt.date(2026, 6, 3)
FILED = dt.date(2026, 6, 5)
ANSWERED = dt.date(2026, 6, 6)
FINAL = dt.date(2026, 6, 25)
JULY = dt.date(2026, 7, 1)


def post(county: County, period: str = "2026-05", day: dt.date = POSTED) -> models.Notice:
    return services.post_notice(
        village=county.home.area,
        scheme=SCHEME,
        period=period,
        by=county.home.staff["committee"],
        at=moment(day, 9),
    )


def finalise(county: County, notice: models.Notice, day: dt.date = FINAL) -> None:
    services.finalise_notice(notice=notice, by=county.home.staff["committee"], at=moment(day, 9))


def object_to(
    county: County, notice: models.Notice, fact: int, *, who: int = 1, day: dt.date = FILED, key: str = ""
) -> models.Objection:
    subject = county.subject(who)
    return services.file_objection(
        notice=notice,
        fact_id=fact,
        subject=subject,
        grounds="不实",
        channel=ObjectionChannel.PHONE_PAGE,
        request_key=key or f"o-{fact}-{who}",
        by=county.user(subject),
        at=moment(day, 10),
    )


def answer(
    county: County,
    objection: models.Objection,
    outcome: Outcome = Outcome.DISMISSED,
    *,
    day: dt.date = ANSWERED,
    who: str = "committee",
) -> models.Objection:
    return services.answer_objection(
        objection=objection,
        outcome=outcome,
        answer="查过签到表。",
        by=staff(county, who),
        at=moment(day, 11),
    )


def appeal(
    county: County, objection: models.Objection, *, day: dt.date = ANSWERED, key: str = ""
) -> models.Appeal:
    return services.file_appeal(
        objection=objection,
        grounds="签到表不是本人签的",
        request_key=key or f"a-{objection.pk}-{objection.appeals.count()}",
        by=county.home.household_users[objection.subject_id],
        at=moment(day, 12),
    )


def hear(
    county: County,
    filed: models.Appeal,
    outcome: Outcome = Outcome.DISMISSED,
    *,
    day: dt.date = ANSWERED,
    who: str = "supervisor",
) -> models.Appeal:
    return services.answer_appeal(
        appeal=filed, outcome=outcome, answer="复核了现场。", by=staff(county, who), at=moment(day, 13)
    )


def order(county: County, fact: int, *, upheld: bool, day: dt.date = JULY, number: str = "1") -> None:
    services.enter_order(
        fact_id=fact,
        kind=OrderKind.COURT,
        number=f"（2026）冀0628民初{number}号",
        issuer="高阳县人民法院",
        order_date=day,
        upheld=upheld,
        words="判令更正。",
        scan=scan(),
        by=staff(county, "town"),
        at=moment(day, 14),
    )


def scan() -> io.BytesIO:
    page = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(page, "PNG")
    page.seek(0)
    return page


def staff(county: County, name: str):
    if name in county.home.staff:
        return county.home.staff[name]
    return type(county.operator).objects.get(username=name)


def redeem(county: County, *, key: str, who: int = 0, day: dt.date = JULY) -> Redemption:
    soap = next(row for row in store.goods_of(county.home.area) if row.name == "肥皂")
    return store_services.redeem(
        subject=county.subject(who),
        basket={soap.id: 1},
        request_key=key,
        by=county.home.staff["store"],
        at=moment(day, 15),
    )


def balance(county: County, who: int = 0) -> int:
    return ledger.wallet_of(county.subject(who).pk).balance


def held(county: County) -> int:
    return ledger.balances(county.home.area).get(AccountKind.HELD, 0)


def check_books(county: County) -> None:
    """Accounts add up to zero; held is what disputes hold; nothing disputed can be spent."""
    assert sum(ledger.balances(county.home.area).values()) == 0
    waiting = models.Withholding.objects.filter(state=WithholdingState.WITHHELD, notice=None)
    assert held(county) == sum(row.held for row in waiting)
    for row in waiting:
        assert row.held == row.due or ledger.wallet_of(row.subject_id).balance == 0
    open_disputes = set(models.Dispute.objects.filter(ended_at=None).values_list("fact_id", flat=True))
    kept = models.Withholding.objects.filter(state=WithholdingState.WITHHELD)
    assert {row.fact_id for row in kept} <= open_disputes
