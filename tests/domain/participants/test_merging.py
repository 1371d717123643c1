"""Two records of one person that both take part in one scheme: the one without claims gives way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.demo.month import moment
from jizhi.participants import services
from jizhi.participants.models import Participant
from jizhi.people import services as people
from jizhi.people.models import Person, Subject
from tests.county import County
from tests.domain.participants.test_enrolling import person
from tests.scored import BEGIN, adopt

MAY = dt.date(2026, 5, 6)


@pytest.fixture
def twins(county: County) -> tuple[Person, Person]:
    """Two of one household who turn out to be one; both are scored as residents. The second one has left it since."""
    adopt(county.home.area, "resident", county.operator)
    found = (person(county), person(county, 1))
    for one in found:
        services.enrol_by_hand(
            village=county.home.area, scheme="resident", person=one, from_date=BEGIN,
            by=county.home.staff["recorder"], at=moment(MAY, 7),
        )  # fmt: skip
    past = {"from_date": dt.date(2020, 1, 1), "to_date": dt.date(2020, 12, 31)}
    found[1].memberships.update(**past)
    return found


def claimed(county: County, who: Person) -> Claim:
    draft = claims.Draft(
        subject=Subject.objects.get(person=who), item="training", act_date=MAY, request_key=f"claim-{who.pk}"
    )
    (claim,) = claims.file_claims(
        village=county.home.area, scheme="resident", drafts=[draft], channel=Channel.PAPER,
        by=county.home.staff["recorder"], at=moment(MAY, 9),
    )  # fmt: skip
    return claim


def merge(county: County, keep: Person, drop: Person) -> None:
    for one in (keep, drop):
        one.refresh_from_db()
    services.merge_persons(
        keep_id=keep.pk, drop_id=drop.pk, from_other={},
        versions={keep.pk: keep.version, drop.pk: drop.version}, by=county.operator, at=moment(MAY, 10),
    )  # fmt: skip


@pytest.mark.parametrize("claimant", [None, 0, 1], ids=["neither claimed", "the kept one", "the dropped one"])
def test_the_participation_without_claims_never_was(
    county: County, twins: tuple[Person, Person], claimant: Any
) -> None:
    keep, drop = twins
    own = [Subject.objects.get(person=one) for one in twins]
    stays = own[claimant or 0]
    if claimant is not None:
        claimed(county, twins[claimant])
    merge(county, keep, drop)
    assert list(Subject.objects.filter(person=keep, void=False)) == [stays]
    (gone,) = Participant.objects.filter(subject__void=True)
    assert (gone.subject in own, gone.subject.person) == (True, keep)
    assert (gone.ended_by, gone.reason) == (county.operator, "与同一人的另一条记录合并")
    drop.refresh_from_db()
    assert drop.merged_into == keep


def test_both_with_claims_are_refused_by_the_name_of_the_scheme(
    county: County, twins: tuple[Person, Person]
) -> None:
    for one in twins:
        claimed(county, one)
    with pytest.raises(people.CannotMerge, match="同时参加“.*居民.*”"):
        merge(county, *twins)
    assert Subject.objects.filter(person__in=twins, void=True).count() == 0
