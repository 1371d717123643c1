"""Writing a roster's plan in bulk: a fixed number of statements per thousand rows, inside the caller's transaction."""

import datetime as dt
from typing import Any, TypeVar

from django.db.models import Model

from jizhi.accounts.models import User
from jizhi.areas import rules as area_rules
from jizhi.areas import selectors as area_selectors
from jizhi.areas import services as areas
from jizhi.areas.models import Area
from jizhi.core import audit, names, scope
from jizhi.people import rules
from jizhi.people.models import ClassSpell, Household, Membership, Person, Subject
from jizhi.people.rules import Change, Fate, SubjectKind
from jizhi.people.services import numbers
from jizhi.people.services.roster_plans import HouseholdPlan, MemberPlan, Plan
from jizhi.people.services.roster_register import Register

_BATCH = 1000
_PERSON_FIELDS = [
    "name", "pinyin", "id_number", "id_index", "id_core_index", "birth_date", "sex", "phone", "phone_index",
    "residence", "registered_place", "party_member", "version",
]  # fmt: skip
_Row = TypeVar("_Row", bound=Model)


def write_plan(plan: Plan, register: Register, start: dt.date, by: User | None, at: dt.datetime) -> None:
    """Create and update everything the plan says, with one audit event for each household it touches."""
    grids = _with_new_grids(plan, register, start, by, at)
    created = [h for h in plan.households if h.fate is Fate.CREATED]
    updated = [h for h in plan.households if h.fate is Fate.UPDATED]
    homes = {id(h): h.existing for h in plan.households if h.existing is not None}
    homes |= _create_households(created, register.village, grids, start)
    _update_households(updated, grids)
    _write_members([*created, *updated], homes)
    _write_classes([*created, *updated], register.village, start)
    _write_heads([*created, *updated], homes)
    _record(created, updated, homes, by, at)


def _update(model: type[_Row], rows: list[_Row], fields: list[str]) -> None:
    """Write these fields of rows that exist: an upsert of one statement, where bulk_update's CASEs take seconds."""
    if rows:
        model._default_manager.bulk_create(
            rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
        )


def new_grids(plan: Plan, register: Register) -> list[str]:
    """Names of grids the village does not have yet, in the order of the file."""
    named = dict.fromkeys(h.source.grid for h in plan.households if h.source.grid)
    return [name for name in named if name not in register.grids]


def _with_new_grids(
    plan: Plan, register: Register, start: dt.date, by: User | None, at: dt.datetime
) -> dict[str, Area]:
    return dict(register.grids) | make_grids(register.village, new_grids(plan, register), start, by, at)


def make_grids(
    village: Area, missing: list[str], start: dt.date, by: User | None, at: dt.datetime
) -> dict[str, Area]:
    """Set up grids the village lacks, by name."""
    if not missing:
        return {}
    grids: dict[str, Area] = {}
    taken = set(
        Area.objects.filter(code__startswith=village.code).order_by("code").values_list("code", flat=True)
    )
    level = area_selectors.grid_level()
    for name in missing:
        code = area_rules.next_grid_code(village.code, taken)
        taken.add(code)
        grids[name] = areas.create_area(
            code=code, name=name, level=level, parent=village, from_date=start, by=by, at=at
        )
    return grids


def _create_households(
    plans: list[HouseholdPlan], village: Area, grids: dict[str, Area], start: dt.date
) -> dict[int, Household]:
    subjects = Subject.objects.bulk_create(
        [
            Subject(
                kind=SubjectKind.HOUSEHOLD,
                key=rules.subject_key(village.code, plan.source.no),
                label=plan.source.head,
                village=village,
                group=village.code,
                size=plan.size,
                from_date=start,
            )
            for plan in plans
        ],
        batch_size=_BATCH,
    )
    households = Household.objects.bulk_create(
        [
            Household(
                no=plan.source.no,
                head_name=plan.source.head,
                pinyin=names.person_key(plan.source.head),
                village=village,
                area=grids.get(plan.source.grid, village),
                address=plan.source.address,
                phone=plan.source.phone or None,
                declared_size=plan.declared_size,
                from_date=start,
                subject=subject,
            )
            for plan, subject in zip(plans, subjects, strict=True)
        ],
        batch_size=_BATCH,
    )
    return {id(plan): household for plan, household in zip(plans, households, strict=True)}


def _update_households(plans: list[HouseholdPlan], grids: dict[str, Area]) -> None:
    own = {Change.HEAD, Change.GRID, Change.ADDRESS, Change.PHONE, Change.SIZE}
    touched = [plan for plan in plans if own & plan.changes.keys()]
    households = [household for plan in touched if (household := _changed_household(plan, grids))]
    fields = ["head_name", "pinyin", "area", "address", "phone", "declared_size"]
    _update(Household, households, fields)
    _update(Subject, [household.subject for household in households], ["label", "size"])


def _changed_household(plan: HouseholdPlan, grids: dict[str, Area]) -> Household | None:
    household, source = plan.existing, plan.source
    if household is not None:
        household.head_name = source.head or household.head_name
        household.pinyin = names.person_key(household.head_name)
        household.area = grids.get(source.grid, household.area)
        household.address = source.address or household.address
        household.phone = source.phone or household.phone
        household.declared_size = plan.declared_size
        household.subject.label, household.subject.size = household.head_name, plan.size
    return household


def _write_members(plans: list[HouseholdPlan], homes: dict[int, Household]) -> None:
    members = [(plan, member) for plan in plans for member in plan.members]
    with scope.beyond("whoever joins is in nobody's scope before the membership stands"):
        _join(members, homes)
    _update(Membership, _changed_relations(plans), ["relation"])


def _join(members: list[tuple[HouseholdPlan, MemberPlan]], homes: dict[int, Household]) -> None:
    _create_persons([member for _, member in members if member.person is None])
    changed = [person for _, member in members if (person := _changed_person(member))]
    _update(Person, changed, _PERSON_FIELDS)
    Membership.objects.bulk_create(
        [
            Membership(
                person=member.person,
                household=homes[id(plan)],
                relation=member.source.relation,
                from_date=member.joins,
            )
            for plan, member in members
            if member.membership is None
        ],
        batch_size=_BATCH,
    )


def _create_persons(members: list[MemberPlan]) -> None:
    persons = Person.objects.bulk_create(
        [
            Person(
                name=member.source.name,
                pinyin=names.person_key(member.source.name),
                birth_date=member.source.birth_date,
                sex=member.source.sex or rules.sex_of_id(member.source.id_number) or "",
                residence=member.source.residence or rules.Residence.RESIDENT,
                registered_place=member.source.registered_place,
                party_member=bool(member.source.party),
                **numbers.of_id(member.source.id_number),
                **numbers.of_phone(member.source.phone),
            )
            for member in members
        ],
        batch_size=_BATCH,
    )
    for member, person in zip(members, persons, strict=True):
        member.person = person


def _changed_person(member: MemberPlan) -> Person | None:
    person = member.person
    if person is None or not member.changes:
        return None
    for key, value in member.changes.items():
        setattr(person, key, value)
    known = {} | (numbers.of_id(member.source.id_number) if "id_index" in member.changes else {})
    known |= numbers.of_phone(member.source.phone) if "phone" in member.changes else {}
    for key, value in known.items():
        setattr(person, key, value)
    person.version += 1
    person.pinyin = names.person_key(person.name)
    return person


def _write_classes(plans: list[HouseholdPlan], village: Area, start: dt.date) -> None:
    """A class that the file gives anew holds from the day of the import; the one before ends the day before."""
    members = [member for plan in plans for member in plan.members if member.reclassed]
    ended, fresh = [], []
    for member in members:
        day = max(member.joins, start)
        spell = member.spell
        if spell is not None and spell.from_date >= day:
            spell.letter = member.source.party_class
            ended.append(spell)
            continue
        if spell is not None:
            spell.to_date = day - dt.timedelta(days=1)
            ended.append(spell)
        fresh.append(
            ClassSpell(person=member.person, village=village, letter=member.source.party_class, from_date=day)
        )
    _update(ClassSpell, ended, ["letter", "to_date"])
    ClassSpell.objects.bulk_create(fresh, batch_size=_BATCH)


def _write_heads(plans: list[HouseholdPlan], homes: dict[int, Household]) -> None:
    """The member whom the file calls the head is the household's head as a person."""
    changed = []
    for plan in plans:
        household = homes[id(plan)]
        head = next((m.person for m in plan.members if m.source.relation == rules.HEAD), None)
        if head is not None and household.head_id != head.pk:
            household.head = head
            changed.append(household)
    _update(Household, changed, ["head"])


def _changed_relations(plans: list[HouseholdPlan]) -> list[Membership]:
    changed = []
    for plan in plans:
        for member in plan.members:
            if member.membership is not None and member.relation is not None:
                member.membership.relation = member.relation
                changed.append(member.membership)
        for membership in plan.demoted:
            membership.relation = ""
            changed.append(membership)
    return changed


def _record(
    created: list[HouseholdPlan],
    updated: list[HouseholdPlan],
    homes: dict[int, Household],
    by: User | None,
    at: dt.datetime,
) -> None:
    events = []
    for verb, plans in (("household.create", created), ("household.update", updated)):
        for plan in plans:
            household = homes[id(plan)]
            detail: dict[str, Any] = {"from": "roster"} | {
                str(key): value for key, value in plan.changes.items()
            }
            events.append(
                audit.new_event(
                    by=by, at=at, verb=verb, target=household, area_path=household.area.path, detail=detail
                )
            )
    audit.append_events(events)
