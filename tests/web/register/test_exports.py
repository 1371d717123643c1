"""Exports of the registers' lists, read back: the rows of the list under its filters, and nobody else's."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from jizhi.demo.month import moment
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind
from jizhi.people.models import Household, Person
from jizhi.posts.models import Post
from tests.county import BEGIN, County

AT = moment(dt.date(2026, 6, 15), 9)


def rows(client: Any, page: str, **query: Any) -> list[tuple[Any, ...]]:
    answer = client.get(reverse(f"register:{page}"), query)
    assert answer.status_code == 200, answer.status_code
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def words(found: list[tuple[Any, ...]]) -> str:
    return "\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in found)


@pytest.fixture
def client(town: Any, client_as: Any) -> Any:
    return client_as(town)


@pytest.fixture
def reported(county: County) -> Any:
    """A unit that reports in the home village, with a member and two services, one of them confirmed."""
    given: dict[str, Any] = {"by": None, "at": AT}
    data = organisations.OrganisationData(
        kind=OrganisationKind.UNIT, name="县图书馆", area=county.home.area.parent
    )
    unit = organisations.create_organisation(data=data, from_date=BEGIN, **given)
    report = organisations.report_unit(unit=unit, area=county.home.area, from_date=BEGIN, **given)
    reporter = organisations.add_reporter(
        report=report, data=organisations.ReporterData("何党员"), request_key="m", from_date=BEGIN, **given
    )
    made = [
        organisations.record_service(
            reporter=reporter, day=AT.date(), minutes=90, words=said, request_key=said, **given
        )
        for said in ("清扫街道", "入户宣传")
    ]
    organisations.confirm_services(service_ids=[made[0].pk], by=None, at=AT)
    return made


def test_services_by_state_and_scope(county: County, client: Any, as_: Any, reported: Any) -> None:
    every = words(rows(client, "services_export"))
    assert "清扫街道" in every and "入户宣传" in every and "1.5" in every
    confirmed = words(rows(client, "services_export", state="confirmed"))
    assert "清扫街道" in confirmed and "入户宣传" not in confirmed
    assert "清扫街道" not in words(rows(as_("committee", "other"), "services_export"))
    assert as_("panel1").get(reverse("register:services_export")).status_code == 403


def test_vacant_grids(county: County, client: Any, as_: Any) -> None:
    Post.objects.filter(kind="grid_worker").update(to_date=dt.date(2026, 5, 1))
    every, home = words(rows(client, "vacancies_export")), county.home.area
    assert home.name in every and county.other.area.name in every
    assert county.other.area.name not in words(rows(client, "vacancies_export", area=home.code))
    assert county.other.area.name not in words(rows(as_("committee"), "vacancies_export"))


def test_bodies_of_all_villages_and_of_one(county: County, client: Any, as_: Any) -> None:
    data = organisations.OrganisationData(
        kind=OrganisationKind.VILLAGERS_COMMITTEE, name="石桥村委会", area=county.home.area, leader="赵主任"
    )
    organisations.create_organisation(data=data, from_date=BEGIN, by=None, at=AT)
    found = {row[1]: row for row in rows(client, "bodies_export")}
    assert found[county.home.area.name][-2] == 1 and found[county.other.area.name][-2] == 0
    one = words(rows(client, "bodies_export", village=county.home.area.code))
    assert "赵主任" in one and "缺" in one
    assert "赵主任" in words(rows(as_("committee"), "bodies_export"))
    address = reverse("register:bodies_export")
    assert as_("committee", "other").get(address, {"village": county.home.area.code}).status_code == 404


def test_the_whole_party_tree_or_a_branch_of_it(county: County, client: Any, as_: Any) -> None:
    above, made = None, []
    for kind, name, area in (
        (OrganisationKind.PARTY_COMMITTEE, "镇党委", county.home.area.parent),
        (OrganisationKind.GENERAL_BRANCH, "村党总支", county.home.area),
        (OrganisationKind.BRANCH, "第一党支部", county.home.area),
        (OrganisationKind.PARTY_GROUP, "第一小组", county.home.area),
    ):
        data = organisations.OrganisationData(kind=kind, name=name, area=area, parent=above)
        above = organisations.create_organisation(data=data, from_date=BEGIN, by=None, at=AT)
        made.append(above)
    tree = [row for row in rows(client, "party_tree_export") if row[-2] in (1, 2, 3, 4)]
    assert [(row[2], row[-2]) for row in tree] == [
        ("镇党委", 1), ("村党总支", 2), ("第一党支部", 3), ("第一小组", 4)
    ]  # fmt: skip
    below = words(rows(client, "party_tree_export", root=made[2].pk))
    assert "第一小组" in below and "镇党委" not in below
    assert "第一小组" not in words(rows(as_("committee", "other"), "party_tree_export"))
    address = reverse("register:party_tree_export")
    assert as_("committee", "other").get(address, {"root": made[2].pk}).status_code == 404


def test_pairs_of_one_village(county: County, as_: Any) -> None:
    home = Household.objects.filter(village=county.home.area).order_by("no")
    one, other = (row.memberships.order_by("id").first().person for row in home[:2])
    Person.objects.filter(pk__in=[one.pk, other.pk]).update(name="郑重复", birth_date=dt.date(1990, 1, 1))
    found = words(rows(as_("committee"), "duplicates_export"))
    assert found.count("郑重复") == 2 and "同村同名同生日" in found
    assert "郑重复" not in words(rows(as_("committee", "other"), "duplicates_export"))
    address = reverse("register:duplicates_export")
    assert as_("committee", "other").get(address, {"village": county.home.area.code}).status_code == 404


def test_areas_as_the_list_shows_them(county: County, client: Any) -> None:
    every = rows(client, "areas_export")
    grids = rows(client, "areas_export", level="grid", q=county.home.area.name)
    codes = {row[0] for row in every}
    assert county.home.area.code in codes and county.other.area.code in codes
    assert county.home.area.code not in {row[0] for row in grids}
    village = rows(client, "areas_export", level="village", q=county.home.area.code)
    assert [row[0] for row in village[1:]] == [county.home.area.code]
    whole = next(row for row in every if row[0] == county.home.area.code)
    assert village[1] == whole
    assert len(rows(client, "areas_export", state="closed")) == 1
