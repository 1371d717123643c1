"""The way of a claim: who may do which step when, repeats, told first, reversal and what it re-prices."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from jizhi.claims import rules, services
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ClaimState, ToldHow
from jizhi.claims.services.posting import AlreadyReversed
from jizhi.core.errors import Conflict
from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.ledger.rules import Cause
from jizhi.people import selectors as people
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Choice, Outcome
from tests.county import County, decide, file, posted, tell, verify

MAY = dt.date(2026, 5, 6)


def test_a_repeat_of_a_request_is_one_claim(county: County) -> None:
    first = file(county, "village-meeting", MAY, key="tap")
    again = file(county, "village-meeting", MAY, key="tap")
    assert first.pk == again.pk
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("item", "about", "place"),
    [
        ("nonsense", {}, "item"),
        ("volunteering", {}, "quantity"),
        ("volunteering", {"quantity": "-1"}, "quantity"),
        ("neighbour-help", {}, "grade"),
        ("neighbour-help", {"grade": "by-rocket"}, "grade"),
        ("clean-courtyard", {"channel": Channel.SELF}, "item"),
    ],
)
def test_unusable_claims_say_which_field(
    county: County, item: str, about: dict[str, object], place: str
) -> None:
    with pytest.raises(services.UnusableClaim) as caught:
        file(county, item, MAY, **about)
    assert caught.value.place == place
    assert not Claim.objects.exists()


def test_acts_before_the_scheme_or_in_the_future_are_refused(county: County) -> None:
    with pytest.raises(services.UnusableClaim) as caught:
        file(county, "village-meeting", dt.date(2025, 12, 31))
    assert caught.value.place == "act_date"
    draft = services.Draft(county.subject(), "village-meeting", MAY + dt.timedelta(days=1), "k")
    with pytest.raises(services.UnusableClaim, match="今天"):
        services.file_claims(
            village=county.home.area, scheme="household", drafts=[draft], channel=Channel.WORKER,
            by=county.worker(county.subject()), at=moment(MAY, 8),
        )  # fmt: skip


def test_a_household_claims_for_itself_only(county: County) -> None:
    mine, theirs = county.subject(0), county.subject(1)
    draft = services.Draft(theirs, "village-meeting", MAY, "k")
    with pytest.raises(services.UnusableClaim, match="自己家"):
        services.file_claims(
            village=county.home.area, scheme="household", drafts=[draft], channel=Channel.SELF,
            by=county.user(mine), at=moment(MAY, 20),
        )  # fmt: skip


def test_a_worker_claims_and_verifies_in_the_own_grid_only(county: County) -> None:
    inside, outside = county.subject(0), county.subject(-1)
    stranger = county.worker(outside)
    assert stranger != county.worker(inside)
    draft = services.Draft(inside, "village-meeting", MAY, "k")
    with pytest.raises(NotAllowed):
        services.file_claims(
            village=county.home.area, scheme="household", drafts=[draft], channel=Channel.WORKER,
            by=stranger, at=moment(MAY, 20),
        )  # fmt: skip
    claim = file(county, "village-meeting", MAY, subject=inside)
    with pytest.raises(NotAllowed):
        services.verify_claims(claim_ids=[claim.pk], by=stranger, at=moment(MAY, 21))


def test_a_fault_counts_only_when_the_household_was_told(county: County) -> None:
    claim = file(county, "littering", MAY)
    verify(county, claim)
    (claim,) = decide(county, claim, day=MAY)
    assert claim.state == ClaimState.APPROVED
    assert ledger.entries_of_subject(claim.subject_id) == []
    (message,) = people.inbox(claim.subject_id)
    assert message.kind == "claim.approved"
    tell(county, claim, day=MAY + dt.timedelta(days=1))
    (entry,) = ledger.entries_of_subject(claim.subject_id)
    assert (entry.points, entry.cause) == (-200, Cause.POSTED)


def test_only_the_household_itself_is_told_by_reading(county: County) -> None:
    claim = file(county, "littering", MAY)
    verify(county, claim)
    decide(county, claim, day=MAY)
    at = moment(MAY + dt.timedelta(days=1), 8)
    with pytest.raises(services.WrongState):
        services.tell_faults(
            claim_ids=[claim.pk], how=ToldHow.MESSAGE, by=county.user(county.subject(1)), at=at
        )
    services.tell_faults(claim_ids=[claim.pk], how=ToldHow.MESSAGE, by=county.user(claim.subject), at=at)
    claim.refresh_from_db()
    assert claim.state == ClaimState.POSTED


def test_the_panel_chooses_the_step_of_a_ladder_and_the_points_between(county: County) -> None:
    ladder, between = file(county, "piling", MAY), file(county, "bravery", MAY)
    verify(county, ladder, between)
    with pytest.raises(Exception, match="档次"):
        decide(county, ladder, day=MAY)
    with pytest.raises(Exception, match="分值"):
        decide(county, between, day=MAY, given=Decimal(31))

    decide(county, ladder, day=MAY, grade="2")
    decide(county, between, day=MAY + dt.timedelta(days=1), given=Decimal("12.5"))
    tell(county, ladder, day=MAY + dt.timedelta(days=2))
    assert sorted(line.points for line in ledger.entries_of_subject(ladder.subject_id)) == [-200, 1250]


def test_no_decision_without_quorum_majority_or_reason(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    seats = list(county.home.panel.seats.values_list("pk", flat=True))
    recorder, at = county.home.staff["recorder"], moment(MAY, 19)
    claim.refresh_from_db()
    meeting = reviews.open_meeting(
        panel=county.home.panel,
        held_on_date=MAY,
        case_ids=[claim.case_id],
        seat_ids=seats[:2],
        by=recorder,
        at=at,
    )
    ruling = services.ClaimRuling(claim.pk, Outcome.APPROVE)
    with pytest.raises(reviews.NoQuorum):
        services.decide_claims(meeting=meeting, rulings=[ruling], by=recorder, at=at)
    reviews.record_attendance(meeting=meeting, seat_ids=seats, by=recorder, at=at)
    split = services.ClaimRuling(
        claim.pk,
        Outcome.APPROVE,
        choices={seats[0]: Choice.AGAINST, seats[1]: Choice.AGAINST, seats[2]: Choice.ABSTAIN},
    )
    with pytest.raises(reviews.NotCarried):
        services.decide_claims(meeting=meeting, rulings=[split], by=recorder, at=at)
    with pytest.raises(reviews.ReasonMissing):
        services.decide_claims(
            meeting=meeting, rulings=[services.ClaimRuling(claim.pk, Outcome.REJECT)], by=recorder, at=at
        )
    recused = services.ClaimRuling(
        claim.pk, Outcome.APPROVE, choices={seats[0]: Choice.RECUSED, seats[1]: Choice.AGAINST}
    )
    services.decide_claims(meeting=meeting, rulings=[recused], by=recorder, at=at)
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.POSTED
    reviews.close_meeting(meeting=meeting, minutes="散会", by=recorder, at=at)
    with pytest.raises(reviews.MeetingClosed):
        reviews.record_attendance(meeting=meeting, seat_ids=[], by=recorder, at=at)


def test_many_are_decided_all_or_none(county: County) -> None:
    good, bad = file(county, "village-meeting", MAY), file(county, "piling", MAY)
    verify(county, good, bad)
    with pytest.raises(Exception, match="档次"):
        decide(county, good, bad, day=MAY)
    assert {claim.state for claim in Claim.objects.all()} == {ClaimState.VERIFIED}
    assert ledger.entries_of_subject(good.subject_id) == []


def test_a_reversal_gives_the_next_fact_the_room_that_the_limit_had_taken(county: County) -> None:
    first = posted(county, "volunteering", MAY, quantity="6")
    second = posted(county, "volunteering", MAY + dt.timedelta(days=3), quantity="4")
    assert ledger.worth_of_facts([first.fact_id, second.fact_id]) == {
        first.fact_id: (600, 0), second.fact_id: (200, 200),
    }  # fmt: skip
    committee = county.home.staff["committee"]
    services.reverse_fact(fact_id=first.fact_id, reason="查无此事", by=committee, at=moment(MAY, 23))
    assert ledger.worth_of_facts([first.fact_id, second.fact_id]) == {
        first.fact_id: (0, 0), second.fact_id: (400, 0),
    }  # fmt: skip
    causes = [line.cause for line in ledger.entries_of_fact(second.fact_id)]
    assert causes == [Cause.POSTED, Cause.REPRICED]
    with pytest.raises(AlreadyReversed):
        services.reverse_fact(fact_id=first.fact_id, reason="再来", by=committee, at=moment(MAY, 23))


def test_a_changed_size_reprices_what_counts_by_member(county: County) -> None:
    claim = posted(county, "clean-courtyard", MAY)
    before = ledger.worth_of_facts([claim.fact_id])[claim.fact_id][0]
    subject = claim.subject
    assert before == subject.size * 100
    subject.size += 2
    subject.save()
    by = county.home.staff["recorder"]
    appended = services.reprice_subjects(
        subject_ids=[subject.pk], scheme="household", reason="人口变动", by=by, at=moment(MAY, 23)
    )
    assert appended == 1
    assert ledger.worth_of_facts([claim.fact_id])[claim.fact_id][0] == before + 200
    assert not services.reprice_subjects(
        subject_ids=[subject.pk], scheme="household", reason="再算", by=by, at=moment(MAY, 23)
    )


def test_return_refile_withdraw(county: County) -> None:
    claim = file(county, "volunteering", MAY, quantity="2", channel=Channel.SELF)
    worker, user = county.worker(claim.subject), county.user(claim.subject)
    services.return_claim(claim_id=claim.pk, reason="请写明地点", by=worker, at=moment(MAY, 21))
    claim = services.refile_claim(
        claim=claim,
        act_date=MAY,
        quantity=claim.quantity,
        grade="",
        words="村口",
        by=user,
        at=moment(MAY, 22),
    )
    assert claim.state == ClaimState.FILED
    with pytest.raises(services.UnusableClaim):
        services.withdraw_claim(claim=claim, by=county.user(county.subject(1)), at=moment(MAY, 22))
    claim = services.withdraw_claim(claim=claim, by=user, at=moment(MAY, 22))
    assert claim.state == ClaimState.WITHDRAWN
    with pytest.raises(services.WrongState):
        services.verify_claims(claim_ids=[claim.pk], by=worker, at=moment(MAY, 23))


def test_an_amendment_knows_what_it_was_opened_with(county: County) -> None:
    claim = file(county, "volunteering", MAY, quantity="2", channel=Channel.SELF)
    user = county.user(claim.subject)

    def send_back(at: Any) -> None:
        services.return_claim(claim_id=claim.pk, reason="请写明地点", by=county.worker(claim.subject), at=at)

    def amend(words: str, version: int, key: str) -> Any:
        return services.refile_claim(
            claim=claim, act_date=MAY, quantity=claim.quantity, grade="", words=words,
            version=version, request_key=key, by=user, at=moment(MAY, 22),
        )  # fmt: skip

    send_back(moment(MAY, 21))
    assert amend("村口", 1, "first").version == 2
    assert amend("村口", 1, "first").version == 2  # a repeat
    with pytest.raises(Conflict) as met:
        amend("村尾", 1, "second")
    assert met.value.version is None  # it waits to be verified: nothing goes on top
    assert met.value.now["words"] == "村口"
    assert met.value.changed_by == user.display_name
    send_back(moment(MAY, 22))
    with pytest.raises(Conflict) as met:
        amend("村尾", 1, "second")
    assert met.value.version == 2
    assert amend("村尾", 2, "third").words == "村尾"


def test_the_database_knows_the_same_way(county: County) -> None:
    """The trigger refuses exactly the moves that the table does not list."""
    claim = posted(county, "village-meeting", MAY)

    def put(state: ClaimState) -> None:
        """What else the database asks of a claim in that state is there."""
        fact = None if state is ClaimState.CORRECTED else claim.fact
        Claim.objects.filter(pk=claim.pk).update(state=state, fact=fact, correct_until_date=MAY)

    Claim.objects.filter(pk=claim.pk).update(told_at=moment(MAY, 20))
    for source, target in itertools.product(ClaimState, ClaimState):
        with pgtrigger.ignore("claims.Claim:claim_way"):
            put(source)
        try:
            with transaction.atomic():
                put(target)
            moved = True
        except DatabaseError:
            moved = False
        assert moved == (source == target or rules.can_move(source, target)), (source, target)


def test_many_are_verified_and_decided_with_the_queries_of_few(county: County) -> None:
    asked = {}
    subjects = [
        one for one in county.home.all_subjects if county.worker(one) == county.worker(county.subject())
    ]
    for many, chosen in ((2, subjects[:2]), (7, subjects[2:9])):
        rows = [file(county, "village-meeting", MAY, subject=subject) for subject in chosen]
        day, numbers = MAY + dt.timedelta(days=many), [row.pk for row in rows]
        with CaptureQueriesContext(connection) as verifying:
            verified = services.verify_claims(
                claim_ids=numbers, by=county.worker(subjects[0]), at=moment(MAY, 21)
            )
        meeting = reviews.open_meeting(
            panel=county.home.panel, held_on_date=day, case_ids=[row.case_id or 0 for row in verified],
            seat_ids=list(county.home.panel.seats.values_list("pk", flat=True)),
            by=county.home.staff["recorder"], at=moment(day, 19),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as deciding:
            services.decide_claims(
                meeting=meeting, rulings=[services.ClaimRuling(number, Outcome.APPROVE) for number in numbers],
                by=county.home.staff["recorder"], at=moment(day, 19),
            )  # fmt: skip
        asked[many] = (len(verifying), len(deciding))
    assert asked[2] == asked[7]
