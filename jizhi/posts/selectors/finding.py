"""Finds the areas that a table names, many at once: by code, or by name with the names above it.

`石桥村/第一网格`, `石桥村 第一网格` and `130699101201001` name the same grid.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from jizhi.areas.models import Area
from jizhi.core.errors import DomainError
from jizhi.posts.rules import Action
from jizhi.posts.selectors.access import scope_paths

_PARTS = re.compile(r"[/\\＞>·\s]+")


@dataclass(frozen=True)
class FoundArea:
    """The area a text names, or why it names none."""

    area: Area | None
    reason: str = ""


def _parts(text: str) -> list[str]:
    return [part for part in _PARTS.split(text.strip()) if part]


def find_areas(texts: Iterable[str], paths: list[str]) -> dict[str, FoundArea]:
    """What each text names among the open areas at or below the paths: two queries, however many texts."""
    wanted = {text for text in texts if text.strip()}
    names = {part for text in wanted for part in _parts(text)[-1:]}
    match = Q(code__in=[text.strip().lower() for text in wanted]) | Q(name__in=names) | Q(name_en__in=wanted)
    rows = list(Area.objects.within(paths).filter(match, to_date=None).select_related("level"))
    known = _Named(rows)
    return {text: _find(text, known) for text in wanted}


class _Named:
    """Areas by code, by either name, and by name below each name above: every village has its 第一网格."""

    def __init__(self, rows: list[Area]) -> None:
        above = {label for row in rows for label in str(row.path).split(".")[:-1]}
        titles = dict(Area.objects.filter(code__in=above).values_list("code", "name"))
        self.by_code = {row.code: row for row in rows}
        self.by_name: dict[str, list[Area]] = defaultdict(list)
        self.by_name_en: dict[str, list[Area]] = defaultdict(list)
        self.below: dict[tuple[str, str], list[Area]] = defaultdict(list)
        self.trail: dict[int, set[str]] = {}
        for row in rows:
            self.by_name[row.name].append(row)
            self.by_name_en[row.name_en].append(row)
            self.trail[row.pk] = {titles[at] for at in str(row.path).split(".") if at in titles}
            for title in self.trail[row.pk]:
                self.below[row.name, title].append(row)

    def called(self, name: str, context: list[str]) -> list[Area]:
        """The areas of that name below all the names before it."""
        if not context:
            return self.by_name.get(name, [])
        few = min((self.below.get((name, title), []) for title in context), key=len)
        return [row for row in few if set(context) <= self.trail[row.pk]]


def _find(text: str, known: _Named) -> FoundArea:
    text = text.strip()
    if (named := known.by_code.get(text.lower())) is not None:
        return FoundArea(named)
    *context, name = _parts(text) or [text]
    fits = known.called(name, context)
    taken = {row.pk for row in fits}
    english = [row for row in known.by_name_en.get(text, []) if row.pk not in taken]
    fits = fits + [row for row in english if set(context) <= known.trail[row.pk]]
    if len(fits) == 1:
        return FoundArea(fits[0])
    if not fits:
        return FoundArea(None, _("您的工作范围内没有这个区域，请写区划代码，或“村/网格”。"))
    codes = "、".join(row.code for row in fits[:3])
    return FoundArea(
        None,
        _("有%(count)d个同名的区域（%(codes)s…），请写区划代码。") % {"count": len(fits), "codes": codes},
    )


class NoSuchArea(DomainError):
    """A text names no area in the user's scope, or several."""


def area_named(user: Any, action: Action, text: str, on: dt.date) -> Area:
    """The one area that a text names where the user may do the action. Raises NoSuchArea."""
    found = find_areas([text], scope_paths(user, action, on)).get(text)
    if found is None or found.area is None:
        raise NoSuchArea(found.reason if found else _("请填写区域。"), place="area")
    return found.area
