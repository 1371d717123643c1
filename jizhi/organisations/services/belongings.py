"""Persons joining and leaving organisations, and full party memberships that move from branch to branch."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.core import audit, clock, scope
from jizhi.core.errors import DomainError
from jizhi.core.periods import not_over_before
from jizhi.organisations import rules
from jizhi.organisations.models import Belonging, Organisation
from jizhi.organisations.rules import OrganisationKind, Role
from jizhi.people.models import Person
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class CannotBelong(DomainError):
    """The role, the days or another full membership stand against it."""


@transaction.atomic
def add_belonging(
    *,
    organisation: Organisation,
    person: Person,
    role: Role,
    keeps_file: bool = False,
    note: str = "",
    from_date: dt.date,
    to_date: dt.date | None = None,
    by: User | None,
    at: dt.datetime,
) -> Belonging:
    """A person takes a role; the same again gives the one there is. Raises NotAllowed, CannotBelong."""
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, organisation.area, clock.day_of(at))
    role = Role(role)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    _check_role(organisation, role, keeps_file)
    _check_days(organisation, from_date, to_date)
    days = Q(from_date__lte=to_date or dt.date.max) & not_over_before(from_date)
    present = Belonging.objects.filter(days, organisation=organisation, person=person, role=role.value)
    if found := present.order_by("from_date").first():
        if found.from_date == from_date and found.to_date == to_date:
            return found
        raise CannotBelong(
            _("%(name)s这段时间已是这里的%(role)s。") % {"name": person.name, "role": _(role.label)},
            place="person",
        )
    if keeps_file:
        _check_no_other_file(person, days)
    belonging = Belonging.objects.create(
        organisation=organisation,
        person=person,
        area=organisation.area,
        role=role,
        keeps_file=keeps_file,
        note=note.strip(),
        from_date=from_date,
        to_date=to_date,
    )
    audit.record_event(
        by=by,
        at=at,
        verb="belonging.start",
        target=belonging,
        area_path=organisation.area.path,
        detail={"name": person.name, "organisation": organisation.name, "role": role, "from_date": from_date},
    )
    return belonging


def _check_role(organisation: Organisation, role: Role, keeps_file: bool) -> None:
    kind = OrganisationKind(organisation.kind)
    if not rules.may_have_role(kind, role):
        raise CannotBelong(
            _("%(kind)s里没有“%(role)s”。") % {"kind": _(kind.label), "role": _(role.label)}, place="role"
        )
    if keeps_file and not rules.may_keep_file(kind):
        raise CannotBelong(_("组织关系只能落在党支部等党组织，不能落在这里。"), place="keeps_file")


def _check_days(organisation: Organisation, from_date: dt.date, to_date: dt.date | None) -> None:
    if to_date is not None and to_date < from_date:
        raise CannotBelong(_("结束日期不能早于开始日期。"), place="to_date")
    closed = organisation.to_date is not None and (to_date is None or to_date > organisation.to_date)
    if from_date < organisation.from_date or closed:
        raise CannotBelong(_("日期要在组织存续的期间之内。"), place="from_date")


def _check_no_other_file(person: Person, days: Q) -> None:
    files = Belonging.objects.filter(days, person=person, keeps_file=True).select_related("organisation")
    with scope.beyond("a full membership may lie in an organisation of another village"):
        other = files.first()
    if other is not None:
        raise CannotBelong(
            _("%(name)s的组织关系在“%(organisation)s”，请办理转接。")
            % {"name": person.name, "organisation": other.organisation.name},
            place="keeps_file",
        )


@transaction.atomic
def end_belonging(
    *, belonging: Belonging, to_date: dt.date, reason: str, by: User | None, at: dt.datetime
) -> Belonging:
    """A person leaves, or lays a role down, after `to_date`. Ending it again on the same day changes nothing."""
    row = (
        Belonging.objects.select_for_update(of=("self",))
        .select_related("area", "person")
        .get(pk=belonging.pk)
    )
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, row.area, clock.day_of(at))
    if row.to_date == to_date:
        return row
    if to_date < row.from_date or (row.to_date is not None and to_date > row.to_date):
        raise CannotBelong(_("离开日期不能早于加入日期，也不能晚于已登记的日期。"), place="to_date")
    row.to_date = to_date
    row.save(update_fields=["to_date"])
    audit.record_event(
        by=by,
        at=at,
        verb="belonging.end",
        target=row,
        area_path=row.area.path,
        detail={"name": row.person.name, "to_date": to_date, "reason": reason},
    )
    return row


@transaction.atomic
def transfer_member(
    *,
    belonging: Belonging,
    to: Organisation,
    on_day: dt.date,
    reason: str = "",
    by: User | None,
    at: dt.datetime,
) -> Belonging:
    """Move a full party membership to another organisation from `on_day` on; the one before ends the day before.

    Whoever moves it must look after the old place; the new one may lie in another village of the same township or
    county, where the mover's post reaches it.
    """
    row = (
        Belonging.objects.select_for_update(of=("self",))
        .select_related("organisation", "person", "area")
        .get(pk=belonging.pk)
    )
    posts.check_can(by, Action.MANAGE_ORGANISATIONS, row.area, clock.day_of(at))
    done = Belonging.objects.filter(
        organisation=to, person=row.person, keeps_file=True, from_date=on_day
    ).first()
    if done is not None and row.to_date == on_day - dt.timedelta(days=1):
        return done
    if not row.keeps_file or row.organisation_id == to.pk:
        raise CannotBelong(_("这里没有可以转出的组织关系，或转入的就是原来的组织。"), place="to")
    if row.to_date is not None or on_day <= row.from_date:
        raise CannotBelong(_("转入日期要在加入日期之后，且还没有转出。"), place="on_day")
    end_belonging(belonging=row, to_date=on_day - dt.timedelta(days=1), reason=reason, by=by, at=at)
    role = row.role if row.role in (Role.PARTY_MEMBER, Role.PROBATIONARY) else Role.PARTY_MEMBER
    return add_belonging(
        organisation=to,
        person=row.person,
        role=role,
        keeps_file=True,
        note=reason,
        from_date=on_day,
        by=by,
        at=at,
    )
