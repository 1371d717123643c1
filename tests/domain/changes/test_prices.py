"""What counts by member is priced anew with a change, in the same transaction; claims and deductions on their way."""

from __future__ import annotations

import datetime as dt

import pytest

from jizhi.changes import rules, services
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.demo import setup
from jizhi.demo.month import moment
from jizhi.ledger.models import Fact
from jizhi.notices import selectors as notices
from jizhi.notices import services as notice_services
from jizhi.notices.rules import ObjectionChannel
from jizhi.people.models import Household
from jizhi.people.rules import Residence
from jizhi.settlement import rules as periods
from jizhi.settlement import services as settlement
from tests.county import County, decide, file, posted, verify
from tests.domain.changes import world
from tests.domain.changes.world import DAY

MAY = dt.date(2026, 5, 10)


def _split(home: Household, **more: object) -> services.Split:
    leaves = next(p for p in world.member_ids(home) if p != home.head_id)
    wanted = {"household_id": home.pk, "day": DAY, "person_ids": (leaves,), "head_id": leaves, "no": "9001"}
    return services.Split(**wanted | more)  # type: ignore[arg-type]


def test_a_smaller_household_is_priced_anew_and_the_preview_says_so(county: County) -> None:
    home = world.big_household(county)
    size = home.subject.size
    posted(county, "clean-courtyard", MAY, subject=home.subject)
    shown = services.preview_change(
        order=_split(home), concerns=world.no_concerns, by=county.operator, at=world.AT
    )
    effect = next(e for e in shown.households if e.after.household_id == home.pk)
    assert effect.before is not None
    assert (effect.before.year_points, effect.after.year_points) == (size * 100, (size - 1) * 100)
    facts = list(Fact.objects.order_by("pk").values_list("pk", "subject"))
    change = world.make(county, _split(home))
    assert list(Fact.objects.order_by("pk").values_list("pk", "subject")) == facts
    month = periods.parse_period("2026-05")
    computed = settlement.compute(village=county.home.area, scheme=setup.SCHEME, period=month)
    assert computed.differences == []
    assert computed.ledger_sum == (size - 1) * 100
    world.undo(county, change)
    computed = settlement.compute(village=county.home.area, scheme=setup.SCHEME, period=month)
    assert (computed.differences, computed.ledger_sum) == ([], size * 100)
    assert "9001" not in {total.subject.rpartition("-")[2] for total in computed.totals}


def test_claims_stay_or_are_filed_anew_as_chosen(county: County) -> None:
    home = world.big_household(county)
    target = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    stays = file(county, "mediation", MAY, subject=home.subject)
    goes = file(county, "mediation", MAY + dt.timedelta(days=1), subject=home.subject)
    verify(county, goes)
    order = services.Merge(household_id=home.pk, into_id=target.pk, day=DAY, refile=frozenset({goes.pk}))
    change = world.make(county, order)
    stays.refresh_from_db()
    goes.refresh_from_db()
    new = Claim.objects.get(subject=target.subject)
    assert (stays.state, goes.state, new.state) == ("filed", "withdrawn", "filed")
    assert (new.item, new.act_date) == (goes.item, goes.act_date)
    pair = change.claims.get()
    assert (pair.claim, pair.refiled) == (goes, new)
    with pytest.raises(services.CannotUndo, match="改由另一户"):
        world.undo(county, change)


def test_a_claim_from_before_the_new_household_cannot_go_there(county: County) -> None:
    home = world.big_household(county)
    claim = file(county, "mediation", MAY, subject=home.subject)
    with pytest.raises(claims.UnusableClaim, match="不在积分范围"):
        world.make(county, _split(home, refile=frozenset({claim.pk})))
    claim.refresh_from_db()
    assert claim.state == "filed"


def test_untold_deductions_stop_a_household_from_ending(county: County) -> None:
    home = world.big_household(county)
    target = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    claim = file(county, "littering", MAY, subject=home.subject)
    verify(county, claim)
    decide(county, claim, day=MAY)
    merge = services.Merge(household_id=home.pk, into_id=target.pk, day=DAY)
    shown = services.preview_change(order=merge, concerns=world.no_concerns, by=county.operator, at=world.AT)
    assert shown.blocked
    with pytest.raises(services.Blocked, match="还没有告知"):
        world.make(county, merge)
    world.make(county, _split(home))


def test_acts_after_the_day_keep_a_household_open(county: County) -> None:
    home = world.big_household(county)
    target = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    posted(county, "mediation", DAY - dt.timedelta(days=2), subject=home.subject)
    early = services.Merge(household_id=home.pk, into_id=target.pk, day=DAY - dt.timedelta(days=5))
    with pytest.raises(services.BadChange, match="还有积分事项"):
        world.make(county, early)
    world.make(county, services.Merge(household_id=home.pk, into_id=target.pk, day=DAY))


def test_objections_and_posted_months_stop_a_household_from_ending(county: County) -> None:
    home = world.big_household(county)
    target = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    ids = [home.subject_id]
    assert notices.open_concerns(ids, ids, DAY) == ()
    claim = posted(county, "mediation", MAY, subject=home.subject)
    committee, early = county.home.staff["committee"], dt.date(2026, 6, 3)
    notice = notice_services.post_notice(
        village=county.home.area, scheme=setup.SCHEME, period="2026-05", by=committee, at=moment(early, 9)
    )
    assert [c.blocks for c in notices.open_concerns(ids, ids, dt.date(2026, 5, 20))] == [True]
    assert notices.open_concerns(ids, [], dt.date(2026, 5, 20)) == ()
    objector = target.subject
    notice_services.file_objection(
        notice=notice, fact_id=claim.fact_id or 0, subject=objector, grounds="不实", request_key="o",
        channel=ObjectionChannel.PHONE_PAGE, by=county.user(objector), at=moment(early, 10),
    )  # fmt: skip
    order = services.Merge(household_id=home.pk, into_id=target.pk, day=DAY)
    with pytest.raises(services.Blocked, match="异议还没有答复"):
        services.make_change(
            order=order,
            concerns=notices.open_concerns,
            received=notice_services.hold_owed,
            request_key="m",
            by=county.operator,
            at=world.AT,
        )
    split = services.preview_change(
        order=_split(home), concerns=notices.open_concerns, by=county.operator, at=world.AT
    )
    assert [(c.subject_id, c.blocks) for c in split.concerns] == [(home.subject_id, False)]


def test_a_month_made_final_after_a_merge_is_credited_to_the_successor(county: County) -> None:
    home = world.big_household(county)
    target = next(s.household for s in county.home.all_subjects if s.household.pk != home.pk)
    posted(county, "mediation", MAY, subject=home.subject)
    committee = county.home.staff["committee"]
    notice = notice_services.post_notice(
        village=county.home.area, scheme=setup.SCHEME, period="2026-05", by=committee, at=moment(DAY, 9)
    )
    world.make(county, services.Merge(household_id=home.pk, into_id=target.pk, day=DAY))
    notice_services.finalise_notice(notice=notice, by=committee, at=moment(dt.date(2026, 6, 29), 9))
    assert world.wallet(home) == 0
    assert world.wallet(target) > 0
    world.check_accounts()


def test_residence_follows_departure_and_return(county: County) -> None:
    home = world.big_household(county)
    person = next(p for p in world.member_ids(home) if p != home.head_id)

    def order(kind: rules.ChangeKind) -> services.PersonOrder:
        return services.PersonOrder(household_id=home.pk, day=DAY, kind=kind, person_id=person)

    size = home.subject.size
    world.make(county, order(rules.ChangeKind.DEPARTURE))
    home.subject.refresh_from_db()
    assert home.subject.size == size
    with pytest.raises(services.BadChange, match="已登记为外出"):
        world.make(county, order(rules.ChangeKind.DEPARTURE))
    change = world.make(county, order(rules.ChangeKind.RETURN))
    world.undo(county, change)
    assert home.memberships.get(person=person).person.residence is Residence.AWAY


def test_a_declared_size_follows_the_members(county: County) -> None:
    home = world.big_household(county)
    Household.objects.filter(pk=home.pk).update(declared_size=7)
    change = world.make(county, _split(home))
    home.refresh_from_db()
    home.subject.refresh_from_db()
    assert (home.declared_size, home.subject.size) == (6, 6)
    world.undo(county, change)
    home.refresh_from_db()
    home.subject.refresh_from_db()
    assert (home.declared_size, home.subject.size) == (7, 7)
