"""Organisations, double reporting and the register of posts at the desk: what is shown, done, refused and exported."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from jizhi.organisations.models import Belonging, Organisation, Reporter, Service, UnitReport
from jizhi.people.models import Person
from jizhi.posts.models import Post
from tests.county import County

TODAY = "2026-06-15"


@pytest.fixture
def client(town: Any, client_as: Any) -> Any:
    return client_as(town)


def text(client: Any, page: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"register:{page}", args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(client: Any, page: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"register:{page}", args=args), data)


def found(client: Any, county: County, kind: str, name: str, **more: Any) -> Organisation:
    data = {"kind": kind, "name": name, "area": county.home.area.code, "from_date": TODAY} | more
    assert send(client, "organisation_new", **data).status_code == 302
    return Organisation.objects.get(name=name)


def test_found_change_join_transfer_and_close(county: County, client: Any) -> None:
    branch = found(client, county, "branch", "第一党支部", code="D1")
    other = found(client, county, "branch", "第二党支部")
    assert (
        "要设在上级组织之下"
        in send(
            client,
            "organisation_new",
            kind="party_group",
            name="小组",
            area=county.home.area.code,
            from_date=TODAY,
        ).content.decode()
    )
    found(client, county, "party_group", "第一小组", parent="D1")
    assert "第一小组" in text(client, "organisation", branch.pk)
    assert "第一小组" in text(client, "party_tree")
    stale = {"kind": "branch", "name": "改名支部", "area": county.home.area.code, "version": 9}
    assert send(client, "organisation_edit", branch.pk, **stale).status_code == 422
    assert send(client, "organisation_edit", branch.pk, **stale | {"version": 1}).status_code == 302
    person = Person.objects.order_by("id").first()
    assert person is not None
    address = reverse("register:belonging_new", args=[branch.pk])
    assert person.name in client.get(address, {"q": person.name}).content.decode()
    joined = client.post(
        f"{address}?q={person.name}",
        {"person": person.pk, "role": "party_member", "keeps_file": "on", "from_date": TODAY},
    )
    assert joined.status_code == 302
    row = Belonging.objects.get()
    assert send(client, "belonging_transfer", row.pk, to="第二党支部", on_day="2026-06-20").status_code == 302
    assert Belonging.objects.get(to_date=None).organisation == other
    assert (
        "还有下级组织"
        in send(client, "organisation_closing", branch.pk, to_date=TODAY, reason="撤并").content.decode()
    )
    assert client.get(reverse("register:organisations_export")).content.startswith(b"PK")


def test_bodies_show_what_is_missing(county: County, client: Any, as_: Any) -> None:
    found(client, county, "villagers_committee", "石桥村委会", leader="赵主任")
    assert "2/7" not in text(client, "bodies")
    assert "赵主任" in text(client, "bodies", village=county.home.area.code)
    assert "社区治理组织体系" in text(client, "bodies", set="1+4")
    assert "赵主任" in text(as_("committee"), "bodies")


def test_a_unit_reports_and_its_services_count_once_confirmed(county: County, client: Any, as_: Any) -> None:
    found(client, county, "unit", "县图书馆")
    data = {"unit": "县图书馆", "area": county.home.area.code, "from_date": TODAY}
    assert send(client, "report_new", **data).status_code == 302
    report = UnitReport.objects.get()
    member = {"name": "何党员", "from_date": TODAY, "request_key": "m1", "duty": "宣传员"}
    for _twice in range(2):
        assert send(client, "reporter_new", report.pk, **member).status_code == 302
    reporter = Reporter.objects.get()
    recorder = as_("recorder")
    service = {"day": TODAY, "hours": "1.5", "words": "清扫街道", "request_key": "s1"}
    assert send(recorder, "service_new", reporter.pk, **service).status_code == 302
    row = Service.objects.get()
    assert "清扫街道" in text(client, "services", state="recorded")
    assert send(recorder, "services_confirmation", service=row.pk).status_code == 403
    assert send(client, "services_confirmation", service=row.pk).status_code == 302
    assert "1.5" in text(client, "report", report.pk)
    assert client.get(reverse("register:reports_export")).content.startswith(b"PK")
    assert send(client, "service_refusal", row.pk, reason="记错了").status_code == 302
    row.refresh_from_db()
    assert row.state == "revoked"


def test_posts_are_listed_stood_in_for_and_handed_over(county: County, client: Any) -> None:
    post = Post.objects.get(user=county.home.staff["panel2"])
    panel3, recorder = county.home.staff["panel3"], county.home.staff["recorder"]
    deputy = {"username": recorder.username, "from_date": TODAY, "to_date": "2026-06-30"}
    assert send(client, "deputy_new", post.pk, **deputy | {"to_date": "2027-06-30"}).status_code == 422
    assert send(client, "deputy_new", post.pk, **deputy).status_code == 302
    assert recorder.display_name in text(client, "post_list", state="deputy")
    given = {"username": panel3.username, "last_day": TODAY}
    assert "已任" in send(client, "hand_over", post.pk, **given, confirmed="1").content.decode()
    given["username"] = recorder.username
    shown = send(
        client, "hand_over", post.pk, username=county.home.staff["supervisor"].username, last_day=TODAY
    )
    assert "确认移交" in shown.content.decode()
    done = send(
        client,
        "hand_over",
        post.pk,
        username=county.home.staff["supervisor"].username,
        last_day=TODAY,
        confirmed="1",
    )
    assert done.status_code == 302
    post.refresh_from_db()
    assert str(post.to_date) == TODAY
    assert county.home.panel.seats.filter(user=county.home.staff["supervisor"]).exists()
    assert "前任" in text(client, "post", Post.objects.get(succeeds=post).pk)


def test_vacant_grids_own_posts_and_duties(county: County, client: Any, as_: Any) -> None:
    worker = next(iter(county.home.workers.values()))
    Post.objects.filter(user=worker).update(to_date=dt.date(2026, 5, 1))
    assert "第一网格" in text(client, "vacancies")
    assert "记录员" in text(as_("recorder"), "own_posts")
    assert text(as_("recorder"), "duties").count('scope="col"') == 16
    assert as_("store").get(reverse("register:organisations")).status_code == 403


def test_queries_stay_flat(county: County, client: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        found(client, county, "enterprise", f"企业{number}")
    for name in (
        "organisations",
        "party_tree",
        "bodies",
        "reports",
        "services",
        "post_list",
        "vacancies",
        "own_posts",
    ):
        with django_assert_max_num_queries(24):
            text(client, name)
