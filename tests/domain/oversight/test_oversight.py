"""The daily record, the weekly report and its freezing, and the township's re-check with its limits."""

import datetime as dt

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
from jizhi.ledger import selectors as ledger
from jizhi.notices import services as notice_services
from jizhi.oversight import models, rules, selectors, services
from jizhi.oversight.rules import Figure, Kind, ReportState
from jizhi.people import selectors as people
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews.models import Decision
from jizhi.reviews.rules import Outcome
from tests import factories
from tests.county import County, decide, file, posted, tell, verify

MAY = dt.date(2026, 5, 6)
MONDAY = dt.date(2026, 5, 11)
DAY = dt.timedelta(days=1)


@pytest.fixture
def township(county: County) -> object:
    """A member of the township's staff."""
    return factories.holder(factories.PostKind.TOWNSHIP, county.home.area.parent)


def decision_of(claim: Claim) -> int:
    return Decision.objects.get(case=Claim.objects.get(pk=claim.pk).case_id).pk


def test_the_day_is_read_together_from_its_records(county: County) -> None:
    posted(county, "littering", MAY)
    posted(county, "village-meeting", MAY, subject=county.subject(1))
    kinds = [line.kind for line in selectors.daily_record(county.home.area, MAY)]
    assert sorted(kinds) == sorted([Kind.CLAIM, Kind.DECISION] * 2)
    assert [line.kind for line in selectors.daily_record(county.home.area, MAY + DAY)] == [Kind.TOLD]
    assert selectors.daily_record(county.other.area, MAY) == []


def test_the_weekly_report_counts_records_and_is_frozen(county: County) -> None:
    posted(county, "littering", MAY)
    posted(county, "village-meeting", MAY, subject=county.subject(1))
    at = moment(MONDAY, 1)
    assert services.send_due_reports(at=moment(MONDAY - DAY, 1)) == 0
    assert services.send_due_reports(at=at) == 3, "both villages and the one without households"
    assert services.send_due_reports(at=at) == 3
    assert models.WeeklyReport.objects.count() == 3
    row = models.WeeklyReport.objects.get(village=county.home.area)
    assert (row.from_date, row.to_date, row.sent_by) == (MONDAY - 7 * DAY, MONDAY - DAY, None)
    wanted = {Figure.FILED: 2, Figure.APPROVED: 2, Figure.MERITS: 1, Figure.FAULTS: 1, Figure.TOLD: 1}
    assert {figure: row.figures[figure.value] for figure in wanted} == wanted
    posted(county, "village-meeting", MAY + DAY, subject=county.subject(2))
    again = services.send_report(village=county.home.area, by=county.home.staff["recorder"], at=at)
    assert again.figures == row.figures
    line = selectors.report(county.home.staff["recorder"], row.pk, on=MONDAY)
    assert line.is_intact
    assert line.state is ReportState.SENT
    with pytest.raises(DatabaseError), transaction.atomic():
        models.WeeklyReport.objects.update(figures={})


def test_the_township_sees_who_is_late_and_who_has_nothing(county: County) -> None:
    at = moment(MONDAY, 9)
    services.send_report(village=county.other.area, by=county.other.staff["recorder"], at=at)
    with pytest.raises(NotAllowed):
        services.send_report(village=county.home.area, by=county.other.staff["recorder"], at=at)
    villages = [county.home.area, county.other.area]
    states = [one.state for one in selectors.standings(villages, MONDAY)]
    assert states == [ReportState.LATE, ReportState.NONE]


@given(today=st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), weekday=st.integers(1, 7))
def test_the_weeks_of_the_reports_follow_each_other_without_a_gap(today: dt.date, weekday: int) -> None:
    first, last = rules.report_days(today, weekday)
    assert last - first == 6 * DAY
    assert last < today <= last + 7 * DAY
    assert first.isoweekday() == weekday
    assert rules.report_days(today + 7 * DAY, weekday)[0] == last + DAY


def test_a_returned_decision_is_reversed_and_decided_anew(county: County, township: object) -> None:
    claim = posted(county, "village-meeting", MAY)
    before = ledger.wallet_of(claim.subject_id, moves=0).balance
    number, at = decision_of(claim), moment(MAY + 3 * DAY, 9)
    with pytest.raises(NotAllowed):
        services.return_decision(
            decision_id=number, reason="佐证不足", by=county.home.staff["committee"], at=at
        )
    with pytest.raises(services.CannotReturn, match="理由"):
        services.return_decision(decision_id=number, reason=" ", by=township, at=at)
    row = services.return_decision(decision_id=number, reason="没有照片", by=township, at=at)
    claim.refresh_from_db()
    assert claim.state == ClaimState.REVERSED
    assert sum(line.points for line in ledger.entries_of_subject(claim.subject_id)) == 0
    assert ledger.wallet_of(claim.subject_id, moves=0).balance == before
    assert (row.again.state, row.again.note) == (ClaimState.VERIFIED, "没有照片")
    assert queues.cases_waiting(county.home.area) == [row.again.case_id]
    assert "复核" in people.inbox(claim.subject_id)[0].title
    assert selectors.recheck_before(row.again.pk) == "没有照片"
    with pytest.raises(services.CannotReturn, match="退回过"):
        services.return_decision(decision_id=number, reason="再退", by=township, at=at)
    decide(county, row.again, day=MAY + 5 * DAY)
    points = [line.points for line in ledger.entries_of_subject(claim.subject_id)]
    assert sum(points) == points[0] > 0


def test_an_untold_fault_and_a_refusal_go_back_too(county: County, township: object) -> None:
    fault, refused = (
        file(county, "littering", MAY),
        file(county, "village-meeting", MAY, subject=county.subject(1)),
    )
    verify(county, fault, refused)
    decide(county, fault, day=MAY)
    decide(county, refused, day=MAY, outcome=Outcome.REJECT, reason="没有到场")
    for claim in (fault, refused):
        row = services.return_decision(
            decision_id=decision_of(claim), reason="请再核实", by=township, at=moment(MAY + DAY, 9)
        )
        claim.refresh_from_db()
        assert (claim.state, row.again.state) == (ClaimState.REJECTED, ClaimState.VERIFIED)
    again = Claim.objects.get(recheck_before__claim=fault)
    decide(county, again, day=MAY + 2 * DAY)
    tell(county, again, day=MAY + 3 * DAY)
    assert [line.points for line in ledger.entries_of_subject(fault.subject_id)] == [-200]
    day = MAY + 3 * DAY
    told = [line for line in selectors.daily_record(county.home.area, day) if line.kind is Kind.TOLD]
    assert [line.number for line in told] == [again.pk], "decided anew, told once"
    assert selectors.figures(county.home.area, MAY, day)[Figure.TOLD] == 1


def test_neither_late_nor_after_the_notice_is_final(county: County, township: object) -> None:
    claim, other = (posted(county, "village-meeting", MAY, subject=county.subject(n)) for n in (0, 1))
    with pytest.raises(services.CannotReturn, match="期限"):
        services.return_decision(
            decision_id=decision_of(claim), reason="晚了", by=township, at=moment(dt.date(2026, 6, 11), 9)
        )
    committee = county.home.staff["committee"]
    notice = notice_services.post_notice(
        village=county.home.area, scheme="household", period="2026-05", by=committee,
        at=moment(dt.date(2026, 6, 1), 8),
    )  # fmt: skip
    services.return_decision(
        decision_id=decision_of(other), reason="公示期内发现", by=township, at=moment(dt.date(2026, 6, 2), 9)
    )
    assert ledger.is_reversed(other.fact_id or 0)
    notice_services.finalise_notice(notice=notice, by=committee, at=moment(notice.window_to_date + DAY, 9))
    line = selectors.decided_case(township, decision_of(claim), on=dt.date(2026, 6, 10))
    assert "定案" in str(line.why_not)
    with pytest.raises(claims.WrongState):
        claims.reopen_claim(claim_id=other.pk, reason="再退", by=township, at=moment(dt.date(2026, 6, 3), 9))


def test_an_entry_that_came_too_late_for_the_final_notice_may_still_be_returned(
    county: County, township: object
) -> None:
    committee, june = county.home.staff["committee"], dt.date(2026, 6, 1)
    posted(county, "village-meeting", MAY, subject=county.subject(1))
    notice = notice_services.post_notice(
        village=county.home.area, scheme="household", period="2026-05", by=committee, at=moment(june, 8)
    )
    late = file(county, "village-meeting", MAY)
    verify(county, late)
    decide(county, late, day=june)
    notice_services.finalise_notice(notice=notice, by=committee, at=moment(notice.window_to_date + DAY, 9))
    line = selectors.decided_case(township, decision_of(late), on=notice.window_to_date + DAY)
    assert line.may_return, "it stands on no final notice"


def test_time_to_mend_says_so(county: County, township: object) -> None:
    claim = file(county, "blocking-roads", MAY)
    verify(county, claim)
    decide(county, claim, day=MAY, grade="1")
    tell(county, claim, day=MAY + DAY)
    line = selectors.decided_case(township, decision_of(claim), on=MAY + DAY)
    assert "限期改正" in str(line.why_not)
    with pytest.raises(services.CannotReturn, match="限期改正"):
        services.return_decision(
            decision_id=decision_of(claim), reason="再看", by=township, at=moment(MAY + DAY, 10)
        )


def test_a_refusal_goes_back_once_and_what_comes_again_is_counted_once(
    county: County, township: object
) -> None:
    refused = file(county, "village-meeting", MAY)
    verify(county, refused)
    decide(county, refused, day=MAY, outcome=Outcome.REJECT, reason="没有到场")
    at = moment(MAY + DAY, 9)
    services.return_decision(decision_id=decision_of(refused), reason="请再核实", by=township, at=at)
    with pytest.raises(claims.WrongState, match="已经退回"):
        claims.reopen_claim(claim_id=refused.pk, reason="再退", by=township, at=at)
    figures = selectors.figures(county.home.area, MAY, MAY + DAY)
    assert (figures["filed"], figures["verified"], figures["waiting"]) == (1, 1, 1)
    kinds = [line.kind for line in selectors.daily_record(county.home.area, MAY)]
    assert kinds.count(Kind.CLAIM) == 1
