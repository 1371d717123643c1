"""Composing a panel, seats and terms over time, who may watch it; signing in, remarks and the signed sheet."""

import datetime as dt
import io
from typing import Any

import pytest
from PIL import Image

from jizhi.claims import services as claims
from jizhi.core import codes
from jizhi.core.photos import BadPhoto
from jizhi.demo.month import moment
from jizhi.posts.selectors import NotAllowed
from jizhi.reviews import models, selectors
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import MeetingState, Outcome, PanelState, SeatRole
from tests.county import County, file, verify
from tests.domain.reviews.world import are_kin, is_person, meet, rule

MAY = dt.date(2026, 5, 6)
NEXT = dt.date(2027, 1, 1)
AT = moment(MAY, 9)


def compose(county: County, **change: Any) -> models.Panel:
    staff = county.home.staff
    wanted: dict[str, Any] = {
        "village": county.home.area, "title": "新一届评议小组", "from_date": NEXT, "by": county.operator, "at": AT,
        "members": [(staff["panel1"], SeatRole.CHAIR), *((staff[f"panel{n}"], SeatRole.MEMBER) for n in (2, 3))],
    }  # fmt: skip
    return reviews.create_panel(**wanted | change)


def test_terms_of_one_village_do_not_overlap(county: County) -> None:
    with pytest.raises(reviews.PanelOverlap):
        compose(county)
    reviews.end_panel(
        panel=county.home.panel, last_day=NEXT - dt.timedelta(days=1), by=county.operator, at=AT
    )
    panel = compose(county)
    assert panel.quorum == 3
    assert selectors.panel_of(county.home.area, MAY) == county.home.panel
    assert selectors.panel_of(county.home.area, NEXT) == panel
    page = selectors.panel_page(county.operator, panel.pk, on=MAY)
    assert page.line.state is PanelState.COMING
    assert (page.line.voters, page.line.others) == (3, 0)


def test_a_panel_needs_a_chair_three_voters_and_a_quorum_that_fits(county: County) -> None:
    staff = county.home.staff
    reviews.end_panel(panel=county.home.panel, last_day=MAY, by=county.operator, at=AT)
    three = [(staff[f"panel{n}"], SeatRole.MEMBER) for n in (1, 2, 3)]
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"members": three}, "组长"),
        ({"members": [(staff["panel1"], SeatRole.CHAIR), (staff["recorder"], SeatRole.RECORDER)]}, "3名"),
        ({"members": [(staff["panel1"], SeatRole.CHAIR), *three]}, "一个席位"),
        ({"quorum": 2}, "法定人数"),
        ({"quorum": 4}, "法定人数"),
        ({"to_date": NEXT - dt.timedelta(days=2)}, "任期"),
    ]
    for change, words in wrong:
        with pytest.raises(reviews.BadPanel, match=words):
            compose(county, **change)
    with pytest.raises(NotAllowed):
        compose(county, by=staff["recorder"])


def test_no_supervisor_from_the_committee_nor_its_family(county: County) -> None:
    staff = county.home.staff
    panel, day = county.home.panel, MAY
    with pytest.raises(reviews.NotIndependent, match="第三十二条"):
        reviews.add_seat(
            panel=panel,
            user=staff["committee"],
            role=SeatRole.SUPERVISOR,
            from_date=day,
            by=county.operator,
            at=AT,
        )
    watcher = is_person(county, staff["supervisor"], county.subject(0))
    official = is_person(county, staff["committee"], county.subject(1))
    row = are_kin(county, watcher, official)
    with pytest.raises(reviews.NotIndependent, match="近亲属"):
        reviews.add_seat(
            panel=panel,
            user=staff["supervisor"],
            role=SeatRole.SUPERVISOR,
            from_date=day,
            by=county.operator,
            at=AT,
        )
    models.Seat.objects.filter(role=SeatRole.SUPERVISOR).delete()
    row.delete()
    seat = reviews.add_seat(
        panel=panel,
        user=staff["supervisor"],
        role=SeatRole.SUPERVISOR,
        from_date=day,
        by=county.operator,
        at=AT,
    )
    assert seat.role == SeatRole.SUPERVISOR


def test_a_seat_ends_and_another_begins_and_votes_stay(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    meeting = meet(county, claim, day=MAY)
    rule(county, meeting, claims.ClaimRuling(claim.pk, Outcome.APPROVE))
    panel, staff = county.home.panel, county.home.staff
    seat = panel.seats.get(user=staff["panel5"])
    with pytest.raises(reviews.BadPanel, match="参加过会议"):
        reviews.end_seat(seat=seat, last_day=MAY - dt.timedelta(days=1), by=county.operator, at=AT)
    with pytest.raises(reviews.BadPanel, match="没有结束的会议"):
        reviews.end_panel(panel=panel, last_day=MAY, by=county.operator, at=AT)
    reviews.end_seat(seat=seat, last_day=MAY, by=county.operator, at=AT)
    after = MAY + dt.timedelta(days=1)
    with pytest.raises(reviews.BadPanel, match="已有席位"):
        reviews.add_seat(
            panel=panel,
            user=staff["panel4"],
            role=SeatRole.MEMBER,
            from_date=after,
            by=county.operator,
            at=AT,
        )
    with pytest.raises(reviews.BadPanel, match="已有组长"):
        reviews.add_seat(
            panel=panel, user=staff["panel5"], role=SeatRole.CHAIR, from_date=after, by=county.operator, at=AT
        )
    reviews.add_seat(
        panel=panel, user=staff["panel5"], role=SeatRole.MEMBER, from_date=after, by=county.operator, at=AT
    )
    page = selectors.panel_page(county.operator, panel.pk, on=after)
    assert [(line.id, line.votes) for line in page.past] == [(seat.pk, 1)]


def test_members_sign_in_with_the_code_in_the_room(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    meeting, staff = meet(county, claim, day=MAY, absent=5), county.home.staff
    at = moment(MAY, 19)
    word = codes.code_at(meeting.secret, at)
    for user, code in ((staff["panel1"], "00000000"), (staff["committee"], word)):
        with pytest.raises(reviews.WrongCode):
            reviews.sign_in_member(meeting=meeting, code=code, by=user, at=at)
    for name in ("panel1", "panel2", "panel1"):
        reviews.sign_in_member(meeting=meeting, code=word, by=staff[name], at=at)
    frame = selectors.meeting_frame(staff["recorder"], meeting.pk, on=MAY)
    assert frame.present == 2
    assert not frame.has_quorum
    reviews.sign_in_member(meeting=meeting, code=word, by=staff["panel3"], at=at)
    rule(county, meeting, claims.ClaimRuling(claim.pk, Outcome.APPROVE))
    reviews.close_meeting(meeting=meeting, minutes="散会", by=staff["recorder"], at=at)
    with pytest.raises(reviews.MeetingClosed):
        reviews.sign_in_member(meeting=meeting, code=word, by=staff["panel4"], at=at)


def test_the_supervisor_objects_in_the_minutes_and_the_signed_sheet_follows(county: County) -> None:
    claim = file(county, "village-meeting", MAY)
    verify(county, claim)
    panel, staff, at = county.home.panel, county.home.staff, moment(MAY, 19)
    seat = panel.seats.filter(role=SeatRole.SUPERVISOR).first() or reviews.add_seat(
        panel=panel,
        user=staff["supervisor"],
        role=SeatRole.SUPERVISOR,
        from_date=MAY,
        by=county.operator,
        at=AT,
    )
    meeting = meet(county, claim, day=MAY)
    voter = panel.seats.get(user=staff["panel1"])
    with pytest.raises(reviews.BadMinutes, match="监督员"):
        reviews.record_remark(
            meeting=meeting, seat_id=voter.pk, words="我有意见", by=staff["recorder"], at=at
        )
    claim.refresh_from_db()
    reviews.record_remark(
        meeting=meeting,
        seat_id=seat.pk,
        words="证明材料不全",
        case_id=claim.case_id,
        by=staff["supervisor"],
        at=at,
    )
    photo = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(photo, "PNG")
    with pytest.raises(reviews.BadMinutes, match="结束"):
        reviews.attach_signed_sheet(meeting=meeting, photos=[photo], by=staff["recorder"], at=at)
    rule(county, meeting, claims.ClaimRuling(claim.pk, Outcome.APPROVE))
    reviews.close_meeting(meeting=meeting, minutes="散会", by=staff["recorder"], at=at)
    assert [one.id for one in selectors.unsigned_meetings(staff["recorder"], on=MAY, since=MAY)] == [
        meeting.pk
    ]
    with pytest.raises(BadPhoto):
        reviews.attach_signed_sheet(meeting=meeting, photos=[io.BytesIO(b"no")], by=staff["recorder"], at=at)
    for _again in range(2):
        photo.seek(0)
        reviews.attach_signed_sheet(meeting=meeting, photos=[photo], by=staff["recorder"], at=at)
    frame = selectors.meeting_frame(staff["recorder"], meeting.pk, on=MAY)
    assert len(frame.sheets) == 1
    assert [(one.words, one.case_id) for one in frame.remarks] == [("证明材料不全", claim.case_id)]
    assert frame.state is MeetingState.CLOSED
    assert not frame.awaits_sheet
    assert not selectors.unsigned_meetings(staff["recorder"], on=MAY, since=MAY)
