"""The register of persons: the list with search and filters, one person with the whole history. Numbers come masked.

The list is read from memberships, which say in whose area a person is; a page costs the same few queries however long
the register is.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core import clock, crypto, masking, scope
from jizhi.core.errors import DomainError
from jizhi.people import rules
from jizhi.people.models import ClassSpell, Household, Membership, Person
from jizhi.people.rules import PartyClass, PartyStanding, Residence, Sex
from jizhi.people.selectors.homes import latest_membership
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

# More hits than this are no answer to a search; lists without words are not cut.
FOUND_MAX = 20_000
AGE_BANDS: dict[str, tuple[int, int]] = {
    "0-17": (0, 17),
    "18-34": (18, 34),
    "35-59": (35, 59),
    "60-74": (60, 74),
    "75-": (75, 150),
}


class PersonNotFound(DomainError):
    """No such person, or none the user may see."""


@dataclass(frozen=True)
class PersonLine:
    """One person in the register's list."""

    id: int
    name: str
    sex: Sex | None
    birth_date: dt.date | None
    age: int | None
    id_number: str
    phone: str
    residence: Residence
    registered_place: str
    party_member: bool
    party_class: PartyClass | None
    relation: str
    household_id: int
    household_no: str
    head_name: str
    village_name: str
    grid_name: str
    to_date: dt.date | None
    death_date: dt.date | None


@dataclass(frozen=True)
class PersonFilter:
    """What the list is narrowed to; empty values narrow nothing."""

    search: str = ""
    residence: str = ""
    party: str = ""
    letter: str = ""
    age: str = ""
    sex: str = ""
    left: bool = False


@dataclass(frozen=True)
class HomeLine:
    """A household in a person's history."""

    household_id: int
    no: str
    head_name: str
    village_name: str
    relation: str
    from_date: dt.date
    to_date: dt.date | None
    membership_id: int


@dataclass(frozen=True)
class SpellLine:
    """A stretch of party membership or of a class."""

    id: int
    what: PartyStanding | PartyClass
    from_date: dt.date
    to_date: dt.date | None


@dataclass(frozen=True)
class PersonPage:
    """One person with everything a page shows, and what the reader may do."""

    line: PersonLine
    departed_date: dt.date | None
    returned_date: dt.date | None
    version: int
    homes: tuple[HomeLine, ...]
    party: tuple[SpellLine, ...]
    classes: tuple[SpellLine, ...]
    usual_class: PartyClass
    ids: tuple[int, ...]
    can_manage: bool
    can_unmask: bool


def _memberships(paths: list[str] | None, on: dt.date, area: Area | None, left: bool) -> QuerySet[Membership]:
    """Without paths everybody's, from the one table: a county's half a million are counted quickly enough."""
    rows = Membership.objects.all()
    if paths is not None:
        rows = rows.filter(household__area__path__within=paths)
    if area is not None:
        rows = rows.filter(household__area__path__descendant_of=area.path)
    if not left:
        return rows.on(on)
    later = Membership.objects.filter(person=OuterRef("person"), from_date__gt=OuterRef("from_date"))
    return rows.filter(~Exists(later), to_date__lt=on)


def _search(text: str, everywhere: bool) -> Q:
    """By name, pinyin or initials, household number, or a whole ID or phone number through its blind index.

    Up to two characters mean how a name begins, which an index knows; three or more may stand anywhere in it.
    """
    kinds = {"name__startswith" if len(text) < 3 else "name__contains": text}
    if text.isascii():
        digest = crypto.blind_index(text.upper().replace(" ", ""))
        kinds |= {
            "pinyin__contains": text.lower().replace(" ", ""),
            "id_index": digest,
            "phone_index": digest,
        }
    numbered = Q(household__in=Household.objects.filter(no=text).order_by().values("pk"))
    if everywhere:
        # Looked up in each table by its own index first: one OR across the join would read the whole register.
        match = Q()
        for name, value in kinds.items():
            match |= Q(**{name: value})
        return Q(person__in=Person.objects.filter(match).values("pk")) | numbered
    match = numbered  # from the memberships of the reader's villages, which are few, to their persons
    for name, value in kinds.items():
        match |= Q(**{f"person__{name}": value})
    return match


def _narrowed(
    rows: QuerySet[Membership], wanted: PersonFilter, on: dt.date, everywhere: bool
) -> QuerySet[Membership]:
    if text := wanted.search.strip():
        rows = rows.filter(_search(text, everywhere))
    exact = {"person__residence": wanted.residence, "person__sex": wanted.sex}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.party:
        rows = rows.filter(person__party_member=wanted.party == "yes")
    if wanted.letter:
        open_spells = ClassSpell.objects.filter(person=OuterRef("person"), to_date=None, letter=wanted.letter)
        rows = rows.filter(Exists(open_spells))
    if wanted.age in AGE_BANDS:
        youngest, oldest = AGE_BANDS[wanted.age]
        born_until, born_after = clock.years_before(on, youngest), clock.years_before(on, oldest + 1)
        rows = rows.filter(person__birth_date__lte=born_until, person__birth_date__gt=born_after)
    return rows


def persons(
    user: Any, wanted: PersonFilter, *, on: dt.date, area: Area | None = None
) -> QuerySet[Membership]:
    """The list's rows in the order of households, for the pager to slice and `person_lines` to read."""
    paths = posts.scope_paths(user, Action.VIEW_HOUSEHOLDS, on)
    everywhere = areas.reach_everywhere(paths)
    rows = _memberships(None if everywhere else paths, on, area, wanted.left)
    rows = _narrowed(rows, wanted, on, everywhere).order_by("household_id", "id")
    if wanted.search.strip() and not everywhere:  # once, not again for count and page
        found = list(rows.values_list("pk", flat=True)[:FOUND_MAX])
        return Membership.objects.filter(pk__in=found).order_by("household_id", "id")
    return rows


def person_lines(rows: Iterable[Membership] | QuerySet[Membership], on: dt.date) -> list[PersonLine]:
    """Rows as lines: two queries, however many."""
    if isinstance(rows, QuerySet):
        rows = rows.select_related("person", "household__village", "household__area")
    found = list(rows)
    spells = ClassSpell.objects.filter(person__in=[row.person_id for row in found], to_date=None)
    letters = dict(spells.values_list("person_id", "letter"))
    return [_line(row, letters, on) for row in found]


def _line(row: Membership, letters: dict[int, str], on: dt.date) -> PersonLine:
    person, household = row.person, row.household
    letter = letters.get(person.pk)
    return PersonLine(
        id=person.pk,
        name=person.name,
        sex=Sex(person.sex) if person.sex else None,
        birth_date=person.birth_date,
        age=rules.age_on(person.birth_date, min(on, person.death_date or on)),
        id_number=masking.mask_id(person.id_number or ""),
        phone=masking.mask_phone(person.phone or ""),
        residence=Residence(person.residence),
        registered_place=person.registered_place,
        party_member=person.party_member,
        party_class=PartyClass(letter) if letter else None,
        relation=row.relation,
        household_id=household.pk,
        household_no=household.no,
        head_name=household.head_name,
        village_name=areas.named(household.village),
        grid_name="" if household.area_id == household.village_id else areas.named(household.area),
        to_date=row.to_date,
        death_date=person.death_date,
    )


def person_for(user: Any, person_id: int, on: dt.date) -> Person:
    """The person for a service, if the user may see one of the households; a merged one leads to the one kept."""
    person = Person.objects.visible_to(user, on).filter(pk=person_id).first()
    if person is None:
        with scope.beyond("a merged person belongs to nobody any more; the one kept is checked"):
            kept = Person.objects.filter(pk=person_id).values_list("merged_into", flat=True).first()
        if kept is not None:
            return person_for(user, kept, on)
        raise PersonNotFound(_("没有此人，或不在您的工作范围内。"))
    return person


def person_page(user: Any, person_id: int, on: dt.date) -> PersonPage:
    """One person; raises PersonNotFound."""
    person = person_for(user, person_id, on)
    rows = Membership.objects.filter(person=person).select_related(
        "person", "household__village", "household__area"
    )
    homes = list(rows.order_by(F("from_date").desc(), "-id"))
    (line,) = person_lines(homes[:1], on)
    latest = latest_membership(person) or homes[0]
    area = latest.household.area
    with scope.beyond("a merged person belongs to nobody any more; the one kept is checked"):
        merged = list(Person.objects.filter(merged_into=person).values_list("pk", flat=True))
    return PersonPage(
        line=line,
        departed_date=person.departed_date,
        returned_date=person.returned_date,
        version=person.version,
        homes=tuple(_home(row) for row in homes),
        party=tuple(
            SpellLine(s.pk, PartyStanding(s.standing), s.from_date, s.to_date)
            for s in person.party_spells.order_by("-from_date")
        ),
        classes=tuple(
            SpellLine(s.pk, PartyClass(s.letter), s.from_date, s.to_date)
            for s in person.class_spells.order_by("-from_date")
        ),
        usual_class=rules.usual_class(line.residence, line.age),
        ids=(person.pk, *merged),
        can_manage=posts.can(user, Action.MANAGE_HOUSEHOLDS, area, on),
        can_unmask=posts.can(user, Action.UNMASK_PERSON, area, on),
    )


def _home(row: Membership) -> HomeLine:
    household = row.household
    return HomeLine(
        household_id=household.pk,
        no=household.no,
        head_name=household.head_name,
        village_name=areas.named(household.village),
        relation=row.relation,
        from_date=row.from_date,
        to_date=row.to_date,
        membership_id=row.pk,
    )


def whole_numbers(person_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Whole ID and phone numbers by person, for an export that a service has allowed and recorded."""
    rows = Person.objects.filter(pk__in=person_ids).only("id_number", "phone")
    return {row.pk: (row.id_number or "", row.phone or "") for row in rows}
