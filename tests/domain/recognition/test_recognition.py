"""Three-party recognition: who scores when, where the three differ, and what the decision puts into the ledger."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from jizhi.claims import selectors as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ClaimState
from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.people import selectors as people
from jizhi.posts.selectors import NotAllowed
from jizhi.recognition import rules, selectors, services
from jizhi.recognition.models import Round, Sheet
from jizhi.recognition.rules import Party, Score, SelfChannel, SheetState
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Meeting
from jizhi.reviews.rules import Choice, Ground, Voting
from tests.county import County
from tests.domain.claims.test_evidence import jpeg, scene

LAST = dt.date(2026, 5, 31)
AT = moment(LAST + dt.timedelta(days=1), 9)


def score(amount: Any, grade: str = "", words: str = "") -> Score:
    return Score(Decimal(str(amount)), grade, words)


def opened(county: County, **changes: Any) -> Round:
    wanted: dict[str, Any] = {
        "village": county.home.area, "scheme": "household", "title": "上半年三方认定",
        "from_date": dt.date(2026, 1, 1), "to_date": LAST, "self_until_date": LAST + dt.timedelta(days=14),
        "by": county.home.staff["recorder"], "at": AT,
    }  # fmt: skip
    return services.open_round(**wanted | changes)


def sheet_of(county: County, place: int = 0) -> Sheet:
    return opened(county).sheets.get(subject=county.subject(place))


def by_self(county: County, sheet: Sheet, scores: Mapping[str, Score], **changes: Any) -> Sheet:
    wanted = {"channel": SelfChannel.PHONE, "by": county.user(sheet.subject), "at": AT} | changes
    return services.score_self(sheet_id=sheet.pk, scores=scores, **wanted)


def by_team(county: County, sheet: Sheet, scores: Mapping[str, Score], **changes: Any) -> Sheet:
    wanted: dict[str, Any] = {"photos": {}, "by": county.worker(sheet.subject), "at": AT} | changes
    return services.score_team(sheet_id=sheet.pk, scores=scores, **wanted)


def meeting_of(county: County) -> Meeting:
    return reviews.open_meeting(
        panel=county.home.panel, held_on_date=AT.date(), case_ids=[],
        seat_ids=list(county.home.panel.seats.values_list("pk", flat=True)),
        by=county.home.staff["recorder"], at=AT,
    )  # fmt: skip


def decide(county: County, sheet: Sheet, scores: Mapping[str, Score], **changes: Any) -> Sheet:
    wanted: dict[str, Any] = {"meeting": changes.pop("meeting", None) or meeting_of(county)}
    wanted |= {"by": county.home.staff["recorder"], "at": AT} | changes
    return services.decide_sheet(sheet_id=sheet.pk, scores=scores, **wanted)


def test_a_round_has_a_sheet_for_every_household_and_tells_it(county: County) -> None:
    row = opened(county)
    assert row.sheets.count() == len(county.home.all_subjects)
    assert "recognition.open" in {line.kind for line in people.inbox(county.subject().pk)}
    with pytest.raises(services.BadRound, match="已经开过"):
        opened(county)
    with pytest.raises(services.BadRound):
        opened(county, to_date=AT.date() + dt.timedelta(days=1))
    with pytest.raises(services.BadRound):
        opened(county, to_date=LAST - dt.timedelta(days=1), self_until_date=LAST)
    with pytest.raises(NotAllowed):
        opened(county, to_date=LAST - dt.timedelta(days=2), by=county.worker(county.subject()))


def test_three_columns_and_where_they_differ(county: County) -> None:
    sheet = sheet_of(county)
    by_self(
        county,
        sheet,
        {"voluntary-labour": score(2), "volunteering": score(4, words="修渠"), "piling": score(0)},
    )
    by_team(county, sheet, {"voluntary-labour": score(1), "volunteering": score(4), "littering": score(1)})
    page = selectors.sheet_page(county.worker(sheet.subject), sheet.pk, on=AT.date())
    rows = {row.item.id: row for row in page.rows}
    assert page.parties == [Party.SELF, Party.TEAM]
    assert {name for name, row in rows.items() if row.differs} == {"voluntary-labour", "littering"}
    assert rows["voluntary-labour"].points == {Party.SELF: 1000, Party.TEAM: 500}
    assert rows["volunteering"].scores[Party.SELF].words == "修渠"
    assert page.totals[Party.SELF] == 1000 + rows["volunteering"].points[Party.SELF]
    assert page.totals[Party.TEAM] < page.totals[Party.SELF]


def test_what_is_decided_goes_to_the_ledger_and_faults_wait(county: County) -> None:
    sheet = sheet_of(county)
    scores = {
        "voluntary-labour": score(2), "volunteering": score(3), "neighbour-help": score(1, "with-machine"),
        "bravery": score(12), "littering": score(1),
    }  # fmt: skip
    by_team(county, sheet, scores, photos={"volunteering": [jpeg(scene(1))]})
    sheet = decide(county, sheet, scores)
    assert sheet.state == SheetState.DECIDED
    rows = claims.claims_of_subject(sheet.subject_id)
    assert {row.channel for row in rows} == {Channel.RECOGNITION} and len(rows) == 6
    states = {row.item.id: row.state for row in rows}
    assert states.pop("littering") is ClaimState.APPROVED
    assert set(states.values()) == {ClaimState.POSTED}
    assert next(row.photos for row in rows if row.item.id == "volunteering") == 1
    points = sorted(entry.points for entry in ledger.entries_of_subject(sheet.subject_id))
    assert sum(points) == 500 * 2 + 300 + 200 + 1200
    assert claims.flagged([row.id for row in rows]) == set()
    page = selectors.sheet_page(county.user(sheet.subject), sheet.pk, on=AT.date())
    assert len(next(row for row in page.rows if row.item.id == "voluntary-labour").claims) == 2
    with pytest.raises(services.TooLate):
        decide(county, sheet, scores, meeting=sheet.meeting)


def test_deciding_otherwise_needs_a_reason_and_a_majority(county: County) -> None:
    sheet, meeting = sheet_of(county), meeting_of(county)
    by_team(county, sheet, {"voluntary-labour": score(2)})
    with pytest.raises(services.BadScore) as caught:
        decide(county, sheet, {"voluntary-labour": score(1)}, meeting=meeting)
    assert caught.value.place == "reason"
    against = dict.fromkeys(county.home.panel.seats.values_list("pk", flat=True), Choice.AGAINST)
    with pytest.raises(reviews.NotCarried):
        decide(
            county,
            sheet,
            {"voluntary-labour": score(1)},
            meeting=meeting,
            reason="一次记重了",
            choices=against,
        )
    assert ledger.entries_of_subject(sheet.subject_id) == []
    sheet = decide(county, sheet, {"voluntary-labour": score(1)}, meeting=meeting, reason="一次记重了")
    assert sheet.reason == "一次记重了"
    assert [entry.points for entry in ledger.entries_of_subject(sheet.subject_id)] == [500]


def test_nothing_decided_files_nothing(county: County) -> None:
    sheet = sheet_of(county)
    by_team(county, sheet, {})
    decide(county, sheet, {})
    assert claims.claims_of_subject(sheet.subject_id) == []


def test_the_claims_are_theirs_who_scored_not_of_whoever_keys_them_in(county: County) -> None:
    own = sheet_of(county)
    found = Sheet.objects.get(round=own.round, subject=county.subject(1))
    meeting, before = meeting_of(county), AT - dt.timedelta(hours=1)
    by_self(county, own, {"voluntary-labour": score(1)}, at=before)
    for sheet in (own, found):
        by_team(county, sheet, {"voluntary-labour": score(1)})
        decide(county, sheet, {"voluntary-labour": score(1)}, meeting=meeting)
    (mine,) = Claim.objects.filter(subject=own.subject)
    (theirs,) = Claim.objects.filter(subject=found.subject)
    assert (mine.filed_by, mine.filed_at) == (county.user(own.subject), before)
    assert theirs.filed_by == county.worker(found.subject)
    for claim in (mine, theirs):
        assert (claim.verified_by, claim.verified_at) == (county.worker(claim.subject), AT)
        assert county.home.staff["recorder"].pk not in claims.who_acted(claim.fact_id or 0) - {
            claim.case.decisions.get().decided_by_id
        }


def test_a_member_who_scored_for_the_team_steps_aside(county: County) -> None:
    sheet = sheet_of(county)
    by_team(county, sheet, {"voluntary-labour": score(1)})
    seat = county.home.panel.seats.order_by("pk").first()
    Sheet.objects.filter(pk=sheet.pk).update(team_by=seat.user)
    decide(county, sheet, {"voluntary-labour": score(1)})
    (claim,) = Claim.objects.filter(subject=sheet.subject)
    assert dict(claim.case.decisions.get().recusals.values_list("seat", "ground")) == {
        seat.pk: Ground.OWN_CLAIM
    }


def test_only_an_ordinary_meeting_with_an_open_vote_decides_a_sheet(county: County) -> None:
    sheet, recorder = sheet_of(county), county.home.staff["recorder"]
    by_team(county, sheet, {"voluntary-labour": score(1)})
    common = {"panel": county.home.panel, "by": recorder, "at": AT}
    seats = list(county.home.panel.seats.values_list("pk", flat=True))
    secret = reviews.open_meeting(held_on_date=AT.date(), seat_ids=seats, voting=Voting.SECRET, **common)
    (case,) = reviews.open_cases(village=county.home.area, count=1, at=AT)
    round_about = reviews.start_circulation(case_ids=[case.pk], due_date=AT.date(), **common)
    foreign = reviews.open_meeting(
        panel=county.other.panel, held_on_date=AT.date(), by=county.other.staff["recorder"], at=AT
    )
    for meeting in (secret, round_about, foreign):
        with pytest.raises(services.WrongMeeting):
            decide(county, sheet, {"voluntary-labour": score(1)}, meeting=meeting)
    assert panels.meeting_in_session(recorder, county.home.area, on=AT.date()) is None
    older = reviews.open_meeting(held_on_date=AT.date() - dt.timedelta(days=1), seat_ids=seats, **common)
    with pytest.raises(reviews.TooEarly):
        decide(county, sheet, {"voluntary-labour": score(1)}, meeting=older)
    newest = reviews.open_meeting(held_on_date=AT.date(), seat_ids=seats, **common)
    assert panels.meeting_in_session(recorder, county.home.area, on=AT.date()) == newest.pk
    assert panels.meeting_in_session(county.other.staff["recorder"], county.home.area, on=AT.date()) is None
    assert decide(county, sheet, {"voluntary-labour": score(1)}, meeting=newest).state == SheetState.DECIDED


def test_rounds_of_one_scheme_do_not_overlap(county: County) -> None:
    row = opened(county)
    for first, last in ((dt.date(2026, 5, 31), LAST), (dt.date(2026, 3, 1), dt.date(2026, 3, 2))):
        with pytest.raises(services.BadRound, match="重叠") as caught:
            opened(county, from_date=first, to_date=last)
        assert caught.value.place == "from_date"
    with pytest.raises(DatabaseError, match="round_once_at_a_time"), transaction.atomic():
        Round.objects.create(
            village=row.village, scheme=row.scheme, title="又一轮", from_date=LAST, to_date=LAST, self_until_date=LAST,
            opened_at=AT, opened_by=row.opened_by,
        )  # fmt: skip


def test_everybody_in_turn_and_in_time(county: County) -> None:
    sheet = sheet_of(county)
    with pytest.raises(services.TooLate):
        decide(county, sheet, {})
    with pytest.raises(selectors.NoSuchSheet):
        by_self(county, sheet, {}, by=county.user(county.subject(1)))
    with pytest.raises(NotAllowed):
        by_team(county, sheet, {}, by=county.other.staff["recorder"])
    late = moment(LAST + dt.timedelta(days=15), 9)
    with pytest.raises(services.TooLate, match="截止"):
        by_self(county, sheet, {}, at=late)
    spoken = by_self(
        county, sheet, {"voluntary-labour": score(1)}, channel=SelfChannel.SPOKEN,
        by=county.worker(sheet.subject), at=late,
    )  # fmt: skip
    assert spoken.self_channel == SelfChannel.SPOKEN
    by_self(county, sheet, {"voluntary-labour": score(2)})
    by_team(county, sheet, {"voluntary-labour": score(2)})
    with pytest.raises(services.TooLate, match="已经评过"):
        by_self(county, sheet, {})
    with pytest.raises(NotAllowed):
        decide(
            county,
            sheet,
            {"voluntary-labour": score(2)},
            by=county.worker(sheet.subject),
            meeting=meeting_of(county),
        )


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ("nonsense", score(1)), ("voluntary-labour", score("1.5")), ("voluntary-labour", score(32)),
        ("voluntary-labour", score(-1)), ("neighbour-help", score(1)), ("bravery", score(31)),
        ("volunteering", score("1e7")),
    ],
)  # fmt: skip
def test_impossible_scores_name_their_line(county: County, item: str, said: Score) -> None:
    with pytest.raises(services.BadScore) as caught:
        by_self(county, sheet_of(county), {item: said})
    assert caught.value.place == item


def test_another_village_sees_no_sheet(county: County) -> None:
    sheet = sheet_of(county)
    stranger = county.other.staff["recorder"]
    with pytest.raises(selectors.NoSuchSheet):
        selectors.sheet_page(stranger, sheet.pk, on=AT.date())
    with pytest.raises(selectors.NoSuchSheet):
        selectors.sheet_by_code(stranger, rules.sheet_code(sheet.pk), on=AT.date())
    with pytest.raises(selectors.NoSuchSheet):
        selectors.round_of(stranger, sheet.round_id, on=AT.date())
    assert (
        selectors.sheet_by_code(county.worker(sheet.subject), rules.sheet_code(sheet.pk), on=AT.date())
        == sheet.pk
    )
    assert selectors.round_of(county.worker(sheet.subject), sheet.round_id, on=AT.date()).pk == sheet.round_id


def test_the_database_keeps_the_order(county: County) -> None:
    sheet = sheet_of(county)
    for state in (SheetState.DECIDED,):
        with pytest.raises(DatabaseError), transaction.atomic():
            Sheet.objects.filter(pk=sheet.pk).update(state=state)


@given(
    st.decimals(0, 100, places=2), st.sampled_from(["", "a", "b"]), st.decimals(0, 100, places=2),
    st.sampled_from(["", "a", "b"]),
)  # fmt: skip
def test_same_is_symmetric_and_silence_is_nothing(one: Decimal, grade: str, two: Decimal, other: str) -> None:
    first, second = Score(one, grade), Score(two, other)
    assert first.same(second) == second.same(first)
    assert first.same(first) and first.same(None) == first.says_nothing


def test_photos_are_bounded(county: County) -> None:
    sheet = sheet_of(county)
    files: list[io.BytesIO] = [jpeg(scene(number)) for number in range(5)]
    with pytest.raises(services.BadScore, match="最多"):
        by_team(county, sheet, {"voluntary-labour": score(1)}, photos={"voluntary-labour": files})
