"""Queued visits, books, classes and matters: stored once at their own time, and conflicts with both sides."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from jizhi.matters import services as matters
from jizhi.matters.models import Matter, Step
from jizhi.matters.rules import Verb
from jizhi.visits import services
from jizhi.visits.models import BookChange, HouseholdClass, Visit, VisitAddition
from jizhi.visits.rules import How
from tests.web import shiqiao

DAY = 86_400_000
LATER = {"X-Jizhi-Queue": "later"}
A_DAY_AGO = LATER | {"X-Jizhi-Recorded": "0", "X-Jizhi-Sent": str(DAY)}


def photo() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(content, "JPEG")
    return SimpleUploadedFile("one.jpg", content.getvalue(), "image/jpeg")


def post(client: Any, name: str, key: Any, sent: dict[str, Any], headers: dict[str, str] = LATER) -> Any:
    """One entry as the phone sends it, with a key of its own unless it has one."""
    keys = key if isinstance(key, list) else [key]
    given = {"request_key": uuid.uuid4().hex} | sent
    return client.post(reverse(f"field:{name}", args=keys), given, headers=headers)


def rows_of(answer: Any) -> dict[str, tuple[str, str, bool]]:
    assert answer.status_code == 409, answer.content.decode()
    return {row["label"]: (row["now"], row["yours"], row["differs"]) for row in answer.json()["rows"]}


@pytest.fixture
def home(place: shiqiao.Village) -> Any:
    return place.households["001"]


def test_a_visit_took_place_when_it_was_written_down(worker: Any, home: Any) -> None:
    sent = {"how": "home", "note": "谈了取暖", "request_key": "a" * 32}
    for _n in range(2):
        answer = post(worker, "visit_new", home.pk, sent | {"photos": photo()}, A_DAY_AGO)
        assert answer.json()["state"] == "stored"
        assert {note["kind"] for note in answer.json()["notes"]} == {"success"}
    visit = Visit.objects.get()
    assert visit.visited_at == timezone.localtime() - dt.timedelta(days=1)
    assert (visit.recorded_at, visit.photos.count()) == (timezone.localtime(), 1)


def test_a_time_that_was_keyed_in_goes_before_the_phones(worker: Any, home: Any) -> None:
    sent = {"how": "phone", "visited_at": "2026-06-10T09:30"}
    assert post(worker, "visit_new", home.pk, sent, A_DAY_AGO).json()["state"] == "stored"
    assert timezone.localtime(Visit.objects.get().visited_at).isoformat()[:16] == "2026-06-10T09:30"


def test_the_photos_of_a_repeat_on_the_next_day_are_no_failure(
    worker: Any, home: Any, clock: Any, client_as: Any, place: shiqiao.Village
) -> None:
    sent = {"how": "home", "request_key": "b" * 32}
    post(worker, "visit_new", home.pk, sent | {"photos": photo()})
    clock.shift(dt.timedelta(days=1))
    answer = post(
        client_as(place.users["worker"]), "visit_new", home.pk, sent | {"photos": photo()}, A_DAY_AGO
    )
    assert [note["kind"] for note in answer.json()["notes"]] == ["success"]
    assert Visit.objects.get().photos.count() == 1


def recorded(place: shiqiao.Village, home: Any) -> Visit:
    return services.record_visit(
        household=home, how=How.HOME, request_key="c" * 32, by=place.users["worker"], at=timezone.localtime()
    )


def test_a_change_made_on_the_day_counts_when_it_arrives_later(
    place: shiqiao.Village, home: Any, clock: Any, client_as: Any
) -> None:
    visit = recorded(place, home)
    clock.shift(dt.timedelta(days=1))
    worker = client_as(place.users["worker"])
    sent = {"how": "phone", "note": "其实是电话", "version": "1", "request_key": "d" * 32}
    refused = post(worker, "visit_change", visit.pk, sent).json()
    assert refused["state"] == "refused" and "当天" in refused["errors"][0]["texts"][0]
    for _n in range(2):
        assert post(worker, "visit_change", visit.pk, sent, A_DAY_AGO).json()["state"] == "stored"
    visit.refresh_from_db()
    assert (visit.how, visit.version) == (How.PHONE, 2)
    assert post(worker, "visit_photos", visit.pk, {"photos": photo()}, A_DAY_AGO).json()["state"] == "stored"
    assert visit.photos.count() == 1


def test_a_stale_change_shows_both_sides(worker: Any, place: shiqiao.Village, home: Any) -> None:
    visit = recorded(place, home)
    post(worker, "visit_change", visit.pk, {"how": "phone", "note": "第一次", "version": "1"})
    answer = post(worker, "visit_change", visit.pk, {"how": "home", "note": "第二次", "version": "1"})
    assert rows_of(answer)["备注"] == ("第一次", "第二次", True)
    assert rows_of(answer)["怎样见到的"][2]
    assert answer.json()["version"] == 2


def test_an_addition_is_stored_once_and_refused_empty(worker: Any, place: shiqiao.Village, home: Any) -> None:
    visit = recorded(place, home)
    for _n in range(2):
        sent = {"text": "还谈了医保", "request_key": "e" * 32}
        assert post(worker, "visit_addition", visit.pk, sent).json()["state"] == "stored"
    assert VisitAddition.objects.count() == 1
    refused = post(worker, "visit_addition", visit.pk, {"text": ""})
    assert (refused.status_code, refused.json()["errors"][0]["name"]) == (422, "text")


BOOK = {
    "field_house": "own",
    "field_heating": ["coal", "gas"],
    "field_land": "3.5",
    "field_wiring_checked": "2026-05-02",
}


def test_a_book_is_filled_once_and_its_conflict_compares_like_with_like(
    worker: Any, place: shiqiao.Village, home: Any
) -> None:
    first = BOOK | {"version": "0", "request_key": "f" * 32}
    assert post(worker, "book_edit", home.pk, first).json()["state"] == "stored"
    services.fill_book(
        household=home, values={"land": "4", "house": None}, version=1, by=place.users["committee"],
        at=timezone.localtime(),
    )  # fmt: skip
    assert post(worker, "book_edit", home.pk, first).json()["state"] == "stored"  # the answer had been lost
    assert BookChange.objects.filter(book__household=home).count() == 6
    answer = post(worker, "book_edit", home.pk, BOOK | {"version": "1", "field_skills": "会电焊"})
    rows = rows_of(answer)
    assert rows["住房"] == ("—", "自有", True)
    assert rows["承包地（亩）"] == ("4", "3.5", True)
    assert rows["电线检查日期"] == ("2026年5月2日", "2026年5月2日", False)
    assert rows["取暖方式"][2] is False and rows["特长和愿意参加的服务"] == ("—", "会电焊", True)
    said = answer.json()
    assert (said["changed_by"], said["version"]) == ("赵主任", 2) and said["changed_at"]


def test_classes_set_by_others_are_not_undone_unseen(worker: Any, place: shiqiao.Village, home: Any) -> None:
    given = {"household": home, "by": place.users["committee"], "at": timezone.localtime()}
    page = worker.get(reverse("field:classes", args=[home.pk])).content.decode()
    assert 'name="version" value="0"' in page and 'data-offline="classes"' in page
    services.set_classes(keys=["old_alone"], **given)
    sent = {"classes": ["newcomers"], "version": "0"}
    answer = post(worker, "classes", home.pk, sent)
    now, yours, differs = rows_of(answer)["走访类别"]
    assert differs and "独居" in now and "独居" not in yours
    assert (answer.json()["version"], answer.json()["changed_by"]) == (1, "赵主任")
    for _n in range(2):
        again = post(worker, "classes", home.pk, sent | {"version": "1", "request_key": "9" * 32})
        assert again.json()["state"] == "stored"
    open_now = HouseholdClass.objects.filter(household=home, to_date=None)
    assert list(open_now.values_list("key", flat=True)) == ["newcomers"]


REPORT = {"kind": "facility", "words": "桥头路灯不亮", "request_key": "8" * 32}


def test_a_matter_was_reported_when_it_was_written(worker: Any, place: shiqiao.Village) -> None:
    for _n in range(2):
        answer = worker.post(
            reverse("field:matter_new"),
            REPORT | {"photos": photo(), "household_no": "004"},
            headers=A_DAY_AGO,
        )
        assert answer.json()["state"] == "stored"
    matter = Matter.objects.get()
    assert matter.reported_at == timezone.localtime() - dt.timedelta(days=1)
    assert matter.due_date is not None and matter.due_date >= place.today  # its clock starts on arrival
    assert (matter.photos.count(), answer.json()["url"]) == (1, reverse("field:matter", args=[matter.pk]))
    refused = worker.post(reverse("field:matter_new"), {"words": "没有种类"}, headers=LATER).json()
    assert "kind" in {error["name"] for error in refused["errors"]}


@pytest.fixture
def matter(worker: Any, place: shiqiao.Village) -> Matter:
    """In the worker's own hands."""
    worker.post(reverse("field:matter_new"), REPORT | {"area": place.grids[0].code})
    found = Matter.objects.get()
    return matters.dispatch_matter(
        matter_id=found.pk,
        assignee=place.users["worker"],
        by=place.users["committee"],
        at=timezone.localtime(),
    )


def test_steps_written_on_one_kept_page_follow_each_other(worker: Any, matter: Matter) -> None:
    version = {"version": str(matter.version)}
    key = {"request_key": "7" * 32}
    for verb, words in (("start", ""), ("note", "买了灯泡"), ("note", "买了灯泡"), ("handle", "换好了")):
        more = key if verb == "note" else {}
        answer = post(worker, "matter_step", [matter.pk, verb], {"words": words} | version | more)
        assert answer.json()["state"] == "stored", answer.content.decode()
    taken = Step.objects.filter(matter=matter, no__gt=matter.version).order_by("no")
    assert [step.verb for step in taken] == [Verb.START, Verb.NOTE, Verb.HANDLE]


def test_a_step_after_somebody_elses_shows_what_they_did(worker: Any, matter: Matter, place: Any) -> None:
    stale = {"words": "换好了", "version": str(matter.version)}
    matters.dispatch_matter(
        matter_id=matter.pk, assignee=place.users["committee"], words="我来办", by=place.users["committee"],
        at=timezone.localtime(),
    )  # fmt: skip
    answer = post(worker, "matter_step", [matter.pk, "handle"], stale)
    rows = rows_of(answer)
    assert rows["怎样办理的"] == ("—", "换好了", True)
    assert rows["这一步的说明"][0] == "我来办" and rows["办理人"][0] == "赵主任"
    assert answer.json()["version"] is None  # it is no longer the worker's to handle
    assert answer.json()["changed_by"] == "赵主任"
    refused = post(worker, "matter_step", [matter.pk, "note"], {"words": "", "version": "1"})
    assert refused.json()["errors"][0]["name"] == "words"


def test_online_nothing_has_changed(worker: Any, matter: Matter, home: Any) -> None:
    page = worker.get(reverse("field:matter", args=[matter.pk])).content.decode()
    assert 'data-offline="matter-handle"' in page and f'data-offline-whose="{matter.number}"' in page
    stale = {"words": "换好了", "version": "1", "request_key": "6" * 32}
    answer = worker.post(reverse("field:matter_step", args=[matter.pk, "handle"]), stale)
    assert answer.status_code == 422 and "刚被别人办理过" in answer.content.decode()
    assert worker.post(reverse("field:visit_new", args=[home.pk]), {"note": "空"}).status_code == 422
