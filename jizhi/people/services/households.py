"""One household at a time: registering, changing, taking off the register; members joining and leaving.

Many at once come from a roster (`rosters`); splitting, merging and moving households is not done here.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas import rules as area_rules
from jizhi.areas.models import Area
from jizhi.areas.services import hold_tree
from jizhi.core import audit, clock, masking, names, scope
from jizhi.core.errors import Conflict, DomainError
from jizhi.people import rules
from jizhi.people.models import Household, Membership, Person, Subject
from jizhi.people.rules import Residence, Sex, SubjectKind
from jizhi.people.services import memberships, numbers
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class BadHousehold(DomainError):
    """Number, head, place or dates of the household are not usable."""


class AlreadyMember(DomainError):
    """The person belongs to a household on these days."""


@dataclass(frozen=True)
class NewMember:
    """A person as told at registration; an empty ID is allowed, a minor may have none at hand."""

    name: str
    relation: str = ""
    id_number: str = ""
    birth_date: dt.date | None = None
    phone: str = ""
    party_member: bool = False
    sex: Sex | None = None
    residence: Residence = Residence.RESIDENT
    registered_place: str = ""
    person_id: int | None = None


@dataclass(frozen=True)
class HouseholdChange:
    """What to change; None leaves a value as it is."""

    head_name: str | None = None
    area: Area | None = None
    address: str | None = None
    phone: str | None = None
    declared_size: int | None = None
    clear_size: bool = field(default=False)
    head_id: int | None = None
    version: int | None = None


def check_place(village: Area, area: Area, *, place: str = "area") -> None:
    """Whether a household of the village may lie in the area, which is read anew. Raises BadHousehold."""
    area.refresh_from_db(fields=["path", "to_date"])
    if area.to_date is not None:
        raise BadHousehold(_("“%(area)s”已撤销，请选别的网格。") % {"area": area.name}, place=place)
    if village.level_id != area_rules.VILLAGE:
        raise BadHousehold(_("“%(area)s”不是村（社区）。") % {"area": village.name}, place="village")
    if not (area.path == village.path or area.path.startswith(village.path + ".")):
        raise BadHousehold(
            _("“%(area)s”不在%(village)s。") % {"area": area.name, "village": village.name}, place=place
        )


@transaction.atomic
def create_household(
    *,
    no: str,
    head_name: str,
    village: Area,
    area: Area | None = None,
    address: str = "",
    phone: str = "",
    size: int | None = None,
    members: tuple[NewMember, ...] = (),
    from_date: dt.date,
    by: User | None,
    at: dt.datetime,
) -> Household:
    """Register one household with its subject and members. `size` is what it declares; else its members count."""
    hold_tree()
    area = area or village
    check_place(village, area)
    posts.check_can(by, Action.MANAGE_HOUSEHOLDS, area, clock.day_of(at))
    no, head_name = no.strip(), head_name.strip()
    if not no or not head_name:
        raise BadHousehold(_("请填写户编号和户主。"), place="no" if not no else "head_name")
    Area.objects.select_for_update(no_key=True).get(
        pk=village.pk
    )  # two clerks, one number: the second is told
    if Household.objects.filter(village=village, no=no).exists():
        raise BadHousehold(
            _("%(village)s已有编号为%(no)s的户。") % {"village": village.name, "no": no}, place="no"
        )
    if size is not None and size < 1:
        raise BadHousehold(_("家庭人口至少 1 人。"), place="size")
    subject = Subject.objects.create(
        kind=SubjectKind.HOUSEHOLD,
        key=rules.subject_key(village.code, no),
        label=head_name,
        village=village,
        group=village.code,
        size=rules.household_size(size, len(members)),
        from_date=from_date,
    )
    household = Household.objects.create(
        no=no,
        head_name=head_name,
        pinyin=names.person_key(head_name),
        village=village,
        area=area,
        address=address,
        phone=numbers.typed_phone(phone) or None,
        declared_size=size,
        from_date=from_date,
        subject=subject,
    )
    joined = [_join(household, member, from_date) for member in members]
    head = next((m for m in joined if m.relation == rules.HEAD or m.person.name == head_name), None)
    if head is not None:
        Household.objects.filter(pk=household.pk).update(head=head.person)
        household.head = head.person
    audit.record_event(by=by, at=at, verb="household.create", target=household, area_path=area.path)
    return household


def _join(household: Household, member: NewMember, from_date: dt.date) -> Membership:
    person = known_person(member) or new_person(member)
    with scope.beyond("an ID number may be registered in another village, or nobody's yet"):
        of_person = Membership.objects.filter(person=person)
        if of_person.on(from_date).exists() or of_person.filter(from_date__gt=from_date).exists():
            raise AlreadyMember(
                _("%(name)s已登记在另一户。") % {"name": names.mask_name(member.name)}, place="id_number"
            )
        return Membership.objects.create(
            person=person, household=household, relation=member.relation, from_date=from_date
        )


def known_person(member: NewMember) -> Person | None:
    """The person already on the register: chosen by number, or found by ID number."""
    rows = Person.objects.select_for_update(no_key=True).filter(merged_into=None)
    if member.person_id is not None:
        return rows.filter(pk=member.person_id).first()
    if not member.id_number:
        return None
    with scope.beyond("an ID number may be registered in another village, or nobody's yet"):
        return rows.filter(id_index=numbers.of_id(member.id_number)["id_index"]).first()


def new_person(member: NewMember) -> Person:
    """A person who was on no register yet."""
    with scope.beyond("an ID number may be registered in another village, or nobody's yet"):
        return Person.objects.create(
            name=member.name.strip(),
            pinyin=names.person_key(member.name.strip()),
            birth_date=member.birth_date,
            sex=member.sex or rules.sex_of_id(member.id_number) or "",
            residence=member.residence,
            registered_place=member.registered_place,
            party_member=member.party_member,
            **numbers.of_id(member.id_number),
            **numbers.of_phone(member.phone),
        )


@transaction.atomic
def update_household(
    *, household: Household, change: HouseholdChange, by: User | None, at: dt.datetime
) -> Household:
    """Change a household's own data; the audit event keeps what was before and after (numbers masked)."""
    hold_tree()
    household = (
        Household.objects.select_for_update(of=("self",), no_key=True)
        .select_related("subject", "village", "area")
        .get(pk=household.pk)
    )
    posts.check_can(by, Action.MANAGE_HOUSEHOLDS, household.area, clock.day_of(at))
    if change.area is not None and change.area.pk != household.area_id:
        check_place(household.village, change.area)
        posts.check_can(by, Action.MANAGE_HOUSEHOLDS, change.area, clock.day_of(at))
    if change.version is not None and change.version != household.version:
        raise Conflict(_("这户的资料刚被别人改过，请核对后再保存。"))
    before = _described(household)
    _apply(household, change)
    household.version += 1
    household.save()
    _refresh_subject(household, clock.day_of(at))
    after = _described(household)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        audit.record_event(
            by=by,
            at=at,
            verb="household.update",
            target=household,
            area_path=household.area.path,
            detail=changed,
        )
    return household


def _apply(household: Household, change: HouseholdChange) -> None:
    if change.head_name is not None:
        if not change.head_name.strip():
            raise BadHousehold(_("请填写户主。"), place="head_name")
        household.head_name = change.head_name.strip()
        household.pinyin = names.person_key(household.head_name)
        _find_head(household)
    if change.head_id is not None:
        household.head = _member(household, change.head_id)
        household.head_name = household.head.name
        household.pinyin = names.person_key(household.head_name)
    if change.declared_size is not None and change.declared_size < 1:
        raise BadHousehold(_("家庭人口至少 1 人。"), place="size")
    household.area = change.area or household.area
    household.address = household.address if change.address is None else change.address.strip()
    if change.phone is not None:
        household.phone = numbers.typed_phone(change.phone, household.phone) or None
    if change.clear_size or change.declared_size is not None:
        household.declared_size = change.declared_size


def _find_head(household: Household) -> None:
    """The head named on a form is the member of that name, if there is one."""
    if household.head is not None and household.head.name == household.head_name:
        return
    named = Membership.objects.filter(household=household, to_date=None, person__name=household.head_name)
    found = named.select_related("person").first()
    household.head = found.person if found else None


def _member(household: Household, person_id: int) -> Person:
    found = Membership.objects.filter(household=household, to_date=None, person_id=person_id)
    membership = found.select_related("person").first()
    if membership is None:
        raise BadHousehold(_("户主须是这户的成员。"), place="head_name")
    return membership.person


def _described(household: Household) -> dict[str, Any]:
    return {
        "head_name": household.head_name,
        "area": household.area.code,
        "address": household.address,
        "phone": masking.mask_phone(household.phone or ""),
        "declared_size": household.declared_size,
        "size": household.subject.size,
    }


def _refresh_subject(household: Household, on: dt.date) -> None:
    memberships.refresh_size(household, on)
    household.subject.label = household.head_name
    household.subject.save(update_fields=["label"])


@transaction.atomic
def add_member(
    *, household: Household, member: NewMember, from_date: dt.date, by: User | None, at: dt.datetime
) -> Membership:
    """A person joins the household: birth, marriage, return. Raises AlreadyMember while registered elsewhere."""
    posts.check_can(by, Action.MANAGE_HOUSEHOLDS, household.area, clock.day_of(at))
    if not member.name.strip() and member.person_id is None:
        raise BadHousehold(_("请填写姓名。"), place="name")
    membership = _join(household, member, from_date)
    _refresh_subject(household, clock.day_of(at))
    audit.record_event(
        by=by,
        at=at,
        verb="membership.start",
        target=membership,
        area_path=household.area.path,
        detail={"household": household.no, "name": member.name, "from_date": from_date},
    )
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, to_date: dt.date, reason: str, by: User | None, at: dt.datetime
) -> Membership:
    """A person leaves the household after `to_date`."""
    household = membership.household
    posts.check_can(by, Action.MANAGE_HOUSEHOLDS, household.area, clock.day_of(at))
    if to_date < membership.from_date:
        raise BadHousehold(_("离开日期不能早于加入日期。"), place="to_date")
    membership.to_date = to_date
    membership.save(update_fields=["to_date"])
    if (
        household.head_id == membership.person_id
    ):  # the name stays on lists until somebody else is made the head
        household.head = None
        household.save(update_fields=["head"])
    _refresh_subject(household, clock.day_of(at))
    audit.record_event(
        by=by,
        at=at,
        verb="membership.end",
        target=membership,
        area_path=household.area.path,
        detail={"household": household.no, "to_date": to_date, "reason": reason},
    )
    return membership


@transaction.atomic
def close_household(
    *, household: Household, to_date: dt.date, reason: str, by: User | None, at: dt.datetime
) -> Household:
    """Take a household off the register after `to_date`: its subject and memberships end on the same day."""
    posts.check_can(by, Action.MANAGE_HOUSEHOLDS, household.area, clock.day_of(at))
    household = (
        Household.objects.select_for_update(of=("self",), no_key=True)
        .select_related("subject", "area")
        .get(pk=household.pk)
    )
    if household.to_date is not None or to_date < household.from_date:
        raise BadHousehold(_("这户已经销户，或日期早于立户日期。"), place="to_date")
    household.to_date = household.subject.to_date = to_date
    household.save(update_fields=["to_date"])
    household.subject.save(update_fields=["to_date"])
    Membership.objects.filter(household=household, to_date=None, from_date__lte=to_date).update(
        to_date=to_date
    )
    audit.record_event(
        by=by,
        at=at,
        verb="household.close",
        target=household,
        area_path=household.area.path,
        detail={"to_date": to_date, "reason": reason},
    )
    return household
