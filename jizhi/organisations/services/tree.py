"""Founding, changing, moving and closing organisations; a branch of the tree moves with all that hangs below it."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import audit, clock, names, scope
from jizhi.core.errors import Conflict, DomainError
from jizhi.organisations import rules
from jizhi.organisations.models import Belonging, Organisation, UnitReport
from jizhi.organisations.rules import OrganisationKind
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

_UNSET_PATH = "new"


class BadOrganisation(DomainError):
    """Name, kind, place in the tree or dates are not usable."""


class OrganisationNotEmpty(DomainError):
    """Others still hang below it, belong to it or report through it."""


@dataclass(frozen=True)
class OrganisationData:
    """What an organisation's form holds."""

    kind: OrganisationKind
    name: str
    area: Area
    parent: Organisation | None = None
    name_en: str = ""
    code: str = ""
    leader: str = ""
    contact: str = ""


@transaction.atomic
def create_organisation(
    *, data: OrganisationData, from_date: dt.date, by: User | None, at: dt.datetime
) -> Organisation:
    """Found an organisation. Raises NotAllowed, BadOrganisation."""
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, data.area, clock.day_of(at))
    # Two clerks founding the same organisation wait for each other.
    Area.objects.select_for_update(no_key=True).get(pk=data.area.pk)
    parent = _parent(data.parent)
    _check(data, parent, None)
    organisation = Organisation(from_date=from_date, path=f"{_UNSET_PATH}.{data.area.pk}")
    _fill(organisation, data, parent)
    organisation.save()
    organisation.path = f"{parent.path}.{organisation.pk}" if parent else str(organisation.pk)
    organisation.save(update_fields=["path"])
    audit.record_event(
        by=by,
        at=at,
        verb="organisation.create",
        target=organisation,
        area_path=data.area.path,
        detail={"kind": data.kind, "name": data.name, "parent": parent.name if parent else ""},
    )
    return organisation


def _parent(parent: Organisation | None) -> Organisation | None:
    if parent is None:
        return None
    return Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)


def _fill(organisation: Organisation, data: OrganisationData, parent: Organisation | None) -> None:
    organisation.kind, organisation.parent, organisation.area = data.kind, parent, data.area
    organisation.name, organisation.name_en = data.name.strip(), data.name_en.strip()
    organisation.pinyin = names.pinyin_key(organisation.name)
    organisation.code = data.code.strip()
    organisation.leader, organisation.contact = data.leader.strip(), data.contact.strip()


def _check(data: OrganisationData, parent: Organisation | None, own: Organisation | None) -> None:
    if not data.name.strip():
        raise BadOrganisation(_("请填写组织名称。"), place="name")
    if problem := parent_problem(data.kind, parent):
        raise BadOrganisation(problem, place="parent")
    if parent is not None and own is not None and f".{own.pk}." in f".{parent.path}.":
        raise BadOrganisation(_("不能移到自己的下级之下。"), place="parent")
    others = Organisation.objects.exclude(pk=own.pk) if own else Organisation.objects.all()
    same = Q(area=data.area, kind=data.kind.value, name=data.name.strip(), to_date=None)
    if others.filter(same).exists():
        raise BadOrganisation(
            _("%(area)s已有“%(name)s”。") % {"area": data.area.name, "name": data.name}, place="name"
        )
    if data.code.strip() and _is_used(data.code.strip(), others):
        raise BadOrganisation(_("组织编号“%(code)s”已经使用。") % {"code": data.code}, place="code")


def _is_used(code: str, others: QuerySet[Organisation]) -> bool:
    with scope.beyond("an organisation's code is used once in the whole county"):
        return others.filter(code=code).exists()


def parent_problem(kind: OrganisationKind, parent: Organisation | None) -> str:
    """Why an organisation of the kind cannot hang there; empty when it can."""
    if parent is not None and parent.to_date is not None:
        return _("“%(name)s”已撤销，不能再设下级。") % {"name": parent.name}
    above = OrganisationKind(parent.kind) if parent is not None else None
    if rules.may_hang_below(kind, above):
        return ""
    if above is None:
        return _("%(kind)s要设在上级组织之下。") % {"kind": _(kind.label)}
    return _("%(kind)s不能设在%(parent)s之下。") % {"kind": _(kind.label), "parent": _(above.label)}


@transaction.atomic
def update_organisation(
    *, organisation: Organisation, data: OrganisationData, version: int, by: User | None, at: dt.datetime
) -> Organisation:
    """Change or move an organisation. Raises Conflict on a stale form, NotAllowed, BadOrganisation."""
    on = clock.day_of(at)
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, organisation.area, on)
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, data.area, on)
    # Trees are moved one at a time: two moves at once could close a circle.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organisations.tree'))")
    row = (
        Organisation.objects.select_for_update(of=("self",))
        .select_related("area", "parent")
        .get(pk=organisation.pk)
    )
    if row.version != version:
        raise Conflict(_("这条记录刚被别人改过，请核对后再提交。"))
    parent = _parent(data.parent)
    _check(data, parent, row)
    _check_children(row, data.kind)
    before, area, path = _described(row), row.area, str(row.path)
    _fill(row, data, parent)
    row.version += 1
    row.path = f"{parent.path}.{row.pk}" if parent else str(row.pk)
    row.save()
    _move_below(path, str(row.path))
    if area.pk != data.area.pk:
        Belonging.objects.filter(organisation=row).update(area=data.area)
    after = _described(row)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        audit.record_event(
            by=by, at=at, verb="organisation.update", target=row, area_path=data.area.path, detail=changed
        )
    return row


def _check_children(row: Organisation, kind: OrganisationKind) -> None:
    if kind is row.kind:
        return
    for child in Organisation.objects.filter(parent=row, to_date=None).order_by("id"):
        if not rules.may_hang_below(OrganisationKind(child.kind), kind):
            raise BadOrganisation(
                _("下级“%(name)s”不能设在%(kind)s之下。") % {"name": child.name, "kind": _(kind.label)},
                place="kind",
            )
    roles = {
        rules.Role(role) for role in Belonging.objects.filter(organisation=row).values_list("role", flat=True)
    }
    if not all(rules.may_have_role(kind, role) for role in roles):
        raise BadOrganisation(_("现有成员的职务与这个类别不符，请先调整成员。"), place="kind")


def _move_below(before: str, after: str) -> None:
    """Give everything below its new path, in one statement."""
    if before == after:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE organisations_organisation SET path = %s::ltree || subpath(path, nlevel(%s::ltree)) "
            "WHERE path <@ %s::ltree AND path <> %s::ltree",
            [after, before, before, before],
        )


def _described(row: Organisation) -> dict[str, str]:
    return {
        "kind": str(row.kind),
        "name": row.name,
        "name_en": row.name_en,
        "code": row.code,
        "parent": row.parent.name if row.parent else "",
        "area": row.area.code,
        "leader": row.leader,
    }


@transaction.atomic
def close_organisation(
    *, organisation: Organisation, to_date: dt.date, reason: str, by: User | None, at: dt.datetime
) -> Organisation:
    """Close an organisation after `to_date`. Raises OrganisationNotEmpty while others hang on it."""
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, organisation.area, clock.day_of(at))
    row = Organisation.objects.select_for_update(of=("self",)).select_related("area").get(pk=organisation.pk)
    if row.to_date is not None or to_date < row.from_date:
        raise BadOrganisation(_("这个组织已经撤销，或日期早于成立日期。"), place="to_date")
    if Organisation.objects.filter(parent=row, to_date=None).exists():
        raise OrganisationNotEmpty(_("还有下级组织，请先撤销或移到别处。"))
    later = Q(to_date=None) | Q(to_date__gt=to_date)
    if Belonging.objects.filter(later, organisation=row).exists():
        raise OrganisationNotEmpty(_("还有成员，请先登记离开或转到别的组织。"))
    if UnitReport.objects.filter(later, unit=row).exists():
        raise OrganisationNotEmpty(_("还在社区报到，请先结束报到。"))
    row.to_date = to_date
    row.version += 1
    row.save(update_fields=["to_date", "version"])
    audit.record_event(
        by=by,
        at=at,
        verb="organisation.close",
        target=row,
        area_path=row.area.path,
        detail={"to_date": to_date, "reason": reason},
    )
    return row
