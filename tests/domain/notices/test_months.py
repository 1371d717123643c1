"""What an entry is worth to a wallet is what it adds to its month's credit; disputes of ended households go along."""

import contextlib
import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jizhi.changes import services as changes
from jizhi.claims import services as claims
from jizhi.claims.services import posting
from jizhi.core.errors import DomainError
from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.notices import models, selectors, services
from jizhi.notices.rules import Outcome
from jizhi.notices.selectors.counting import Counted
from jizhi.people.models import Subject
from tests.county import County, posted
from tests.domain.notices import world
from tests.domain.notices.world import FINAL, JULY, MAY

LATE = dt.date(2026, 6, 24)
AUGUST = dt.date(2026, 8, 1)


@pytest.fixture
def _all_spendable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults take spendable points here, so that a month can come to less than nothing."""
    post = posting.ledger_services.post_facts

    def spendable(*, drafts: Any, by: Any, at: Any) -> Any:
        return post(drafts=[replace(draft, spendable=True) for draft in drafts], by=by, at=at)

    monkeypatch.setattr(posting.ledger_services, "post_facts", spendable)


def month(out: frozenset[int], **values: int) -> Counted:
    """One household's one month; facts are named f1, f2, …"""
    facts = {int(name[1:]): points for name, points in values.items()}
    found = Counted(home=dict.fromkeys(facts, 9), owner=dict.fromkeys(facts, 7), out=out)
    found.values.update(facts)
    found.nets[7, 9] = sum(points for fact, points in facts.items() if fact not in out)
    return found


def test_two_entries_of_a_month_are_not_worth_the_same_points_twice() -> None:
    both = month(frozenset(), f1=200, f2=200, f3=-300)
    assert both.worth(1) == both.worth(2) == 100
    assert month(frozenset({1}), f1=200, f2=200, f3=-300).worth(2) == 0
    assert month(frozenset({1, 2}), f1=200, f2=200, f3=-300).worth(1) == 0


def test_a_correction_is_worth_what_it_changes_of_its_own_month() -> None:
    found = month(frozenset(), f1=100, f2=-200)
    assert (found.correct(2, 200), found.nets[7, 9]) == (100, 100)
    assert month(frozenset(), f1=200, f2=-300).correct(1, -200) == 0
    out = month(frozenset({1}), f1=200, f2=100)
    assert (out.correct(1, -50), out.worth(1)) == (0, 150)


def fact_of(county: County, item: str) -> int:
    fact = posted(county, item, MAY).fact_id
    assert fact
    return fact


def june(county: County) -> models.Notice:
    notice = world.post(county, "2026-06", dt.date(2026, 7, 3))
    world.finalise(county, notice, dt.date(2026, 7, 25))
    return notice


@pytest.mark.usefixtures("_all_spendable")
def test_an_entry_that_brought_nothing_costs_nothing_when_it_falls(county: County) -> None:
    merit = fact_of(county, "village-meeting")
    taken = [fact_of(county, item) for item in ("littering", "open-burning")]
    assert sum(points for points, _held in ledger.worth_of_facts([merit, *taken]).values()) <= 0
    later = posted(county, "public-cleaning", dt.date(2026, 6, 8)).fact_id or 0
    notice = world.post(county)
    objection = world.answer(county, world.object_to(county, notice, merit), day=LATE)
    world.finalise(county, notice)
    assert world.balance(county) == 0
    filed = world.appeal(county, objection, day=FINAL)
    (row,) = models.Withholding.objects.all()
    assert (row.due, row.held) == (0, 0)
    world.hear(county, filed, Outcome.UPHELD, day=FINAL)
    june(county)
    assert world.balance(county) == ledger.worth_of_facts([later])[later][0] > 0


@pytest.mark.usefixtures("_all_spendable")
def test_a_reversed_fault_gives_back_what_it_took(county: County) -> None:
    merit, fault = fact_of(county, "village-meeting"), fact_of(county, "littering")
    gain, loss = (ledger.worth_of_facts([one])[one][0] for one in (merit, fault))
    notice = world.post(county)
    objection = world.answer(county, world.object_to(county, notice, fault), day=LATE)
    world.finalise(county, notice)
    credited = max(0, gain + loss)
    assert world.balance(county) == credited
    world.hear(county, world.appeal(county, objection, day=FINAL), Outcome.UPHELD, day=FINAL)
    june(county)
    assert world.balance(county) == gain


@pytest.mark.usefixtures("_all_spendable")
def test_two_disputed_entries_of_a_month_hold_its_credit_once(county: County) -> None:
    facts = [fact_of(county, item) for item in ("village-meeting", "public-cleaning")]
    fact_of(county, "littering")
    notice = world.post(county)
    answered = [world.answer(county, world.object_to(county, notice, one), day=LATE) for one in facts]
    world.finalise(county, notice)
    before = world.balance(county)
    appeals = [world.appeal(county, one, day=FINAL) for one in answered]
    rows = list(models.Withholding.objects.order_by("id"))
    assert sum(row.due for row in rows) == before == world.held(county)
    world.hear(county, appeals[0], Outcome.UPHELD, day=FINAL)
    world.hear(county, appeals[1], day=FINAL)
    second = ledger.worth_of_facts([facts[1]])[facts[1]][0]
    fault = before - sum(ledger.worth_of_facts(facts)[one][0] for one in facts[1:]) - 200
    assert world.balance(county) == max(0, second + fault)
    world.check_books(county)


def merged(county: County) -> Subject:
    """The first household goes into the third on 1 July."""
    home, target = county.subject(0).household, county.subject(2).household
    changes.make_change(
        order=changes.Merge(household_id=home.pk, into_id=target.pk, day=JULY),
        concerns=selectors.open_concerns,
        received=services.hold_owed,
        request_key="merge",
        by=county.operator,
        at=moment(JULY, 16),
    )
    return county.subject(2)


def test_what_an_ended_household_owes_is_held_where_its_points_went(county: County) -> None:
    fact = fact_of(county, "village-meeting")
    notice = world.post(county)
    answered = world.answer(county, world.object_to(county, notice, fact), day=LATE)
    world.finalise(county, notice)
    heir = merged(county)
    assert (world.balance(county, 0), world.balance(county, 2)) == (0, 200)
    filed = world.appeal(county, answered, day=JULY)
    assert (world.balance(county, 2), world.held(county)) == (0, 200)
    world.hear(county, filed, day=JULY)
    assert (world.balance(county, 0), ledger.wallet_of(heir.pk).balance, world.held(county)) == (0, 200, 0)


def test_points_that_a_merger_brings_are_held_for_what_is_owed(county: County) -> None:
    """The third household spent what is disputed by now; what the first one brings along is held."""
    own = posted(county, "village-meeting", MAY, subject=county.subject(2)).fact_id or 0
    brought = [fact_of(county, item) for item in ("village-meeting", "public-cleaning")]
    notice = world.post(county)
    answered = world.answer(county, world.object_to(county, notice, own), day=LATE)
    world.finalise(county, notice)
    whole = sum(points for points, _held in ledger.worth_of_facts([*brought, own]).values())
    world.appeal(county, answered, day=FINAL)
    row = models.Withholding.objects.get(fact=own)
    models.Withholding.objects.filter(pk=row.pk).update(due=row.due + 100)  # as if so much had been spent
    merged(county)
    row.refresh_from_db()
    assert row.held == row.due == 300
    assert world.balance(county, 2) == whole - 300


def test_a_second_objection_is_refused_in_words(county: County) -> None:
    fact = fact_of(county, "village-meeting")
    notice = world.post(county)
    first = world.object_to(county, notice, fact)
    services.withdraw_notice(
        notice=notice, reason="印错了", by=county.home.staff["committee"], at=moment(world.FILED, 12)
    )
    again = world.post(county, day=dt.date(2026, 6, 6))
    with pytest.raises(services.ObjectionClosed, match="正在处理"):
        world.object_to(county, again, fact, day=dt.date(2026, 6, 7), key="second")
    world.answer(county, first, day=dt.date(2026, 6, 8))
    with pytest.raises(services.ObjectionClosed, match="复核"):
        world.object_to(county, again, fact, day=dt.date(2026, 6, 9), key="third")
    world.object_to(county, again, fact, who=2, day=dt.date(2026, 6, 9), key="another household")


def test_an_entry_that_fell_can_neither_stand_nor_be_corrected(county: County) -> None:
    fact = fact_of(county, "village-meeting")
    notice = world.post(county)
    first, second = world.object_to(county, notice, fact), world.object_to(county, notice, fact, who=2)
    world.answer(county, first, Outcome.UPHELD)
    for outcome in (Outcome.DISMISSED, Outcome.PARTLY):
        with pytest.raises(services.EntryGone):
            world.answer(county, second, outcome)
    with pytest.raises(services.ObjectionClosed, match="已经撤销"):
        world.object_to(county, notice, fact, who=0, key="again")
    world.answer(county, second, Outcome.UPHELD)
    assert not selectors.disputed_facts([fact])


def test_partly_ends_the_entry_and_the_correction_is_objected_to_anew(county: County) -> None:
    claim = posted(county, "planting", MAY, quantity="5")
    notice = world.post(county)
    objection = world.object_to(county, notice, claim.fact_id or 0)
    services.answer_objection(
        objection=objection, outcome=Outcome.PARTLY, answer="只栽了三棵",
        correction=claims.Correction(quantity=Decimal(3)), by=county.home.staff["committee"],
        at=moment(world.ANSWERED, 9),
    )  # fmt: skip
    with pytest.raises(services.AppealClosed):
        world.appeal(county, objection)
    world.finalise(county, notice)
    corrected = ledger.entries_of_subject(county.subject().pk)[0].fact_id
    later = world.post(county, "2026-06", dt.date(2026, 7, 3))
    filed = world.object_to(county, later, corrected, day=dt.date(2026, 7, 4), key="anew")
    assert filed.fact_id != claim.fact_id


def locked_tables(queries: list[dict[str, str]]) -> list[str]:
    """The tables whose rows were locked, in the order of the first lock of each."""
    found: list[str] = []
    for query in queries:
        if re.search(r" FOR (NO KEY )?UPDATE", query["sql"]):
            table = re.search(r'FROM "(\w+)"', query["sql"])
            if table and table[1] not in found:
                found.append(table[1])
    return found


def test_village_subjects_and_wallets_are_locked_in_one_order(county: County) -> None:
    """Whoever makes a month final and whoever redeems take their locks in the same order, and never in a circle."""
    fact_of(county, "village-meeting")
    notice = world.post(county)
    with CaptureQueriesContext(connection) as finalised:
        world.finalise(county, notice)
    with CaptureQueriesContext(connection) as redeemed, contextlib.suppress(DomainError):
        world.redeem(county, key="order")
    wanted = ["areas_area", "people_subject", "ledger_account"]
    for queries in (finalised, redeemed):
        order = [table for table in locked_tables(queries.captured_queries) if table in wanted]
        assert order == wanted
