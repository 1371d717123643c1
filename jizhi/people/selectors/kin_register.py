"""The kinship register as a list: the declared relations of the reader's villages, with where both persons live.

Of whoever lives elsewhere nothing is told but the relation: the reader may not look into that village.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from jizhi.areas import selectors as areas
from jizhi.people.models import Kinship, Membership, Person
from jizhi.people.rules import Kin, KinSource
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

ENDED = "ended"


@dataclass(frozen=True)
class Kinsman:
    """A person of the reader's villages with the present household, or the last one."""

    id: int
    name: str
    household_id: int
    village: str
    no: str
    head: str


@dataclass(frozen=True)
class KinRow:
    """A relation of the register: the relative is `kin` to the person. Whoever lives elsewhere is left out."""

    id: int
    village: str
    person: Kinsman | None
    relative: Kinsman | None
    kin: Kin
    source: KinSource
    from_date: dt.date
    to_date: dt.date | None


def kinships(
    user: Any, *, on: dt.date, village_code: str = "", kin: str = "", state: str = "", words: str = ""
) -> QuerySet[Kinship]:
    """Relations by filter: those that hold on the day, or (`state` ended) those that held before."""
    paths = posts.scope_paths(user, Action.MANAGE_HOUSEHOLDS, on)
    rows = Kinship.objects.filter(village__path__within=paths)
    rows = rows.filter(to_date__lt=on) if state == ENDED else rows.on(on)
    if village_code:
        rows = rows.filter(village__code=village_code)
    if kin:
        rows = rows.filter(kin=Kin(kin))
    if words:
        rows = rows.filter(_found(paths, words))
    return rows.order_by("village__path", F("to_date").desc(nulls_first=True), "-from_date", "-id")


def _found(paths: list[str], words: str) -> Q:
    """By a part of either name, or the number of either household."""
    homes = Membership.objects.filter(household__village__path__within=paths)
    named = homes.filter(person__in=Person.objects.filter(name__icontains=words))
    of_either = Q(person=OuterRef("person")) | Q(person=OuterRef("relative"))
    return Q(Exists(named.filter(of_either))) | Q(Exists(homes.filter(of_either, household__no=words)))


def kin_rows(user: Any, rows: Iterable[Kinship] | QuerySet[Kinship], on: dt.date) -> list[KinRow]:
    """Relations as lines: two queries, however many."""
    found = list(rows.select_related("village") if isinstance(rows, QuerySet) else rows)
    known = _kinsmen({number for row in found for number in (row.person_id, row.relative_id)}, user, on)
    return [
        KinRow(
            id=row.pk,
            village=areas.named(row.village),
            person=known.get(row.person_id),
            relative=known.get(row.relative_id),
            kin=Kin(row.kin),
            source=KinSource(row.source),
            from_date=row.from_date,
            to_date=row.to_date,
        )
        for row in found
    ]


def _kinsmen(person_ids: set[int], user: Any, on: dt.date) -> dict[int, Kinsman]:
    paths = posts.scope_paths(user, Action.MANAGE_HOUSEHOLDS, on)
    rows = Membership.objects.filter(person__in=person_ids, household__village__path__within=paths)
    last = rows.order_by("person_id", F("to_date").asc(nulls_last=True), "id")
    return {
        row.person_id: Kinsman(
            row.person_id, row.person.name, row.household_id, areas.named(row.household.village), row.household.no,
            row.household.head_name,
        )
        for row in last.select_related("person", "household__village")
    }  # fmt: skip
