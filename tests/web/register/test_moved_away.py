"""A person who moved to the other village: the old one sees what was, the new one decides. All as the web role."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from jizhi.changes import services as changes
from jizhi.changes.rules import ChangeKind
from jizhi.core import scope
from jizhi.demo.month import moment
from jizhi.people import selectors, services
from jizhi.people.models import Membership, Person
from jizhi.people.rules import Residence
from jizhi.posts.selectors import NotAllowed
from tests.county import County
from tests.domain.changes import world
from tests.domain.changes.world import DAY

AT = moment(DAY, 12)


@pytest.fixture
def mover(county: County) -> Person:
    """Somebody of the home village's who belongs to a household of the other one since the day."""
    home, target = world.big_household(county), county.other.all_subjects[0].household
    person = Person.objects.get(pk=[n for n in world.member_ids(home) if n != home.head_id][0])
    order = changes.Transfer(household_id=home.pk, into_id=target.pk, person_id=person.pk, day=DAY)
    world.make(county, order)
    person.refresh_from_db()
    return person


def corrected(person: Person, **more: Any) -> services.PersonChange:
    wanted = {
        "version": person.version, "name": person.name, "sex": None, "birth_date": person.birth_date,
        "residence": Residence.RESIDENT, "registered_place": "",
    }  # fmt: skip
    return services.PersonChange(**wanted | more)


def test_the_old_village_reads_but_decides_nothing(county: County, mover: Person, read_as: Any) -> None:
    clerk = county.home.staff["recorder"]
    stays = Person.objects.get(pk=world.member_ids(world.big_household(county, members=2))[0])
    versions = {one.pk: one.version for one in (mover, stays)}
    read_as(clerk)
    page = selectors.person_page(clerk, mover.pk, DAY)
    assert not page.can_manage
    assert not page.can_unmask
    with pytest.raises(NotAllowed):
        services.update_person(person_id=mover.pk, change=corrected(mover), by=clerk, at=AT)
    with pytest.raises(NotAllowed):
        services.reveal_person(person=mover, reason="看一看", by=clerk, at=AT)
    with pytest.raises(NotAllowed):
        services.merge_persons(
            keep_id=stays.pk, drop_id=mover.pk, from_other={}, versions=versions, by=clerk, at=AT
        )


def test_the_new_village_decides(county: County, mover: Person, read_as: Any) -> None:
    clerk = county.other.staff["recorder"]
    read_as(clerk)
    page = selectors.person_page(clerk, mover.pk, DAY)
    assert page.can_manage
    assert page.can_unmask
    changed = services.update_person(
        person_id=mover.pk, change=corrected(mover, name="改了名"), by=clerk, at=AT
    )
    assert changed.name == "改了名"
    assert services.reveal_person(person=changed, reason="看一看", by=clerk, at=AT).name == "改了名"


def test_the_village_of_a_person_follows_also_beyond_the_writers_scope(
    county: County, mover: Person, read_as: Any
) -> None:
    """The new village takes the membership back; the one left is the old village's, which it does not see."""
    assert mover.village == county.other.area
    read_as(county.other.staff["recorder"])
    Membership.objects.filter(person=mover, household__village=county.other.area).delete()
    assert not Person.objects.filter(pk=mover.pk).exists()
    scope.leave()
    mover.refresh_from_db()
    assert mover.village == county.home.area


def test_the_pages_offer_the_old_village_nothing(county: County, mover: Person, as_: Any) -> None:
    old = Membership.objects.filter(person=mover).order_by("from_date")[0]
    client = as_("recorder")
    page = client.get(reverse("register:person", args=[mover.pk]))
    assert reverse("register:person_edit", args=[mover.pk]) not in page.content.decode()
    asked = client.post(
        reverse("register:member_numbers", args=[old.household_id, old.pk]), {"reason": "看一看"}
    )
    assert mover.id_number is None or mover.id_number not in asked.content.decode()
    assert old.to_date == DAY - dt.timedelta(days=1)


def test_merging_reaches_where_both_once_lived(county: County, mover: Person, read_as: Any) -> None:
    clerk, household = county.other.staff["recorder"], county.other.all_subjects[1].household
    twin, former = (Person.objects.create(name=mover.name, pinyin="") for _n in range(2))
    past = {"from_date": dt.date(2020, 1, 1), "to_date": dt.date(2020, 12, 31)}
    far = Membership.objects.create(person=twin, household=world.big_household(county, members=2), **past)
    later = {"from_date": dt.date(2021, 1, 1), "to_date": dt.date(2021, 12, 31)}
    near = Membership.objects.create(person=twin, household=household, **later)
    Person.objects.filter(pk=former.pk).update(merged_into=twin)
    versions = {mover.pk: mover.version, twin.pk: twin.version}
    read_as(clerk)
    wanted = {"keep_id": mover.pk, "drop_id": twin.pk, "from_other": {}, "versions": versions}
    services.merge_persons(**wanted, by=clerk, at=AT)
    assert set(selectors.person_page(clerk, mover.pk, DAY).ids) == {mover.pk, twin.pk, former.pk}
    scope.leave()
    assert not Membership.objects.filter(person=twin).exists()
    assert set(Membership.objects.filter(person=mover)) > {far, near}
    assert {one.pk: one.village for one in Person.objects.filter(pk__in=[mover.pk, twin.pk])} == {
        mover.pk: county.other.area,
        twin.pk: None,
    }
    former.refresh_from_db()
    assert former.merged_into_id == mover.pk


def test_days_in_two_villages_at_once_are_found(county: County, mover: Person, read_as: Any) -> None:
    clerk, household = county.other.staff["recorder"], county.other.all_subjects[1].household
    twin = Person.objects.create(name=mover.name, pinyin="")
    days = {"from_date": DAY - dt.timedelta(days=40), "to_date": DAY - dt.timedelta(days=20)}
    Membership.objects.create(person=twin, household=household, **days)
    versions = {mover.pk: mover.version, twin.pk: twin.version}
    read_as(clerk)
    wanted = {"keep_id": mover.pk, "drop_id": twin.pk, "from_other": {}, "versions": versions}
    with pytest.raises(services.CannotMerge, match="同一时间属于两户"):
        services.merge_persons(**wanted, by=clerk, at=AT)


def test_party_membership_recorded_in_the_old_village_ends_in_the_new_one(
    county: County, mover: Person, read_as: Any
) -> None:
    clerk, old = county.other.staff["recorder"], county.home.area
    mover.party_spells.all().delete()
    mover.party_spells.create(village=old, standing="full", from_date=dt.date(2020, 1, 1))
    read_as(clerk)
    services.end_party(person_id=mover.pk, to_date=DAY, by=clerk, at=AT)
    assert mover.party_spells.get().to_date == DAY
    scope.leave()
    mover.party_spells.update(to_date=None)
    read_as(clerk)
    order = changes.PersonOrder(
        household_id=county.other.all_subjects[0].household.pk, day=DAY + dt.timedelta(days=1),
        kind=ChangeKind.DEATH, person_id=mover.pk,
    )  # fmt: skip
    later = AT + dt.timedelta(days=1)
    world.undo(county, world.make(county, order, by=clerk, at=later), by=clerk, at=later)
    assert mover.party_spells.get().to_date is None
