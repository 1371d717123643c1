"""Persons who join, leave and die: their dates, and party membership that ends with them."""

from __future__ import annotations

import pytest

from jizhi.changes import services
from jizhi.changes.rules import ChangeKind
from jizhi.people import services as people
from jizhi.people.models import Household, Person
from jizhi.people.rules import PartyClass, PartyStanding, Residence
from tests import factories
from tests.county import County
from tests.domain.changes import world
from tests.domain.changes.world import AT, DAY


@pytest.fixture
def home(county: County) -> Household:
    return world.big_household(county)


@pytest.fixture
def person(home: Household) -> Person:
    return Person.objects.get(pk=next(n for n in world.member_ids(home) if n != home.head_id))


def joining(household: Household, person: Person) -> services.Join:
    member = people.NewMember(person.name, person_id=person.pk)
    return services.Join(household_id=household.pk, day=DAY, kind=ChangeKind.JOINING, member=member)


def ordered(kind: ChangeKind, household: Household, person: Person) -> services.PersonOrder:
    return services.PersonOrder(household_id=household.pk, day=DAY, kind=kind, person_id=person.pk)


def test_nobody_joins_after_death(county: County, home: Household, person: Person) -> None:
    world.make(county, ordered(ChangeKind.DEATH, home, person))
    with pytest.raises(services.BadChange, match="已登记去世"):
        world.make(county, joining(county.home.all_subjects[-1].household, person))


def test_whoever_comes_back_is_departed_no_more(county: County, home: Household, person: Person) -> None:
    world.make(county, ordered(ChangeKind.MEMBER_LEAVING, home, person))
    change = world.make(county, joining(home, person))
    person.refresh_from_db()
    assert person.departed_date is None
    world.undo(county, change)
    person.refresh_from_db()
    assert person.departed_date == DAY


def test_whoever_is_away_stays_away(county: County, home: Household, person: Person) -> None:
    world.make(county, ordered(ChangeKind.DEPARTURE, home, person))
    world.make(county, joining(county.home.all_subjects[-1].household, person))
    person.refresh_from_db()
    assert (person.residence, person.departed_date) == (Residence.AWAY, DAY)


def test_party_membership_ends_with_the_person(county: County, home: Household, person: Person) -> None:
    told = {"person_id": person.pk, "from_date": factories.START, "by": county.operator, "at": AT}
    person.party_spells.all().delete()
    person.class_spells.all().delete()
    people.record_party(standing=PartyStanding.FULL, **told)
    people.record_class(letter=PartyClass.A, **told)
    change = world.make(county, ordered(ChangeKind.DEATH, home, person))
    person.refresh_from_db()
    assert not person.party_member
    assert person.party_spells.get().to_date == person.class_spells.get().to_date == DAY
    world.undo(county, change)
    person.refresh_from_db()
    assert person.party_member
    assert person.party_spells.get().to_date is person.class_spells.get().to_date is None
