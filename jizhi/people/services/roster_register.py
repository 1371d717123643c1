"""What the register knows before a roster is compared with it: a handful of queries, whatever the roster's length.

ID numbers are compared through their blind index, never as text.
"""

import datetime as dt
from dataclasses import dataclass

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core import crypto
from jizhi.people.models import ClassSpell, Household, Membership, Person
from jizhi.sheets.roster import Roster


@dataclass(frozen=True)
class Register:
    """The village's households and the persons of the roster, wherever in the county they are registered."""

    village: Area
    on: dt.date
    grids: dict[str, Area]
    households: dict[str, Household]
    members: dict[int, list[Membership]]
    indexes: dict[str, str]
    persons: dict[str, Person]
    memberships: dict[int, list[Membership]]
    classes: dict[int, ClassSpell]

    def index_of(self, id_number: str) -> str:
        """The blind index of an ID number of the roster; empty for none."""
        return self.indexes.get(id_number, "")

    def home_of(self, person: Person) -> Membership | None:
        """The membership the person holds now or from a later day on."""
        open_ones = (
            m for m in self.memberships.get(person.pk, []) if m.to_date is None or m.to_date >= self.on
        )
        return next(open_ones, None)

    def free_from(self, person: Person | None, wanted: dt.date) -> dt.date:
        """The first day from `wanted` on at which the person belongs to no household yet."""
        ended = [m.to_date for m in self.memberships.get(person.pk, []) if m.to_date] if person else []
        return max([wanted, *(day + dt.timedelta(days=1) for day in ended)])


def read_register(roster: Roster, village: Area, on: dt.date) -> Register:
    """Load all an import needs to know."""
    households = Household.objects.filter(village=village).select_related("subject", "area")
    indexes = _indexes(roster)
    persons = Person.objects.filter(id_index__in=list(indexes.values())).order_by("id")
    by_index = {person.id_index or "": person for person in persons}
    members: dict[int, list[Membership]] = {}
    current = Membership.objects.filter(household__village=village).on(on).select_related("person")
    for membership in current.order_by("id"):
        members.setdefault(membership.household_id, []).append(membership)
    memberships: dict[int, list[Membership]] = {}
    of_persons = Membership.objects.filter(person__in=[person.pk for person in by_index.values()])
    for membership in of_persons.select_related("household").order_by("from_date"):
        memberships.setdefault(membership.person_id, []).append(membership)
    known = {m.person_id for rows in members.values() for m in rows} | {p.pk for p in by_index.values()}
    spells = ClassSpell.objects.filter(person__in=known, to_date=None) if _has_classes(roster) else []
    return Register(
        village=village,
        on=on,
        grids=areas.places_by_name(village),
        households={household.no: household for household in households.order_by("id")},
        members=members,
        indexes=indexes,
        persons=by_index,
        memberships=memberships,
        classes={spell.person_id: spell for spell in spells},
    )


def _has_classes(roster: Roster) -> bool:
    return any(member.party_class for household in roster.households for member in household.members)


def _indexes(roster: Roster) -> dict[str, str]:
    numbers = {member.id_number for household in roster.households for member in household.members}
    return {number: crypto.blind_index(number) for number in sorted(numbers) if number}
