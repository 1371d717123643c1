"""Every kind of record that gives claims: visits, activities, needs, meetings, services; each once, and back again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import jizhi
from jizhi.activities import services as activities
from jizhi.activities.rules import ActivityKind, NeedKind
from jizhi.areas.models import Area
from jizhi.channels import selectors, services
from jizhi.channels.models import DerivedClaim
from jizhi.channels.rules import Record
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import ClaimState
from jizhi.core.models import AuditEvent
from jizhi.demo.month import moment
from jizhi.engine import loader
from jizhi.engine.loader import DocumentError
from jizhi.ledger import selectors as ledger
from jizhi.ledger.models import Entry
from jizhi.ledger.rules import Cause
from jizhi.organisations import services as organisations
from jizhi.organisations.models import StaffPerson
from jizhi.organisations.rules import OrganisationKind
from jizhi.organisations.services import OrganisationData
from jizhi.participants import services as participants
from jizhi.people.models import Membership, Person, Subject
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Outcome
from jizhi.schemes.models import Pack
from jizhi.visits import services as visits
from jizhi.visits.models import PlannedVisit
from jizhi.visits.rules import How
from tests.county import County, decide, posted
from tests.scored import BEGIN, adopt

PACKS = Path(jizhi.__file__).parent / "packs"
MAY = dt.date(2026, 5, 6)


@pytest.fixture
def home(county: County) -> County:
    """The home village goes by Hezhang's table of records."""
    rules = loader.load_pack(PACKS / "hezhang").claims.model_dump(mode="json")
    Pack.objects.update(claims=rules)
    return county


def scored(county: County, scheme: str, person: Person) -> Subject:
    """The person takes part from the first of January."""
    adopt(county.home.area, scheme, county.operator)
    return participants.enrol_by_hand(
        village=county.home.area, scheme=scheme, person=person, from_date=BEGIN,
        by=county.home.staff["recorder"], at=moment(MAY, 7),
    ).subject  # fmt: skip


def member_of(county: County, place: int = 0, number: int = 0) -> Person:
    """Somebody of a household."""
    rows = Membership.objects.filter(household=county.subject(place).household, to_date=None)
    return rows.order_by("id")[number].person


def derive(county: County, day: dt.date = MAY) -> int:
    return services.derive_claims(village=county.home.area, at=moment(day, 23))


def building_leader(county: County) -> tuple[Any, Subject]:
    """The grid worker of the first household leads a building, too, and is scored for it."""
    worker, person = county.worker(county.subject()), member_of(county)
    organisations.link_staff_person(user=worker, person=person, by=county.operator, at=moment(BEGIN, 9))
    return worker, scored(county, "building-leader", person)


def visit(county: County, place: int, by: Any, day: dt.date, how: How = How.HOME) -> Any:
    return visits.record_visit(
        household=county.subject(place).household, how=how, request_key=f"{place}-{day}-{how}", by=by,
        at=moment(day, 10),
    )  # fmt: skip


def test_a_visit_counts_once_a_household_and_month(home: County) -> None:
    worker, leader = building_leader(home)
    near = [place for place in range(8) if home.worker(home.subject(place)) == worker][:2]
    visit(home, near[0], worker, MAY)
    visit(home, near[0], worker, MAY + dt.timedelta(days=1))
    visit(home, near[1], worker, MAY, How.ABSENT)
    assert derive(home, MAY + dt.timedelta(days=2)) == 1
    claim = Claim.objects.get(subject=leader)
    assert (claim.item, claim.quantity, claim.act_date) == ("visits", Decimal(1), MAY)
    assert claim.state == ClaimState.FILED  # the visitor alone says so: somebody looks at it
    assert derive(home, MAY + dt.timedelta(days=2)) == 0
    visit(home, near[0], worker, dt.date(2026, 6, 2))
    assert derive(home, dt.date(2026, 6, 2)) == 1


def test_what_one_alone_recorded_somebody_else_of_the_place_verifies(home: County) -> None:
    worker, leader = building_leader(home)
    other, elsewhere = home.home.staff["committee"], home.other.staff["committee"]
    for who, village in ((other, home.home.area), (elsewhere, home.other.area)):
        posts.assign_post(
            user=who, kind=PostKind.GRID_LEADER, area=village, from_date=MAY, by=home.operator,
            at=moment(MAY, 7),
        )  # fmt: skip
    visit(home, 0, worker, MAY)
    derive(home)
    claim = Claim.objects.get(subject=leader)
    with pytest.raises(NotAllowed):
        claims.verify_claims(claim_ids=[claim.pk], by=elsewhere, at=moment(MAY, 23))
    StaffPerson.objects.filter(user=worker).delete()  # no longer known as whoever gets the points
    with pytest.raises(claims.WrongState, match="自己的记录"):
        claims.verify_claims(claim_ids=[claim.pk], by=worker, at=moment(MAY, 23))
    (verified,) = claims.verify_claims(claim_ids=[claim.pk], by=other, at=moment(MAY, 23))
    assert verified.verified_by == other


def test_known_records_are_not_asked_for_one_by_one(home: County) -> None:
    worker, _leader = building_leader(home)
    near = [place for place in range(8) if home.worker(home.subject(place)) == worker]

    def queries() -> int:
        derive(home)
        with CaptureQueriesContext(connection) as asked:
            assert derive(home) == 0
        return len(asked)

    visit(home, near[0], worker, MAY)
    one = queries()
    for place in near[1:3]:
        visit(home, place, worker, MAY)
    assert queries() == one


def test_a_visit_put_right_takes_its_points_back(home: County) -> None:
    worker, leader = building_leader(home)
    made = visit(home, 0, worker, MAY)
    assert derive(home) == 1
    claim = Claim.objects.get(subject=leader)
    other = home.home.staff["committee"]
    posts.assign_post(
        user=other,
        kind=PostKind.GRID_LEADER,
        area=home.home.area,
        from_date=MAY,
        by=home.operator,
        at=moment(MAY, 7),
    )
    claims.verify_claims(claim_ids=[claim.pk], by=other, at=moment(MAY, 23))
    decide(home, claim, day=MAY)
    claim.refresh_from_db()
    assert ledger.awarded_in_period(leader.pk, MAY, MAY) == 100
    StaffPerson.objects.filter(user=worker).delete()  # the register says otherwise, the record does not
    assert derive(home, MAY + dt.timedelta(days=1)) == 0
    claim.refresh_from_db()
    assert claim.state == ClaimState.POSTED
    visits.change_visit(
        visit=made, version=made.version, how=How.ABSENT, topics=[], note="", by=worker, at=moment(MAY, 23)
    )
    assert derive(home, MAY + dt.timedelta(days=1)) == 0
    claim.refresh_from_db()
    assert claim.state == ClaimState.REVERSED
    reversal = Entry.objects.get(fact=claim.fact, cause=Cause.REVERSED)
    assert reversal.posted_by is None
    assert AuditEvent.objects.get(verb="fact.reverse").by_id is None
    assert ledger.awarded_in_period(leader.pk, MAY, MAY) == 0
    assert derive(home, MAY + dt.timedelta(days=2)) == 0


def test_a_month_without_a_visit_missed(home: County) -> None:
    worker, leader = building_leader(home)
    households = [
        home.subject(place).household for place in range(8) if home.worker(home.subject(place)) == worker
    ]
    grid = households[0].area
    for place, household in enumerate(households[:2]):
        PlannedVisit.objects.create(
            village=home.home.area, area=grid, household=household, month=dt.date(2026, 5, 1),
            due_date=dt.date(2026, 5, 20 + place), place=place,
        )  # fmt: skip
    about = {"how": How.HOME, "by": worker, "at": moment(MAY, 9)}
    visits.record_visit(household=households[0], request_key="a", **about)
    derive(home, dt.date(2026, 6, 1))
    assert not Claim.objects.filter(item="no-visit-missed").exists()
    visits.record_visit(household=households[1], request_key="b", **about)
    assert not PlannedVisit.objects.filter(visit=None).exists()
    derive(home, dt.date(2026, 5, 31))
    assert not Claim.objects.filter(item="no-visit-missed").exists()
    derive(home, dt.date(2026, 6, 1))
    (claim,) = Claim.objects.filter(item="no-visit-missed")
    assert (claim.subject, claim.act_date) == (leader, dt.date(2026, 5, 31))
    posts.assign_post(
        user=home.home.staff["committee"], kind=PostKind.GRID_WORKER, area=grid,
        from_date=dt.date(2026, 5, 1), by=home.operator, at=moment(dt.date(2026, 6, 2), 7),
    )  # fmt: skip
    derive(home, dt.date(2026, 6, 2))
    claim.refresh_from_db()
    assert claim.state == ClaimState.FILED, "a second worker in the register takes nothing back"


def test_an_activity_counts_for_whoever_is_on_its_list(home: County) -> None:
    person, committee = member_of(home, 0, 1), home.home.staff["committee"]
    volunteer = scored(home, "volunteer", person)
    at = moment(MAY, 8)
    for kind, key in ((ActivityKind.CULTURE, "culture"), (ActivityKind.SERVICE, "service")):
        activity = activities.plan_activity(
            area=home.home.area, kind=kind, title="清河", place="河边", starts_at=at,
            ends_at=at + dt.timedelta(hours=2), request_key=key, by=committee, at=at - dt.timedelta(days=1),
        )  # fmt: skip
        for name in (person.name, "外村人"):
            activities.sign_in_household(
                activity=activity,
                subject=home.subject(),
                name=name,
                by=committee,
                at=at + dt.timedelta(hours=1),
            )
        derive(home)
        assert not Claim.objects.filter(item="hours").exists()
        activities.confirm_activity(activity=activity, by=committee, at=at + dt.timedelta(hours=3))
    Membership.objects.filter(person=person, to_date=None).update(to_date=MAY)  # gone the day after
    assert derive(home) == 1
    (claim,) = Claim.objects.filter(subject=volunteer)
    assert (claim.item, claim.quantity, claim.state) == ("hours", Decimal(2), ClaimState.VERIFIED)


def test_a_need_that_was_met_counts_for_the_volunteer(home: County) -> None:
    person, committee = member_of(home, 1, 0), home.home.staff["committee"]
    volunteer = scored(home, "volunteer", person)
    at = moment(MAY, 8)
    need = activities.post_need(
        village=home.home.area, subject=home.subject(0), kind=NeedKind.REPAIR, title="修门", wanted_date=MAY,
        request_key="need", by=home.user(home.subject(0)), at=at,
    )  # fmt: skip
    activities.open_need(need=need, by=committee, at=at)
    taking = activities.take_need(
        need=need, subject=home.subject(1), name=person.name, by=home.user(home.subject(1)), at=at
    )
    activities.finish_need(
        need=need,
        helped=[activities.Help(taking.pk, Decimal(1))],
        by=home.user(home.subject(0)),
        at=moment(MAY, 20),
    )
    assert derive(home) == 1
    (claim,) = Claim.objects.filter(subject=volunteer)
    assert (claim.item, claim.words) == ("need-served", "修门")


def test_a_meeting_counts_for_the_member_who_was_there(home: County) -> None:
    seat = home.home.panel.seats.select_related("user").order_by("pk").last()
    person = member_of(home, 3)
    organisations.link_staff_person(user=seat.user, person=person, by=home.operator, at=moment(BEGIN, 9))
    cadre = scored(home, "cadre", person)
    posted(home, "voluntary-labour", MAY)
    meeting = home.home.panel.meetings.get()
    reviews.close_meeting(meeting=meeting, minutes="记录", by=home.home.staff["recorder"], at=moment(MAY, 21))
    assert derive(home) == 1
    (claim,) = Claim.objects.filter(subject=cadre)
    assert (claim.item, claim.state) == ("panel-meeting", ClaimState.VERIFIED)


def test_a_service_that_is_revoked_gives_its_points_back(home: County) -> None:
    person, at = member_of(home, 2), moment(MAY, 8)
    member = scored(home, "member", person)
    unit = organisations.create_organisation(
        data=OrganisationData(kind=OrganisationKind.UNIT, name="县图书馆", area=Area.objects.get(level__key="county")),
        from_date=BEGIN, by=home.operator, at=at,
    )  # fmt: skip
    report = organisations.report_unit(
        unit=unit, area=home.home.area, from_date=BEGIN, by=home.operator, at=at
    )
    reporter = organisations.add_reporter(
        report=report, data=organisations.ReporterData(name=person.name, person=person), request_key="r",
        from_date=BEGIN, by=home.operator, at=at,
    )  # fmt: skip
    row = organisations.record_service(
        reporter=reporter, day=MAY, minutes=90, words="清扫街道", request_key="s",
        by=home.home.staff["recorder"], at=at,
    )  # fmt: skip
    assert derive(home) == 0
    committee = home.home.staff["committee"]
    organisations.confirm_services(service_ids=[row.pk], by=committee, at=moment(MAY, 9))
    assert derive(home) == 1
    (claim,) = Claim.objects.filter(subject=member)
    assert (claim.quantity, claim.state) == (Decimal("1.5"), ClaimState.VERIFIED)
    organisations.revoke_service(service_id=row.pk, reason="登记错了", by=committee, at=moment(MAY, 22))
    assert derive(home) == 0
    claim.refresh_from_db()
    assert claim.state == ClaimState.WITHDRAWN
    line = next(
        one for one in selectors.rule_lines(home.home.area, on=MAY) if one.record is Record.SERVICE_CONFIRMED
    )
    assert (line.made, line.counted, line.taken_back) == (1, 0, 1)
    assert DerivedClaim.objects.get().number == row.pk


@pytest.mark.parametrize("way", ["reopened", "reopened_and_decided", "corrected", "rejected_then_reopened"])
def test_what_stands_in_the_place_of_a_derived_claim_is_taken_back(home: County, way: str) -> None:
    worker, leader = building_leader(home)
    made, other, at = visit(home, 0, worker, MAY), home.home.staff["committee"], moment(MAY, 23)
    assert derive(home) == 1
    claim = Claim.objects.get(subject=leader)
    posts.assign_post(
        user=other, kind=PostKind.GRID_LEADER, area=home.home.area, from_date=MAY, by=home.operator, at=at
    )
    claims.verify_claims(claim_ids=[claim.pk], by=other, at=at)
    rejected = way == "rejected_then_reopened"
    decide(home, claim, day=MAY, **{"outcome": Outcome.REJECT, "reason": "再看"} if rejected else {})
    claim.refresh_from_db()
    if way == "corrected":
        day = claims.Correction(act_date=MAY - dt.timedelta(days=1))
        last = claims.correct_fact(fact_id=claim.fact_id or 0, correction=day, reason="日期", by=other, at=at)
    else:
        last = claims.reopen_claim(claim_id=claim.pk, reason="复核", by=other, at=at)
    if way == "reopened_and_decided":
        decide(home, last, day=MAY)
    visits.change_visit(
        visit=made, version=made.version, how=How.ABSENT, topics=[], note="", by=worker, at=at
    )
    assert derive(home, MAY + dt.timedelta(days=1)) == 0
    last.refresh_from_db()
    counted = way in {"corrected", "reopened_and_decided"}
    assert last.state == (ClaimState.REVERSED if counted else ClaimState.WITHDRAWN)
    assert ledger.awarded_in_period(leader.pk, MAY - dt.timedelta(days=1), MAY) == 0
    assert derive(home, MAY + dt.timedelta(days=2)) == 0


def test_what_somebody_filed_is_not_taken_back_like_this(home: County) -> None:
    claim = posted(home, "voluntary-labour", MAY)
    with pytest.raises(claims.WrongState):
        claims.take_back_derived(claim_id=claim.pk, reason="x", by=home.operator, at=moment(MAY, 23))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{record: visit_done, item: visits, quantity: one}", "scheme"),
        ("{record: visit_done, scheme: cadre, item: visits, quantity: hours}", "hours"),
        ("{record: visit_done, scheme: cadre, item: visits}", "visits"),
        ("{record: need_served, scheme: volunteers, item: need-served}", "volunteer"),
        ("{record: needs_served, scheme: volunteer, item: need-served}", "need_served"),
        ("{record: need_served, scheme: volunteer, item: no-show}", "no-show"),
    ],
)
def test_a_table_that_cannot_work_is_refused(tmp_path: Path, line: str, told: str) -> None:
    for path in (PACKS / "hezhang").rglob("*.yaml"):
        copy = tmp_path / path.relative_to(PACKS / "hezhang")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / "pack.yaml").read_text(encoding="utf-8")
    first = "    - {record: visit_done, scheme: building-leader, item: visits, quantity: one}"
    assert first in text
    (tmp_path / "pack.yaml").write_text(text.replace(first, f"    - {line}"), encoding="utf-8")
    with pytest.raises(DocumentError) as refusal:
        loader.load_pack(tmp_path)
    assert told in str([(one.found, one.expected, one.nearest) for one in refusal.value.problems])
