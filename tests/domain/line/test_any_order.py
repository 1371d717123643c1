"""Whatever happens in whatever order, the ledger says what the batch evaluator says, and points are conserved."""

import datetime as dt
import random

import pytest

from jizhi.claims import services as claims
from jizhi.demo import acts
from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.engine.document.points import Between, Ladder
from jizhi.ledger import selectors as ledger
from jizhi.ledger.models import Fact
from jizhi.notices import selectors as notices
from jizhi.notices import services as notice_services
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules as periods
from jizhi.settlement import selectors as settlement
from jizhi.settlement import services as settlements
from tests.county import County, decide, file, tell, verify
from tests.examples import examples

MONTHS = [dt.date(2026, number, 1) for number in (3, 4, 5)]


def live(county: County, rng: random.Random, month: dt.date) -> None:
    """A month of random acts, decided in a random order, with reversals and changes of size in between."""
    document = schemes.scheme_on(county.home.area, SCHEME, month)
    drawn = acts.acts_of_month(document, county.home.all_subjects, month, 3.0, rng)
    drawn = [act for act in drawn if "worker" in act.item.claim]
    rng.shuffle(drawn)
    for act in drawn:
        happening = f"act-{rng.randrange(3)}" if act.item.best_of else ""
        claim = file(
            county, act.item.id, act.act_date, subject=act.subject, grade=act.grade, act=happening,
            quantity=str(act.quantity) if act.quantity else None,
        )  # fmt: skip
        verify(county, claim)
        ruling = {}
        if isinstance(act.item.points, Ladder):
            ruling["grade"] = "2"
        if isinstance(act.item.points, Between):
            ruling["given"] = act.item.points.between[0]
        (claim,) = decide(county, claim, day=act.act_date, **ruling)
        if claim.state == "approved" and rng.random() < 0.8:
            tell(county, claim, day=act.act_date + dt.timedelta(days=1))
        if rng.random() < 0.1:
            undo_something(county, rng, act.act_date)
        if rng.random() < 0.05:
            grow(county, rng, act.act_date)


def undo_something(county: County, rng: random.Random, day: dt.date) -> None:
    standing = [fact.pk for fact in Fact.objects.order_by("pk") if not ledger.is_reversed(fact.pk)]
    if standing:
        claims.reverse_fact(
            fact_id=rng.choice(standing),
            reason="异议成立",
            by=county.home.staff["committee"],
            at=moment(day, 22),
        )


def grow(county: County, rng: random.Random, day: dt.date) -> None:
    subject = rng.choice(county.home.all_subjects)
    subject.size = rng.randrange(1, 7)
    subject.save()
    claims.reprice_subjects(
        subject_ids=[subject.pk],
        scheme=SCHEME,
        reason="人口变动",
        by=county.home.staff["recorder"],
        at=moment(day, 22),
    )


@pytest.mark.parametrize("seed", range(examples(1)))
def test_ledger_and_settlement_agree(county: County, seed: int) -> None:
    rng = random.Random(seed)
    committee = county.home.staff["committee"]
    for month in MONTHS:
        live(county, rng, month)
        end = periods.period_of(periods.PeriodKind.MONTH, month).end
        notice = notice_services.post_notice(
            village=county.home.area, scheme=SCHEME, period=f"{month:%Y-%m}", by=committee,
            at=moment(end + dt.timedelta(days=3), 9),
        )  # fmt: skip
        notice_services.finalise_notice(
            notice=notice, by=committee, at=moment(end + dt.timedelta(days=25), 9)
        )
    for key in ("2026-03", "2026-04", "2026-05", "2026-Q1", "2026-Q2", "2026"):
        computed = settlements.compute(
            village=county.home.area, scheme=SCHEME, period=periods.parse_period(key)
        )
        assert computed.differences == []
        assert computed.awarded == computed.ledger_sum
    assert sum(ledger.balances(county.home.area).values()) == 0
    for line in settlement.settlements(county.operator, on=dt.date(2026, 7, 1)):
        assert line.equal, line
    check_wallets(county)


def check_wallets(county: County) -> None:
    """A wallet holds the sum of its months: each the net of what stood there first, never below zero.

    What a later notice corrects is worth there what it changes of the month on which its act stood first.
    """
    posted = [
        notices.notice_page(line.id).notice
        for line in notices.public_notices(county.home.area, on=dt.date(2026, 7, 31), expired=True)
    ]
    for subject in county.home.all_subjects:
        due, home, nets = 0, {}, {}
        for notice in sorted((one for one in posted if one), key=lambda one: one.period):
            credit, nets[notice.pk] = 0, 0
            rows = notice.noticed_entries.filter(entry__subject=subject, entry__fact__spendable=True)
            for fact, points in rows.order_by("entry_id").values_list("entry__fact_id", "entry__points"):
                month = home.setdefault(fact, notice.pk)
                if month != notice.pk:
                    credit += max(0, nets[month] + points) - max(0, nets[month])
                nets[month] += points
            due += max(0, nets[notice.pk] + credit)
        assert ledger.wallet_of(subject.pk).balance == due
