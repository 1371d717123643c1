"""Who takes part in a scheme of persons or organisations: by each register, by hand, from a day to a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.activities import services as activities
from jizhi.activities.rules import TeamKind
from jizhi.areas.models import Area
from jizhi.channels import selectors as channels
from jizhi.channels import services as channel_services
from jizhi.demo.month import moment
from jizhi.engine.document import enrolment
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind, Role
from jizhi.organisations.services import OrganisationData
from jizhi.participants import services
from jizhi.participants.models import Participant
from jizhi.participants.rules import Source
from jizhi.people import services as people
from jizhi.people.models import Membership, Person
from jizhi.people.rules import PartyStanding, Residence
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.posts.selectors import NotAllowed
from tests.county import County
from tests.scored import BEGIN, adopt, follow

MAY = dt.date(2026, 5, 6)
JUNE = dt.date(2026, 6, 1)


def person(county: County, place: int = 0) -> Person:
    """A registered person of the home village."""
    rows = Membership.objects.filter(village=county.home.area, to_date=None).order_by("id")
    return rows[place].person


def organisation(county: County, kind: OrganisationKind, name: str) -> Any:
    data = OrganisationData(kind=kind, name=name, area=county.home.area)
    return organisations.create_organisation(
        data=data, from_date=dt.date(2025, 6, 1), by=county.operator, at=moment(BEGIN, 8)
    )


def test_the_documents_know_the_names_of_the_registers() -> None:
    assert set(enrolment.POSTS) == {one.value for one in PostKind}
    assert set(enrolment.RESIDENCES) == {one.value for one in Residence}
    assert set(enrolment.ORGANISATIONS) == {one.value for one in OrganisationKind}
    sources = {*enrolment.OF_PERSONS, *enrolment.OF_ORGANISATIONS}
    assert sources == {one.value for one in Source} - {Source.HAND.value}


def test_members_join_with_their_spell_and_leave_with_its_end(county: County) -> None:
    adopt(county.home.area, "member", county.operator)
    one, other = person(county), person(county, 1)
    at = moment(MAY, 8)
    for who, day in ((one, dt.date(2025, 7, 1)), (other, dt.date(2026, 3, 1))):
        people.record_party(
            person_id=who.pk, standing=PartyStanding.FULL, from_date=day, by=county.operator, at=at
        )
    first, second = follow(county.home.area, "member", county.operator, MAY)
    assert [first.subject.from_date, second.subject.from_date] == [BEGIN, dt.date(2026, 3, 1)]
    assert [first.subject.key, first.subject.label] == [f"{county.home.area.code}-member-0001", one.name]
    assert first.source == Source.PARTY
    assert len(follow(county.home.area, "member", county.operator, MAY)) == 2
    people.end_party(
        person_id=other.pk,
        to_date=dt.date(2026, 5, 20),
        by=county.operator,
        at=moment(dt.date(2026, 5, 21), 8),
    )
    rows = follow(county.home.area, "member", county.operator, dt.date(2026, 5, 25))
    assert [row.subject.to_date for row in rows] == [None, dt.date(2026, 5, 20)]
    people.record_party(
        person_id=other.pk,
        standing=PartyStanding.FULL,
        from_date=dt.date(2026, 6, 1),
        by=county.operator,
        at=moment(dt.date(2026, 6, 1), 8),
    )
    again = follow(county.home.area, "member", county.operator, dt.date(2026, 6, 2))
    assert [row.subject.key[-4:] for row in again] == ["0001", "0002", "0003"]
    assert again[2].subject.person == other and again[2].subject.from_date == dt.date(2026, 6, 1)


def test_who_was_ended_by_hand_is_not_enrolled_again_by_the_same_spell(county: County) -> None:
    adopt(county.home.area, "member", county.operator)
    one, party = person(county), {"standing": PartyStanding.FULL, "by": county.operator}
    people.record_party(person_id=one.pk, from_date=dt.date(2026, 3, 1), at=moment(MAY, 8), **party)
    (made,) = follow(county.home.area, "member", county.operator, MAY)
    recorder = county.home.staff["recorder"]
    services.end_participation(
        participant=made, to_date=MAY, reason="请假一年", by=recorder, at=moment(MAY, 9)
    )
    assert len(follow(county.home.area, "member", county.operator, MAY + dt.timedelta(days=9))) == 1
    people.end_party(person_id=one.pk, to_date=dt.date(2026, 5, 25), by=county.operator, at=moment(JUNE, 8))
    people.record_party(person_id=one.pk, from_date=JUNE, at=moment(JUNE, 8), **party)
    rows = follow(county.home.area, "member", county.operator, JUNE)
    assert [(row.subject.from_date, row.subject.to_date) for row in rows] == [
        (dt.date(2026, 3, 1), MAY), (JUNE, None),
    ]  # fmt: skip


def test_residents_are_grown_up_and_live_there(county: County) -> None:
    adopt(county.home.area, "resident", county.operator)
    rows = list(Membership.objects.filter(village=county.home.area, to_date=None).order_by("id"))
    Person.objects.filter(pk__in=[row.person_id for row in rows]).update(birth_date=dt.date(1970, 1, 1))
    child, away, birthday, unknown = (row.person_id for row in rows[:4])
    Person.objects.filter(pk=child).update(birth_date=dt.date(2015, 1, 1))
    Person.objects.filter(pk=away).update(residence=Residence.AWAY)
    Person.objects.filter(pk=birthday).update(birth_date=dt.date(2008, 2, 29))
    Person.objects.filter(pk=unknown).update(birth_date=None)
    found = {
        row.subject.person_id: row.subject.from_date
        for row in follow(county.home.area, "resident", county.operator, MAY)
    }
    assert found.keys() == {row.person_id for row in rows} - {child, away, unknown}
    assert found[birthday] == dt.date(2026, 2, 28)


def test_building_leaders_by_their_post_and_volunteers_by_their_team(county: County) -> None:
    home = county.home
    adopt(home.area, "building-leader", county.operator)
    adopt(home.area, "volunteer", county.operator)
    who = person(county)
    worker = county.worker(county.subject())
    organisations.link_staff_person(user=worker, person=who, by=county.operator, at=moment(BEGIN, 9))
    posts.assign_post(
        user=worker,
        kind=PostKind.BUILDING_LEADER,
        area=Area.objects.filter(parent=home.area).first() or home.area,
        from_date=dt.date(2026, 2, 1),
        by=county.operator,
        at=moment(dt.date(2026, 2, 1), 9),
    )
    (leader,) = follow(home.area, "building-leader", county.operator, MAY)
    assert leader.subject.person == who and leader.subject.from_date == dt.date(2026, 2, 1)
    household = who.memberships.get(to_date=None).household
    at = moment(dt.date(2026, 3, 1), 9)
    team = activities.create_team(
        area=home.area, kind=TeamKind.CARE, name="夕阳红志愿队", from_date=dt.date(2026, 3, 1),
        by=home.staff["committee"], at=at,
    )  # fmt: skip
    for name in (who.name, "查无此人"):
        activities.join_team(
            team=team,
            subject=household.subject,
            name=name,
            from_date=at.date(),
            by=home.staff["committee"],
            at=at,
        )
    (volunteer,) = follow(home.area, "volunteer", county.operator, MAY)
    assert volunteer.subject.person == who and volunteer.source == Source.TEAMS


def test_organisations_of_the_kinds_and_members_of_others(county: County) -> None:
    home = county.home
    for scheme in ("branch", "property-staff"):
        adopt(home.area, scheme, county.operator)
    branch = organisation(county, OrganisationKind.BRANCH, "石桥村党支部")
    company = organisation(county, OrganisationKind.PROPERTY, "安居物业公司")
    who = person(county, 2)
    organisations.add_belonging(
        organisation=company, person=who, role=Role.MEMBER, from_date=dt.date(2026, 4, 1),
        by=county.operator, at=moment(MAY, 8),
    )  # fmt: skip
    (scored,) = follow(home.area, "branch", county.operator, MAY)
    assert scored.organisation == branch and scored.subject.person is None
    (staff,) = follow(home.area, "property-staff", county.operator, MAY)
    assert staff.subject.person == who and staff.subject.from_date == dt.date(2026, 4, 1)


def test_by_hand_once_from_a_day_and_never_ended_by_the_register(county: County) -> None:
    home, recorder = county.home, county.home.staff["recorder"]
    adopt(home.area, "worker", county.operator)
    who = person(county)
    about = {"village": home.area, "scheme": "worker", "by": recorder, "at": moment(MAY, 9)}
    made = services.enrol_by_hand(person=who, from_date=dt.date(2026, 5, 1), **about)
    assert made.source == Source.HAND
    for wrong, place in (
        ({"person": who, "from_date": MAY}, "holder"),
        ({"person": person(county, 1), "from_date": dt.date(2025, 12, 31)}, "from_date"),
        ({"person": person(county, 1), "from_date": dt.date(2026, 5, 7)}, "from_date"),
        ({"organisation": organisation(county, OrganisationKind.WOMEN, "妇联"), "from_date": MAY}, "holder"),
        (
            {"person": Membership.objects.filter(village=county.other.area)[0].person, "from_date": MAY},
            "holder",
        ),
    ):
        with pytest.raises(services.CannotEnrol) as refusal:
            services.enrol_by_hand(**wrong, **about)
        assert refusal.value.place == place
    assert channels.pending(home.area, "worker", MAY).nothing
    assert len(follow(home.area, "worker", county.operator, MAY)) == 1
    with pytest.raises(NotAllowed):
        services.enrol_by_hand(
            person=person(county, 1), from_date=MAY, **about | {"by": county.other.staff["recorder"]}
        )
    with pytest.raises(services.CannotEnrol):
        services.end_participation(participant=made, to_date=MAY, reason=" ", by=recorder, at=moment(MAY, 10))
    services.end_participation(participant=made, to_date=MAY, reason="离职", by=recorder, at=moment(MAY, 10))
    made.subject.refresh_from_db()
    assert made.subject.to_date == MAY


def test_the_night_follows_every_scheme_with_a_register(county: County) -> None:
    adopt(county.home.area, "member", county.operator)
    people.record_party(
        person_id=person(county).pk, standing=PartyStanding.FULL, from_date=dt.date(2026, 3, 1),
        by=county.operator, at=moment(MAY, 8),
    )  # fmt: skip
    assert channel_services.follow_all(village=county.home.area, at=moment(MAY, 1)) == 1
    assert channel_services.follow_all(village=county.home.area, at=moment(MAY, 2)) == 0
    assert Participant.objects.get().enrolled_by is None
