"""What a queued form is answered: stored, refused, conflict, signed out; and what a phone is told to keep."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from jizhi.claims import models, services
from jizhi.web.field import queue
from tests.web import shiqiao

LATER = {"X-Jizhi-Queue": "later"}


def post(client: Any, address: str, sent: dict[str, Any], **more: str) -> Any:
    return client.post(address, sent, headers=LATER | more)


@pytest.fixture
def form(place: shiqiao.Village) -> tuple[str, dict[str, Any]]:
    """The address of a claim form, and what is sent to it."""
    address = reverse("field:claim_form", args=[place.households["004"].pk, "volunteering"])
    return address, {
        "act_date": "2026-06-14",
        "quantity": "2",
        "words": "扫雪",
        "request_key": uuid.uuid4().hex,
    }


def test_stored_once_however_often_it_comes(worker: Any, form: Any, place: shiqiao.Village) -> None:
    answers = [post(worker, *form).json() for _ in range(2)]
    assert [answer["state"] for answer in answers] == ["stored", "stored"]
    assert answers[0]["url"] == reverse("field:household", args=[place.households["004"].pk])
    assert answers[0]["notes"] == [{"kind": "success", "text": "已为赵示范家申报。"}]
    assert models.Claim.objects.filter(words="扫雪").count() == 1
    assert "已为赵示范家申报" not in worker.get(reverse("field:today")).content.decode()


def test_whoever_waits_sees_the_banner_on_the_next_page(worker: Any, form: Any) -> None:
    assert worker.post(*form, headers={"X-Jizhi-Queue": "now"}).json()["state"] == "stored"
    kept = worker.get(reverse("field:today"), headers={"X-Jizhi-Keep": "1"}).content.decode()
    assert "已为赵示范家申报" not in kept  # a page fetched to be kept does not use the banner up
    assert "已为赵示范家申报" in worker.get(reverse("field:today")).content.decode()


def test_without_the_header_nothing_changes(worker: Any, form: Any) -> None:
    assert worker.post(*form).status_code == 302
    assert worker.post(form[0], form[1] | {"quantity": ""}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "name", "label"),
    [({"quantity": ""}, "quantity", "数量（小时）"), ({"quantity": "0"}, "quantity", "数量（小时）")],
    ids=["by the form", "by the service"],
)
def test_refused_with_the_reason_at_its_field(
    worker: Any, form: Any, wrong: dict[str, str], name: str, label: str
) -> None:
    answer = post(worker, form[0], form[1] | wrong)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["name"], error["label"]) == (name, label)
    assert error["texts"]
    assert not models.Claim.objects.filter(words="扫雪").exists()


def test_refused_in_the_readers_language(worker: Any, form: Any) -> None:
    worker.cookies["django_language"] = "en"
    (error,) = post(worker, form[0], form[1] | {"quantity": ""}).json()["errors"]
    assert error["texts"] == ["This field is required."]


def test_access_stays_in_force(neighbour: Any, worker: Any, client_as: Any, place: Any, form: Any) -> None:
    assert post(neighbour, *form).status_code == 404
    keeper = client_as(place.users["keeper"])
    answer = post(keeper, *form)
    assert (answer.status_code, answer.json()["state"]) == (403, "refused")
    for client, more in ((Client(), {}), (worker, {"X-Jizhi-User": str(place.users["worker2"].pk)})):
        answer = post(client, *form, **more)
        assert (answer.status_code, answer.json()) == (401, {"state": "signed_out"})
    assert not models.Claim.objects.filter(words="扫雪").exists()


def amend(client: Any, claim: models.Claim, **more: str) -> Any:
    sent = {"act_date": "2026-06-07", "quantity": "3", "words": "村小学", "version": "1"}
    sent |= {"request_key": uuid.uuid4().hex, **more}
    return post(client, reverse("field:claim_amendment", args=[claim.pk]), sent)


def amended_by_the_household(place: shiqiao.Village) -> models.Claim:
    claim = place.made["worker_returned"]
    return services.refile_claim(
        claim=claim, act_date=dt.date(2026, 6, 7), quantity=claim.quantity, grade="", words="敬老院", version=1,
        by=place.household_user("005"), at=timezone.localtime(),
    )  # fmt: skip


def test_a_conflict_shows_both_sides_and_who(worker: Any, place: shiqiao.Village) -> None:
    claim = amended_by_the_household(place)
    answer = amend(worker, claim)
    said = answer.json()
    assert (answer.status_code, said["state"], said["version"]) == (409, "conflict", None)
    assert said["changed_by"] == place.household_user("005").display_name
    rows = {row["label"]: (row["now"], row["yours"], row["differs"]) for row in said["rows"]}
    assert rows["补充说明"] == ("敬老院", "村小学", True)
    assert rows["数量（小时）"] == ("2", "3", True)
    assert rows["哪一天"] == ("2026年6月7日", "2026年6月7日", False)
    assert rows["状态"] == ("已申报", "", False)


def test_on_top_of_a_returned_claim_with_its_version(worker: Any, place: shiqiao.Village) -> None:
    claim = amended_by_the_household(place)
    services.return_claim(
        claim_id=claim.pk, reason="写明时间", by=place.users["worker"], at=timezone.localtime()
    )
    assert amend(worker, claim).json()["version"] == 2
    key = uuid.uuid4().hex
    for _ in range(2):  # the second is a repeat after a lost answer, not a conflict
        assert amend(worker, claim, version="2", request_key=key).json()["state"] == "stored"
    claim.refresh_from_db()
    assert (claim.words, claim.version) == ("村小学", 3)


def test_online_a_stale_form_says_so(worker: Any, place: shiqiao.Village) -> None:
    claim = amended_by_the_household(place)
    sent = {
        "act_date": "2026-06-07",
        "quantity": "3",
        "words": "村小学",
        "version": "1",
        "request_key": uuid.uuid4().hex,
    }
    page = worker.post(reverse("field:claim_amendment", args=[claim.pk]), sent)
    assert page.status_code == 422
    assert "这条申报已被改动" in page.content.decode()


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({}, 0),
        ({"X-Jizhi-Recorded": "1000", "X-Jizhi-Sent": "61000"}, 60),
        ({"X-Jizhi-Recorded": "61000", "X-Jizhi-Sent": "1000"}, 0),  # the phone's clock was set back
        ({"X-Jizhi-Recorded": "yesterday", "X-Jizhi-Sent": "1000"}, 0),
    ],
)
def test_when_it_was_recorded(clock: Any, headers: dict[str, str], waited: int) -> None:
    request = RequestFactory().post("/", headers=headers)
    request.at = timezone.localtime()
    assert request.at - queue.recorded_at(request) == dt.timedelta(seconds=waited)


def test_every_request_says_when_it_was_recorded(clock: Any) -> None:
    seen = []

    @queue.queueable
    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.recorded_at)
        return HttpResponse()

    request = RequestFactory().post("/")
    request.at = timezone.localtime()
    view(request)
    assert seen == [request.at]


def test_what_lay_too_long_is_looked_at_again(worker: Any, form: Any) -> None:
    month = str(31 * 86_400_000)
    answer = post(worker, *form, **{"X-Jizhi-Recorded": "0", "X-Jizhi-Sent": month})
    assert answer.status_code == 422
    assert "30 天" in answer.json()["errors"][0]["texts"][0]


def test_a_token_says_whose_it_is(worker: Any, place: shiqiao.Village) -> None:
    said = worker.get(reverse("field:queue_token"), headers=LATER).json()
    assert said["user"] == str(place.users["worker"].pk)
    assert len(said["token"]) == 64
    assert Client().get(reverse("field:queue_token"), headers=LATER).status_code == 401


def test_the_phone_keeps_ones_own_grids_only(worker: Any, place: shiqiao.Village) -> None:
    kept = worker.get(reverse("field:queue_pages"), headers=LATER).json()
    assert {one["no"] for one in kept["households"]} == {"001", "002", "003", "004", "005"}
    assert not any(address.startswith("/desk/") for address in kept["pages"])
    for address in kept["pages"]:
        page = worker.get(address)
        assert page.status_code == 200, address
        assert f'<meta name="jizhi-user" content="{place.users["worker"].pk}">' in page.content.decode()


def test_the_worker_script_names_its_parts(client: Any, db: None) -> None:
    answer = client.get(reverse("field:worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert "field/offline/worker.js" in answer.content.decode()
    assert "没有网络" in client.get(reverse("field:offline")).content.decode()
