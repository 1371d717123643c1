"""Who is related to whom: what was declared, and the households in which close relatives live."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q

from jizhi.core import scope
from jizhi.people.models import Kinship, Membership
from jizhi.people.rules import Kin, KinSource, inverse


@dataclass(frozen=True)
class KinLine:
    """One declared relation as seen from a person."""

    id: int
    person_id: int
    person: str
    relative_id: int
    relative: str
    kin: Kin
    source: KinSource
    from_date: dt.date
    to_date: dt.date | None
    declared_at: dt.datetime
    declared_by: str


def kin_of(person_ids: Collection[int]) -> tuple[KinLine, ...]:
    """What was declared of these persons, from their side; those that hold stand first."""
    rows = Kinship.objects.filter(Q(person__in=person_ids) | Q(relative__in=person_ids))
    rows = rows.order_by(F("to_date").desc(nulls_first=True), "from_date", "id")
    found = rows.select_related("person", "relative", "declared_by")
    return tuple(_line(row, turned=row.person_id not in person_ids) for row in found)


def _line(row: Kinship, *, turned: bool) -> KinLine:
    person, relative = (row.relative, row.person) if turned else (row.person, row.relative)
    kin = Kin(row.kin)
    return KinLine(
        id=row.pk,
        person_id=person.pk,
        person=person.name,
        relative_id=relative.pk,
        relative=relative.name,
        kin=inverse(kin) if turned else kin,
        source=KinSource(row.source),
        from_date=row.from_date,
        to_date=row.to_date,
        declared_at=row.declared_at,
        declared_by=row.declared_by.display_name if row.declared_by else "",
    )


def kin_of_household(household_id: int, on: dt.date) -> tuple[KinLine, ...]:
    """What was declared of a household's present members, with persons outside of it."""
    members = set(
        Membership.objects.on(on).filter(household=household_id).values_list("person_id", flat=True)
    )
    return tuple(line for line in kin_of(members) if line.to_date is None or line.to_date >= on)


def relatives_on(person_ids: Collection[int], on: dt.date) -> dict[int, set[int]]:
    """Person number → numbers of the close relatives on that day: declared, and whoever shares the household."""
    wanted = set(person_ids)
    found: dict[int, set[int]] = {number: set() for number in wanted}
    with scope.beyond("a close relative may be registered in another village"):
        declared = Kinship.objects.on(on).filter(Q(person__in=wanted) | Q(relative__in=wanted))
        for one, other in declared.values_list("person_id", "relative_id"):
            if one in wanted:
                found[one].add(other)
            if other in wanted:
                found[other].add(one)
        homes = Membership.objects.on(on).filter(person__in=wanted).values("household")
        rows = Membership.objects.on(on).filter(household__in=homes)
        houses: dict[int, set[int]] = {}
        for house, person in rows.values_list("household_id", "person_id"):
            houses.setdefault(house, set()).add(person)
    for people in houses.values():
        for number in people & wanted:
            found[number] |= people - {number}
    return found


def households_of_persons(person_ids: Collection[int], on: dt.date) -> dict[int, int]:
    """Person number → number of the subject of the household in which the person lives on that day."""
    with scope.beyond("a close relative may be registered in another village"):
        rows = Membership.objects.on(on).filter(person__in=person_ids)
        return dict(rows.values_list("person_id", "household__subject_id"))
