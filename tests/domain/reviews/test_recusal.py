"""Who steps aside from what: the registers decide, the service enforces it, and the database accepts no other vote."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from jizhi.claims import services as claims
from jizhi.claims.rules import Channel
from jizhi.demo.month import moment
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.people.rules import Kin, KinSource, inverse
from jizhi.reviews import models, rules, selectors
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Choice, Ground, Outcome, SeatRole, Tally, Voting
from tests.county import County, file, verify
from tests.domain.reviews.world import are_kin, head, is_person, meet, rule

MAY = dt.date(2026, 5, 6)
APPROVE = Outcome.APPROVE


def seat_of(county: County, name: str) -> models.Seat:
    return county.home.panel.seats.get(user=county.home.staff[name])


def test_household_relatives_and_own_claims_are_recused_whatever_the_table_says(county: County) -> None:
    own, kin, filed, free = (
        file(county, "village-meeting", MAY, subject=county.subject(n)) for n in range(4)
    )
    verify(county, own, kin, filed, free)
    member = is_person(county, county.home.staff["panel1"], own.subject)
    are_kin(county, head(kin.subject), member, Kin.PARENT)
    filed.filed_by = county.home.staff["panel2"]
    filed.save(update_fields=["filed_by"])
    first, second = seat_of(county, "panel1").pk, seat_of(county, "panel2").pk
    meeting = meet(county, own, kin, filed, free, day=MAY)
    rulings = [
        claims.ClaimRuling(one.pk, APPROVE, choices={first: Choice.FOR, second: Choice.ABSTAIN})
        for one in (own, kin, filed)
    ]
    aside = claims.ClaimRuling(free.pk, APPROVE, choices={second: Choice.RECUSED})
    rule(county, meeting, *rulings, aside)
    found = {
        claim.pk: selectors.decision_of_case(claim.case_id or 0)
        for claim in type(own).objects.filter(pk__in=[own.pk, kin.pk, filed.pk, free.pk])
    }
    grounds = {number: line.recusals for number, line in found.items() if line}
    assert grounds == {
        own.pk: {first: Ground.HOUSEHOLD},
        kin.pk: {first: Ground.RELATIVE},
        filed.pk: {second: Ground.OWN_CLAIM},
        free.pk: {second: Ground.VOLUNTARY},
    }
    decision = found[own.pk]
    assert decision is not None
    assert decision.choices[first] is Choice.RECUSED
    assert decision.tally == Tally(votes_for=3, abstain=1, recused=1)


def test_members_of_one_household_and_declared_kin_are_relatives_only_on_their_days(county: County) -> None:
    one, other = head(county.subject(0)), head(county.subject(1))
    row = are_kin(county, one, other, Kin.CHILD_IN_LAW)
    with pytest.raises(people_services.BadKinship, match="已经登记"):
        are_kin(county, other, one, Kin.SIBLING)
    with pytest.raises(people_services.BadKinship, match="自己"):
        are_kin(county, one, one)
    (line,) = people.kin_of([other.pk])
    assert (line.relative_id, line.kin) == (one.pk, Kin.PARENT_IN_LAW)
    assert other.pk in people.relatives_on([one.pk], MAY)[one.pk]
    recorder = county.home.staff["recorder"]
    people_services.end_kin(kinship_id=row.pk, last_day=dt.date(2026, 4, 1), by=recorder, at=moment(MAY, 9))
    assert other.pk not in people.relatives_on([one.pk], MAY)[one.pk]
    assert other.pk in people.relatives_on([one.pk], dt.date(2026, 3, 1))[one.pk]
    same_home = set(county.subject(0).household.memberships.values_list("person_id", flat=True)) - {one.pk}
    assert people.relatives_on([one.pk], MAY)[one.pk] >= same_home


@given(st.sampled_from(Kin))
def test_a_relation_seen_from_the_other_side_and_back_is_itself(kin: Kin) -> None:
    assert inverse(inverse(kin)) is kin


def test_too_few_who_may_vote_leave_the_case_open(county: County) -> None:
    claim, other = (file(county, "village-meeting", MAY, subject=county.subject(n)) for n in (0, 1))
    verify(county, claim, other)
    member = is_person(county, county.home.staff["panel1"], claim.subject)
    relative = is_person(county, county.home.staff["panel2"], county.subject(2))
    are_kin(county, relative, member)
    meeting = meet(county, claim, other, day=MAY, absent=2)  # three are present, one may vote
    with pytest.raises(reviews.TooFewEntitled, match="只剩1人，至少要2人") as caught:
        rule(county, meeting, claims.ClaimRuling(other.pk, APPROVE), claims.ClaimRuling(claim.pk, APPROVE))
    claim.refresh_from_db()
    assert caught.value.place == f"case-{claim.case_id}"
    assert not models.Decision.objects.exists()
    rule(county, meeting, claims.ClaimRuling(other.pk, APPROVE))


@given(quorum=st.integers(3, 40))
def test_more_than_half_of_the_quorum_must_be_left_to_vote(quorum: int) -> None:
    needed = rules.entitled_min(quorum)
    assert quorum / 2 < needed <= quorum


def test_the_database_accepts_no_vote_of_the_recused_nor_of_a_recorder(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    is_person(county, county.home.staff["panel1"], claim.subject)
    meeting = meet(county, claim, day=MAY)
    rule(county, meeting, claims.ClaimRuling(claim.pk, APPROVE))
    decision = models.Decision.objects.get()
    recused, voted = seat_of(county, "panel1"), seat_of(county, "panel2")
    writer = reviews.add_seat(
        panel=county.home.panel, user=county.home.staff["recorder"], role=SeatRole.RECORDER, from_date=MAY,
        by=county.operator, at=moment(MAY, 20),
    )  # fmt: skip
    forbidden = [
        models.Participation(decision=decision, seat=recused),
        models.Vote(decision=decision, seat=writer, choice=Choice.FOR),
        models.Recusal(decision=decision, seat=voted, ground=Ground.VOLUNTARY),
    ]
    for row in forbidden:
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)
    with pytest.raises(DatabaseError, match="recused"), transaction.atomic():
        models.Vote(decision=decision, seat=recused, choice=Choice.FOR).save(force_insert=True)


def test_a_secret_vote_keeps_the_count_and_who_took_part_but_not_who_chose_what(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    is_person(county, county.home.staff["panel1"], claim.subject)
    meeting = meet(county, claim, day=MAY, voting=Voting.SECRET)
    with pytest.raises(reviews.BadCount, match="4人"):
        rule(county, meeting, claims.ClaimRuling(claim.pk, APPROVE, count=Tally(3, 1, 1)))
    rule(county, meeting, claims.ClaimRuling(claim.pk, APPROVE, count=Tally(3, 1, 0)))
    decision = models.Decision.objects.get()
    assert (decision.votes_for, decision.against, decision.recused) == (3, 1, 1)
    assert [vote.choice for vote in decision.votes.all()] == [Choice.RECUSED]
    assert sorted(one.choice for one in decision.ballots.all()) == [Choice.AGAINST, *[Choice.FOR] * 3]
    assert decision.participations.count() == 4
    with pytest.raises(DatabaseError, match="secret"), transaction.atomic():
        models.Vote(decision=decision, seat=seat_of(county, "panel2"), choice=Choice.FOR).save()


def test_whoever_filed_for_the_own_household_by_phone_is_recused_as_its_member(county: County) -> None:
    claim = file(county, "village-meeting", MAY, channel=Channel.SELF)
    verify(county, claim)
    user = county.home.staff["panel3"]
    is_person(county, user, claim.subject)
    assert selectors.related_subject_ids(user.pk, MAY) >= {claim.subject_id}
    assert not selectors.related_subject_ids(county.home.staff["panel4"].pk, MAY)


def test_whoever_was_related_on_either_day_steps_aside(county: County) -> None:
    claim, other = (file(county, "village-meeting", MAY, subject=county.subject(n)) for n in (0, 1))
    verify(county, claim, other)
    member = is_person(county, county.home.staff["panel1"], county.subject(2))
    ended = are_kin(county, member, head(claim.subject))
    meeting = meet(county, claim, other, day=MAY)
    recorder, later = county.home.staff["recorder"], MAY + dt.timedelta(days=4)
    people_services.end_kin(kinship_id=ended.pk, last_day=MAY, by=recorder, at=moment(later, 8))
    people_services.declare_kin(
        person=member, relative=head(other.subject), kin=Kin.SPOUSE, source=KinSource.VILLAGE,
        from_date=later, by=recorder, at=moment(later, 8),
    )  # fmt: skip
    rulings = [claims.ClaimRuling(one.pk, APPROVE) for one in (claim, other)]
    claims.decide_claims(meeting=meeting, rulings=rulings, by=recorder, at=moment(later, 19))
    seat = seat_of(county, "panel1").pk
    grounds = {row.decision.case.claim.pk: (row.seat_id, row.ground) for row in models.Recusal.objects.all()}
    assert grounds == dict.fromkeys([claim.pk, other.pk], (seat, Ground.RELATIVE))


def test_a_meeting_is_not_held_before_its_cases_were_there(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    with pytest.raises(reviews.TooEarly, match="2026-05-06") as caught:
        meet(county, claim, day=MAY - dt.timedelta(days=1))
    assert caught.value.place == "held_on_date"
    meeting = meet(county, day=MAY - dt.timedelta(days=1))
    claim.refresh_from_db()
    with pytest.raises(reviews.TooEarly):
        reviews.add_to_agenda(
            meeting=meeting,
            case_ids=[claim.case_id or 0],
            by=county.home.staff["recorder"],
            at=moment(MAY, 22),
        )
    assert not meeting.agenda.exists()


def test_a_claim_verified_again_is_before_no_meeting_of_an_earlier_day(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    claim.refresh_from_db()
    before, case, worker = meet(county, claim, day=MAY), claim.case_id, county.worker(claim.subject)
    rule(county, before, claims.ClaimRuling(claim.pk, Outcome.RETURN, reason="缺照片"))
    again = MAY + dt.timedelta(days=4)
    claim.refresh_from_db()
    claims.refile_claim(
        claim=claim, act_date=MAY, quantity=None, grade="", words="补了照片", by=worker, at=moment(again, 8)
    )
    claims.verify_claims(claim_ids=[claim.pk], by=worker, at=moment(again, 9))
    claim.refresh_from_db()
    assert claim.case_id == case
    with pytest.raises(reviews.TooEarly, match=str(again)):
        meet(county, claim, day=again - dt.timedelta(days=1))
    open_one = meet(county, claim, day=again)
    claims.return_claim(claim_id=claim.pk, reason="再补", by=worker, at=moment(again, 20))
    claim.refresh_from_db()
    later = again + dt.timedelta(days=2)
    claims.refile_claim(
        claim=claim, act_date=MAY, quantity=None, grade="", words="补齐了", by=worker, at=moment(later, 8)
    )
    claims.verify_claims(claim_ids=[claim.pk], by=worker, at=moment(later, 9))
    approve = claims.ClaimRuling(claim.pk, APPROVE)
    with pytest.raises(reviews.TooEarly, match=str(later)):
        rule(county, open_one, approve)
    rule(county, meet(county, claim, day=later), approve)
    assert type(claim).objects.get(pk=claim.pk).fact_id is not None


def test_the_household_of_a_witness_steps_aside(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    neighbour = county.subject(1)
    claim.filed_by = county.user(neighbour)
    claim.save(update_fields=["filed_by"])
    is_person(county, county.home.staff["panel2"], neighbour)
    rule(county, meet(county, claim, day=MAY), claims.ClaimRuling(claim.pk, APPROVE))
    (recusal,) = models.Recusal.objects.all()
    assert (recusal.seat, recusal.ground) == (seat_of(county, "panel2"), Ground.OWN_CLAIM)
