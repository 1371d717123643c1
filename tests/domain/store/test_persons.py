"""Persons with points of their own at the counter: what a final month credits is spent, undone, shown and posted."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.notices import services as notices
from jizhi.participants import services as participants
from jizhi.participants.models import Participant
from jizhi.people.models import Membership
from jizhi.posts.selectors import NotAllowed
from jizhi.store import models, selectors, services
from tests.county import County, decide
from tests.scored import adopt, follow

MAY = dt.date(2026, 5, 6)
JULY = dt.date(2026, 7, 1)
OPEN = moment(JULY, 9)


def credited(county: County) -> Participant:
    """The head of the first household is a resident with 20 spendable points from May, settled and credited."""
    adopt(county.home.area, "resident", county.operator)
    follow(county.home.area, "resident", county.operator, MAY)
    head = (
        Membership.objects.filter(household=county.subject().household, to_date=None).order_by("id")[0].person
    )
    one = Participant.objects.select_related("subject").get(subject__person=head, subject__scheme="resident")
    file_and_post(county, one)
    for month in range(1, 6):
        committee = county.home.staff["committee"]
        notice = notices.post_notice(
            village=county.home.area, scheme="resident", period=f"2026-0{month}", by=committee,
            at=moment(dt.date(2026, month + 1, 3), 10),
        )  # fmt: skip
        notices.finalise_notice(notice=notice, by=committee, at=moment(dt.date(2026, month + 1, 20), 9))
    return one


def file_and_post(county: County, one: Participant) -> None:
    draft = claims.Draft(one.subject, ITEM, MAY, str(uuid.uuid4()), words="工资单")
    (claim,) = claims.file_claims(
        village=county.home.area, scheme="resident", drafts=[draft], channel=Channel.RECORDER,
        by=county.home.staff["recorder"], at=moment(MAY, 20),
    )  # fmt: skip
    claims.verify_claims(claim_ids=[claim.pk], by=county.worker(county.subject(1)), at=moment(MAY, 21))
    decide(county, Claim.objects.get(pk=claim.pk), day=MAY + dt.timedelta(days=1))


ITEM = "in-work"


def buy(county: County, one: Participant, key: str = "k", **about: Any) -> models.Redemption:
    soap = next(row for row in selectors.goods_of(county.home.area) if row.name == "肥皂")
    given: dict[str, Any] = {"by": county.home.staff["store"], "at": OPEN} | about
    return services.redeem(subject=one.subject, basket={soap.id: 1}, request_key=key, **given)


def test_a_final_month_credits_the_person_and_the_counter_takes_it(county: County) -> None:
    one = credited(county)
    home, household = county.subject(), ledger.wallet_of(county.subject().pk).balance
    assert ledger.wallet_of(one.subject_id).balance == 2000
    mine = selectors.spenders_of(home, on=JULY)
    found = next(row for row in mine if row.subject.pk == one.subject_id)
    assert (found.balance, found.no, found.title.zh) == (2000, one.subject.key[-4:], "居民积分")
    for words in (found.no, found.no.lstrip("0"), found.label):
        assert one.subject_id in {
            row.subject.pk for row in selectors.find_spenders(home.village, words, on=JULY)
        }
    assert selectors.find_spenders(home.village, "查无此人", on=JULY) == []
    redemption = buy(county, one)
    assert buy(county, one) == redemption, "the same press again"
    assert ledger.wallet_of(one.subject_id).balance == redemption.balance_after == 1700
    assert ledger.wallet_of(home.pk).balance == household, "the household's points stay"
    services.undo_redemption(
        redemption=redemption, reason="拿错了", by=county.home.staff["store"], at=moment(JULY, 10)
    )
    assert ledger.wallet_of(one.subject_id).balance == 2000
    assert sum(ledger.balances(home.village).values()) == 0


def test_the_familys_card_reads_the_receipt_and_no_neighbours_does(county: County) -> None:
    redemption = buy(county, one := credited(county))
    assert (
        selectors.receipt(county.user(county.subject()), redemption.pk, on=JULY).subject_id == one.subject_id
    )
    with pytest.raises(selectors.NoSuchRedemption):
        selectors.receipt(county.user(county.subject(1)), redemption.pk, on=JULY)
    with pytest.raises(NotAllowed):
        buy(county, one, "other", by=county.other.staff["store"])
    with pytest.raises(selectors.NoSuchSpender):
        selectors.spender(county.other.staff["store"], one.subject_id, on=JULY)
    with pytest.raises(selectors.NoSuchSpender):
        selectors.spender(county.home.staff["store"], county.subject().pk, on=JULY)
    other = Participant.objects.exclude(pk=one.pk).filter(subject__scheme="resident")[0]
    with pytest.raises(ledger_services.NotEnoughPoints):
        buy(county, other, "nothing")


def test_schemes_that_redeem_nothing_bring_nobody_to_the_counter(county: County) -> None:
    adopt(county.home.area, "cadre", county.operator)
    follow(county.home.area, "cadre", county.operator, MAY)
    assert selectors.spenders_of(county.subject(), on=JULY) == []
    assert selectors.find_spenders(county.home.area, "0001", on=JULY) == []


def test_whoever_left_spends_what_is_left(county: County) -> None:
    one = credited(county)
    participants.end_participation(
        participant=one, to_date=dt.date(2026, 6, 20), reason="迁出", by=county.operator, at=moment(JULY, 8)
    )
    assert selectors.spender(county.home.staff["store"], one.subject_id, on=JULY).balance == 2000
    buy(county, one)


def test_the_notice_of_redemptions_names_persons_masked_under_their_scheme(county: County) -> None:
    one = credited(county)
    ledger_services.credit_wallets(
        village=county.home.area, period="household:2026-05", points={county.subject().pk: 1000},
        expires_date=None, by=county.operator, at=OPEN,
    )  # fmt: skip
    buy(county, one)
    soap = next(row for row in selectors.goods_of(county.home.area) if row.name == "肥皂")
    services.redeem(
        subject=county.subject(), basket={soap.id: 2}, request_key="household",
        by=county.home.staff["store"], at=OPEN,
    )  # fmt: skip
    notice = services.post_redemptions(
        village=county.home.area, scheme="household", period="2026-07",
        by=county.home.staff["committee"], at=moment(dt.date(2026, 8, 3), 9),
    )  # fmt: skip
    found = selectors.redemptions_of(notice.content)
    rows = [(row.scheme, row.scheme_en, row.no, row.head[1:].strip("*"), row.points) for row in found.rows]
    assert rows == [
        ("", "", county.subject().household.no, "", 600),
        ("居民积分", "Residents", one.subject.key[-4:], "", 300),
    ]
    assert one.subject.label not in str(notice.content)
    assert (found.count, found.points, found.others) == (2, 900, None)
    assert [row.used for row in found.goods if row.name == "肥皂"] == [3]


def test_many_persons_cost_what_one_costs(county: County, django_assert_max_num_queries: Any) -> None:
    credited(county)
    assert len(selectors.find_spenders(county.home.area, "", on=JULY)) > 5
    with django_assert_max_num_queries(8):
        selectors.find_spenders(county.home.area, "", on=JULY)
    with django_assert_max_num_queries(8):
        selectors.spenders_of(county.subject(), on=JULY)
