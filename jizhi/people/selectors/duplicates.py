"""Persons and households that may be on the register twice, found by the database, one village at a time.

Two persons with the same ID number cannot exist; an old number of fifteen digits beside the new one, a mistyped last
digit, the same name and birthday, or the same name and phone can. What somebody said are two is left out.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from jizhi.areas.models import Area
from jizhi.core import crypto
from jizhi.core.errors import DomainError
from jizhi.core.text import N_, LabelledEnum
from jizhi.people import rules
from jizhi.people.models import Household, Membership, NotDuplicate, Person
from jizhi.people.selectors.persons import PersonLine, person_lines


class Likeness(LabelledEnum):
    """Why two persons may be one."""

    ID = "id", N_("身份证号只差位数或校验码")
    BIRTH = "birth", N_("同村同名同生日")
    PHONE = "phone", N_("同名同电话")


@dataclass(frozen=True)
class Pair:
    """Two persons who may be one; `one` has the lower number."""

    one: PersonLine
    other: PersonLine
    why: tuple[Likeness, ...]


@dataclass(frozen=True)
class HouseholdPair:
    """Two households of a village with the same head's name and the same address."""

    one_id: int
    one_no: str
    other_id: int
    other_no: str
    head_name: str
    address: str


# Of a large group under one name and birthday nobody is paired with more than the page can show.
_PAIRS = """
WITH home AS (
    SELECT DISTINCT m.person_id FROM people_membership m JOIN people_household h ON h.id = m.household_id
    WHERE h.village_id = %(village)s AND (m.to_date IS NULL OR m.to_date >= %(on)s)
), mine AS (
    SELECT p.* FROM people_person p JOIN home ON home.person_id = p.id WHERE p.merged_into_id IS NULL
), found AS (
    SELECT least(p.id, q.id) AS one, greatest(p.id, q.id) AS other, 'id' AS why
    FROM mine p JOIN people_person q ON q.id_core_index = p.id_core_index AND q.id <> p.id
    WHERE p.id_core_index <> '' AND q.merged_into_id IS NULL
    UNION
    SELECT alike.ids[place], other, 'birth'
    FROM (
        SELECT array_agg(id ORDER BY id) AS ids FROM mine WHERE birth_date IS NOT NULL
        GROUP BY name, birth_date HAVING count(*) > 1
    ) alike, generate_subscripts(alike.ids, 1) place, unnest(
        alike.ids[place + 1 : place + %(limit)s + (
            SELECT count(*) FROM people_notduplicate n WHERE n.one_id = alike.ids[place]
        )]
    ) other
    UNION
    SELECT least(p.id, q.id), greatest(p.id, q.id), 'phone'
    FROM mine p JOIN people_person q ON q.phone_index = p.phone_index AND q.name = p.name AND q.id <> p.id
    WHERE p.phone_index <> '' AND q.phone_index <> '' AND q.merged_into_id IS NULL
)
SELECT one, other, array_agg(why ORDER BY why) FROM found
WHERE NOT EXISTS (SELECT 1 FROM people_notduplicate n WHERE n.one_id = found.one AND n.other_id = found.other)
GROUP BY one, other ORDER BY one, other LIMIT %(limit)s
"""
LIMIT = 200


class PairNotFound(DomainError):
    """These two are not (or no longer) both on the register of the user's area."""


def duplicate_pairs(user: Any, village: Area, *, on: dt.date) -> list[Pair]:
    """Pairs of persons in the user's area of whom at least one lives in the village, at most LIMIT: two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"village": village.pk, "on": on, "limit": LIMIT})
        found = cursor.fetchall()
    lines = _lines(user, {number for one, other, _why in found for number in (one, other)}, on)
    return [
        Pair(lines[one], lines[other], tuple(Likeness(reason) for reason in why))
        for one, other, why in found
        if one in lines and other in lines
    ]


def _lines(user: Any, person_ids: set[int], on: dt.date) -> dict[int, PersonLine]:
    """Each person with the latest household that the user may see; whoever has none of these is left out."""
    visible = Household.objects.visible_to(user, on)
    rows = Membership.objects.filter(person__in=person_ids, household__in=visible)
    rows = rows.order_by("person", "-from_date", "-id")
    return {line.id: line for line in person_lines(rows.distinct("person"), on)}


def pair_of(user: Any, one_id: int, other_id: int, *, on: dt.date) -> Pair:
    """Two persons side by side, both in the user's area; raises PairNotFound."""
    visible = set(
        Person.objects.visible_to(user, on)
        .filter(pk__in=[one_id, other_id], merged_into=None)
        .values_list("pk", flat=True)
    )
    lines = _lines(user, visible, on)
    if len(lines) != 2:
        raise PairNotFound(_("这两人不都在您的工作范围内，请联系乡镇办理。"))
    low, high = sorted(lines)
    return Pair(lines[low], lines[high], ())


def household_pairs(village: Area, *, on: dt.date) -> list[HouseholdPair]:
    """Open households of the village with the same head's name and address: one query."""
    query = """
        SELECT a.id, a.no, b.id, b.no, a.head_name, a.address FROM people_household a
        JOIN people_household b ON b.village_id = a.village_id AND b.address = a.address
            AND b.head_name = a.head_name AND b.id > a.id
        WHERE a.village_id = %s AND a.address <> '' AND a.to_date IS NULL AND b.to_date IS NULL
        ORDER BY a.no LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [village.pk, LIMIT])
        return [HouseholdPair(*row) for row in cursor.fetchall()]


def alike_persons(
    user: Any, *, name: str, birth_date: dt.date | None, id_number: str, phone: str, on: dt.date
) -> list[PersonLine]:
    """Persons in the user's area who may be the one typed into a form: two queries."""
    match, core = Q(pk=None), rules.id_core(id_number)
    if core:
        match |= Q(id_core_index=crypto.blind_index(f"core:{core}"))
    if name and birth_date:
        match |= Q(name=name, birth_date=birth_date)
    if name and phone:
        match |= Q(name=name, phone_index=crypto.blind_index(phone))
    found = Person.objects.visible_to(user, on).filter(match, merged_into=None)
    return list(_lines(user, set(found.values_list("pk", flat=True)[:5]), on).values())


def alike_households(village: Area, *, head_name: str, address: str) -> list[Household]:
    """Open households of the village under the same head's name and address."""
    if not head_name or not address:
        return []
    rows = Household.objects.filter(village=village, head_name=head_name, address=address, to_date=None)
    return list(rows.order_by("no")[:5])


def likely_same(user: Any, person_id: int, *, on: dt.date) -> list[PersonLine]:
    """Persons in the user's area who may be this one, without those of whom somebody said that they are two."""
    person = Person.objects.get(pk=person_id)
    match = Q(pk=None)
    if person.id_core_index:
        match |= Q(id_core_index=person.id_core_index)
    if person.birth_date:
        match |= Q(name=person.name, birth_date=person.birth_date)
    if person.phone_index:
        match |= Q(name=person.name, phone_index=person.phone_index)
    said = NotDuplicate.objects.filter(Q(one=person) | Q(other=person)).values_list("one_id", "other_id")
    apart = {number for pair in said for number in pair} | {person.pk}
    found = Person.objects.visible_to(user, on).filter(match, merged_into=None).exclude(pk__in=apart)
    return list(_lines(user, set(found.values_list("pk", flat=True)[:5]), on).values())


def person_versions(person_ids: list[int]) -> dict[int, int]:
    """What a form about several persons was opened with."""
    return dict(Person.objects.filter(pk__in=person_ids).values_list("pk", "version"))
