"""Where recusal leaves too few for any meeting, the township rules: with reasons, on the record, and nowhere else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from jizhi.claims import selectors as queues
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import ClaimState
from jizhi.demo.month import moment
from jizhi.fairness import selectors as fairness
from jizhi.ledger import selectors as ledger
from jizhi.oversight import selectors as oversight
from jizhi.oversight.rules import Figure, Kind
from jizhi.people import selectors as people
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews import models, rules, selectors
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Ground, MeetingState, Outcome, Procedure
from tests import factories
from tests.county import County, file, tell, verify
from tests.domain.reviews.world import are_kin, head, is_person, meet, rule

MAY = dt.date(2026, 5, 6)
NEXT = MAY + dt.timedelta(days=1)


@pytest.fixture
def township(county: County) -> Any:
    return factories.holder(PostKind.TOWNSHIP, county.home.area.parent)


def beyond(county: County, item: str = "village-meeting", **about: Any) -> Claim:
    """A verified claim of a household to which four of the five voting members are related."""
    claim = file(county, item, MAY, **about)
    verify(county, claim)
    for place, number in enumerate((1, 2, 3, 4), start=1):
        member = is_person(county, county.home.staff[f"panel{number}"], county.subject(place))
        are_kin(county, member, head(claim.subject))
    claim.refresh_from_db()
    return claim


def ruled(claim: Claim, by: Any, outcome: Outcome = Outcome.APPROVE, **ruling: Any) -> Claim:
    asked = claims.ClaimRuling(claim.pk, outcome, **{"reason": "查看现场照片，情况属实"} | ruling)
    return claims.rule_claim(ruling=asked, by=by, at=moment(NEXT, 9))


def test_the_township_rules_where_no_meeting_could(county: County, township: Any) -> None:
    claim, free = beyond(county), file(county, "village-meeting", MAY, subject=county.subject(5))
    verify(county, free)
    (line,) = queues.beyond_panel(township, on=NEXT)
    assert (line.claim.id, line.why.left, line.why.needed) == (claim.pk, 1, 2)
    assert {ground for _name, ground in line.why.recused} == {Ground.RELATIVE} and len(line.why.recused) == 4
    meeting = meet(county, claim, free, day=MAY)
    with pytest.raises(reviews.TooFewEntitled, match="乡镇裁定"):
        rule(county, meeting, claims.ClaimRuling(claim.pk, Outcome.APPROVE))
    claim = ruled(claim, township)
    assert claim.state == ClaimState.POSTED and claim.fact is not None
    assert sum(entry.points for entry in ledger.entries_of_subject(claim.subject_id)) > 0
    assert list(meeting.agenda.values_list("case__claim", flat=True)) == [free.pk], "it left the open agenda"
    decision = selectors.decision_of_case(claim.case_id or 0)
    assert decision is not None
    assert decision.ruled_by == township.display_name and decision.reason.startswith("查看")
    assert (decision.tally.voting, decision.tally.recused) == (0, 4)
    assert decision.grounds == [Ground.RELATIVE]
    assert queues.beyond_panel(township, on=NEXT) == []
    assert township.pk in queues.who_acted(claim.fact_id or 0)


def test_whoever_ruled_decides_in_the_analysis_and_whoever_stepped_aside_does_not(
    county: County, township: Any
) -> None:
    claim = ruled(beyond(county), township)
    found = fairness.deciders_and_verifiers(fairness.Span(county.home.area, MAY, NEXT))
    assert found == {township.pk, claim.verified_by_id}


def test_members_of_one_name_are_counted_one_by_one(county: County, township: Any) -> None:
    claim = beyond(county)
    for number in (1, 2, 3, 4):
        member = county.home.staff[f"panel{number}"]
        member.display_name = "张伟"
        member.save(update_fields=["display_name"])
    (line,) = queues.beyond_panel(township, on=NEXT)
    assert (line.why.recused, line.why.left) == ((("张伟", Ground.RELATIVE),) * 4, 1)
    assert ruled(claim, township).state == ClaimState.POSTED


def test_it_stands_in_the_record_but_is_no_meeting(county: County, township: Any) -> None:
    claim = ruled(beyond(county), township)
    row = models.Meeting.objects.get(procedure=Procedure.RULING)
    assert (row.state, row.held_on_date, row.minutes) == (MeetingState.CLOSED, NEXT, "查看现场照片，情况属实")
    frame = selectors.meeting_frame(county.home.staff["recorder"], row.pk, on=NEXT)
    assert frame.is_ruling and not frame.awaits_sheet and frame.case_ids == [claim.case_id]
    record = oversight.daily_record(county.home.area, NEXT)
    assert [(line.kind, line.by) for line in record] == [(Kind.DECISION, township.display_name)]
    figures = oversight.figures(county.home.area, NEXT, NEXT)
    assert (figures[Figure.MEETINGS.value], figures[Figure.APPROVED.value]) == (0, 1)
    found = selectors.ruling(claim.fact.decision_number if claim.fact else 0)
    assert found is not None and found.procedure is Procedure.RULING
    assert "认定" in str(people.inbox(claim.subject_id)[0].title)
    (decided,) = oversight.decided_lines(models.Decision.objects.all(), NEXT)
    assert decided.ruled_by and "裁定" in str(decided.why_not)
    with pytest.raises(DatabaseError, match="procedure_says"), transaction.atomic():
        models.Meeting.objects.filter(pk=row.pk).update(voting="secret")


def test_a_fault_that_is_ruled_waits_to_be_told_and_a_refusal_posts_nothing(
    county: County, township: Any
) -> None:
    claim = beyond(county, "blocking-roads")
    with pytest.raises(claims.AmountMissing):
        ruled(claim, township)
    claim = ruled(claim, township, grade="1")
    assert (claim.state, claim.grade) == (ClaimState.APPROVED, "1")
    tell(county, claim, day=NEXT + dt.timedelta(days=1))
    claim.refresh_from_db()
    assert claim.state == ClaimState.GRACE


def test_only_with_reasons_only_by_the_township_and_only_what_the_panel_cannot(
    county: County, township: Any
) -> None:
    claim = beyond(county)
    with pytest.raises(reviews.ReasonMissing):
        ruled(claim, township, reason="  ")
    for name in ("recorder", "committee", "panel5"):
        with pytest.raises(NotAllowed):
            ruled(claim, county.home.staff[name])
    with pytest.raises(NotAllowed):
        ruled(claim, factories.holder(PostKind.TOWNSHIP, factories.township()))
    free = file(county, "village-meeting", MAY, subject=county.subject(5))
    with pytest.raises(claims.WrongState):
        ruled(free, township)
    verify(county, free)
    with pytest.raises(reviews.PanelDecides):
        ruled(free, township)
    assert not models.Decision.objects.exists()
    refused = ruled(claim, township, Outcome.REJECT)
    assert refused.state == ClaimState.REJECTED
    with pytest.raises(claims.WrongState):
        ruled(claim, township)
    assert ledger.entries_of_subject(claim.subject_id) == []


def test_whoever_is_close_to_the_case_does_not_rule_on_it(county: County, township: Any) -> None:
    claim = beyond(county)
    is_person(county, township, county.subject(6))
    are_kin(county, head(county.subject(6)), head(claim.subject))
    with pytest.raises(reviews.Involved):
        ruled(claim, township)


def test_the_list_costs_the_same_for_many(
    county: County, township: Any, django_assert_max_num_queries: Any
) -> None:
    claim = beyond(county)
    for number in range(6):
        more = file(county, "village-meeting", MAY - dt.timedelta(days=number + 1), subject=claim.subject)
        verify(county, more)
    with django_assert_max_num_queries(16):
        assert len(queues.beyond_panel(township, on=NEXT)) == 7


@given(voters=st.integers(3, 20), recused=st.integers(0, 20), quorum=st.integers(3, 11))
def test_nothing_is_beyond_a_panel_that_can_still_decide(voters: int, recused: int, quorum: int) -> None:
    if rules.is_beyond_panel(voters, recused, quorum):
        assert recused and voters - recused < rules.entitled_min(quorum)
    else:
        assert not recused or voters - recused >= rules.entitled_min(quorum)
