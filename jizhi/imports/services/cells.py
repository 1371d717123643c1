"""What the cells of a row name, in tables written row by row: villages, areas, choices, hours, the row's key.

A cell that means nothing refuses its row and names the column.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.posts.selectors.finding import find_areas
from jizhi.sheets.values import clean_text

Values = Mapping[str, Any]


class BadRow(DomainError):
    """A cell of the row means nothing here; `place` is its column."""


def village_named(text: str | None, area: Area) -> Area:
    """The village that a cell names in or around the area; blank: the one that the area is or lies in."""
    if not text:
        own = areas.village_around(area)
        if own is None:
            raise BadRow(_("没有填村。"), place="village")
        return own
    found = areas.villages_called({text}, area).get(text.strip().lower(), [])
    if len(found) != 1:
        reason = (
            _("有几个同名的村，请改填村代码。")
            if found
            else _("%(area)s之内没有这个村。") % {"area": area.name}
        )
        raise BadRow(reason, place="village")
    return found[0]


def place_named(values: Values, area: Area) -> Area:
    """The area that a row names by code (`area`) or by name (`place`); blank: the chosen area itself."""
    column = "area" if values["area"] else "place"
    return area_inside(values[column], area, column) if values[column] else area


def area_inside(text: str, area: Area, place: str) -> Area:
    """The area at or below another that a text names, by code or by name."""
    found = find_areas([text], [area.path])[text]
    if found.area is None:
        raise BadRow(found.reason, place=place)
    return found.area


def inside(one: Area, area: Area) -> bool:
    """Whether the one area is the other or lies in it."""
    return f"{one.path}.".startswith(f"{area.path}.")


def choice(kind: Any, text: str, place: str) -> Any:
    """The member of an enumeration by value, by label, or by the label in English."""
    for one in kind:
        if clean_text(text).lower() in {one.value, clean_text(one.label), _english(one.label)}:
            return one
    known = "、".join(_(one.label) for one in kind)
    raise BadRow(_("没有这一种，应为：%(known)s。") % {"known": known}, place=place)


def _english(label: str) -> str:
    with override("en"):
        return clean_text(_(label)).lower()


def hours(text: str | None, place: str = "hours") -> Decimal | None:
    """Hours as a number; None for a blank cell."""
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise BadRow(_("小时数写法不对，例如 2 或 1.5。"), place=place)
    return found


def row_key(*parts: str) -> str:
    """A request key made of what identifies a row, so that the same row again is the same request."""
    return f"table:{parts[0]}:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]


@contextmanager
def naming(**columns: str) -> Iterator[None]:
    """Refusals of a service name the row's columns, not its own fields (`other`: where it names none)."""
    try:
        yield
    except DomainError as refusal:
        refusal.place = columns.get(refusal.place or "other", refusal.place)
        raise
