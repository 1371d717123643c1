"""Gathers parsed lines into households and refuses what contradicts an earlier line.

The first usable line of a household stands; a later one that repeats or contradicts it is refused with the place
of the first. A refused row never reserves a household number or an ID number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from jizhi.sheets.roster.layout import Shape
from jizhi.sheets.roster.parsing import Entry
from jizhi.sheets.roster.records import Note, Refusal, RosterHousehold, RosterMember
from jizhi.sheets.values import Saying
from jizhi.sheets.vocabulary import Role


@dataclass(slots=True)
class Draft:
    first: Entry
    persons: list[Entry] = field(default_factory=list)

    @property
    def declared(self) -> bool:
        """Whether a row of its own declares the household, not only its persons."""
        return self.first.shape is Shape.HOUSEHOLDS

    @property
    def head_entry(self) -> Entry | None:
        by_relation = [entry for entry in self.persons if entry.line.is_head]
        by_name = [entry for entry in self.persons if entry.name == self.first.head]
        return next(iter(by_relation or by_name), None)


class Gathering:
    def __init__(self) -> None:
        self.drafts: dict[str, Draft] = {}
        self.owners: dict[str, Entry] = {}
        self.refused: list[Refusal] = []
        self.noted: list[Note] = []

    def add(self, entry: Entry) -> None:
        if entry.shape is Shape.HOUSEHOLDS:
            self._check_household(entry)
        else:
            self._check_person(entry)
        if entry.refused:
            self.refused += entry.refused
            return
        self.noted += entry.noted
        draft = self.drafts.setdefault(entry.no, Draft(entry))
        number = entry.head_id if entry.shape is Shape.HOUSEHOLDS else entry.id_number
        if number:
            self.owners.setdefault(number, entry)
        if entry.shape is Shape.PERSONS:
            draft.persons.append(entry)

    def _check_household(self, entry: Entry) -> None:
        _check_filled(entry, Role.NO, entry.no, NO_NUMBER)
        _check_filled(entry, Role.HEAD, entry.head, NO_HEAD)
        earlier = self.drafts.get(entry.no) if entry.no else None
        if earlier is not None:
            entry.refuse(Role.NO, _repeated_household(entry, earlier.first))
        elif entry.head_id in self.owners:
            entry.refuse(Role.HEAD_ID, _owned(self.owners[entry.head_id]))

    def _check_person(self, entry: Entry) -> None:
        _check_filled(entry, Role.NO, entry.no, NO_NUMBER)
        _check_filled(entry, Role.NAME, entry.name, NO_NAME)
        draft = self.drafts.get(entry.no) if entry.no else None
        if entry.line.is_head and entry.head and entry.name and entry.head != entry.name:
            entry.refuse(Role.NAME, _not_the_head(entry.head))
        if draft is not None:
            self._check_against(entry, draft)
        owner = self.owners.get(entry.id_number) if entry.id_number else None
        if owner is not None and not (owner.shape is Shape.HOUSEHOLDS and owner.no == entry.no):
            same = owner.no == entry.no
            entry.refuse(Role.ID, _repeated_person(owner) if same else _owned(owner))

    def _check_against(self, entry: Entry, draft: Draft) -> None:
        first, head = draft.first, draft.head_entry
        known = first.head or (head.name if head else "")
        claimed = entry.head or (entry.name if entry.line.is_head else "")
        if known and claimed and known != claimed and not entry.refused:
            entry.refuse(Role.NO, _other_head(entry.no, first, known))
        elif (
            entry.line.is_head
            and head is not None
            and head.line.is_head
            and head.id_number != entry.id_number
        ):
            entry.refuse(Role.RELATION, _second_head(head))
        if not entry.id_number and any(_same_person(entry, other) for other in draft.persons):
            entry.refuse(
                Role.NAME, _repeated_person(next(o for o in draft.persons if _same_person(entry, o)))
            )

    def households(self) -> list[RosterHousehold]:
        return [built for no, draft in self.drafts.items() if (built := self._build(no, draft)) is not None]

    def _build(self, no: str, draft: Draft) -> RosterHousehold | None:
        first, head = draft.first, draft.head_entry
        if not first.head and head is None:
            if Role.RELATION in first.line.columns or Role.HEAD in first.line.columns:
                self._refuse_headless(draft)
                return None
            head = draft.persons[0]
            head.note(
                Role.NAME,
                Saying("没有标明户主，按本户第一人", "no head is marked; the first person is taken"),
            )
            self.noted.append(head.noted[-1])
        members = tuple(_member(entry, entry is head) for entry in draft.persons)
        if draft.declared and head is None:
            members = (_declared_head(first), *members)
        household = RosterHousehold(
            no=no,
            head=first.head or (head.name if head else ""),
            head_id=(head.id_number if head else "") or first.head_id,
            size=first.size or len(members),
            grid=next((e.grid for e in [first, *draft.persons] if e.grid), ""),
            phone=(head.phone if head else "")
            or next((e.phone for e in [first, *draft.persons] if e.phone), ""),
            address=next((e.address for e in [first, *draft.persons] if e.address), ""),
            row=first.place[1],
            sheet=first.place[0],
            members=members,
        )
        self._note_oddities(draft, household, head)
        return household

    def _refuse_headless(self, draft: Draft) -> None:
        for entry in draft.persons:
            role = Role.HEAD if Role.HEAD in entry.line.columns else Role.RELATION
            entry.refuse(role, NO_HEAD)
            self.refused += entry.refused

    def _note_oddities(self, draft: Draft, household: RosterHousehold, head: Entry | None) -> None:
        first, counted = draft.first, len(household.members)
        if draft.persons and first.size and first.size != counted:
            text = Saying(
                f"填{first.size}人，读到{counted}人", f"{first.size} declared, {counted} members read"
            )
            self._note(first, Role.SIZE, text)
        if not draft.persons and not first.size and Role.SIZE in first.line.columns:
            self._note(first, Role.SIZE, Saying("没有填人口数，按1人计", "no size given; counted as 1"))
        if draft.persons and head is None:
            self._note(
                first, Role.HEAD, Saying("户主不在读入的成员中", "the head is not among the members read")
            )

    def _note(self, entry: Entry, role: Role, text: Saying) -> None:
        entry.note(role, text)
        self.noted.append(entry.noted[-1])


NO_NUMBER = Saying("缺少户编号，不知道是哪一户", "the household number is missing")
NO_HEAD = Saying("缺少户主姓名", "the name of the head is missing")
NO_NAME = Saying("缺少姓名", "the name is missing")


def _check_filled(entry: Entry, role: Role, value: str, reason: Saying) -> None:
    label = entry.line.label(role)
    if not value and not any(refusal.column == label for refusal in entry.refused):
        entry.refuse(role, reason)


def _where(entry: Entry) -> tuple[str, str]:
    sheet, row = entry.place
    return f"“{sheet}”第{row}行", f"row {row} of “{sheet}”"


def _repeated_household(entry: Entry, first: Entry) -> Saying:
    zh, en = _where(first)
    facts = [(e.head, e.head_id, e.size, e.grid, e.phone, e.address) for e in (entry, first)]
    if facts[0] == facts[1]:
        return Saying(f"户重复，与{zh}相同", f"duplicate household, the same as {en}")
    return Saying(
        f"户编号重复且内容不同，{zh}已有户主 {first.head}",
        f"duplicate household number with other data; {en} has {first.head}",
    )


def _repeated_person(owner: Entry) -> Saying:
    zh, en = _where(owner)
    return Saying(f"本户此人重复，{zh}已有", f"duplicate person of this household; see {en}")


def _owned(owner: Entry) -> Saying:
    zh, en = _where(owner)
    name = owner.name or owner.head
    return Saying(
        f"身份证号已在{zh}出现（{owner.no}户 {name}）",
        f"the ID number already stands in {en} (household {owner.no}, {name})",
    )


def _not_the_head(head: str) -> Saying:
    return Saying(
        f"关系是户主，户主栏却是 {head}", f"is the head by relation, yet the head column says {head}"
    )


def _second_head(head: Entry) -> Saying:
    zh, en = _where(head)
    return Saying(f"一户有两个户主，{zh}已有", f"a second head of the household; see {en}")


def _other_head(no: str, first: Entry, known: str) -> Saying:
    zh, en = _where(first)
    return Saying(
        f"户编号重复：{zh}起的 {no} 户户主是 {known}",
        f"duplicate household number: from {en} on, the head of {no} is {known}",
    )


def _same_person(one: Entry, other: Entry) -> bool:
    return one.name == other.name and one.birth_date == other.birth_date and not other.id_number


def _member(entry: Entry, is_head: bool) -> RosterMember:
    number = entry.id_number or (entry.head_id if is_head else "")
    return _built(entry, entry.name, number, "户主" if is_head else entry.relation)


def _declared_head(entry: Entry) -> RosterMember:
    return _built(entry, entry.head, entry.head_id, "户主")


def _built(entry: Entry, name: str, number: str, relation: str) -> RosterMember:
    return RosterMember(
        name=name,
        id_number=number,
        birth_date=entry.birth_date,
        relation=relation,
        phone=entry.phone,
        party=entry.party,
        row=entry.line.row.number,
        sex=entry.sex,
        residence=entry.residence,
        registered_place=entry.registered_place,
        party_class=entry.party_class,
    )
