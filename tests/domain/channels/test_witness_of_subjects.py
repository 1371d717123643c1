"""A neighbour as witness for a person or an organisation: both names right, the right people told, free to refuse."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.channels import selectors, services
from jizhi.claims import selectors as claim_selectors
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ClaimState
from jizhi.demo.month import moment
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind, Role
from jizhi.participants import services as participants
from jizhi.participants.models import Participant
from jizhi.people import selectors as people
from jizhi.people.models import Membership
from jizhi.reviews import selectors as reviews
from jizhi.reviews.rules import Ground
from tests.county import County
from tests.domain.participants.test_enrolling import organisation
from tests.domain.participants.test_line import member
from tests.domain.reviews.world import is_person
from tests.scored import adopt, follow

MAY = dt.date(2026, 5, 6)
AT = moment(MAY, 20)
WITNESS = 2


def head_of(county: County, place: int) -> Any:
    home = county.subject(place).household
    return Membership.objects.filter(household=home, to_date=None).order_by("id")[0].person


def branch(county: County, *, led_by: int | None = 1) -> Participant:
    """A branch that takes part, led by the head of a household without an account of staff."""
    adopt(county.home.area, "branch", county.operator)
    row = organisation(county, OrganisationKind.BRANCH, "石桥村党支部")
    if led_by is not None:
        organisations.add_belonging(
            organisation=row, person=head_of(county, led_by), role=Role.SECRETARY, from_date=dt.date(2026, 1, 1),
            by=county.operator, at=moment(MAY, 6),
        )  # fmt: skip
    return follow(county.home.area, "branch", county.operator, MAY)[0]


def as_witness(
    county: County, one: Participant, item: str, *, place: int = WITNESS, no: str = "0001", name: str = ""
) -> Claim:
    own = county.subject(place)
    return services.file_as_witness(
        neighbour=services.Neighbour(no, name or one.subject.label, "当面请我代报"),
        scheme=one.subject.scheme,
        draft=claims.Draft(own, item, MAY, "k"),
        by=county.user(own),
        at=AT,
    )


def test_the_persons_household_is_told_and_may_refuse(county: County) -> None:
    one = member(county)
    claim = as_witness(county, one, "policy-talk")
    assert (claim.subject, claim.scheme, claim.channel) == (one.subject, "member", Channel.WITNESS)
    assert as_witness(county, one, "policy-talk").pk == claim.pk, "the same request gives the claim there is"
    home, user = county.subject(), county.user(county.subject())
    (message,) = people.inbox(*people.own_subject_ids(user, on=MAY))
    assert county.subject(WITNESS).label in message.title and message.link == f"/my/claims/{claim.pk}/"
    assert people.inbox(home.pk) == () and people.inbox(county.subject(WITNESS).pk) == ()
    page = claim_selectors.claim_page(user, claim.pk, on=MAY)
    assert page.may_withdraw
    with pytest.raises(claims.UnusableClaim):
        claims.withdraw_claim(claim=claim, by=county.user(county.subject(3)), at=AT)
    claims.withdraw_claim(claim=claim, by=user, at=AT)
    claim.refresh_from_db()
    assert claim.state == ClaimState.WITHDRAWN


def test_an_organisations_leaders_are_told_at_home_and_may_refuse(county: County) -> None:
    one = branch(county)
    claim = as_witness(county, one, "theme-day")
    (message,) = people.inbox(county.subject(1).pk)
    assert one.subject.label in message.title
    assert message.link == f"/my/claims/of-organisations/{claim.pk}/"
    found = selectors.witnessed_for_led(county.user(county.subject(1)), claim.pk, on=MAY)
    assert found.may_refuse and found.voice.name == county.subject(WITNESS).label
    for place in (0, WITNESS, 3):
        with pytest.raises(claim_selectors.NoSuchClaim):
            services.refuse_witnessed(claim_id=claim.pk, by=county.user(county.subject(place)), at=AT)
    services.refuse_witnessed(claim_id=claim.pk, by=county.user(county.subject(1)), at=AT)
    claim.refresh_from_db()
    assert claim.state == ClaimState.WITHDRAWN
    assert not selectors.witnessed_for_led(county.user(county.subject(1)), claim.pk, on=MAY).may_refuse
    with pytest.raises(claims.UnusableClaim):
        services.refuse_witnessed(claim_id=claim.pk, by=county.user(county.subject(1)), at=AT)


def test_a_leaders_account_may_refuse_too(county: County) -> None:
    one, committee = branch(county), county.home.staff["committee"]
    organisations.link_staff_person(
        user=committee, person=head_of(county, 1), by=county.operator, at=moment(MAY, 6)
    )
    claim = as_witness(county, one, "theme-day")
    assert claim_selectors.claim_page(committee, claim.pk, on=MAY).may_withdraw
    claims.withdraw_claim(claim=claim, by=committee, at=AT)
    claim.refresh_from_db()
    assert claim.state == ClaimState.WITHDRAWN


def test_only_what_a_neighbour_claimed_can_be_refused_like_this(county: County) -> None:
    one, committee = branch(county), county.home.staff["committee"]
    organisations.link_staff_person(
        user=committee, person=head_of(county, 1), by=county.operator, at=moment(MAY, 6)
    )
    (own,) = claims.file_claims(
        village=county.home.area, scheme="branch", drafts=[claims.Draft(one.subject, "theme-day", MAY, "own")],
        channel=Channel.SELF, by=committee, at=AT,
    )  # fmt: skip
    with pytest.raises(claim_selectors.NoSuchClaim):
        services.refuse_witnessed(claim_id=own.pk, by=county.user(county.subject(1)), at=AT)


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_a_wrong_number_and_a_wrong_name_have_one_answer(county: County, kind: str) -> None:
    one, item = (member(county), "policy-talk") if kind == "person" else (branch(county), "theme-day")
    answers = set()
    for wrong in ({"no": "0099"}, {"name": "某某"}, {"name": one.subject.label[:-1]}):
        with pytest.raises(services.BadWitness) as refusal:
            as_witness(county, one, item, **wrong)
        answers.add((str(refusal.value), refusal.value.place))
    assert len(answers) == 1 and {place for _words, place in answers} == {"no"}
    assert not Claim.objects.exists()


def test_nobody_is_witness_for_the_own_home(county: County) -> None:
    for one, item, place in ((member(county), "policy-talk", 0), (branch(county), "theme-day", 1)):
        with pytest.raises(services.BadWitness, match="自己家的人"):
            as_witness(county, one, item, place=place)
    assert not Claim.objects.exists()


def test_no_witness_where_nobody_could_refuse(county: County) -> None:
    one = branch(county, led_by=None)
    with pytest.raises(services.BadWitness, match="没有人能替对方核对"):
        as_witness(county, one, "theme-day")


def test_who_no_longer_takes_part_has_no_witness(county: County) -> None:
    one = member(county)
    participants.end_participation(
        participant=one, to_date=MAY - dt.timedelta(days=1), reason="迁出", by=county.operator, at=AT
    )
    with pytest.raises(claims.UnusableClaim) as refusal:
        as_witness(county, one, "policy-talk")
    assert refusal.value.place == "act_date"


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_the_witnesss_household_steps_aside(county: County, kind: str) -> None:
    one, item = (member(county), "policy-talk") if kind == "person" else (branch(county), "theme-day")
    panel1 = county.home.staff["panel1"]
    is_person(county, panel1, county.subject(WITNESS))
    claim = as_witness(county, one, item)
    claims.verify_claims(claim_ids=[claim.pk], by=county.operator, at=AT)
    claim.refresh_from_db()
    seats = {1: panel1.pk, 2: county.home.staff["panel2"].pk}
    concern = claim_selectors.concern(claim, MAY)
    assert reviews.grounds(seats, [concern], MAY) == {claim.case_id: {1: Ground.OWN_CLAIM}}
