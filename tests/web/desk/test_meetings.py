"""The meeting room: opening, attendance, votes one by one and many at once, later, closing, print; who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from jizhi.claims.rules import ClaimState
from jizhi.reviews import selectors
from jizhi.reviews.rules import MeetingState, Outcome
from tests.web.desk.world import World

MAY = dt.date(2026, 5, 4)


@pytest.fixture
def waiting(world: World) -> list[Any]:
    claims = [world.file(place, "voluntary-labour", MAY) for place in range(4)]
    world.verify(*claims)
    return claims


def _open(client: Any, world: World, waiting: list[Any], **change: Any) -> Any:
    seats = [seat.id for seat in selectors.seats_of(world.panel)]
    data = {
        "held_on_date": "2026-06-15",
        "place": "村委会",
        "seats": seats,
        "case": [c.case_id for c in waiting],
    }
    return client.post(reverse("desk:meeting_new"), data | change)


def state_of(claim: Any) -> ClaimState:
    claim.refresh_from_db()
    return ClaimState(claim.state)


def test_opening_lists_what_waits(as_: Any, world: World, waiting: list[Any]) -> None:
    client = as_("recorder")
    page = client.get(reverse("desk:meeting_new")).content.decode()
    assert "王守田" in page
    assert "已到现场看过" in page
    client.cookies["django_language"] = "en"
    kept = f'value="{world.village.name}办公室"'
    assert kept in client.get(reverse("desk:meeting_new")).content.decode()
    client.cookies["django_language"] = "zh-hans"
    assert _open(client, world, waiting, held_on_date="2027-01-01").status_code == 422
    answer = _open(client, world, waiting)
    assert answer.status_code == 302
    room = client.get(answer.url).content.decode()
    assert "王守田" in room
    assert "可以表决" in room
    assert "记下表决" in room
    assert "还没有评议会" not in client.get(reverse("desk:meetings")).content.decode()


def test_no_panel_says_what_to_do(as_: Any, world: World) -> None:
    assert "本村还没有评议小组" in as_("stranger").get(reverse("desk:meeting_new")).content.decode()


def test_votes_one_by_one_then_all_the_rest(as_: Any, world: World, waiting: list[Any]) -> None:
    client = as_("recorder")
    room = _open(client, world, waiting).url
    meeting = int(room.rstrip("/").split("/")[-1])
    seats = [seat.id for seat in selectors.seats_of(world.panel)]

    def decide(claim: Any, **data: Any) -> Any:
        return client.post(reverse("desk:meeting_decision", args=[meeting, claim.case_id]), data)

    assert decide(waiting[0], outcome="reject").status_code == 422
    lost = {f"seat_{seat}": "against" for seat in seats[:3]}
    answer = decide(waiting[0], outcome="approve", **lost)
    assert answer.status_code == 422
    assert "没有超过" in answer.content.decode()
    assert decide(waiting[0], outcome="reject", reason="没有到场").status_code == 302
    assert decide(waiting[1], outcome="approve", **{f"seat_{seats[0]}": "recused"}).status_code == 302
    frame = selectors.meeting_frame(world.staff["recorder"], meeting, on=world.at.date())
    assert frame.decisions[waiting[1].case_id].tally.recused == 1
    approval = reverse("desk:meeting_approval", args=[meeting])
    assert "其余2条" in client.get(approval).content.decode()
    assert client.post(approval).status_code == 302
    assert [state_of(claim) for claim in waiting] == [ClaimState.REJECTED, *[ClaimState.POSTED] * 3]
    closing = reverse("desk:meeting_closing", args=[meeting])
    draft = client.get(room).content.decode()
    assert "认定3条，不予认定1条" in draft
    assert "已回避" in draft
    assert client.post(closing, {"minutes": ""}).status_code == 422
    assert client.post(closing, {"minutes": "照议程评议。"}).status_code == 302
    record = client.get(room).content.decode()
    assert "照议程评议" in record
    assert "记下表决" not in record
    assert client.get(reverse("desk:meeting_minutes", args=[meeting])).content.startswith(b"%PDF")


def test_too_few_members_cannot_vote(as_: Any, world: World, waiting: list[Any]) -> None:
    client = as_("recorder")
    room = _open(client, world, waiting, seats=[]).url
    meeting = int(room.rstrip("/").split("/")[-1])
    assert "还不能表决" in client.get(room).content.decode()
    address = reverse("desk:meeting_decision", args=[meeting, waiting[0].case_id])
    assert client.post(address, {"outcome": "approve"}).status_code == 422
    seats = [seat.id for seat in selectors.seats_of(world.panel)][:3]
    client.post(reverse("desk:meeting_attendance", args=[meeting]), {"seats": seats})
    assert client.post(address, {"outcome": "approve"}).status_code == 302


def test_the_panel_names_grade_and_points(as_: Any, world: World) -> None:
    item = _item(world, lambda one: one.needs == "given" and "worker" in one.claim)
    ladder = _item(world, lambda one: one.needs == "grade" and one.kind == "fault" and "worker" in one.claim)
    claims = [world.file(0, item.id, MAY), world.file(1, ladder.id, MAY)]
    world.verify(*claims)
    client = as_("recorder")
    meeting = int(_open(client, world, claims).url.rstrip("/").split("/")[-1])
    given = reverse("desk:meeting_decision", args=[meeting, claims[0].case_id])
    assert client.post(given, {"outcome": "approve"}).status_code == 422
    assert client.post(given, {"outcome": "approve", "given": "1000"}).status_code == 422
    low, _high = item.points.between
    assert client.post(given, {"outcome": "approve", "given": str(low)}).status_code == 302
    graded = reverse("desk:meeting_decision", args=[meeting, claims[1].case_id])
    assert client.post(graded, {"outcome": "approve"}).status_code == 422
    assert client.post(graded, {"outcome": "approve", "grade": "2"}).status_code == 302
    assert [state_of(claim) for claim in claims][1] in (ClaimState.APPROVED, ClaimState.POSTED)


def _item(world: World, fits: Any) -> Any:
    from jizhi.schemes import selectors as schemes

    return next(one for one in schemes.scheme_on(world.village, "household", MAY).items if fits(one))


def test_open_cases_can_wait(as_: Any, world: World, waiting: list[Any]) -> None:
    client = as_("recorder")
    meeting = int(_open(client, world, waiting[:3]).url.rstrip("/").split("/")[-1])
    agenda = reverse("desk:meeting_agenda", args=[meeting])
    client.post(agenda, {"add": ""})
    client.post(agenda, {"case": waiting[0].case_id})
    frame = selectors.meeting_frame(world.staff["recorder"], meeting, on=world.at.date())
    assert set(frame.case_ids) == {claim.case_id for claim in waiting[1:]}
    assert client.post(reverse("desk:meeting_closing", args=[meeting]), {"minutes": "x"}).status_code == 422
    client.post(agenda, {"later": ""})
    client.post(reverse("desk:meeting_closing", args=[meeting]), {"minutes": "都留到下次。"})
    frame = selectors.meeting_frame(world.staff["recorder"], meeting, on=world.at.date())
    assert frame.state is MeetingState.CLOSED
    assert not frame.case_ids


def test_others_look_or_stay_out(as_: Any, world: World, waiting: list[Any]) -> None:
    meeting = world.meet(*waiting)
    room = reverse("desk:meeting", args=[meeting.pk])
    page = as_("supervisor").get(room).content.decode()
    assert "王守田" in page
    assert "记下表决" not in page
    assert as_("supervisor").post(reverse("desk:meeting_approval", args=[meeting.pk])).status_code == 403
    assert as_("stranger").get(room).status_code in (404, 409)
    assert as_("recorder").get(room, {"case": "999999"}).status_code == 404


def test_agenda_does_not_grow_in_queries(as_: Any, world: World, django_assert_max_num_queries: Any) -> None:
    claims = [
        world.file(place % 12, "public-cleaning", dt.date(2026, 5, 1 + place // 12)) for place in range(40)
    ]
    world.verify(*claims)
    meeting = world.meet(*claims)
    client = as_("recorder")
    with django_assert_max_num_queries(46):
        assert client.get(reverse("desk:meeting", args=[meeting.pk])).status_code == 200
    assert Outcome.APPROVE.label == "认定"
