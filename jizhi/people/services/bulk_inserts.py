"""Inserting households that meet nothing on the register: five tables, one statement each, keys drawn beforehand.

It decides nothing: which households are new is found out in `bulk`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas import rules as area_rules
from jizhi.areas.models import Area
from jizhi.core import crypto, names, scope
from jizhi.core.errors import DomainError
from jizhi.core.inserting import insert_rows, new_ids
from jizhi.core.models import AuditEvent
from jizhi.people import rules
from jizhi.people.models import Household, Membership, Person, Subject
from jizhi.people.rules import SubjectKind
from jizhi.people.services import numbers, roster_writes
from jizhi.people.services.bulk_records import HouseholdRecord


class NoSuchPlace(DomainError):
    """A record names an area that does not lie in its village."""


def fill_indexes(records: Sequence[HouseholdRecord]) -> None:
    """The blind index of every ID number, worked out once."""
    for record in records:
        for member in record.members:
            if member.id_number and not member.index:
                member.index = crypto.blind_index(member.id_number)


def places_by_code(records: Sequence[HouseholdRecord], village: Area) -> dict[str, Area]:
    """The areas that records name by code, each of which must lie in the village."""
    codes = {record.area for record in records if record.area}
    found = {row.code: row for row in Area.objects.filter(code__in=codes, path__descendant_of=village.path)}
    for code in sorted(codes - found.keys()):
        shown = {"area": code, "village": village.name}
        raise NoSuchPlace(_("“%(area)s”不在%(village)s。") % shown, place="area")
    return found


def insert_households(
    records: Sequence[HouseholdRecord],
    villages: Mapping[str, Area],
    starts: Mapping[str, dt.date],
    by: User | None,
    at: dt.datetime,
) -> None:
    """Subjects, households, persons, memberships and the audit trail of new households; missing grids are set up."""
    places = _places(records, villages, starts, by, at)
    subject_ids = list(new_ids(Subject, len(records)))
    household_ids = list(new_ids(Household, len(records)))
    person_ids = list(new_ids(Person, sum(len(one.members) for one in records)))
    _insert_subjects(records, subject_ids, villages, starts)
    with scope.beyond("whoever is written is in nobody's scope before the membership stands"):
        _insert_persons(records, person_ids, villages)
    insert_rows(
        Household,
        [
            *("id", "no", "head_name", "head_id", "pinyin", "village_id", "area_id", "address", "phone"),
            *("declared_size", "from_date", "subject_id", "version"),
        ],
        [
            (
                own, one.no, one.head, head, names.person_key(one.head), villages[one.village].pk,
                places[one.village, one.area, one.grid].pk, one.address, one.phone or None, one.size,
                starts[one.village], subject, 1,
            )
            for one, own, subject, head in zip(
                records, household_ids, subject_ids, _heads(records, person_ids), strict=True
            )
        ],
    )  # fmt: skip
    _insert_memberships(records, household_ids, person_ids, starts)
    _insert_events(records, household_ids, places, by, at)


def _insert_subjects(
    records: Sequence[HouseholdRecord],
    subject_ids: Sequence[int],
    villages: Mapping[str, Area],
    starts: Mapping[str, dt.date],
) -> None:
    insert_rows(
        Subject,
        ["id", "kind", "key", "label", "village_id", "group", "size", "scheme", "from_date", "void"],
        [
            (
                own, SubjectKind.HOUSEHOLD.value, rules.subject_key(one.village, one.no), one.head,
                villages[one.village].pk, one.village, one.count, "", starts[one.village], False,
            )
            for one, own in zip(records, subject_ids, strict=True)
        ],
    )  # fmt: skip


def _heads(records: Sequence[HouseholdRecord], person_ids: Sequence[int]) -> Iterator[int | None]:
    """The person behind each household's head: whoever is called its head, else who bears the name."""
    ids = iter(person_ids)
    for one in records:
        found = [(member, next(ids)) for member in one.members]
        called = [own for member, own in found if member.relation == rules.HEAD]
        named = [own for member, own in found if member.name == one.head]
        yield next(iter([*called, *named]), None)


def _insert_persons(
    records: Sequence[HouseholdRecord], person_ids: Sequence[int], villages: Mapping[str, Area]
) -> None:
    """With their village at once: the trigger on memberships then finds nothing to write a second time."""
    members = [(member, villages[one.village].pk) for one in records for member in one.members]
    insert_rows(
        Person,
        [
            *("id", "name", "pinyin", "id_number", "id_index", "id_core_index", "birth_date", "sex", "phone"),
            *("phone_index", "residence", "registered_place", "party_member", "version", "village_id"),
        ],
        [
            (
                own, one.name, names.person_key(one.name), one.id_number or None, one.index or None,
                numbers.core_index(one.id_number), one.birth_date, rules.sex_of_id(one.id_number) or "",
                one.phone or None, numbers.phone_index(one.phone), rules.Residence.RESIDENT, "",
                bool(one.party), 1, village,
            )
            for (one, village), own in zip(members, person_ids, strict=True)
        ],
    )  # fmt: skip


def _insert_memberships(
    records: Sequence[HouseholdRecord],
    household_ids: Sequence[int],
    person_ids: Sequence[int],
    starts: Mapping[str, dt.date],
) -> None:
    members = [
        (member, household, starts[one.village])
        for one, household in zip(records, household_ids, strict=True)
        for member in one.members
    ]
    insert_rows(
        Membership,
        ["person_id", "household_id", "relation", "from_date"],
        [
            (own, household, one.relation, start)
            for (one, household, start), own in zip(members, person_ids, strict=True)
        ],
    )


def _insert_events(
    records: Sequence[HouseholdRecord],
    household_ids: Sequence[int],
    places: Mapping[tuple[str, str, str], Area],
    by: User | None,
    at: dt.datetime,
) -> None:
    by_id, by_name = (by.pk, by.get_username()) if by is not None else (None, "")
    label = Household._meta.label_lower
    insert_rows(
        AuditEvent,
        [
            *("at", "by_id", "by_name", "verb", "target_type", "target_id", "target_label", "area_path"),
            "detail",
        ],
        [
            (
                at, by_id, by_name, "household.create", label, str(own), f"{one.no} {one.head}"[:200],
                places[one.village, one.area, one.grid].path, {"from": "roster"},
            )
            for one, own in zip(records, household_ids, strict=True)
        ],
    )  # fmt: skip


def _places(
    records: Sequence[HouseholdRecord],
    villages: Mapping[str, Area],
    starts: Mapping[str, dt.date],
    by: User | None,
    at: dt.datetime,
) -> dict[tuple[str, str, str], Area]:
    """Where each household lives, by village, code of an area and name of a grid."""
    wanted = dict.fromkeys((record.village, record.area, record.grid) for record in records)
    by_code = {
        row.code: row for row in Area.objects.filter(code__in={code for _v, code, _g in wanted if code})
    }
    grids: dict[tuple[int | None, str], Area] = {
        (row.parent_id, row.name): row
        for row in Area.objects.filter(parent__in=villages.values(), level_id=area_rules.GRID, to_date=None)
    }
    for code, village in villages.items():
        missing = [
            g for v, area, g in wanted if v == code and g and not area and (village.pk, g) not in grids
        ]
        made = roster_writes.make_grids(village, missing, starts[code], by, at)
        grids |= {(village.pk, name): row for name, row in made.items()}
    found = {}
    for code, area, grid in wanted:
        village = villages[code]
        place = by_code.get(area) if area else grids[village.pk, grid] if grid else village
        if place is None or not (place.path + ".").startswith(village.path + "."):
            shown = {"area": area, "village": village.name}
            raise NoSuchPlace(_("“%(area)s”不在%(village)s。") % shown, place="area")
        found[code, area, grid] = place
    return found
