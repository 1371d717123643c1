"""A person and an organisation on the whole way: claim, panel, ledger, notice, settlement; apart from households."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from jizhi.claims import selectors as claim_selectors
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ToldHow
from jizhi.claims.services import UnusableClaim
from jizhi.demo.month import moment
from jizhi.notices import selectors as notices
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind, Role
from jizhi.participants import selectors
from jizhi.participants.models import Participant
from jizhi.people import services as people
from jizhi.people.models import Membership
from jizhi.people.rules import PartyStanding, SubjectKind
from jizhi.reviews import selectors as reviews
from jizhi.reviews.rules import Ground
from jizhi.reviews.selectors import Concern
from jizhi.settlement import rules as periods
from jizhi.settlement import services as settlements
from tests.county import County, decide, posted
from tests.domain.participants.test_enrolling import organisation
from tests.domain.reviews.world import are_kin, head, is_person
from tests.scored import adopt, follow

MAY = dt.date(2026, 5, 6)


def member(county: County) -> Participant:
    """The head of the first household is a member and takes part."""
    adopt(county.home.area, "member", county.operator)
    home = county.subject().household
    who = Membership.objects.filter(household=home, to_date=None).order_by("id")[0].person
    people.record_party(
        person_id=who.pk, standing=PartyStanding.FULL, from_date=dt.date(2025, 7, 1),
        by=county.operator, at=moment(MAY, 7),
    )  # fmt: skip
    return follow(county.home.area, "member", county.operator, MAY)[0]


def file(county: County, one: Participant, item: str, channel: Channel, by: Any, quantity: str = "") -> Claim:
    draft = claims.Draft(
        subject=one.subject,
        item=item,
        act_date=MAY,
        request_key=str(uuid.uuid4()),
        quantity=Decimal(quantity) if quantity else None,
    )
    (claim,) = claims.file_claims(
        village=county.home.area,
        scheme=one.subject.scheme,
        drafts=[draft],
        channel=channel,
        by=by,
        at=moment(MAY, 20),
    )
    return claim


def test_the_familys_card_claims_for_its_member_and_no_neighbours_does(county: County) -> None:
    one = member(county)
    claim = file(county, one, "volunteering", Channel.SELF, county.user(county.subject()), "3")
    assert claim.area == county.subject().household.area
    with pytest.raises(UnusableClaim) as refusal:
        file(county, one, "volunteering", Channel.SELF, county.user(county.subject(1)), "3")
    assert refusal.value.place == "subject"
    mine = claim_selectors.visible_claims(county.user(county.subject()), MAY)
    assert list(mine) == [claim]
    assert not claim_selectors.visible_claims(county.user(county.subject(1)), MAY).exists()


def test_each_scheme_takes_its_own_subjects(county: County) -> None:
    one = member(county)
    with pytest.raises(UnusableClaim):
        claims.file_claims(
            village=county.home.area, scheme="household", channel=Channel.RECORDER,
            drafts=[claims.Draft(one.subject, "volunteering", MAY, "a", Decimal(1))],
            by=county.home.staff["recorder"], at=moment(MAY, 20),
        )  # fmt: skip
    with pytest.raises(UnusableClaim):
        claims.file_claims(
            village=county.home.area, scheme="member", channel=Channel.RECORDER,
            drafts=[claims.Draft(county.subject(), "volunteering", MAY, "b", Decimal(1))],
            by=county.home.staff["recorder"], at=moment(MAY, 20),
        )  # fmt: skip


def test_ledger_settlement_and_notice_are_of_the_scheme_alone(county: County) -> None:
    one = member(county)
    posted(county, "volunteering", MAY, quantity="2")
    claim = file(county, one, "volunteering", Channel.RECORDER, county.home.staff["recorder"], "3")
    claims.verify_claims(claim_ids=[claim.pk], by=county.worker(county.subject(1)), at=moment(MAY, 21))
    decide(county, claim, day=MAY + dt.timedelta(days=1))
    month = periods.parse_period("2026-05")
    found = settlements.compute(village=county.home.area, scheme="member", period=month)
    assert [(t.subject, t.awarded, t.rank) for t in found.totals] == [(one.subject.key, 600, 1)]
    assert found.differences == []
    of_households = settlements.compute(village=county.home.area, scheme="household", period=month)
    assert {t.subject for t in of_households.totals} == {s.key for s in county.home.all_subjects}
    assert sum(t.awarded for t in of_households.totals) == 200

    committee = county.home.staff["committee"]
    page = notices.preview(committee, county.home.area, "member", "2026-05", on=dt.date(2026, 6, 2))
    (row,) = page.rows
    assert page.subject is SubjectKind.PERSON and not page.of_households
    assert (row.no, row.head[0], row.head[1:]) == (
        "0001",
        one.subject.label[0],
        "*" * (len(one.subject.label) - 1),
    )
    assert row.awarded == 600


def test_an_organisation_is_named_whole_and_its_leader_steps_aside(county: County) -> None:
    home = county.home
    adopt(home.area, "branch", county.operator)
    branch = organisation(county, OrganisationKind.BRANCH, "石桥村党支部")
    committee = home.staff["committee"]
    who = Membership.objects.filter(village=home.area, to_date=None).order_by("id")[0].person
    organisations.link_staff_person(user=committee, person=who, by=county.operator, at=moment(MAY, 6))
    organisations.add_belonging(
        organisation=branch, person=who, role=Role.SECRETARY, from_date=dt.date(2026, 1, 1),
        by=county.operator, at=moment(MAY, 6),
    )  # fmt: skip
    (one,) = follow(home.area, "branch", county.operator, MAY)
    assert one.subject_id in selectors.own_subject_ids(committee, on=MAY)
    claim = file(county, one, "theme-day", Channel.SELF, committee)
    assert claim.area == home.area
    concern = claim_selectors.concern(claim, MAY)
    assert concern.leaders == {committee.pk}
    seats = {
        1: home.staff["panel1"].pk,
        2: home.staff["panel2"].pk,
        3: home.staff["recorder"].pk,
        4: committee.pk,
    }
    is_person(county, home.staff["panel1"], county.subject(1))
    are_kin(county, who, head(county.subject(1)))
    at_home = Membership.objects.filter(household__memberships__person=who, to_date=None).exclude(person=who)
    organisations.link_staff_person(
        user=home.staff["panel2"],
        person=at_home.order_by("id")[0].person,
        by=county.operator,
        at=moment(MAY, 6),
    )
    leading = Concern(concern.case_id, concern.subject_id, leaders=concern.leaders)
    assert reviews.grounds(seats, [leading], MAY) == {
        concern.case_id: dict.fromkeys((1, 2, 4), Ground.LEADER)
    }, "kin of the leader, the leader's household, the leader; nobody else"
    claims.verify_claims(claim_ids=[claim.pk], by=county.operator, at=moment(MAY, 21))
    decide(county, claim, day=MAY + dt.timedelta(days=1))
    page = notices.preview(committee, home.area, "branch", "2026-05", on=dt.date(2026, 6, 2))
    assert [(row.head, row.awarded) for row in page.rows] == [("石桥村党支部", 500)]


def test_relatives_step_aside_from_a_persons_case(county: County) -> None:
    one = member(county)
    panel_member = county.home.staff["recorder"]
    other = (
        Membership.objects.filter(household=county.subject().household, to_date=None).order_by("id")[1].person
    )
    organisations.link_staff_person(user=panel_member, person=other, by=county.operator, at=moment(MAY, 6))
    assert one.subject_id in reviews.related_subject_ids(panel_member.pk, MAY)
    assert one.subject_id not in reviews.related_subject_ids(county.home.staff["committee"].pk, MAY)


def test_nobody_verifies_the_own_claim(county: County) -> None:
    one = member(county)
    worker = county.worker(county.subject())
    organisations.link_staff_person(
        user=worker, person=one.subject.person, by=county.operator, at=moment(MAY, 6)
    )
    claim = file(county, one, "volunteering", Channel.SELF, worker, "3")
    with pytest.raises(claims.WrongState):
        claims.verify_claims(claim_ids=[claim.pk], by=worker, at=moment(MAY, 21))
    claim.refresh_from_db()
    assert claim.state == "filed"


def test_a_message_about_a_member_is_read_by_the_familys_card(county: County) -> None:
    one = member(county)
    claim = file(county, one, "absent", Channel.RECORDER, county.home.staff["recorder"])
    verify_by = county.worker(county.subject(1))
    claims.verify_claims(claim_ids=[claim.pk], by=verify_by, at=moment(MAY, 21))
    decide(county, claim, day=MAY + dt.timedelta(days=1))
    claim.refresh_from_db()
    assert claim.state == "approved"
    user = county.user(county.subject())
    at = moment(MAY + dt.timedelta(days=2), 9)
    with pytest.raises(claims.WrongState):
        claims.tell_faults(
            claim_ids=[claim.pk], how=ToldHow.MESSAGE, by=county.user(county.subject(1)), at=at
        )
    (told,) = claims.tell_faults(claim_ids=[claim.pk], how=ToldHow.MESSAGE, by=user, at=at)
    assert told.state == "posted"
    message = one.subject.messages.first()
    with pytest.raises(people.NotYourMessage):
        people.read_message(message_id=message.pk, by=county.user(county.subject(1)), at=at)
    assert people.read_message(message_id=message.pk, by=user, at=at).read_at == at
