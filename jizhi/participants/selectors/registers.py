"""The registers that enrol: who stands in each, from which day to which. Who takes part already is not asked here."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from jizhi.areas.models import Area
from jizhi.core.periods import not_over_before
from jizhi.engine.document.enrolment import Enrolment
from jizhi.organisations.models import Belonging, Organisation
from jizhi.people.models import Membership, PartySpell
from jizhi.posts.models import Post


@dataclass(frozen=True, slots=True)
class Spell:
    """A person or organisation in a register, from a day to a day (both inclusive; None: open)."""

    holder: int
    label: str
    from_date: dt.date
    to_date: dt.date | None


def spells_in(village: Area, enrol: Enrolment, first: dt.date, team_members: Sequence[Spell]) -> list[Spell]:
    """The spells in the register that the scheme names, as far as they reach `first` or later.

    A spell of the dead ends with the day of death. Spells without a day between them are one: whoever changes the
    household, or the probation for full membership, does not leave.
    """
    return _joined(_raw(village, enrol, first, team_members))


def _raw(village: Area, enrol: Enrolment, first: dt.date, team_members: Sequence[Spell]) -> list[Spell]:
    if enrol.party:
        return _of_party(village, first)
    if enrol.posts:
        return _of_posts(village, enrol, first)
    if enrol.residence:
        return _of_residents(village, enrol, first)
    if enrol.teams:
        return list(team_members)
    below = Q(area=village) | Q(area__path__descendant_of=village.path)
    if enrol.members_of:
        members = Belonging.objects.filter(
            below, not_over_before(first), organisation__kind__in=enrol.members_of
        )
        return _of_persons(members, "person")
    organisations = Organisation.objects.filter(below, kind__in=enrol.organisations)
    return [Spell(*row) for row in organisations.values_list("pk", "name", "from_date", "to_date")]


def _of_persons(rows: QuerySet, person: str) -> list[Spell]:
    """Rows that name a person by that relation and last from a day to a day."""
    fields = (f"{person}_id", f"{person}__name", f"{person}__death_date", "from_date", "to_date")
    found = []
    for holder, name, death, begin, end in rows.values_list(*fields):
        last = _earliest(end, death)
        if holder is not None and (last is None or begin <= last):
            found.append(Spell(holder, name, begin, last))
    return found


def _earliest(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _of_party(village: Area, first: dt.date) -> list[Spell]:
    """Party members on the days on which they are registered in the village, wherever the spell was recorded."""
    homes = _of_persons(Membership.objects.filter(not_over_before(first), village=village), "person")
    persons = {one.holder for one in homes}
    spells: dict[int, list[tuple[dt.date, dt.date | None]]] = {}
    rows = PartySpell.objects.filter(not_over_before(first), person__in=persons)
    for person, begin, end in rows.values_list("person_id", "from_date", "to_date"):
        spells.setdefault(person, []).append((begin, end))
    found = []
    for home in homes:
        for begin, end in spells.get(home.holder, ()):
            both, last = max(begin, home.from_date), _earliest(end, home.to_date)
            if last is None or both <= last:
                found.append(replace(home, from_date=both, to_date=last))
    return found


def _of_posts(village: Area, enrol: Enrolment, first: dt.date) -> list[Spell]:
    """Holders of posts whose account is a registered person; a deputy stands in and is not scored for it."""
    rows = Post.objects.filter(
        Q(area=village) | Q(area__path__descendant_of=village.path),
        not_over_before(first),
        kind__in=enrol.posts,
        deputy_for=None,
    )
    return _of_persons(rows, "user__staff_person__person")


def _of_residents(village: Area, enrol: Enrolment, first: dt.date) -> list[Spell]:
    """Members of the village's households, from the day on which they were old enough; nobody whose age is unknown
    where an age is asked."""
    rows = Membership.objects.filter(
        not_over_before(first), village=village,
        person__residence__in=enrol.residence, person__merged_into=None,
    )  # fmt: skip
    if not enrol.age_from:
        return _of_persons(rows, "person")
    rows = rows.filter(person__birth_date__isnull=False)
    dates = rows.values_list("person_id", "person__birth_date")
    born = {holder: day for holder, day in dates if day is not None}
    grown = (
        replace(one, from_date=max(one.from_date, _birthday(born[one.holder], enrol.age_from)))
        for one in _of_persons(rows, "person")
    )
    return [one for one in grown if one.to_date is None or one.from_date <= one.to_date]


def _birthday(born: dt.date, years: int) -> dt.date:
    """The birthday of that age; the 29th of February counts as the 28th."""
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return born.replace(year=born.year + years, day=day)


def _joined(spells: Iterable[Spell]) -> list[Spell]:
    """Spells of one holder that overlap or follow upon each other as one, under the latest name."""
    found: list[Spell] = []
    for one in sorted(spells, key=lambda spell: (spell.holder, spell.from_date)):
        last = found[-1] if found else None
        if last is None or last.holder != one.holder or not _touch(last, one):
            found.append(one)
            continue
        open_end = last.to_date is None or one.to_date is None
        end = None if open_end else max(last.to_date or dt.date.min, one.to_date or dt.date.min)
        found[-1] = replace(last, label=one.label, to_date=end)
    return found


def _touch(one: Spell, later: Spell) -> bool:
    return one.to_date is None or later.from_date <= one.to_date + dt.timedelta(days=1)
