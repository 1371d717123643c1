"""The interface for other systems beyond households: claims for persons and organisations under their own schemes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jizhi.channels import services
from jizhi.channels.models import System
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind
from jizhi.participants.models import Participant
from jizhi.people import services as people
from jizhi.people.models import Membership
from jizhi.people.rules import PartyStanding
from jizhi.posts.rules import PostKind
from tests import factories
from tests.scored import adopt, follow
from tests.web import shiqiao

TODAY = dt.date(2026, 6, 15)
AT = shiqiao.moment(TODAY)
MAY_PUSH = [("member", "volunteering"), ("branch", "theme-day"), ("household", "volunteering")]


@pytest.fixture
def place(db: None, clock: Any) -> shiqiao.Village:
    return shiqiao.build(TODAY)


@pytest.fixture
def member(place: shiqiao.Village) -> Participant:
    """The head of household 001 is a party member and takes part."""
    root, village = place.users["root"], place.village
    adopt(village, "member", root)
    who = Membership.objects.filter(household=place.households["001"]).order_by("id")[0].person
    people.record_party(
        person_id=who.pk, standing=PartyStanding.FULL, from_date=dt.date(2025, 7, 1), by=root, at=AT
    )
    return follow(village, "member", root, TODAY)[0]


@pytest.fixture
def branch(place: shiqiao.Village) -> Participant:
    """The village's branch takes part."""
    root, village = place.users["root"], place.village
    adopt(village, "branch", root)
    data = organisations.OrganisationData(kind=OrganisationKind.BRANCH, name="石桥村党支部", area=village)
    organisations.create_organisation(data=data, from_date=dt.date(2025, 6, 1), by=root, at=AT)
    return follow(village, "branch", root, TODAY)[0]


@pytest.fixture
def secret(place: shiqiao.Village) -> str:
    town = factories.holder(PostKind.TOWNSHIP, place.village.parent)
    system = services.register_system(
        name="志愿平台", area=place.village.parent, items=MAY_PUSH, by=town, at=AT
    )
    return services.issue_key(system_id=system.pk, by=town, at=AT)[1]


def push(secret: str, **changes: Any) -> Any:
    wanted = {
        "request_key": "a-1", "village": "130699101201", "scheme": "member", "subject": "0001",
        "item": "volunteering", "act_date": "2026-06-10", "quantity": "2.5", "words": "河道清理",
    }  # fmt: skip
    sent = {key: value for key, value in (wanted | changes).items() if value is not None}
    header = {"Authorization": f"Bearer {secret}"}
    return Client().post(reverse("api:claims"), sent, content_type="application/json", headers=header)


def items(secret: str, **query: str) -> Any:
    return Client().get(reverse("api:items"), query, headers={"Authorization": f"Bearer {secret}"})


BRANCH = {"scheme": "branch", "item": "theme-day", "quantity": None}


def test_a_claim_for_a_person(secret: str, member: Participant) -> None:
    first, again = push(secret), push(secret, subject="0099", quantity="9")
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json()["scheme"] == "member" and first.json()["claim"] == again.json()["claim"]
    claim = Claim.objects.get()
    assert (claim.subject, claim.scheme, claim.channel) == (member.subject, "member", Channel.SYSTEM)
    assert push(secret, request_key="a-2", subject="1").status_code == 201, "zeros may be left out"


def test_a_claim_for_an_organisation(secret: str, branch: Participant) -> None:
    first, again = push(secret, **BRANCH), push(secret, **BRANCH)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    claim = Claim.objects.get()
    assert (claim.subject, claim.scheme) == (branch.subject, "branch")


def test_a_household_by_either_name(secret: str, place: shiqiao.Village) -> None:
    as_household = push(secret, scheme=None, subject=None, household="002")
    as_subject = push(secret, scheme="household", subject="002", request_key="a-2")
    assert (as_household.status_code, as_subject.status_code) == (201, 201), as_subject.content
    assert set(Claim.objects.values_list("subject", flat=True)) == {place.households["002"].subject_id}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": "0099"}, "subject"), ({"subject": None}, "subject"), ({"subject": " "}, "subject"),
        ({"subject": None, "household": "001"}, "household"), ({"household": "001"}, "subject"),
        ({"item": "theme-day"}, "item"), ({"item": "loafing"}, "item"), ({"scheme": "volunteer"}, "scheme"),
        ({"scheme": "branch"}, "item"), ({"village": "130699101999"}, "village"),
        ({"act_date": "2025-12-31"}, "act_date"),
    ],
)  # fmt: skip
def test_refusals_name_the_field(
    secret: str, member: Participant, changes: dict[str, Any], field: str
) -> None:
    answer = push(secret, **changes)
    assert answer.status_code == 422, answer.content
    assert answer.json()["field"] == field and answer.json()["error"]
    assert not Claim.objects.exists()


def test_another_townships_village_is_refused(place: shiqiao.Village, member: Participant) -> None:
    elsewhere = factories.township()
    stranger = factories.holder(PostKind.TOWNSHIP, elsewhere)
    system = services.register_system(name="外镇平台", area=elsewhere, items=MAY_PUSH, by=stranger, at=AT)
    _key, secret = services.issue_key(system_id=system.pk, by=stranger, at=AT)
    answer = push(secret)
    assert (answer.status_code, answer.json()["field"]) == (422, "village")
    assert items(secret, village=place.village.code, scheme="member").status_code == 404


def test_a_scheme_that_the_village_never_adopted_is_not_in_force(secret: str) -> None:
    assert push(secret).status_code == 409
    assert items(secret, village="130699101201", scheme="member").status_code == 409


def test_the_list_of_items_is_of_one_scheme(secret: str, member: Participant, branch: Participant) -> None:
    def listed(**query: str) -> list[tuple[str, str]]:
        return [(one["scheme"], one["id"]) for one in items(secret, village="130699101201", **query).json()]

    assert listed() == [("household", "volunteering")]
    assert listed(scheme="member") == [("member", "volunteering")]
    assert listed(scheme="branch") == [("branch", "theme-day")]


def test_the_page_offers_items_under_their_schemes(
    place: shiqiao.Village, member: Participant, client_as: Any
) -> None:
    town = factories.holder(PostKind.TOWNSHIP, place.village.parent)
    client = client_as(town)
    page = client.get(reverse("desk:system_new")).content.decode()
    assert 'value="member volunteering"' in page and 'value="household volunteering"' in page
    sent = {
        "name": "平台",
        "area": place.village.parent.code,
        "items": ["member volunteering"],
        "per_minute": "60",
    }
    answer = client.post(reverse("desk:system_new"), sent)
    assert answer.status_code == 302
    assert (
        "党员" in client.get(answer["Location"]).content.decode().split("可以推送的条目")[1].split("</dd>")[0]
    )
    made = services.issue_key(system_id=town_system(town).pk, by=town, at=AT)[1]
    assert push(made).status_code == 201
    refused = push(made, scheme="household", subject="001", request_key="a-2")
    assert (refused.status_code, refused.json()["field"]) == (422, "scheme")


def town_system(town: Any) -> System:
    return System.objects.get(owner=town)
