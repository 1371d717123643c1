"""Correcting a person's own data, and party membership and class over time. Who lives where is not changed here."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock, names, scope
from jizhi.core.errors import Conflict, DomainError
from jizhi.people import rules
from jizhi.people.models import ClassSpell, Household, PartySpell, Person
from jizhi.people.selectors.homes import latest_membership
from jizhi.people.services import memberships, numbers
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class BadPerson(DomainError):
    """A name, number or date that cannot stand; `place` names the field."""


@dataclass(frozen=True)
class PersonChange:
    """What a form says of a person. An empty ID or phone number leaves the one that is kept, which is never shown."""

    version: int
    name: str
    sex: rules.Sex | None
    birth_date: dt.date | None
    residence: rules.Residence
    registered_place: str
    id_number: str = ""
    phone: str = ""


def home_of(person: Person) -> Household:
    """The household of the latest membership, in whichever village; raises BadPerson where there never was one."""
    latest = latest_membership(person)
    if latest is None:
        raise BadPerson(_("此人不在任何一户。"))
    return latest.household


def _locked(person_id: int, action: Action, by: User | None, at: dt.datetime) -> tuple[Person, Household]:
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    household = home_of(person)
    posts.check_can(by, action, household.area, clock.day_of(at))
    return person, household


@transaction.atomic
def update_person(*, person_id: int, change: PersonChange, by: User | None, at: dt.datetime) -> Person:
    """Correct a person's data; households the person heads carry the new name. Raises Conflict and BadPerson."""
    person, household = _locked(person_id, Action.MANAGE_HOUSEHOLDS, by, at)
    if person.version != change.version:
        raise Conflict(_("此人的资料刚被别人改过，请核对后再保存。"))
    wanted = _wanted(person, change, clock.day_of(at))
    shown = _shown(person, wanted)
    for name, value in wanted.items():
        setattr(person, name, value)
    person.pinyin = names.person_key(person.name)
    person.version += 1
    person.save()
    if "name" in shown:
        memberships.rename_heads(person)
    audit.record_event(
        by=by, at=at, verb="person.update", target=person, area_path=household.area.path, detail=shown
    )
    return person


def _wanted(person: Person, change: PersonChange, today: dt.date) -> dict[str, Any]:
    name = change.name.strip()
    if not name:
        raise BadPerson(_("请填写姓名。"), place="name")
    if change.birth_date is not None and change.birth_date > today:
        raise BadPerson(_("出生日期不能晚于今天。"), place="birth_date")
    wanted: dict[str, Any] = {
        "name": name,
        "sex": change.sex or "",
        "birth_date": change.birth_date,
        "residence": change.residence,
        "registered_place": change.registered_place.strip(),
    }
    if change.id_number:
        wanted |= numbers.of_id(change.id_number)
        if _is_taken(wanted["id_index"], person):
            raise BadPerson(
                _("这个身份证号已登记在另一人名下，请先到“重复人员”核对合并。"), place="id_number"
            )
    if change.phone:
        wanted |= numbers.of_phone(numbers.typed_phone(change.phone, person.phone))
    return wanted


def _is_taken(id_index: str, person: Person) -> bool:
    """Whether another person has the ID number; where that one lives is not told."""
    with scope.beyond("an ID number is one person's in the whole county"):
        return Person.objects.filter(id_index=id_index).exclude(pk=person.pk).exists()


def _shown(person: Person, wanted: dict[str, Any]) -> dict[str, Any]:
    """Before and after for the audit trail; of numbers only that they changed."""
    shown: dict[str, Any] = {}
    for name, value in wanted.items():
        if getattr(person, name) == value or name.endswith("_index"):
            continue
        shown[name] = True if name in {"id_number", "phone"} else [getattr(person, name), value]
    return shown


@transaction.atomic
def record_party(
    *, person_id: int, standing: rules.PartyStanding, from_date: dt.date, by: User | None, at: dt.datetime
) -> PartySpell:
    """The person is in the party from that day, on probation or full; what was open ends the day before."""
    person, household = _locked(person_id, Action.MANAGE_HOUSEHOLDS, by, at)
    _check_day(person, from_date, clock.day_of(at))
    _end_open(PartySpell, person, from_date)
    spell = PartySpell.objects.create(
        person=person, village=household.village, standing=standing, from_date=from_date
    )
    _set_member(person, True)
    _record(by, at, "person.party", person, household.area, {"standing": standing, "from_date": from_date})
    return spell


@transaction.atomic
def end_party(*, person_id: int, to_date: dt.date, by: User | None, at: dt.datetime) -> None:
    """Party membership and class end with that day."""
    person, household = _locked(person_id, Action.MANAGE_HOUSEHOLDS, by, at)
    if to_date > clock.day_of(at):
        raise BadPerson(_("日期不能晚于今天。"), place="to_date")
    for model in (PartySpell, ClassSpell):
        _end_open(model, person, to_date + dt.timedelta(days=1))
    _set_member(person, False)
    _record(by, at, "person.party_end", person, household.area, {"to_date": to_date})


@transaction.atomic
def record_class(
    *, person_id: int, letter: rules.PartyClass, from_date: dt.date, by: User | None, at: dt.datetime
) -> ClassSpell:
    """A party member is in this class from that day; the class before ends. No reason is asked or kept."""
    person, household = _locked(person_id, Action.MANAGE_HOUSEHOLDS, by, at)
    if not person.party_member:
        raise BadPerson(_("只有党员才分类，请先登记入党。"), place="letter")
    _check_day(person, from_date, clock.day_of(at))
    _end_open(ClassSpell, person, from_date)
    spell = ClassSpell.objects.create(
        person=person, village=household.village, letter=letter, from_date=from_date
    )
    _record(by, at, "person.class", person, household.area, {"letter": letter, "from_date": from_date})
    return spell


def _check_day(person: Person, day: dt.date, today: dt.date) -> None:
    if day > today:
        raise BadPerson(_("日期不能晚于今天。"), place="from_date")
    if person.death_date is not None:
        raise BadPerson(_("此人已去世。"), place="from_date")


def _end_open(model: type[PartySpell] | type[ClassSpell], person: Person, from_date: dt.date) -> None:
    last_day = from_date - dt.timedelta(days=1)
    with scope.beyond("a spell may have been recorded in a village that the person left"):
        for spell in model._default_manager.filter(person=person).exclude(to_date__lt=from_date):
            if spell.from_date > last_day:
                raise BadPerson(
                    _("日期须晚于上一段的开始日期%(day)s。") % {"day": spell.from_date}, place="from_date"
                )
            spell.to_date = last_day
            spell.save(update_fields=["to_date"])


def _set_member(person: Person, member: bool) -> None:
    person.party_member = member
    person.version += 1
    person.save(update_fields=["party_member", "version"])


def _record(
    by: User | None, at: dt.datetime, verb: str, person: Person, area: Area, detail: dict[str, Any]
) -> None:
    audit.record_event(by=by, at=at, verb=verb, target=person, area_path=area.path, detail=detail)
