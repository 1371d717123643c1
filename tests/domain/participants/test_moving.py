"""Somebody moves, dies or changes the household: one participation ends with the real last day, the next follows it."""

from __future__ import annotations

import datetime as dt

import pytest

from jizhi.areas.models import Area
from jizhi.channels import services as channel_services
from jizhi.demo.month import moment
from jizhi.intake import tasks
from jizhi.participants import services
from jizhi.participants.models import Participant
from jizhi.people import services as people
from jizhi.people.models import Membership, Person
from jizhi.people.rules import PartyStanding
from tests.county import County
from tests.domain.participants.test_enrolling import person
from tests.scored import adopt, follow

MAY = dt.date(2026, 5, 6)
GONE = dt.date(2026, 5, 19)
NIGHT = dt.date(2026, 5, 25)


def grown_up() -> None:
    Person.objects.update(birth_date=dt.date(1970, 1, 1))


def move(county: County, who: Person, target: Area) -> None:
    """Who lives in the home village until GONE lives in a household of another from the day after."""
    Membership.objects.filter(person=who, to_date=None).update(to_date=GONE)
    household = Membership.objects.filter(village=target, to_date=None)[0].household
    Membership.objects.create(person=who, household=household, from_date=GONE + dt.timedelta(days=1))


def spells_of(who: Person) -> list[tuple[str, dt.date, dt.date | None]]:
    rows = Participant.objects.filter(subject__person=who).order_by("subject__from_date")
    return [(row.village.name, row.subject.from_date, row.subject.to_date) for row in rows]


@pytest.mark.parametrize("order", [1, -1], ids=["old village first", "new village first"])
@pytest.mark.parametrize("scheme", ["resident", "member"])
def test_whoever_moves_is_scored_in_the_new_village_alone(county: County, scheme: str, order: int) -> None:
    home, other = county.home.area, county.other.area
    grown_up()
    who = person(county)
    for village in (home, other):
        adopt(village, scheme, county.operator)
    people.record_party(
        person_id=who.pk,
        standing=PartyStanding.FULL,
        from_date=dt.date(2025, 7, 1),
        by=county.operator,
        at=moment(MAY, 8),
    )
    for village in (home, other):
        channel_services.follow_all(village=village, at=moment(MAY, 1))
    ((village, begin, end),) = spells_of(who)
    assert (village, end) == (home.name, None)
    move(county, who, other)
    for night in (NIGHT, NIGHT + dt.timedelta(days=1)):
        for village_of_the_night in (home, other)[::order]:
            channel_services.follow_all(village=village_of_the_night, at=moment(night, 1))
    after = GONE + dt.timedelta(days=1)
    assert spells_of(who) == [(home.name, begin, GONE), (other.name, after, None)]


def test_the_dead_leave_with_the_day_of_death(county: County) -> None:
    grown_up()
    adopt(county.home.area, "resident", county.operator)
    follow(county.home.area, "resident", county.operator, MAY)
    who = person(county)
    Person.objects.filter(pk=who.pk).update(death_date=GONE)
    follow(county.home.area, "resident", county.operator, NIGHT)
    assert [end for _village, _begin, end in spells_of(who)] == [GONE]


def test_another_household_of_the_village_is_no_new_spell(county: County) -> None:
    grown_up()
    home, recorder = county.home.area, county.home.staff["recorder"]
    adopt(home, "resident", county.operator)
    who = person(county)
    made = next(
        row for row in follow(home, "resident", county.operator, MAY) if row.subject.person_id == who.pk
    )
    services.end_participation(
        participant=made, to_date=MAY, reason="本人不愿参加", by=recorder, at=moment(MAY, 9)
    )
    Membership.objects.filter(person=who, to_date=None).update(to_date=GONE)
    household = Membership.objects.filter(village=home, to_date=None).last()
    assert household is not None
    Membership.objects.create(
        person=who, household=household.household, from_date=GONE + dt.timedelta(days=1)
    )
    follow(home, "resident", county.operator, NIGHT)
    assert [end for _village, _begin, end in spells_of(who)] == [MAY]


def test_nobody_is_enrolled_by_hand_who_takes_part_in_another_village(county: County) -> None:
    home, other, who = county.home.area, county.other.area, person(county)
    for village in (home, other):
        adopt(village, "worker", county.operator)
    services.enrol_by_hand(
        village=home, scheme="worker", person=who, from_date=MAY,
        by=county.home.staff["recorder"], at=moment(MAY, 9),
    )  # fmt: skip
    move(county, who, other)
    with pytest.raises(services.CannotEnrol) as refusal:
        services.enrol_by_hand(
            village=other, scheme="worker", person=who, from_date=NIGHT,
            by=county.other.staff["recorder"], at=moment(NIGHT, 9),
        )  # fmt: skip
    assert refusal.value.place == "holder"


def test_a_village_that_fails_leaves_the_others_alone(
    county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def work(*, village: Area, at: dt.datetime) -> None:
        if village == county.home.area:
            raise RuntimeError("broken register")
        done.append(village.code)

    for name in ("follow_all", "derive_claims"):
        monkeypatch.setattr(channel_services, name, work)
    for step in ("follow_registers", "derive_claims"):
        tasks.NIGHTLY[step](timestamp=0)
    assert done.count(county.other.area.code) == 2 and county.home.area.code in caplog.text
