"""Finds the one organisation that a text on a form names: by its number, else by its whole name."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jizhi.areas.models import Area
from jizhi.organisations import rules
from jizhi.organisations.models import Organisation
from jizhi.organisations.rules import KEEPS_MEMBERS, REPORTS, OrganisationKind
from jizhi.organisations.selectors.tree import OrganisationNotFound
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


def called(text: str, to: str = "") -> Q:
    """Organisations of that number or of that whole name, in either language; `to` leads to them."""
    names = Q(**{f"{to}code": text}) | Q(**{f"{to}name": text})
    return names | Q(**{f"{to}name_en": text}) if text else names


def _one(rows: QuerySet[Organisation], text: str, place: str, near: str = "") -> Organisation:
    text = text.strip()
    found = list(rows.filter(called(text)).select_related("area").order_by("id")[:20])
    if len(found) > 1 and near:
        found = [one for one in found if f"{near}.".startswith(f"{one.area.path}.")] or found
    if len(found) == 1:
        return found[0]
    if found:
        raise OrganisationNotFound(_("有几个同名的组织，请写组织编号。"), place=place)
    like = [one.name for one in rows.filter(name__icontains=text).order_by("name")[:5]] if text else []
    message = _("没有名称或编号是“%(text)s”、可以选的组织。") % {"text": text}
    if like:
        message += _("相近的：%(names)s。") % {"names": "、".join(like)}
    raise OrganisationNotFound(message, place=place)


def parent_named(text: str, kind: OrganisationKind, area: Area, *, on: dt.date) -> Organisation:
    """The organisation below which one of the kind may hang, near the area. Raises OrganisationNotFound."""
    kinds = [one.value for one in OrganisationKind if rules.may_hang_below(kind, one)]
    near = Q(area__path__ancestor_of=area.path) | Q(area__path__descendant_of=area.path)
    return _one(Organisation.objects.open_on(on).filter(near, kind__in=kinds), text, "parent", str(area.path))


def organisation_named(text: str, area: Area, *, place: str, on: dt.date) -> Organisation:
    """An organisation of the area, else the only one of the name below it. Raises OrganisationNotFound."""
    rows = Organisation.objects.open_on(on).filter(area__path__within=[area.path])
    return _one(rows, text, place, str(area.path))


def party_named(user: Any, text: str, *, on: dt.date) -> Organisation:
    """A party organisation that keeps members, where the user manages organisations. Raises OrganisationNotFound."""
    paths = posts.scope_paths(user, Action.MANAGE_ORGANISATIONS, on)
    kinds = [one.value for one in KEEPS_MEMBERS]
    return _one(Organisation.objects.open_on(on).filter(area__path__within=paths, kind__in=kinds), text, "to")


def unit_named(user: Any, text: str, *, place: str = "unit", on: dt.date) -> Organisation:
    """A unit that may report, wherever in the county it sits. Raises OrganisationNotFound."""
    if not posts.scope_paths(user, Action.MANAGE_ORGANISATIONS, on):
        raise OrganisationNotFound(_("没有这个单位。"), place=place)
    rows = Organisation.objects.open_on(on).filter(kind__in=[one.value for one in REPORTS])
    return _one(rows, text, place)
