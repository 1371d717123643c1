"""Sheets that recusal puts beyond the panel: the township rules on every line, and all goes on as after a meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.claims import selectors as claims
from jizhi.claims.rules import Channel, ClaimState
from jizhi.ledger import selectors as ledger
from jizhi.notices import services as notices
from jizhi.notices.rules import ObjectionChannel
from jizhi.people import selectors as people
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from jizhi.recognition import selectors, services
from jizhi.recognition.models import Sheet
from jizhi.recognition.rules import Party, SheetState
from jizhi.reviews import models
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Ground, Procedure
from tests import factories
from tests.county import County, moment
from tests.domain.recognition.test_recognition import AT, by_team, decide, meeting_of, opened, score
from tests.domain.reviews.world import are_kin, head, is_person

SCORES = {"voluntary-labour": score(2), "volunteering": score(3), "littering": score(1)}


@pytest.fixture
def township(county: County) -> Any:
    return factories.holder(PostKind.TOWNSHIP, county.home.area.parent)


def related(county: County, sheet: Sheet, members: tuple[int, ...] = (1, 2, 3, 4)) -> None:
    """So many of the five voting members are kin of the household."""
    for number in members:
        member = is_person(county, county.home.staff[f"panel{number}"], county.subject(number))
        are_kin(county, member, head(sheet.subject))


def beyond(county: County, scores: Any = SCORES) -> Sheet:
    """The first household's sheet, scored by the team, on which one of five members may vote."""
    sheet = opened(county).sheets.get(subject=county.subject())
    related(county, sheet)
    return by_team(county, sheet, scores)


def ruled(sheet: Sheet, by: Any, scores: Any = SCORES, reason: str = "查看记录，情况属实") -> Sheet:
    return services.rule_sheet(sheet_id=sheet.pk, scores=scores, reason=reason, by=by, at=AT)


def test_the_township_rules_where_no_meeting_could(county: County, township: Any) -> None:
    sheet = beyond(county)
    by_team(county, sheet.round.sheets.get(subject=county.subject(5)), SCORES)
    (one,) = selectors.beyond_panel(township, on=AT.date())
    assert (one.sheet.id, one.round, one.why.left, one.why.needed) == (sheet.pk, sheet.round.title, 1, 2)
    assert [ground for _name, ground in one.why.recused] == [Ground.RELATIVE] * 4
    with pytest.raises(reviews.TooFewEntitled, match="乡镇裁定"):
        decide(county, sheet, SCORES)
    assert claims.claims_of_subject(sheet.subject_id) == [], "what could not be decided was not filed"
    sheet = ruled(sheet, township, SCORES | {"voluntary-labour": score(1)}, "签到表上只有一次")
    assert (sheet.state, sheet.reason) == (SheetState.DECIDED, "签到表上只有一次")
    assert selectors.beyond_panel(township, on=AT.date()) == []
    states = {row.item.id: row.state for row in claims.claims_of_subject(sheet.subject_id)}
    assert states == {
        "voluntary-labour": ClaimState.POSTED,
        "volunteering": ClaimState.POSTED,
        "littering": ClaimState.APPROVED,
    }, "a deduction waits to be told"
    assert sum(entry.points for entry in ledger.entries_of_subject(sheet.subject_id)) == 500 + 300
    assert "三方认定" in str(people.inbox(sheet.subject_id)[0].title)
    page = selectors.sheet_page(county.user(sheet.subject), sheet.pk, on=AT.date())
    assert page.by_township
    assert page.totals[Party.DECIDED] == page.totals[Party.TEAM] - 500


def test_it_stands_on_record_as_one_ruling_with_a_decision_for_each_line(
    county: County, township: Any
) -> None:
    sheet = ruled(beyond(county), township)
    meeting = models.Meeting.objects.get(procedure=Procedure.RULING)
    assert sheet.meeting == meeting
    assert meeting.minutes == "查看记录，情况属实"
    rows = claims.claims_of_subject(sheet.subject_id)
    assert {row.channel for row in rows} == {Channel.RECOGNITION}
    decided = list(meeting.decisions.all())
    assert {one.case_id for one in decided} == {row.case_id for row in rows}
    assert len(decided) == 4, "two days of labour, the hours, the deduction"
    assert {(one.votes_for, one.recused, one.decided_by_id) for one in decided} == {(0, 4, township.pk)}
    frame = panels.meeting_frame(county.home.staff["recorder"], meeting.pk, on=AT.date())
    assert frame.is_ruling


def test_what_is_ruled_stands_on_the_notice_and_is_objected_to(county: County, township: Any) -> None:
    sheet = ruled(beyond(county), township)
    later = moment(dt.date(2026, 6, 3), 10)
    notice = notices.post_notice(
        village=county.home.area, scheme="household", period="2026-05",
        by=county.home.staff["committee"], at=later,
    )  # fmt: skip
    (fact,) = {
        row.fact_id for row in claims.claims_of_subject(sheet.subject_id) if row.item.id == "volunteering"
    }
    objection = notices.file_objection(
        notice=notice, fact_id=fact, subject=sheet.subject, grounds="少算了一个小时。",
        channel=ObjectionChannel.PHONE_PAGE, request_key="ruled", by=county.user(sheet.subject), at=later,
    )  # fmt: skip
    assert objection.fact_id == fact


def test_only_with_reasons_only_by_the_township_and_only_what_the_panel_cannot(
    county: County, township: Any
) -> None:
    sheet = beyond(county)
    free = by_team(county, sheet.round.sheets.get(subject=county.subject(5)), SCORES)
    unscored = sheet.round.sheets.get(subject=county.subject(6))
    with pytest.raises(reviews.ReasonMissing):
        ruled(sheet, township, reason="  ")
    for by in (county.home.staff["recorder"], county.home.staff["committee"], county.home.staff["panel5"]):
        with pytest.raises(NotAllowed):
            ruled(sheet, by)
    with pytest.raises(NotAllowed):
        ruled(sheet, factories.holder(PostKind.TOWNSHIP, factories.township()))
    with pytest.raises(reviews.PanelDecides):
        ruled(free, township)
    with pytest.raises(services.TooLate):
        ruled(unscored, township)
    with pytest.raises(services.BadScore):
        ruled(sheet, township, {"no-such-item": score(1)})
    assert not models.Decision.objects.exists()
    sheet = ruled(sheet, township)
    with pytest.raises(services.TooLate):
        ruled(sheet, township)
    with pytest.raises(services.TooLate):
        decide(county, sheet, SCORES, meeting=meeting_of(county))


def test_a_sheet_on_which_nothing_is_found_is_ruled_on_like_any_other(county: County, township: Any) -> None:
    sheet = ruled(beyond(county, {}), township, {}, "逐项核对，本期没有应记的事项")
    assert sheet.state == SheetState.DECIDED
    assert claims.claims_of_subject(sheet.subject_id) == []
    assert selectors.sheet_page(county.user(sheet.subject), sheet.pk, on=AT.date()).by_township


def test_whoever_is_close_to_the_household_does_not_rule_on_it(county: County, township: Any) -> None:
    sheet = beyond(county)
    is_person(county, township, county.subject(6))
    are_kin(county, head(county.subject(6)), head(sheet.subject))
    with pytest.raises(reviews.Involved):
        ruled(sheet, township)


def test_the_list_costs_the_same_for_many(
    county: County, township: Any, django_assert_max_num_queries: Any
) -> None:
    sheet = beyond(county)
    for place in (5, 6, 7):
        other = sheet.round.sheets.get(subject=county.subject(place))
        for number in (1, 2, 3, 4):
            are_kin(county, head(county.subject(number)), head(other.subject))
        by_team(county, other, SCORES)
    with django_assert_max_num_queries(14):
        assert len(selectors.beyond_panel(township, on=AT.date())) == 4
