"""Activities, needs and teams on all three kinds of page, in one walk each."""

from __future__ import annotations

import io
import uuid
from typing import Any

import openpyxl
from django.urls import reverse
from django.utils import timezone

from jizhi.activities import rules
from jizhi.activities.models import Activity, Attendance, Need, Taking, Team
from jizhi.claims.models import Claim
from tests.web.shiqiao import Village


def _plan(recorder: Any, place: Village, **more: Any) -> Activity:
    form = {
        "kind": "labour", "title": "村道清扫<b>", "area": place.village.code, "place": "村委会门口",
        "starts_at": "2026-06-15T09:30", "ends_at": "2026-06-15T11:30", "item": "voluntary-labour",
        "request_key": str(uuid.uuid4()), "version": "1",
    } | more  # fmt: skip
    answer = recorder.post(reverse("gridwork:activity_new"), form)
    assert answer.status_code == 302, answer.content.decode()
    return Activity.objects.latest("id")


def test_an_activity_from_plan_to_claim(
    place: Village, recorder: Any, worker: Any, mine: Any, theirs: Any
) -> None:
    activity = _plan(recorder, place)
    page = worker.get(reverse("field:activities")).content.decode()
    assert "村道清扫&lt;b&gt;" in page
    assert "<b>" not in page

    code = worker.get(reverse("field:activity_code", args=[activity.pk])).content.decode()
    word = rules.code_at(activity.secret, timezone.now())
    assert word in code
    picture = worker.get(reverse("field:activity_code_picture", args=[activity.pk]))
    assert picture["Content-Type"] == "image/svg+xml"

    address = reverse("resident:activity", args=[activity.pk])
    assert mine.post(address, {"code": "nonsense", "name": "欧阳晓芸"}).status_code == 422
    assert mine.post(address, {"code": word, "name": "欧阳晓芸"}).status_code == 302
    found = worker.get(reverse("field:activity", args=[activity.pk]), {"q": place.cards["002"].code})
    assert "王示例" in found.content.decode()
    signing = {"subject": place.households["002"].subject.pk, "name": "王示例", "how": "card"}
    assert worker.post(reverse("field:activity_signing", args=[activity.pk]), signing).status_code == 302
    assert (
        worker.post(
            reverse("field:activity_signing", args=[activity.pk]), signing | {"subject": "999999"}
        ).status_code
        == 404
    )
    recorder.post(reverse("gridwork:activity_signing", args=[activity.pk]), {"household": "3", "name": ""})
    rows = list(Attendance.objects.order_by("id"))
    assert [row.how for row in rows] == ["code", "card", "list"]

    strike = reverse("field:activity_striking", args=[activity.pk, rows[2].pk])
    worker.post(strike, {"reason": "没有来"})
    worker.post(reverse("field:activity_hours", args=[activity.pk, rows[1].pk]), {"hours": "1.5"})
    listed = openpyxl.load_workbook(
        io.BytesIO(recorder.get(reverse("gridwork:attendance_export", args=[activity.pk])).content)
    )
    assert "没有来" in str([[cell.value for cell in row] for row in listed.active.iter_rows()])
    assert recorder.post(reverse("gridwork:activity_confirming", args=[activity.pk])).status_code == 302
    assert Claim.objects.count() == 2
    assert "已确认" in mine.get(reverse("resident:activities")).content.decode()
    assert theirs.get(address).status_code == 200


def test_a_need_from_asking_to_the_panel(place: Village, recorder: Any, mine: Any, theirs: Any) -> None:
    asked = mine.post(
        reverse("resident:need_new"),
        {
            "kind": "repair", "title": "修水管", "words": "", "wanted_date": "2026-06-20", "places": "1",
            "request_key": str(uuid.uuid4()),
        },
    )  # fmt: skip
    need = Need.objects.get()
    assert asked["Location"] == reverse("resident:need", args=[need.pk])
    assert theirs.get(asked["Location"]).status_code == 404
    recorder.post(reverse("gridwork:need_opening", args=[need.pk]), {"item": "volunteering"})
    shown = theirs.get(reverse("resident:needs")).content.decode()
    assert "修水管" in shown
    assert "欧阳晓芸" not in shown
    theirs.post(reverse("resident:need_taking", args=[need.pk]))
    taking = Taking.objects.get()
    assert "欧阳晓芸" in theirs.get(asked["Location"]).content.decode()
    assert mine.post(asked["Location"], {f"hours-{taking.pk}": "1.5"}).status_code == 302
    assert "交评议会认定" in recorder.get(reverse("gridwork:need", args=[need.pk])).content.decode()
    recorder.post(reverse("gridwork:need_counting", args=[need.pk]))
    assert (
        Claim.objects.get().quantity == taking.claim.quantity if taking.claim else Claim.objects.count() == 1
    )


def test_teams_are_founded_joined_left_and_exported(place: Village, recorder: Any, mine: Any) -> None:
    founded = recorder.post(
        reverse("gridwork:team_new"),
        {
            "area": place.village.code,
            "kind": "care",
            "name": "关爱队",
            "from_date": "2026-06-01",
            "version": "1",
        },
    )
    team = Team.objects.get()
    assert founded["Location"] == reverse("gridwork:team", args=[team.pk])
    assert "关爱队" in mine.get(reverse("resident:teams")).content.decode()
    mine.post(reverse("resident:team", args=[team.pk]), {"name": "欧阳晓芸"})
    recorder.post(
        reverse("gridwork:team_joining", args=[team.pk]),
        {"household": "002", "name": "王示例", "from_date": "2026-06-02"},
    )
    assert team.members.count() == 2
    own = team.members.get(name="欧阳晓芸")
    assert mine.post(reverse("resident:team_leaving", args=[team.pk, own.pk])).status_code == 302
    members = openpyxl.load_workbook(
        io.BytesIO(recorder.get(reverse("gridwork:members_export", args=[team.pk])).content)
    )
    assert "王示例" in str([[cell.value for cell in row] for row in members.active.iter_rows()])


def test_lists_stay_flat(place: Village, recorder: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        _plan(recorder, place, title=f"活动{number}")
    recorder.get(reverse("gridwork:activities"))
    for name, most in [("activities", 14), ("needs", 14), ("teams", 14)]:
        with django_assert_max_num_queries(most):
            assert recorder.get(reverse(f"gridwork:{name}"), {"q": "活"}).status_code == 200
    for name in ("activities_export", "needs_export", "teams_export"):
        assert recorder.get(reverse(f"gridwork:{name}")).status_code == 200
