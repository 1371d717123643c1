"""A person's village is that of the latest membership, whatever is done to memberships and to the person."""

from __future__ import annotations

import datetime as dt

import pytest

from jizhi.people.models import Household, Membership, Person
from jizhi.people.services import HouseholdRecord, MemberRecord, write_households
from tests import factories

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def _person(name: str = "周甲") -> Person:
    return Person.objects.create(name=name)


def _join(person: Person, home: Household, since: dt.date, until: dt.date | None = None) -> Membership:
    return Membership.objects.create(person=person, household=home, from_date=since, to_date=until)


def _village(person: Person) -> int | None:
    return Person.objects.values_list("village", flat=True).get(pk=person.pk)


def test_it_follows_memberships_that_come_change_and_go() -> None:
    first, second, person, other = factories.household(), factories.household(), _person(), _person("王丁")
    assert _village(person) is None
    later = _join(person, second, factories.START + 10 * DAY)
    earlier = _join(person, first, factories.START, factories.START + 5 * DAY)
    assert _village(person) == second.village_id
    Membership.objects.filter(pk=later.pk).update(household=first)
    assert _village(person) == first.village_id
    Membership.objects.filter(pk=later.pk).update(household=second)
    Membership.objects.filter(pk=later.pk).update(person=other)
    assert (_village(person), _village(other)) == (first.village_id, second.village_id)
    Membership.objects.filter(pk__in=[earlier.pk, later.pk]).delete()
    assert (_village(person), _village(other)) == (None, None)


def test_a_person_read_before_and_saved_after_a_move_does_not_bring_the_old_village_back() -> None:
    first, second, person = factories.household(), factories.household(), _person()
    _join(person, first, factories.START, factories.START + 5 * DAY)
    read_before = Person.objects.get(pk=person.pk)
    _join(person, second, factories.START + 10 * DAY)
    read_before.name = "周甲甲"
    read_before.save()
    assert _village(person) == second.village_id


def test_persons_written_in_bulk_have_it_at_once() -> None:
    villages = [factories.village(), factories.village()]
    records = [
        HouseholdRecord(
            village=one.code, no="0001", head="周甲", members=[MemberRecord("周甲"), MemberRecord("周乙")]
        )
        for one in villages
    ]
    write_households(records=records, from_date=factories.START, by=None, at=factories.AT)
    for village in villages:
        assert Person.objects.filter(memberships__household__village=village, village=village).count() == 2
