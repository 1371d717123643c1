"""Comparing a roster with the register: what each household of the file means for it. Nothing is written here.

Two kinds of list reach a village and may come in any order. A list of households knows the number, head, size,
phone, address and grid; a list of persons knows the members. Hence three rules: a blank cell never erases what is
known; members that a list does not name stay; the size is the one declared, else the number of known members.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from jizhi.core import masking
from jizhi.people import rules
from jizhi.people.models import ClassSpell, Household, Membership, Person
from jizhi.people.rules import Change, Fate
from jizhi.people.services.roster_register import Register
from jizhi.people.services.roster_reports import RefusedCell
from jizhi.sheets.roster import Roster, RosterHousehold, RosterMember


@dataclass
class MemberPlan:
    """A person of the file: new, or known with what changes. `joins` is the day a membership would start."""

    source: RosterMember
    index: str
    person: Person | None
    membership: Membership | None
    joins: dt.date
    changes: dict[str, Any] = field(default_factory=dict)
    relation: str | None = None
    spell: ClassSpell | None = None

    @property
    def reclassed(self) -> bool:
        """Whether the file gives a party member another class than the register."""
        letter = self.source.party_class
        return bool(letter) and (self.spell is None or self.spell.letter != letter)


@dataclass
class HouseholdPlan:
    """A household of the file: new, or known with what changes."""

    source: RosterHousehold
    existing: Household | None
    declared_size: int | None
    size: int
    members: list[MemberPlan]
    demoted: list[Membership]
    changes: dict[Change, list[Any]] = field(default_factory=dict)

    @property
    def fate(self) -> Fate:
        """New, changed or as it was."""
        if self.existing is None:
            return Fate.CREATED
        return Fate.UPDATED if self.changes else Fate.UNCHANGED


@dataclass
class Plan:
    """The whole file."""

    households: list[HouseholdPlan] = field(default_factory=list)
    refused: list[RefusedCell] = field(default_factory=list)


@dataclass(frozen=True)
class Columns:
    """Which columns the file fills at all; one that it never fills says nothing about anybody."""

    sizes: bool
    party: bool


def _columns(roster: Roster) -> Columns:
    return Columns(
        sizes=any(household.size != len(household.members) for household in roster.households),
        party=any(member.party for household in roster.households for member in household.members),
    )


def make_plan(roster: Roster, register: Register, start: dt.date, columns: Columns | None = None) -> Plan:
    """Compare every household of the file; `start` is the first day of new households and members.

    `columns` is given where more is known about the file than this part of it shows.
    """
    plan, columns = Plan(), columns or _columns(roster)
    for source in roster.households:
        existing = register.households.get(source.no)
        refused, kept = _refusals(source, existing, register)
        plan.refused += refused
        if kept is not None:
            plan.households.append(_plan_household(source, kept, existing, register, columns, start))
    return plan


def _refusals(
    source: RosterHousehold, existing: Household | None, register: Register
) -> tuple[list[RefusedCell], list[RosterMember] | None]:
    """The refused cells of a household and the members that remain; None when the household itself is out."""
    if existing is not None and existing.to_date is not None:
        return _refuse_all(source, "户编号", source.no, CLOSED), None
    elsewhere = [
        (member, home) for member in source.members if (home := _home_elsewhere(member, existing, register))
    ]
    refused = [_registered_elsewhere(source, member, home, register) for member, home in elsewhere]
    out = {id(member) for member, _ in elsewhere}
    kept = [member for member in source.members if id(member) not in out]
    if any(member.relation == rules.HEAD for member, _ in elsewhere):
        rows = {member.row for member, _ in elsewhere}
        return refused + _refuse_rows(source, {member.row for member in kept} - rows, HEAD_REFUSED), None
    if existing is not None and not _same_household(source, existing, register):
        shown = (
            f"本村 {existing.no} 号已登记为另一户，人员完全不同，请核对户编号",
            f"number {existing.no} belongs to another household with other people; check the number",
        )
        return _refuse_all(source, "户编号", source.no, shown), None
    return refused, kept


CLOSED = ("该户编号已销户", "this household number was closed")
HEAD_REFUSED = ("户主所在行未能导入，本行随之未导入", "the row of the head was refused, and this row with it")


def _refuse_all(
    source: RosterHousehold, column: str, value: str, reason: tuple[str, str]
) -> list[RefusedCell]:
    first = RefusedCell(source.sheet, source.row, column, value, *reason)
    rows = {member.row for member in source.members} - {source.row}
    return [first, *_refuse_rows(source, rows, reason)]


def _refuse_rows(source: RosterHousehold, rows: set[int], reason: tuple[str, str]) -> list[RefusedCell]:
    return [RefusedCell(source.sheet, row, "户编号", source.no, *reason) for row in sorted(rows)]


def _home_elsewhere(member: RosterMember, existing: Household | None, register: Register) -> Household | None:
    person = register.persons.get(register.index_of(member.id_number))
    home = register.home_of(person) if person is not None else None
    if home is None or (existing is not None and home.household_id == existing.pk):
        return None
    return home.household


def _registered_elsewhere(
    source: RosterHousehold, member: RosterMember, home: Household, register: Register
) -> RefusedCell:
    if home.village_id == register.village.pk:
        reason = (
            f"身份证号已登记在本村 {home.no} 户",
            f"the ID number is registered in household {home.no} of this village",
        )
    else:
        reason = (
            "身份证号已登记在本县其他村的一户",
            "the ID number is registered in another village of the county",
        )
    return RefusedCell(source.sheet, member.row, "身份证号", masking.mask_id(member.id_number), *reason)


def _same_household(source: RosterHousehold, existing: Household, register: Register) -> bool:
    """At least the head's name or one member is the same; otherwise the number was given twice."""
    if source.head == existing.head_name:
        return True
    known = register.members.get(existing.pk, [])
    indexes = {membership.person.id_index for membership in known} - {None}
    names = {membership.person.name for membership in known}
    return any(register.index_of(m.id_number) in indexes or m.name in names for m in source.members)


def _plan_household(
    source: RosterHousehold,
    kept: list[RosterMember],
    existing: Household | None,
    register: Register,
    columns: Columns,
    start: dt.date,
) -> HouseholdPlan:
    known = register.members.get(existing.pk, []) if existing is not None else []
    members = _match_members(kept, known, register, columns, start)
    declared = source.size if columns.sizes else (existing.declared_size if existing else None)
    count = len(known) + sum(member.membership is None for member in members)
    plan = HouseholdPlan(
        source=source,
        existing=existing,
        declared_size=declared,
        size=rules.household_size(declared, count),
        members=members,
        demoted=_demoted(members, known),
    )
    if existing is not None:
        plan.changes = _changes(plan, existing)
    return plan


def _match_members(
    kept: list[RosterMember], known: list[Membership], register: Register, columns: Columns, start: dt.date
) -> list[MemberPlan]:
    by_index = {m.person.id_index: m for m in known if m.person.id_index}
    matched = {id(member): by_index.get(register.index_of(member.id_number)) for member in kept}
    free = [m for m in known if m not in matched.values()]
    for member in kept:
        index = register.index_of(member.id_number)
        if matched[id(member)] is None and index not in register.persons:
            found = _by_name(member, free)
            if found is not None:
                matched[id(member)] = found
                free.remove(found)
    return [_plan_member(member, matched[id(member)], register, columns, start) for member in kept]


def _by_name(member: RosterMember, free: list[Membership]) -> Membership | None:
    """The one member of that name not matched by number whose birthday does not contradict: then it is the same person,
    whose number is new or was corrected."""
    same = [
        m
        for m in free
        if m.person.name == member.name
        and (not m.person.birth_date or not member.birth_date or m.person.birth_date == member.birth_date)
    ]
    return same[0] if len(same) == 1 else None


def _plan_member(
    member: RosterMember, membership: Membership | None, register: Register, columns: Columns, start: dt.date
) -> MemberPlan:
    index = register.index_of(member.id_number)
    person = membership.person if membership is not None else register.persons.get(index)
    plan = MemberPlan(
        source=member,
        index=index,
        person=person,
        membership=membership,
        joins=register.free_from(person, start),
    )
    if person is not None:
        wanted = {
            "name": member.name,
            "birth_date": member.birth_date,
            "phone": member.phone,
            "id_index": index,
            "sex": member.sex or (rules.sex_of_id(member.id_number) or ""),
            "residence": member.residence,
            "registered_place": member.registered_place,
        }
        plan.changes = {
            key: value for key, value in wanted.items() if value and getattr(person, key) != value
        }
        plan.spell = register.classes.get(person.pk)
        if columns.party and member.party is not None and person.party_member != member.party:
            plan.changes["party_member"] = member.party
    if membership is not None and member.relation and membership.relation != member.relation:
        plan.relation = member.relation
    return plan


def _demoted(members: list[MemberPlan], known: list[Membership]) -> list[Membership]:
    """Members who are no longer the head, since the file names another one and says nothing about them."""
    named = {member.membership.pk for member in members if member.membership is not None}
    if not any(member.source.relation == rules.HEAD for member in members):
        return []
    return [m for m in known if m.relation == rules.HEAD and m.pk not in named]


def _changes(plan: HouseholdPlan, existing: Household) -> dict[Change, list[Any]]:
    source = plan.source
    changes: dict[Change, list[Any]] = {}
    if source.head and source.head != existing.head_name:
        changes[Change.HEAD] = [existing.head_name, source.head]
    if source.grid and source.grid not in (existing.area.name, existing.area.code):
        changes[Change.GRID] = [existing.area.name, source.grid]
    if source.address and source.address != existing.address:
        changes[Change.ADDRESS] = [existing.address, source.address]
    if source.phone and source.phone != (existing.phone or ""):
        changes[Change.PHONE] = [masking.mask_phone(existing.phone or ""), masking.mask_phone(source.phone)]
    if plan.size != existing.subject.size or plan.declared_size != existing.declared_size:
        changes[Change.SIZE] = [existing.subject.size, plan.size]
    if added := [member.source.name for member in plan.members if member.membership is None]:
        changes[Change.MEMBERS_ADDED] = added
    if altered := [
        _altered(member)
        for member in plan.members
        if member.changes
        or member.relation is not None
        or (member.person is not None and member.membership is not None and member.reclassed)
    ]:
        changes[Change.MEMBERS] = altered
    return changes


def _altered(member: MemberPlan) -> dict[str, Any]:
    """Before and after of a person's data for the audit trail; of numbers only that they changed."""
    person, shown = member.person, {}
    for key, value in member.changes.items():
        shown[key] = True if key in {"id_index", "phone"} else [getattr(person, key), value]
    if member.relation is not None and member.membership is not None:
        shown["relation"] = [member.membership.relation, member.relation]
    if member.reclassed:
        shown["party_class"] = [member.spell.letter if member.spell else "", member.source.party_class]
    return {"name": member.source.name} | shown
