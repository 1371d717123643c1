"""A neighbour claims for a person and for an organisation through the pages, under the database's own scope."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.urls import reverse

from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ClaimState
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind, Role
from jizhi.participants.models import Participant
from jizhi.people import services as people
from jizhi.people.models import Membership
from jizhi.people.rules import PartyStanding
from tests.scored import adopt, follow
from tests.web import shiqiao


def head_of(place: shiqiao.Village, no: str) -> Any:
    return Membership.objects.filter(household=place.households[no], to_date=None).order_by("id")[0].person


@pytest.fixture
def member(place: shiqiao.Village) -> Participant:
    """The head of household 002 is a party member and takes part."""
    root, at = place.users["root"], shiqiao.moment(place.today)
    adopt(place.village, "member", root)
    people.record_party(
        person_id=head_of(place, "002").pk, standing=PartyStanding.FULL, from_date=dt.date(2025, 7, 1),
        by=root, at=at,
    )  # fmt: skip
    return follow(place.village, "member", root, place.today)[0]


@pytest.fixture
def branch(place: shiqiao.Village) -> Participant:
    """A branch that takes part, led by the head of household 002."""
    root, at = place.users["root"], shiqiao.moment(place.today)
    adopt(place.village, "branch", root)
    data = organisations.OrganisationData(
        kind=OrganisationKind.BRANCH, name="石桥村党支部", area=place.village
    )
    row = organisations.create_organisation(data=data, from_date=dt.date(2025, 7, 1), by=root, at=at)
    organisations.add_belonging(
        organisation=row, person=head_of(place, "002"), role=Role.SECRETARY, from_date=dt.date(2025, 7, 1),
        by=root, at=at,
    )  # fmt: skip
    return follow(place.village, "branch", root, place.today)[0]


def sent(place: shiqiao.Village, name: str) -> dict[str, str]:
    return {
        "no": "0001", "name": name, "consent": "当面说好的", "act_date": place.today.isoformat(), "words": "",
        "request_key": str(uuid.uuid4()),
    }  # fmt: skip


def witnessed() -> Claim:
    return Claim.objects.filter(channel=Channel.WITNESS).latest("pk")


def test_one_scheme_shows_no_choice(mine: Any, place: shiqiao.Village) -> None:
    page = mine.get(reverse("resident:witness")).content.decode()
    assert 'class="tabs' not in page
    assert mine.get(reverse("resident:witness_scheme", args=["member"])).status_code == 404


def test_for_a_person(mine: Any, theirs: Any, place: shiqiao.Village, member: Participant) -> None:
    address = reverse("resident:witness_scheme", args=["member"])
    assert address in mine.get(reverse("resident:witness")).content.decode()
    page = mine.get(address).content.decode()
    form = reverse("resident:witness_scheme_form", args=["member", "policy-talk"])
    assert form in page and "本人名下" in page
    shown = mine.get(form).content.decode()
    assert "对方姓名" in shown and "户主" not in shown
    refused = mine.post(form, sent(place, "某某"))
    assert refused.status_code == 422 and "对不上" in refused.content.decode()
    assert member.subject.label not in refused.content.decode()
    assert mine.post(form, sent(place, member.subject.label)).status_code == 302
    claim = witnessed()
    assert (claim.subject, claim.scheme) == (member.subject, "member")
    own = reverse("resident:claim", args=[claim.pk])
    assert mine.get(own).status_code == 404
    assert "邻居代为申报" in theirs.get(reverse("resident:messages")).content.decode()
    assert "当面说好的" in theirs.get(own).content.decode()
    theirs.post(reverse("resident:claim_withdrawal", args=[claim.pk]))
    assert witnessed().state == ClaimState.WITHDRAWN


def test_for_an_organisation(
    mine: Any, theirs: Any, client_as: Any, place: shiqiao.Village, branch: Participant
) -> None:
    form = reverse("resident:witness_scheme_form", args=["branch", "theme-day"])
    assert "组织全称" in mine.get(form).content.decode()
    assert mine.post(form, sent(place, "石桥村党支部")).status_code == 302
    claim = witnessed()
    assert claim.subject == branch.subject
    page = reverse("resident:witnessed", args=[claim.pk])
    for stranger in (mine, client_as(place.household_user("003"))):
        assert stranger.get(page).status_code == 404
        assert stranger.post(reverse("resident:witnessed_refusal", args=[claim.pk])).status_code == 404
    shown = theirs.get(page).content.decode()
    assert "欧阳晓芸" in shown and "当面说好的" in shown and "撤回申报" in shown
    assert theirs.get(reverse("resident:witnessed_refusal", args=[claim.pk])).status_code == 200
    assert witnessed().state == ClaimState.FILED, "asked first"
    theirs.post(reverse("resident:witnessed_refusal", args=[claim.pk]))
    assert witnessed().state == ClaimState.WITHDRAWN
    assert "撤回申报" not in theirs.get(page).content.decode()


def test_no_item_of_another_scheme(mine: Any, place: shiqiao.Village, member: Participant) -> None:
    wrong = reverse("resident:witness_scheme_form", args=["member", "voluntary-labour"])
    assert mine.get(wrong).status_code == 404
    assert mine.get(reverse("resident:witness_scheme", args=["nonsense"])).status_code == 404
