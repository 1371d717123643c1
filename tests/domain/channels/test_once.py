"""One act counts once, in whatever order it is claimed by hand, recorded, decided, withdrawn and taken back."""

from __future__ import annotations

import datetime as dt
import io
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jizhi.channels import selectors, services
from jizhi.channels.models import DerivedClaim
from jizhi.claims import selectors as claims_read
from jizhi.claims import services as claims
from jizhi.claims.models import Claim, CoveredRecord
from jizhi.claims.rules import LIVE, Channel, ClaimState
from jizhi.demo.month import moment
from jizhi.matters.models import Matter
from jizhi.people.models import Subject
from jizhi.reviews.rules import Outcome
from jizhi.schemes.models import Pack
from jizhi.visits import services as visits
from jizhi.visits.models import PlannedVisit
from jizhi.visits.rules import How
from tests.county import County, decide, file, make_county, verify
from tests.domain.channels.test_deriving import solved
from tests.domain.channels.test_records import building_leader, visit

MAY = dt.date(2026, 5, 6)
ITEM = "hazard-report"


@pytest.fixture
def home(county: County) -> County:
    """Visits and complete months give items of building leaders that can be claimed by hand, too."""
    about = {"scheme": "building-leader"}
    table = [
        {"record": "visit_done", "item": "policy-talk", "quantity": "one"} | about,
        {"record": "visits_complete", "item": "mediation"} | about,
    ]
    Pack.objects.update(claims={"derived": table})
    return county


def derive(county: County, day: dt.date = MAY) -> int:
    return services.derive_claims(village=county.home.area, at=moment(day, 23))


def by_hand(county: County, day: dt.date = MAY, channel: Channel = Channel.WORKER, **more: Any) -> Claim:
    return file(county, ITEM, day, channel=channel, **more)


def standing(county: County, day: dt.date = MAY) -> list[Claim]:
    """The claims that count, or may still, for the first household's reports of that day."""
    rows = Claim.objects.filter(subject=county.subject(), item=ITEM, act_date=day, state__in=LIVE)
    return list(rows.order_by("pk"))


def reject(county: County, claim: Claim) -> None:
    verify(county, claim)
    decide(county, claim, day=MAY, outcome=Outcome.REJECT, reason="不足")


def test_a_record_of_what_was_claimed_gives_no_second_claim(county: County) -> None:
    claim = by_hand(county)
    matter = solved(county)
    assert derive(county) == 0 and derive(county) == 0
    assert standing(county) == [claim] and not DerivedClaim.objects.exists()
    assert [(one.record, one.number) for one in claims_read.covered_by(claim.pk)] == [
        ("matter_solved", matter.pk)
    ]
    (line,) = selectors.rule_lines(county.home.area, on=MAY)
    assert (line.made, line.covered) == (0, 1)


@pytest.mark.parametrize("channel", [Channel.SELF, Channel.WORKER, Channel.RECORDER])
def test_what_a_record_gave_is_not_claimed_by_hand(county: County, channel: Channel) -> None:
    solved(county)
    derive(county)
    (known,) = standing(county)
    with pytest.raises(claims.UnusableClaim, match=f"第{known.pk}号") as refusal:
        by_hand(county, channel=channel)
    assert refusal.value.place == "act_date"
    assert by_hand(county, MAY - dt.timedelta(days=1)), "another day is another act"
    assert by_hand(county, subject=county.subject(1)), "another household's is another act"
    assert standing(county) == [known]


def test_the_same_request_again_is_no_refusal(county: County) -> None:
    claim = by_hand(county, key="once")
    solved(county)
    derive(county)
    assert by_hand(county, key="once") == claim


def test_two_matters_of_one_day_are_two_acts(county: County) -> None:
    solved(county)
    _second(county)
    assert derive(county) == 2 and len(standing(county)) == 2


def test_of_two_matters_a_claim_by_hand_is_one(county: County) -> None:
    claim = by_hand(county)
    solved(county)
    _second(county)
    assert derive(county) == 1 and derive(county) == 0
    assert len(standing(county)) == 2 and claim in standing(county)


def _second(county: County) -> Matter:
    """Another danger reported on the same day."""
    return solved(county, external_no="another")


def test_a_rejected_or_withdrawn_claim_lets_the_record_speak(county: County) -> None:
    claim = by_hand(county)
    solved(county)
    assert derive(county) == 0
    reject(county, claim)
    assert derive(county) == 1
    (known,) = standing(county)
    assert known.channel == Channel.DERIVED and derive(county) == 0
    with pytest.raises(claims.UnusableClaim):
        by_hand(county)


def test_withdrawn_and_claimed_again_before_the_night(county: County) -> None:
    first = by_hand(county)
    solved(county)
    derive(county)
    claims.withdraw_claim(claim=first, by=first.filed_by, at=moment(MAY, 23))
    second = by_hand(county)
    assert derive(county) == 0 and standing(county) == [second]
    assert CoveredRecord.objects.count() == 2, "the record went over to the claim that stands"


def test_a_posted_claim_that_was_taken_back_is_not_given_again(county: County) -> None:
    claim = by_hand(county)
    solved(county)
    derive(county)
    verify(county, claim)
    decide(county, claim, day=MAY)
    claim.refresh_from_db()
    assert claim.fact_id is not None and derive(county) == 0
    claims.reverse_fact(fact_id=claim.fact_id, reason="不是这户报的", by=county.operator, at=moment(MAY, 23))
    assert derive(county, MAY + dt.timedelta(days=1)) == 0 and standing(county) == []


def test_a_returned_claim_does_not_move_to_a_day_that_has_its_record(county: County) -> None:
    claim = by_hand(county, MAY - dt.timedelta(days=1))
    solved(county)
    assert derive(county) == 1
    claims.return_claim(
        claim_id=claim.pk, reason="日期不对", by=county.worker(county.subject()), at=moment(MAY, 23)
    )
    again = {"quantity": None, "grade": "", "words": "", "by": claim.filed_by, "at": moment(MAY, 23)}
    with pytest.raises(claims.UnusableClaim, match="不能再报一次"):
        claims.refile_claim(claim=claim, act_date=MAY, **again)
    claims.refile_claim(claim=claim, act_date=MAY - dt.timedelta(days=1), **again)


def test_a_claim_that_moved_away_lets_the_record_speak(county: County) -> None:
    claim = by_hand(county)
    solved(county)
    assert derive(county) == 0
    claims.return_claim(
        claim_id=claim.pk, reason="日期不对", by=county.worker(county.subject()), at=moment(MAY, 23)
    )
    claims.refile_claim(
        claim=claim, act_date=MAY - dt.timedelta(days=1), quantity=None, grade="", words="", by=claim.filed_by,
        at=moment(MAY, 23),
    )  # fmt: skip
    assert derive(county) == 1


def test_a_rejection_is_not_reopened_once_the_record_gave_its_claim(county: County) -> None:
    claim = by_hand(county)
    reject(county, claim)
    solved(county)
    assert derive(county) == 1
    with pytest.raises(claims.WrongState, match="不能再报一次"):
        claims.reopen_claim(claim_id=claim.pk, reason="再看", by=county.operator, at=moment(MAY, 23))
    assert len(standing(county)) == 1


def test_a_reopened_claim_takes_its_record_along(county: County) -> None:
    claim = by_hand(county)
    solved(county)
    derive(county)
    verify(county, claim)
    decide(county, claim, day=MAY)
    again = claims.reopen_claim(claim_id=claim.pk, reason="再看", by=county.operator, at=moment(MAY, 23))
    assert derive(county) == 0 and standing(county) == [again]
    decide(county, again, day=MAY, outcome=Outcome.REJECT, reason="不足")
    assert derive(county) == 1 and standing(county)[0].channel == Channel.DERIVED


def test_a_correction_does_not_move_to_a_day_that_has_its_record(county: County) -> None:
    claim = by_hand(county, MAY - dt.timedelta(days=1))
    verify(county, claim)
    decide(county, claim, day=MAY)
    claim.refresh_from_db()
    solved(county)
    assert derive(county) == 1
    assert claim.fact_id is not None
    with pytest.raises(claims.UnusableClaim, match="不能再报一次"):
        claims.correct_fact(
            fact_id=claim.fact_id, correction=claims.Correction(act_date=MAY), reason="日期", by=county.operator,
            at=moment(MAY, 23),
        )  # fmt: skip


def test_the_recognition_group_does_not_count_it_again(county: County) -> None:
    solved(county)
    derive(county)
    subject, at = county.subject(), moment(MAY, 23)
    hands = claims.Hands(county.user(subject), at, county.worker(subject), at)
    with pytest.raises(claims.UnusableClaim, match="不能再报一次"):
        claims.file_recognised(
            village=county.home.area, scheme="household", drafts=[claims.Draft(subject, ITEM, MAY, "r")],
            hands=hands, note="三方认定", by=county.home.staff["recorder"], at=at,
        )  # fmt: skip


def leaders_claim(county: County, leader: Subject, item: str, day: dt.date, quantity: str = "") -> Claim:
    draft = claims.Draft(
        leader, item, day, str(uuid.uuid4()), quantity=Decimal(quantity) if quantity else None
    )
    (claim,) = claims.file_claims(
        village=county.home.area, scheme="building-leader", drafts=[draft], channel=Channel.RECORDER,
        by=county.home.staff["recorder"], at=moment(max(day, MAY), 22),
    )  # fmt: skip
    return claim


def test_an_amount_by_hand_stands_for_records_of_that_amount(home: County) -> None:
    worker, leader = building_leader(home)
    near = [place for place in range(8) if home.worker(home.subject(place)) == worker][:3]
    claim = leaders_claim(home, leader, "policy-talk", MAY, "2")
    for place in near:
        visit(home, place, worker, MAY)
    assert derive(home) == 1, "two of three visits were claimed"
    assert claim.covered.count() == 2 and derive(home) == 0
    total = sum(one.quantity or 0 for one in Claim.objects.filter(item="policy-talk", state__in=LIVE))
    assert total == len(near)


def test_a_record_in_place_of_a_withdrawn_one_is_the_same_act(home: County) -> None:
    worker, leader = building_leader(home)
    near = [place for place in range(8) if home.worker(home.subject(place)) == worker][:2]
    claim = leaders_claim(home, leader, "policy-talk", MAY, "1")
    wrong = visit(home, near[0], worker, MAY)
    assert derive(home) == 0 and claim.covered.count() == 1
    visits.change_visit(
        visit=wrong, version=wrong.version, how=How.ABSENT, topics=[], note="", by=worker, at=moment(MAY, 23)
    )
    visit(home, near[1], worker, MAY)
    assert derive(home) == 0 and claim.covered.count() == 2, "it goes over to the record that is in order"


def test_a_whole_months_item_is_claimed_once_a_month(home: County) -> None:
    worker, leader = building_leader(home)
    place = next(place for place in range(8) if home.worker(home.subject(place)) == worker)
    household = home.subject(place).household
    PlannedVisit.objects.create(
        village=home.home.area, area=household.area, household=household, month=dt.date(2026, 5, 1),
        due_date=dt.date(2026, 5, 20), place=0,
    )  # fmt: skip
    visit(home, place, worker, MAY, How.HOME)
    claim = leaders_claim(home, leader, "mediation", dt.date(2026, 5, 12))
    june = dt.date(2026, 6, 2)
    derive(home, june)
    assert list(Claim.objects.filter(item="mediation")) == [claim]
    claims.withdraw_claim(claim=claim, by=claim.filed_by, at=moment(june, 20))
    derive(home, june)
    known = Claim.objects.get(item="mediation", channel=Channel.DERIVED)
    with pytest.raises(claims.UnusableClaim, match=f"第{known.pk}号"):
        leaders_claim(home, leader, "mediation", dt.date(2026, 5, 3))
    assert leaders_claim(home, leader, "mediation", dt.date(2026, 6, 1)), "June is another month"


def test_a_row_of_a_table_is_a_problem_with_its_place(county: County) -> None:
    solved(county)
    derive(county)
    household = county.subject().household
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["户编号", "户主", "日期", "事项", "数量"])
    for day in (MAY, MAY - dt.timedelta(days=1)):
        title = "报告安全隐患"
        sheet.append([household.no, household.head_name, day.isoformat(), title, ""])
    report = uploaded(county, book)
    assert len(report["ready"]) + len(report["questions"]) == 2 - len(report["refused"])
    assert [one["row"] for one in report["refused"] if "不能再报一次" in one["reason"]] == [2], report


def uploaded(county: County, book: Any) -> Any:
    stream = io.BytesIO()
    book.save(stream)
    return claims.upload_claims(
        village=county.home.area, scheme="household", content=stream.getvalue(), file_name="a.xlsx",
        by=county.home.staff["recorder"], at=moment(MAY, 23),
    ).report  # fmt: skip


def test_a_claim_handed_over_keeps_its_record(county: County) -> None:
    """The household is split or merged: the claim goes on in another name, the record does not come back for it."""
    claim = by_hand(county)
    solved(county)
    assert derive(county) == 0
    claim.refresh_from_db()
    ((old, new),) = claims.hand_over_claims(
        claims=[claim], target=county.subject(1), key="change", by=county.operator, at=moment(MAY, 22)
    )
    assert old.state == ClaimState.WITHDRAWN and new.subject == county.subject(1)
    assert derive(county) == 0 and Claim.objects.filter(item=ITEM, state__in=LIVE).count() == 1


def test_no_claim_is_handed_over_beside_what_a_record_gave(county: County) -> None:
    claim = by_hand(county, subject=county.subject(1))
    solved(county)
    assert derive(county) == 1
    with pytest.raises(claims.UnusableClaim) as refusal:
        claims.hand_over_claims(
            claims=[claim], target=county.subject(), key="change", by=county.operator, at=moment(MAY, 22)
        )
    assert refusal.value.place == "refile"


def test_the_claims_page_shows_its_records(county: County, client_as: Any, clock: Any) -> None:
    clock.move_to(moment(MAY, 23))
    claim = by_hand(county)
    matter = solved(county)
    derive(county)
    client = client_as(county.home.staff["recorder"])
    page = client.get(reverse("desk:claim", args=[claim.pk])).content.decode()
    assert "记录归到这条申报" in page and f"第{matter.pk}号" in page
    assert "已有人申报" in client.get(reverse("desk:derived")).content.decode()


STEPS = st.lists(
    st.sampled_from(["claim", "record", "night", "withdraw", "reject", "approve", "reopen", "reverse"]),
    min_size=3,
    max_size=9,
)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS)
def test_in_any_order_no_more_stands_than_was_done(county: County, steps: list[str]) -> None:
    """So many acts, so many claims that stand: each by hand may be a record's act, and never both count."""
    with undone():
        records, hands = 0, 0
        for number, step in enumerate([*steps, "night"]):
            try:
                with transaction.atomic():
                    records, hands = take(county, step, number, records, hands)
            except (claims.UnusableClaim, claims.WrongState):
                continue
            rows = standing(county)
            assert sum(one.channel == Channel.DERIVED for one in rows) <= records
            if step == "night":
                manual = sum(one.channel != Channel.DERIVED for one in rows)
                assert len(rows) <= max(records, manual), (steps[: number + 1], rows)


def take(county: County, step: str, number: int, records: int, hands: int) -> tuple[int, int]:
    rows, last = standing(county), Claim.objects.filter(item=ITEM).order_by("-pk").first()
    if step == "claim":
        by_hand(county)
        return records, hands + 1
    if step == "record":
        solved(county, external_no=f"no-{number}")
        return records + 1, hands
    if step == "night":
        derive(county)
    elif step == "withdraw" and rows and rows[-1].channel != Channel.DERIVED:
        claims.withdraw_claim(claim=rows[-1], by=rows[-1].filed_by, at=moment(MAY, 23))
    elif step in ("reject", "approve") and rows and rows[0].state in (ClaimState.FILED, ClaimState.VERIFIED):
        if rows[0].state == ClaimState.FILED:
            verify(county, rows[0])
        outcome = Outcome.REJECT if step == "reject" else Outcome.APPROVE
        decide(county, rows[0], day=MAY, outcome=outcome, reason="看过")
    elif step == "reopen" and last is not None:
        claims.reopen_claim(claim_id=last.pk, reason="再看", by=county.operator, at=moment(MAY, 23))
    elif step == "reverse" and rows and rows[0].fact_id is not None:
        claims.reverse_fact(fact_id=rows[0].fact_id, reason="不对", by=county.operator, at=moment(MAY, 23))
    return records, hands


def test_by_hand_and_by_night_at_the_same_moment_make_one(committed_db: None) -> None:
    county = make_county()
    solved(county)
    outcomes: list[str] = []

    def try_it(what: Any) -> None:
        try:
            what(county)
            outcomes.append("done")
        except claims.UnusableClaim:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=(what,)) for what in (by_hand, derive)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2 and len(standing(county)) == 1
