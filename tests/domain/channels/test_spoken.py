"""Claims in somebody else's words: a neighbour with the household's consent, and what was said to the recorder."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from jizhi.channels import selectors, services
from jizhi.channels.models import SpokenClaim
from jizhi.claims import services as claim_services
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ClaimState
from jizhi.demo.month import moment
from jizhi.people import selectors as people
from tests.county import County, verify
from tests.domain.claims.test_evidence import jpeg, scene

MAY = dt.date(2026, 5, 6)
AT = moment(MAY, 20)


def as_witness(county: County, place: int = 1, item: str = "public-cleaning", **changes: Any) -> Claim:
    own, meant = county.subject(0), county.subject(place).household
    neighbour = services.Neighbour(
        changes.pop("no", meant.no),
        changes.pop("name", meant.head_name),
        changes.pop("consent", "当面请我代报"),
    )
    draft = claim_services.Draft(changes.pop("subject", own), item, MAY, changes.pop("key", "k"))
    wanted = {"scheme": "household", "photos": [jpeg(scene(1))], "by": county.user(own), "at": AT} | changes
    return services.file_as_witness(neighbour=neighbour, draft=draft, **wanted)


def test_a_neighbour_claims_and_the_household_may_refuse(county: County) -> None:
    claim = as_witness(county)
    own, meant = county.subject(0), county.subject(1)
    assert (claim.subject, claim.channel, claim.filed_by) == (meant, Channel.WITNESS, county.user(own))
    voice = selectors.voice_of(claim.pk, Channel.WITNESS)
    assert voice is not None and (voice.name, voice.consent) == (own.label, "当面请我代报")
    (message,) = people.inbox(meant.pk)
    assert own.label in message.title and message.link == f"/my/claims/{claim.pk}/"
    assert people.inbox(own.pk) == ()
    assert as_witness(county).pk == claim.pk and len(people.inbox(meant.pk)) == 1
    verify(county, claim)
    claim_services.withdraw_claim(claim=claim, by=county.user(meant), at=AT)
    claim.refresh_from_db()
    assert claim.state == ClaimState.WITHDRAWN


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"name": "某某"}, "no"), ({"no": "9999"}, "no"), ({"consent": " "}, "consent"), ({"place": 0}, "no")],
)
def test_no_witness_without_name_and_consent(county: County, changes: dict[str, Any], place: str) -> None:
    with pytest.raises(services.BadWitness) as caught:
        as_witness(county, **changes)
    assert caught.value.place == place and not Claim.objects.exists()


def test_only_a_household_is_a_witness_and_only_of_merits(county: County) -> None:
    with pytest.raises(services.BadWitness):
        as_witness(county, by=county.worker(county.subject()))
    with pytest.raises(services.BadWitness):
        as_witness(county, subject=county.subject(2))
    with pytest.raises(claim_services.UnusableClaim) as caught:
        as_witness(county, item="littering")
    assert caught.value.place == "item"


def speak(county: County, **changes: Any) -> list[Claim]:
    draft = claim_services.Draft(county.subject(), "public-cleaning", MAY, "k")
    wanted = {
        "village": county.home.area, "scheme": "household", "drafts": [draft], "speaker": "户主的母亲",
        "spoken_at": AT - dt.timedelta(hours=3), "read_back": True, "by": county.home.staff["recorder"], "at": AT,
    }  # fmt: skip
    return services.file_spoken(**wanted | changes)


def test_a_spoken_claim_says_who_when_and_read_back(county: County) -> None:
    (claim,) = speak(county)
    (again,) = speak(county)
    assert claim.pk == again.pk and SpokenClaim.objects.count() == 1
    voice = selectors.voice_of(claim.pk, Channel(claim.channel))
    assert voice is not None and voice.name == "户主的母亲"
    assert voice.spoken_at == AT - dt.timedelta(hours=3)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"speaker": " "}, "speaker"), ({"read_back": False}, "read_back"),
        ({"spoken_at": AT + dt.timedelta(minutes=1)}, "spoken_at"),
        ({"spoken_at": AT - dt.timedelta(days=40)}, "spoken_at"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(county: County, changes: dict[str, Any], place: str) -> None:
    with pytest.raises(services.BadSpeech) as caught:
        speak(county, **changes)
    assert caught.value.place == place and not Claim.objects.exists()


def test_the_database_keeps_nothing_that_was_not_read_back(county: County) -> None:
    (claim,) = speak(county)
    other = speak(county, drafts=[claim_services.Draft(county.subject(1), "public-cleaning", MAY, "k2")])[0]
    assert claim.pk != other.pk
    with pytest.raises(DatabaseError), transaction.atomic():
        SpokenClaim.objects.filter(claim=other).update(read_back=False)
