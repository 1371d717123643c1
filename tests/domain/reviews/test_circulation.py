"""Deciding by circulation: what may go round, who answers, what ends it, and that only approvals come out of it."""

import datetime as dt

import pytest

from jizhi.claims import selectors as queues
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import ClaimState
from jizhi.claims.services import circulating
from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.posts.models import Post
from jizhi.reviews import models, selectors
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Choice, Ground, MeetingState, Procedure
from jizhi.schemes.models import Pack
from tests.county import County, decide, file, verify
from tests.domain.reviews.world import is_person, meet

MAY = dt.date(2026, 5, 6)
DAY = dt.timedelta(days=1)
FOR, AGAINST = Choice.FOR, Choice.AGAINST


def circulate(county: County, *rows: Claim) -> models.Meeting:
    verify(county, *rows)
    cases = [Claim.objects.get(pk=claim.pk).case_id or 0 for claim in rows]
    return claims.circulate_claims(
        village=county.home.area, case_ids=cases, by=county.home.staff["recorder"], at=moment(MAY, 22)
    )


def answer(
    county: County,
    meeting: models.Meeting,
    claim: Claim,
    member: int,
    choice: Choice | None,
    day: dt.date = MAY,
) -> None:
    claim.refresh_from_db()
    claims.answer_circulation(
        meeting=meeting, case_id=claim.case_id or 0, choice=choice, words="看过照片",
        by=county.home.staff[f"panel{member}"], at=moment(day, 23),
    )  # fmt: skip


def test_only_small_merits_go_round_and_only_where_the_pack_says_so(county: County) -> None:
    small, fault, given = (file(county, item, MAY) for item in ("village-meeting", "littering", "bravery"))
    large = file(county, "volunteering", MAY, quantity="40", subject=county.subject(1))
    verify(county, small, fault, given, large)
    small.refresh_from_db()
    assert queues.cases_to_circulate(county.home.area) == [small.case_id]
    fault.refresh_from_db()
    with pytest.raises(claims.NotCirculated, match="须开会"):
        claims.circulate_claims(
            village=county.home.area, case_ids=[fault.case_id or 0], by=county.home.staff["recorder"],
            at=moment(MAY, 22),
        )  # fmt: skip
    pack = Pack.objects.get()
    pack.panels = {}
    pack.save()
    assert queues.cases_to_circulate(county.home.area) == []
    with pytest.raises(claims.NotCirculated, match="没有规定"):
        claims.circulate_claims(
            village=county.home.area, case_ids=[small.case_id or 0], by=county.home.staff["recorder"],
            at=moment(MAY, 22),
        )  # fmt: skip


def test_the_last_answer_decides_and_the_recused_are_not_asked(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    is_person(county, county.home.staff["panel1"], claim.subject)
    meeting = circulate(county, claim)
    with pytest.raises(reviews.BadAnswer, match="回避"):
        answer(county, meeting, claim, 1, FOR)
    with pytest.raises(reviews.MeetingClosed):
        reviews.record_attendance(
            meeting=meeting, seat_ids=[], by=county.home.staff["recorder"], at=moment(MAY, 23)
        )
    for member, choice in ((2, FOR), (3, FOR), (4, AGAINST)):
        answer(county, meeting, claim, member, choice)
    with pytest.raises(reviews.BadAnswer, match="已经答复"):
        answer(county, meeting, claim, 2, AGAINST)
    assert ledger.entries_of_subject(claim.subject_id) == []
    answer(county, meeting, claim, 5, FOR)
    claim.refresh_from_db()
    assert claim.state == ClaimState.POSTED
    meeting.refresh_from_db()
    assert (meeting.state, meeting.procedure) == (MeetingState.CLOSED, Procedure.CIRCULATION)
    line = selectors.decision_of_case(claim.case_id or 0)
    assert line is not None
    assert (line.tally.votes_for, line.tally.against, line.tally.recused) == (3, 1, 1)
    assert list(line.recusals.values()) == [Ground.HOUSEHOLD]


def test_one_wish_for_a_meeting_stops_it(county: County) -> None:
    claim, other = (file(county, "village-meeting", MAY, subject=county.subject(n)) for n in (0, 1))
    meeting = circulate(county, claim, other)
    answer(county, meeting, claim, 1, None)
    with pytest.raises(reviews.BadAnswer, match="不在传签"):
        answer(county, meeting, claim, 2, FOR)
    assert queues.cases_waiting(county.home.area) == [claim.case_id]
    assert queues.cases_to_circulate(county.home.area) == []
    mine = [one.case_ids for one in queues.circulations_to_answer(county.home.staff["panel2"], on=MAY)]
    assert mine == [(other.case_id or Claim.objects.get(pk=other.pk).case_id,)]


def test_after_its_days_enough_answers_decide_and_the_rest_goes_to_a_meeting(county: County) -> None:
    carried, few, lost = (file(county, "village-meeting", MAY, subject=county.subject(n)) for n in range(3))
    meeting = circulate(county, carried, few, lost)
    for member in (1, 2, 3):
        answer(county, meeting, carried, member, FOR)
        answer(county, meeting, lost, member, AGAINST)
    answer(county, meeting, few, 1, FOR)
    recorder = county.home.staff["recorder"]
    with pytest.raises(claims.NotCirculated, match="期限"):
        claims.conclude_circulation(meeting=meeting, by=recorder, at=moment(MAY, 23))
    assert claims.conclude_overdue(at=moment(MAY + 3 * DAY, 9)) == 0
    with pytest.raises(reviews.BadAnswer, match="期限"):
        answer(county, meeting, few, 2, FOR, day=MAY + 4 * DAY)
    assert claims.conclude_overdue(at=moment(MAY + 4 * DAY, 0)) == 1
    states = [Claim.objects.get(pk=one.pk).state for one in (carried, few, lost)]
    assert states == [ClaimState.POSTED, ClaimState.VERIFIED, ClaimState.VERIFIED]
    waiting = {Claim.objects.get(pk=one.pk).case_id for one in (few, lost)}
    assert set(queues.cases_waiting(county.home.area)) == waiting


def test_what_was_decided_or_taken_back_meanwhile_stops_nobody(county: County) -> None:
    """A meeting may decide a case that goes round, its household may withdraw it: the night concludes the rest."""
    met, withdrawn, left = (file(county, "village-meeting", MAY, subject=county.subject(n)) for n in range(3))
    meeting = circulate(county, met, withdrawn, left)
    for member in (1, 2, 3):
        for claim in (met, withdrawn, left):
            answer(county, meeting, claim, member, FOR)
    decide(county, met, day=MAY)
    claims.withdraw_claim(claim=withdrawn, by=county.user(withdrawn.subject), at=moment(MAY, 23))
    with pytest.raises(reviews.BadAnswer, match="不在传签"):
        answer(county, meeting, met, 4, FOR)
    left.refresh_from_db()
    (mine,) = queues.circulations_to_answer(county.home.staff["panel4"], on=MAY)
    assert mine.case_ids == (left.case_id,)
    assert claims.conclude_overdue(at=moment(MAY + 4 * DAY, 0)) == 1
    states = [Claim.objects.get(pk=one.pk).state for one in (met, withdrawn, left)]
    assert states == [ClaimState.POSTED, ClaimState.WITHDRAWN, ClaimState.POSTED]
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED
    assert claims.conclude_overdue(at=moment(MAY + 5 * DAY, 0)) == 0


def test_the_monthly_review_is_due_until_the_panel_has_met(county: County) -> None:
    village, due = county.home.area, dt.date(2026, 5, 25)
    assert queues.villages_without_review([village], due - 10 * DAY) == []
    assert queues.villages_without_review([village], due - 3 * DAY) == [(village, due)]
    reviews.open_meeting(
        panel=county.home.panel, held_on_date=due - DAY, by=county.home.staff["recorder"], at=moment(due, 9)
    )
    assert queues.villages_without_review([village], due) == []


def back_and_again(county: County, claim: Claim, *, day: dt.date) -> None:
    """Returned by the grid worker, amended and verified anew."""
    worker = county.worker(claim.subject)
    claims.return_claim(claim_id=claim.pk, reason="日期不对", by=worker, at=moment(day, 8))
    claim.refresh_from_db()
    claims.refile_claim(
        claim=claim,
        act_date=claim.act_date,
        quantity=None,
        grade="",
        words="改过",
        by=claim.filed_by,
        at=moment(day, 9),
    )
    claims.verify_claims(claim_ids=[claim.pk], by=worker, at=moment(day, 10))


def test_answers_to_what_was_sent_back_since_decide_nothing(county: County) -> None:
    changed, returned, same = (
        file(county, "village-meeting", MAY, subject=county.subject(n)) for n in range(3)
    )
    meeting = circulate(county, changed, returned, same)
    for member in (1, 2, 3):
        for claim in (changed, returned, same):
            answer(county, meeting, claim, member, FOR)
    back_and_again(county, changed, day=MAY + DAY)
    worker = county.worker(returned.subject)
    claims.return_claim(claim_id=returned.pk, reason="没有照片", by=worker, at=moment(MAY + DAY, 8))
    with pytest.raises(reviews.BadAnswer, match="不在传签"):
        answer(county, meeting, changed, 4, FOR, day=MAY + DAY)
    (mine,) = queues.circulations_to_answer(county.home.staff["panel4"], on=MAY + DAY)
    assert mine.case_ids == (Claim.objects.get(pk=same.pk).case_id,)
    assert claims.conclude_overdue(at=moment(MAY + 4 * DAY, 0)) == 1
    states = [Claim.objects.get(pk=one.pk).state for one in (changed, returned, same)]
    assert states == [ClaimState.VERIFIED, ClaimState.RETURNED, ClaimState.POSTED]
    meeting.refresh_from_db()
    assert meeting.minutes == "书面传签：认定1条，其余2条转评议会。"
    assert queues.cases_waiting(county.home.area) == [Claim.objects.get(pk=changed.pk).case_id]


def test_what_may_go_round_is_asked_again_at_the_end(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    meeting = circulate(county, claim)
    for member in (1, 2, 3):
        answer(county, meeting, claim, member, FOR)
    pack = Pack.objects.get()
    pack.panels["circulation"]["points_max"] = "0.5"
    pack.save()
    assert claims.conclude_overdue(at=moment(MAY + 4 * DAY, 0)) == 1
    claim.refresh_from_db()
    assert claim.state == ClaimState.VERIFIED


def test_one_bad_claim_and_one_bad_circulation_stop_no_other(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good, other = (file(county, "village-meeting", MAY, subject=county.subject(n)) for n in range(3))
    first, second = circulate(county, bad, good), circulate(county, other)
    for member in (1, 2, 3):
        for meeting, claim in ((first, bad), (first, good), (second, other)):
            answer(county, meeting, claim, member, FOR)
    decide = circulating.decide_claims

    def refusing(**asked: object) -> list[Claim]:
        if asked["rulings"][0].claim_id == bad.pk:  # type: ignore[index]
            raise claims.AmountMissing("档次")
        return decide(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr(circulating, "decide_claims", refusing)
    approved = reviews.approved

    def broken(meeting: models.Meeting, case_id: int) -> bool:
        if meeting.pk == second.pk:
            raise RuntimeError("broken")
        return approved(meeting, case_id)

    monkeypatch.setattr(circulating.reviews, "approved", broken)
    assert claims.conclude_overdue(at=moment(MAY + 4 * DAY, 0)) == 1
    states = [Claim.objects.get(pk=one.pk).state for one in (bad, good, other)]
    assert states == [ClaimState.VERIFIED, ClaimState.POSTED, ClaimState.VERIFIED]
    monkeypatch.undo()
    assert claims.conclude_overdue(at=moment(MAY + 5 * DAY, 0)) == 1
    assert Claim.objects.get(pk=other.pk).state == ClaimState.POSTED


def test_it_ends_although_whoever_began_it_serves_no_more(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    meeting = circulate(county, claim)
    for member in (1, 2, 3):
        answer(county, meeting, claim, member, FOR)
    Post.objects.filter(user=meeting.opened_by).update(to_date=MAY)
    assert claims.conclude_overdue(at=moment(MAY + 4 * DAY, 0)) == 1
    claim.refresh_from_db()
    assert claim.state == ClaimState.POSTED
    assert claim.case is not None and claim.case.decisions.get().decided_by == meeting.opened_by
    with pytest.raises(claims.WrongState, match="主持"):
        claims.decide_claims(
            meeting=meet(county, day=MAY + 4 * DAY), rulings=[], by=None, at=moment(MAY + 4 * DAY, 19)
        )
