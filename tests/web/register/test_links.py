"""Linking an account to a registered person: from both sides, refused to outsiders and about oneself, taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from jizhi.core.models import AuditEvent
from jizhi.organisations import selectors
from jizhi.organisations.models import StaffPerson
from jizhi.people.models import Household, Person
from tests.county import County

TODAY = dt.date(2026, 6, 15)


@pytest.fixture
def person(county: County) -> Person:
    home = Household.objects.filter(village=county.home.area).order_by("no").first()
    assert home is not None
    found: Person = home.memberships.order_by("id").first().person
    return found


def address(page: str, *args: Any) -> str:
    return reverse(f"register:{page}", args=args)


def test_from_the_account_and_back(county: County, town: Any, client_as: Any, person: Person) -> None:
    client, account = client_as(town), county.home.staff["panel2"]
    assert (
        address("account_person", account.pk) in client.get(address("account", account.pk)).content.decode()
    )
    way = f"{address('account_person', account.pk)}?q={person.name}"
    page = client.get(way).content.decode()
    assert "回避" in page and person.name in page
    assert client.post(way, {"one": person.pk}).status_code == 302
    assert selectors.persons_of_staff([account]) == {account.pk: person.pk}
    page = client.get(address("account", account.pk)).content.decode()
    assert person.name in page
    link = StaffPerson.objects.get()
    ending = address("staff_link_end", link.pk)
    assert client.post(ending, {"reason": ""}).status_code != 302
    assert client.post(ending, {"reason": "认错人了"}).status_code == 302
    assert not StaffPerson.objects.exists()
    assert AuditEvent.objects.get(verb="staff_person.unlink").detail["reason"] == "认错人了"


def test_from_the_person_by_the_village(county: County, as_: Any, person: Person) -> None:
    client, account = as_("committee"), county.home.staff["panel2"]
    assert address("person_account", person.pk) in client.get(address("person", person.pk)).content.decode()
    way = f"{address('person_account', person.pk)}?q={account.username}"
    assert account.username in client.get(way).content.decode()
    assert client.post(way, {"one": account.pk}).status_code == 302
    assert StaffPerson.objects.get().user == account
    assert account.username in client.get(address("person_account", person.pk)).content.decode()
    assert "还没有关联" not in client.get(address("person", person.pk)).content.decode()


def test_nobody_frees_oneself_and_strangers_are_shut_out(county: County, as_: Any, person: Person) -> None:
    committee = county.home.staff["committee"]
    client = as_("committee")
    way = f"{address('person_account', person.pk)}?q={committee.username}"
    refused = client.post(way, {"one": committee.pk})
    assert refused.status_code == 422 and "由别人" in refused.content.decode()
    stranger = county.other.staff["panel2"]
    way = f"{address('person_account', person.pk)}?q={stranger.username}"
    assert "没有找到这个账号" in client.get(way).content.decode()
    assert client.post(way, {"one": stranger.pk}).status_code == 422
    other = as_("committee", "other")
    assert other.get(address("person_account", person.pk)).status_code == 404
    assert other.get(address("account_person", committee.pk)).status_code == 404
    assert as_("recorder").get(address("person_account", person.pk)).status_code == 403
    assert not StaffPerson.objects.exists()


def test_the_own_link_is_ended_by_others(county: County, as_: Any, person: Person) -> None:
    from jizhi.demo.month import moment
    from jizhi.organisations import services

    link = services.link_staff_person(
        user=county.home.staff["committee"], person=person, by=None, at=moment(TODAY, 9)
    )
    answer = as_("committee").post(address("staff_link_end", link.pk), {"reason": "不想回避"})
    assert "由别人" in answer.content.decode() and StaffPerson.objects.exists()
    assert as_("committee", "other").get(address("staff_link_end", link.pk)).status_code == 404
