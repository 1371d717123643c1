"""The telephone number of whoever called: masked on every page, shown whole against a reason that stays on record."""

from __future__ import annotations

from typing import Any

import pytest

from jizhi.core.models import AuditEvent
from jizhi.matters import services
from jizhi.matters.models import Matter
from jizhi.matters.rules import Channel
from jizhi.posts.rules import PostKind
from tests.county import County, make_county
from tests.domain.matters import world
from tests.domain.matters.world import AT, Place

NUMBER, MASKED = "19900001234", "199****1234"


@pytest.fixture
def place(in_kept_county: County | None, db: None, clock: Any) -> Place:
    """The named county with a grid leader."""
    return world.make_place(in_kept_county or make_county())


def _called(place: Place, **more: Any) -> Matter:
    caller = {"reporter_name": "虚构来电人", "reporter_phone": NUMBER, "channel": Channel.CALL}
    return world.report(place, **caller | more)


def _looks(client: Any, base: str, matter: Matter, reason: str = "回电话核实地点") -> Any:
    return client.post(f"{base}{matter.pk}/phone/", {"reason": reason})


@pytest.mark.parametrize(("who", "base"), [("worker", "/field/matters/"), ("committee", "/desk/matters/")])
def test_whoever_handles_sees_it_against_a_reason(place: Place, client_as: Any, who: str, base: str) -> None:
    matter, user = _called(place), getattr(place, who)
    client = client_as(user)
    page = client.get(f"{base}{matter.pk}/").content.decode()
    assert MASKED in page and NUMBER not in page and f"{base}{matter.pk}/phone/" in page
    assert NUMBER not in client.get(f"{base}{matter.pk}/phone/").content.decode()
    assert NUMBER not in _looks(client, base, matter, "").content.decode()
    assert not AuditEvent.objects.filter(verb="matter.reveal_phone").exists()
    answer = _looks(client, base, matter)
    assert f'href="tel:{NUMBER}"' in answer.content.decode() and "no-store" in answer["Cache-Control"]
    event = AuditEvent.objects.get(verb="matter.reveal_phone")
    assert event.detail == {"reason": "回电话核实地点"} and NUMBER not in str(event.detail)
    assert NUMBER not in client.get(f"{base}{matter.pk}/").content.decode()


def test_a_confidential_caller_only_by_the_offices_that_answer(place: Place, client_as: Any) -> None:
    matter = _called(place, confidential=True, by=place.leader)
    committee, worker, leader = (client_as(user) for user in (place.committee, place.worker, place.leader))
    for client in (worker, leader):
        assert _looks(client, "/field/matters/", matter).status_code == 404
        assert NUMBER not in client.get(f"/field/matters/{matter.pk}/").content.decode()
    assert MASKED not in worker.get(f"/field/matters/{matter.pk}/").content.decode()
    assert NUMBER in _looks(committee, "/desk/matters/", matter).content.decode()
    services.dispatch_matter(matter_id=matter.pk, assignee=place.committee, by=place.township, at=AT)
    assert _looks(committee, "/desk/matters/", matter).status_code == 404
    assert NUMBER in _looks(client_as(place.township), "/desk/matters/", matter).content.decode()


def test_nobody_else_and_never_without_a_number(place: Place, client_as: Any) -> None:
    matter, without = _called(place), world.report(place)
    auditor = world.staff(place.county, "checks.only", PostKind.AUDITOR, place.village)
    assert _looks(client_as(auditor), "/desk/matters/", matter).status_code == 403
    assert _looks(client_as(place.stranger), "/desk/matters/", matter).status_code == 404
    assert _looks(client_as(place.committee), "/desk/matters/", without).status_code == 404
    assert not AuditEvent.objects.filter(verb="matter.reveal_phone").exists()
