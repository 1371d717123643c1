"""Members of organisations from a table: one person in one role a row, written through the services.

Says whether its row is new, ends a role or says what is there already; refusals name the column.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core import clock
from jizhi.core.periods import not_over_before
from jizhi.core.text import N_
from jizhi.imports.rules import Fate
from jizhi.imports.services.cells import BadRow, Values, area_inside, choice, naming, village_named
from jizhi.organisations.models import Belonging, Organisation
from jizhi.organisations.rules import Role
from jizhi.organisations.selectors.finding import organisation_named
from jizhi.organisations.services.belongings import add_belonging, end_belonging
from jizhi.people import selectors as people
from jizhi.people.models import Membership, Person
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.posts.selectors.finding import find_areas


def write_member(values: Values, *, area: Area, by: User | None, at: dt.datetime) -> Fate:
    """Somebody takes a role, or has laid it down on a day; known by organisation, person and role."""
    on = clock.day_of(at)
    organisation = _organisation(values, area, on)
    role = choice(Role, values["role"], "role")
    person = _person(values, organisation, area, by, on)
    first, last = values["from_date"], values["to_date"]
    known = Belonging.objects.filter(organisation=organisation, person=person, role=role.value)
    present = _present(known, first, last, on)
    if present is None:
        with naming(person="from_date", other="organisation"):
            add_belonging(
                organisation=organisation,
                person=person,
                role=role,
                keeps_file=bool(values["keeps_file"]),
                from_date=first or on,
                to_date=last,
                by=by,
                at=at,
            )
        return Fate.CREATED
    if values["keeps_file"] not in (None, present.keeps_file):
        raise BadRow(_("组织关系在成员那里办理转接，不从表格里改。"), place="keeps_file")
    if last is None or last == present.to_date:
        return Fate.UNCHANGED
    with naming(other="organisation"):
        end_belonging(belonging=present, to_date=last, reason=N_("按导入的表格"), by=by, at=at)
    return Fate.UPDATED


def _present(known: Any, first: dt.date | None, last: dt.date | None, on: dt.date) -> Belonging | None:
    """The belonging of that first day; without one the belonging that runs, or that ended as told."""
    rows = known.select_related("organisation", "person").order_by("-from_date")
    found: Belonging | None
    if first:
        found = rows.filter(from_date=first).first()
        return found
    found = rows.filter(not_over_before(on)).first()
    return found or (rows.filter(to_date=last).first() if last else None)


def _organisation(values: Values, area: Area, on: dt.date) -> Organisation:
    column = "code" if values["code"] else "organisation"
    if not values[column]:
        raise BadRow(_("请填写组织编号或组织名称。"), place=column)
    within = area_inside(values["area"], area, "area") if values["area"] else area
    return organisation_named(values[column], within, place=column, on=on)


def _person(values: Values, organisation: Organisation, area: Area, by: User | None, on: dt.date) -> Person:
    """Whoever of that name lives in the household; without a number whoever is a member already."""
    name = values["name"]
    if not values["no"]:
        here = Person.objects.filter(belongings__organisation=organisation, name=name).distinct()
        return _only(list(here[:2]), _("没有叫这个名字的成员，请填写户编号。"), "no")
    village = _village(values["village"], organisation, area, by, on)
    household = people.household_by_no(village, values["no"])
    living = Membership.objects.on(on).filter(household=household, person__name=name)
    found = [row.person for row in living.select_related("person")[:2]]
    return _only(found, _("这一户没有叫这个名字的人。"), "name")


def _only(found: list[Person], nobody: str, place: str) -> Person:
    if len(found) != 1:
        raise BadRow(_("有几个同名的人，请在页面上登记。") if found else nobody, place=place)
    return found[0]


def _village(text: str | None, organisation: Organisation, area: Area, by: User | None, on: dt.date) -> Area:
    """Where the person lives: in the chosen area, else wherever the user manages organisations."""
    if not text:
        return areas.village_around(organisation.area) or village_named(None, area)
    if not areas.villages_called({text}, area):
        paths = posts.scope_paths(by, Action.MANAGE_ORGANISATIONS, on)
        elsewhere = find_areas([text], paths)[text].area
        if elsewhere is not None and areas.village_around(elsewhere) == elsewhere:
            return elsewhere
    return village_named(text, area)
