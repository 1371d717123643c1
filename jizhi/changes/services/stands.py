"""How households and persons stood when a change had been made, so that taking it back overwrites no later edit.

Pages, tables and rosters write households and persons beside the changes; not all of them count the version up, so
what an undoing writes is compared as well. Numbers of rows and dates only.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from jizhi.people.models import Household, Membership, Person

_COLUMNS = ("version", "head_id", "area_id", "declared_size", "to_date")
Stands = Mapping[str, Mapping[str, Any]]


def stands(household_ids: Collection[int], person_ids: Collection[int]) -> Stands:
    """How they stand now, as JSON keeps it: by row number households with their members, and persons' versions."""
    members: dict[int, list[int]] = {}
    open_rows = Membership.objects.filter(household__in=household_ids, to_date=None).order_by("pk")
    for household, number in open_rows.values_list("household_id", "pk"):
        members.setdefault(household, []).append(number)
    rows = Household.objects.filter(pk__in=household_ids).order_by().values_list("pk", *_COLUMNS)
    persons = Person.objects.filter(pk__in=person_ids).order_by().values_list("pk", "version")
    return {
        "households": {
            str(number): [*map(_plain, values), members.get(number, [])] for number, *values in rows
        },
        "persons": {str(number): version for number, version in persons},
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def changed_since(before: Stands) -> bool:
    """Whether one of those whom the reader sees stands otherwise by now."""
    now = stands([int(n) for n in before["households"]], [int(n) for n in before["persons"]])
    return any(before[kind][number] != stand for kind in before for number, stand in now[kind].items())
