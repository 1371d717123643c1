"""Kinship as a table: one relation a row, both persons named by village, household and name."""

import datetime as dt

from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.imports.rules import Fate
from jizhi.imports.services.cells import BadRow, Values, choice, naming, village_named
from jizhi.people.models import Kinship, Membership, Person
from jizhi.people.rules import Kin, KinSource, inverse
from jizhi.people.selectors.households import household_by_no
from jizhi.people.services.kin import declare_kin, end_kin


def write_kin(values: Values, *, area: Area, by: User, at: dt.datetime) -> Fate:
    """Declare a relation, or end one that holds (with a last day); known by the two persons."""
    day = clock.day_of(at)
    village = village_named(values["village"], area)
    person = _member(village, values["no"], values["name"], day, "name")
    other_village = village_named(values["other_village"], area) if values["other_village"] else village
    with naming(no="other_no"):
        relative = _member(other_village, values["other_no"], values["other_name"], day, "other_name")
    kin = choice(Kin, values["kin"], "kin")
    source = choice(KinSource, values["source"], "source") if values["source"] else KinSource.VILLAGE
    first, last = values["from_date"] or day, values["to_date"]
    present = _present(person, relative)
    if present is not None and last is None:
        known = Kin(present.kin) if present.person_id == person.pk else inverse(Kin(present.kin))
        if known is not kin:
            raise BadRow(_("这两人已登记为别的亲属关系，请先结束原来的。"), place="kin")
        return Fate.UNCHANGED
    with naming(relative="other_name", last_day="to_date", other="name"):
        if present is not None:
            end_kin(kinship_id=present.pk, last_day=last, by=by, at=at)
            return Fate.UPDATED
        if last is not None and _held(person, relative, last):
            return Fate.UNCHANGED
        row = declare_kin(
            person=person, relative=relative, kin=kin, source=source, from_date=first, by=by, at=at
        )
        if last is not None:
            end_kin(kinship_id=row.pk, last_day=last, by=by, at=at)
    return Fate.CREATED


def _member(village: Area, no: str, name: str, day: dt.date, place: str) -> Person:
    """The present member of that name in the household of that number."""
    household = household_by_no(village, no)
    rows = Membership.objects.on(day).filter(household=household, person__name=name)
    found = list(rows.select_related("person")[:2])
    if len(found) != 1:
        reason = _("这户有两个同名的人，请在人员页面登记。") if found else _("这户没有这个人。")
        raise BadRow(reason, place=place)
    return found[0].person


def _pair(person: Person, relative: Person) -> list[Kinship]:
    rows = Kinship.objects.filter(person__in=[person, relative], relative__in=[person, relative])
    return list(rows.order_by("from_date", "id"))


def _present(person: Person, relative: Person) -> Kinship | None:
    """The relation that has not ended."""
    return next((row for row in _pair(person, relative) if row.to_date is None), None)


def _held(person: Person, relative: Person, last: dt.date) -> bool:
    """Whether a relation that ended on that day is there already."""
    return any(row.to_date == last for row in _pair(person, relative))
