"""Panels and what surrounds their meetings: composing, seats, kin, codes, secret votes, signed sheets, circulation."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from jizhi.claims.rules import ClaimState
from jizhi.core import codes
from jizhi.organisations import services as organisations
from jizhi.people import services as people
from jizhi.people.models import Kinship
from jizhi.people.rules import Kin, KinSource
from jizhi.reviews import models, selectors
from jizhi.reviews.rules import Ground, Procedure, SeatRole
from tests.web.desk.world import World

MAY = dt.date(2026, 5, 4)


def text(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def member(world: World, place: int) -> Any:
    """The only registered member of a household, registered here."""
    return people.add_member(
        household=world.households[place], member=people.NewMember(f"家人{place}", "户主"),
        from_date=world.at.date(), by=world.root, at=world.at,
    ).person  # fmt: skip


@pytest.fixture
def waiting(world: World) -> list[Any]:
    claims = [world.file(place, "voluntary-labour", MAY) for place in range(2)]
    world.verify(*claims)
    return claims


def test_a_panel_is_composed_changed_and_ended(as_: Any, world: World) -> None:
    client = as_("township")
    page = reverse("desk:panel", args=[world.panel.pk])
    assert "石桥村评议小组" in text(client.get(reverse("desk:panels")))
    assert "缺员" not in text(client.get(page))
    new = reverse("desk:panel_new") + f"?village={world.village.code}"
    assert "还在任" in text(client.get(new))
    roles = {f"role_{world.staff[f'panel{n}'].pk}": "member" for n in range(1, 4)}
    roles[f"role_{world.staff['panel0'].pk}"] = "chair"
    data = {"title": "第二届评议小组", "from_date": "2026-07-01", **roles}
    assert "任期" in text(client.post(new, data))
    ending = reverse("desk:panel_end", args=[world.panel.pk])
    assert client.post(ending, {"last_day": "2026-06-30"}).status_code == 302
    watcher = {f"role_{world.staff['committee'].pk}": "supervisor"}
    assert "第三十二条" in text(client.post(new, data | watcher))
    answer = client.post(new, data | {f"role_{world.staff['supervisor'].pk}": "supervisor"})
    assert answer.status_code == 302
    second = text(client.get(answer.url))
    assert "监督员" in second
    assert "将任" in second
    panel = models.Panel.objects.get(title="第二届评议小组")
    seat = {"user": world.staff["panel4"].pk, "role": "member", "from_date": "2026-07-02"}
    assert client.post(reverse("desk:seat_new", args=[panel.pk]), seat).status_code == 302
    last = panel.seats.get(user=world.staff["panel3"])
    assert (
        client.post(
            reverse("desk:seat_end", args=[panel.pk, last.pk]), {"last_day": "2026-07-09"}
        ).status_code
        == 302
    )
    last.refresh_from_db()
    assert last.to_date == dt.date(2026, 7, 9)
    assert client.get(reverse("desk:panels_export"), {"state": "coming"}).content.startswith(b"PK")
    assert as_("recorder").get(new).status_code == 403
    assert as_("stranger").get(page).status_code == 404


def test_a_seat_is_linked_to_a_villager_and_kin_are_declared(as_: Any, world: World) -> None:
    client, own, other = as_("township"), member(world, 0), member(world, 1)
    seat = world.panel.seats.get(user=world.staff["panel1"])
    link = reverse("desk:seat_person", args=[world.panel.pk, seat.pk])
    assert "家人0" in text(client.get(link, {"q": "家人0"}))
    assert client.post(f"{link}?q=家人0", {"person": own.pk}).status_code == 302
    assert "已对应村民" in text(client.get(reverse("desk:panel", args=[world.panel.pk])))
    recorder = as_("recorder")
    declaring = reverse("register:kin_new", args=[own.pk])
    assert "没有找到" in text(recorder.get(declaring, {"q": "查无此人"}))
    data = {"relative": other.pk, "kin": "sibling", "source": "village", "from_date": "2026-06-15"}
    assert recorder.post(f"{declaring}?q=家人1", data).status_code == 302
    assert "已经登记" in text(recorder.post(f"{declaring}?q=家人1", data))
    page = reverse("register:person", args=[own.pk])
    assert "兄弟姐妹" in text(recorder.get(page))
    household = reverse("register:household", args=[world.households[1].pk])
    assert "家人0" in text(recorder.get(household))
    row = Kinship.objects.get()
    ending = reverse("register:kin_end", args=[own.pk, row.pk])
    assert recorder.post(ending, {"last_day": "2026-06-15"}).status_code == 302
    assert recorder.get(ending).status_code == 404
    assert as_("stranger").get(declaring).status_code == 404


def test_kin_step_aside_case_by_case_also_when_all_are_approved(
    as_: Any, world: World, waiting: list[Any]
) -> None:
    own, other = member(world, 0), member(world, 1)
    organisations.link_staff_person(user=world.staff["panel1"], person=own, by=world.root, at=world.at)
    people.declare_kin(
        person=own, relative=other, kin=Kin.CHILD, source=KinSource.PERSON, from_date=world.at.date(),
        by=world.root, at=world.at,
    )  # fmt: skip
    client, meeting = as_("recorder"), world.meet(*waiting)
    room = reverse("desk:meeting", args=[meeting.pk])
    shown = text(client.get(room))
    assert "须回避" in shown
    assert "1 人回避" in shown
    seat = world.panel.seats.get(user=world.staff["panel1"])
    assert f'name="seat_{seat.pk}"' not in shown
    assert client.post(reverse("desk:meeting_approval", args=[meeting.pk])).status_code == 302
    frame = selectors.meeting_frame(world.staff["recorder"], meeting.pk, on=world.at.date())
    grounds = [frame.decisions[claim.case_id].recusals for claim in waiting]
    assert grounds == [{seat.pk: Ground.HOUSEHOLD}, {seat.pk: Ground.RELATIVE}]
    after = text(client.get(room))
    assert "近亲属事项" in after
    assert client.get(reverse("desk:meeting_minutes", args=[meeting.pk])).content.startswith(b"%PDF")


def test_too_few_left_to_vote_says_what_to_do(as_: Any, world: World, waiting: list[Any]) -> None:
    for name, place in (("panel0", 0), ("panel1", 1)):
        organisations.link_staff_person(
            user=world.staff[name], person=member(world, place), by=world.root, at=world.at
        )
    people.declare_kin(
        person=member(world, 0), relative=member(world, 1), kin=Kin.CHILD, source=KinSource.PERSON,
        from_date=world.at.date(), by=world.root, at=world.at,
    )  # fmt: skip
    first, second = (world.staff[name].staff_person.person for name in ("panel0", "panel1"))
    people.declare_kin(
        person=first, relative=second, kin=Kin.SIBLING, source=KinSource.PERSON, from_date=world.at.date(),
        by=world.root, at=world.at,
    )  # fmt: skip
    client, meeting = as_("recorder"), world.meet(*waiting, present=3)
    shown = text(client.get(reverse("desk:meeting", args=[meeting.pk])))
    assert "能表决的只有 1 人" in shown
    assert "2 条因回避人数不够" in shown
    address = reverse("desk:meeting_decision", args=[meeting.pk, waiting[0].case_id])
    assert client.post(address, {"outcome": "approve"}).status_code == 422


def test_a_secret_vote_takes_a_count(as_: Any, world: World, waiting: list[Any]) -> None:
    client = as_("recorder")
    seats = [seat.id for seat in selectors.seats_of(world.panel)]
    data = {"held_on_date": "2026-06-15", "seats": seats, "case": [waiting[0].case_id], "voting": "secret"}
    room = client.post(reverse("desk:meeting_new"), data).url
    meeting = int(room.rstrip("/").split("/")[-1])
    assert "无记名表决" in text(client.get(room))
    address = reverse("desk:meeting_decision", args=[meeting, waiting[0].case_id])
    vote = {"outcome": "approve", "votes_for": 4, "against": 2, "abstain": 0}
    assert "重新清点" in text(client.post(address, vote))
    assert client.post(address, vote | {"against": 1}).status_code == 302
    assert not models.Vote.objects.exists()
    assert "同意 4" in text(client.get(room)).replace("<span>", "").replace("</span>", "")


def test_members_sign_in_with_the_code_and_the_sheet_is_attached(
    as_: Any, world: World, waiting: list[Any]
) -> None:
    recorder, meeting = as_("recorder"), world.meet(waiting[0], present=0)
    screen = text(recorder.get(reverse("desk:meeting_code", args=[meeting.pk])))
    word = codes.code_at(meeting.secret, world.at)
    assert word in screen
    assert recorder.get(reverse("desk:meeting_code_picture", args=[meeting.pk])).content.startswith(b"<svg")
    signing = reverse("desk:meeting_sign_in", args=[meeting.pk])
    for n in range(3):
        client = as_(f"panel{n}")
        assert "评议会签到" in text(client.get(reverse("desk:todo")))
        assert client.post(signing, {"code": "nonsense"}).status_code == 422
        assert client.post(signing, {"code": word}).status_code == 302
        assert "您已签到" in text(client.get(signing))
    assert "不是这个评议小组的成员" in text(as_("committee").get(signing))
    assert recorder.post(reverse("desk:meeting_approval", args=[meeting.pk])).status_code == 302
    closing = reverse("desk:meeting_closing", args=[meeting.pk])
    assert recorder.post(closing, {"minutes": "照议程评议。"}).status_code == 302
    assert "附上签字的会议纪要" in text(recorder.get(reverse("desk:todo")))
    photo = io.BytesIO()
    Image.new("RGB", (30, 40), "white").save(photo, "JPEG")
    photo.seek(0)
    sheets = reverse("desk:meeting_sheets", args=[meeting.pk])
    assert recorder.post(sheets, {}).status_code == 422
    assert recorder.post(sheets, {"photos": photo}).status_code == 302
    sheet = models.SignedSheet.objects.get()
    image = recorder.get(reverse("desk:meeting_sheet", args=[sheet.pk]))
    assert b"".join(image.streaming_content).startswith(b"\xff\xd8")
    assert "附上签字的会议纪要" not in text(recorder.get(reverse("desk:todo")))
    assert as_("stranger").get(reverse("desk:meeting_sheet", args=[sheet.pk])).status_code == 404


def test_the_supervisors_words_go_into_the_minutes(as_: Any, world: World, waiting: list[Any]) -> None:
    seat = models.Seat.objects.create(
        panel=world.panel, user=world.staff["supervisor"], role=SeatRole.SUPERVISOR
    )
    meeting = world.meet(*waiting, present=6)
    room = reverse("desk:meeting", args=[meeting.pk])
    address = reverse("desk:meeting_remark", args=[meeting.pk])
    client = as_("supervisor")
    assert "写进纪要" in text(client.get(room))
    assert client.post(address, {"seat": seat.pk, "words": ""}).status_code == 422
    data = {"seat": seat.pk, "words": "第二条佐证不足", "case": waiting[1].case_id}
    assert client.post(address, data).status_code == 302
    assert "第二条佐证不足" in text(as_("recorder").get(room))


def test_small_merits_go_round_and_come_back_decided(as_: Any, world: World) -> None:
    claims = [world.file(place, "village-meeting", MAY) for place in range(2)]
    world.verify(*claims)
    recorder = as_("recorder")
    assert "书面传签" in text(recorder.get(reverse("desk:meetings")))
    new = reverse("desk:circulation_new")
    assert "王守田" in text(recorder.get(new))
    assert recorder.post(new, {}).status_code == 422
    room = recorder.post(new, {"case": [claim.case_id for claim in claims]}).url
    meeting = models.Meeting.objects.get(procedure=Procedure.CIRCULATION)
    answers = reverse("desk:circulation_answers", args=[meeting.pk])
    first, second = (f"case_{claim.case_id}" for claim in claims)
    assert "传签答复" in text(as_("panel0").get(reverse("desk:todo")))
    assert as_("panel0").post(answers, {}).status_code == 422
    assert as_("panel0").post(answers, {first: "for", second: "meeting"}).status_code == 302
    conclusion = reverse("desk:circulation_conclusion", args=[meeting.pk])
    assert "还有成员没有答复" in text(recorder.post(conclusion, follow=True))
    for n in range(1, 5):
        assert as_(f"panel{n}").post(answers, {first: "for"}).status_code == 302
    states = [type(claim).objects.get(pk=claim.pk).state for claim in claims]
    assert states == [ClaimState.POSTED, ClaimState.VERIFIED]
    closed = text(recorder.get(room))
    assert "认定1条" in closed
    assert "没有要您答复的" in text(as_("panel0").get(answers))
    assert recorder.get(reverse("desk:meeting_minutes", args=[meeting.pk])).content.startswith(b"%PDF")
    assert as_("stranger").get(answers).status_code == 404
