"""The area tree as pages and commands read it: by code, upwards, downwards, and as a whole with counts.

Scopes come in as paths (posts.selectors.scope_paths); households per area are counted by people.
"""

import datetime as dt
import difflib
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jizhi.areas import rules
from jizhi.areas.models import Area, AreaQuerySet, Level
from jizhi.core.errors import DomainError


class AreaNotFound(DomainError):
    """No area has this code."""


class NotInVillage(DomainError):
    """The area lies above the villages."""


@dataclass(frozen=True)
class AreaNode:
    """One area of the tree with what lies below it."""

    id: int
    code: str
    name: str
    name_en: str
    level: str
    level_title: str
    level_title_en: str
    depth: int
    path: str
    parent_code: str
    villages: int
    grids: int
    children: tuple["AreaNode", ...]


def nearest_codes(code: str, limit: int = 5) -> list[str]:
    """Codes (with names) that resemble what was typed, or match it as a name; for messages."""
    pairs = dict(Area.objects.filter(level_id=rules.VILLAGE).order_by("path").values_list("code", "name"))
    by_name = [known for known, name in pairs.items() if code and code in name]
    close = difflib.get_close_matches(code, pairs, n=limit, cutoff=0.5)
    found = list(dict.fromkeys([*by_name, *close])) or list(pairs)
    return [f"{known} {pairs[known]}" for known in found[:limit]]


def area_by_code(code: str) -> Area:
    """The area of that code; raises AreaNotFound, naming the nearest village codes."""
    area = Area.objects.filter(code=code).select_related("level").first()
    if area is None:
        message = _("没有代码为“%(code)s”的区划。") % {"code": code}
        if near := nearest_codes(code):
            message += _("相近的村（社区）：%(near)s。") % {"near": "、".join(near)}
        raise AreaNotFound(message, place="code")
    return area


def area_by_id(area_id: int) -> Area:
    """The area of that number; raises AreaNotFound."""
    area = Area.objects.filter(pk=area_id).select_related("level").first()
    if area is None:
        raise AreaNotFound(_("没有这个区划。"))
    return area


def levels() -> tuple[Level, ...]:
    """The levels from the top down."""
    return tuple(Level.objects.order_by("depth"))


def ancestors(area: Area) -> tuple[Area, ...]:
    """From the root down to the area's parent: a page's trail of links."""
    above = Area.objects.filter(path__ancestor_of=area.path).exclude(pk=area.pk)
    return tuple(above.select_related("level").order_by("level__depth"))


def village_of(area: Area) -> Area:
    """The village the area is or lies in; raises NotInVillage for townships and counties."""
    if area.level_id == rules.VILLAGE:
        return area
    village = Area.objects.filter(path__ancestor_of=area.path, level_id=rules.VILLAGE).first()
    if village is None:
        raise NotInVillage(_("“%(area)s”不是村（社区），也不在村（社区）之内。") % {"area": area.name})
    return village


def _within(paths: list[str] | None) -> AreaQuerySet:
    rows: AreaQuerySet = Area.objects.all()
    return rows if paths is None else rows.within(paths)


def villages(paths: list[str] | None = None) -> tuple[Area, ...]:
    """Villages at or below the paths (all without paths), in tree order, closed ones left out."""
    rows = _within(paths).filter(level_id=rules.VILLAGE, to_date=None)
    return tuple(rows.select_related("parent").order_by("path"))


def grids_of(village: Area) -> tuple[Area, ...]:
    """The open grids of a village in order of their codes."""
    rows = Area.objects.filter(path__descendant_of=village.path, level_id=rules.GRID, to_date=None)
    return tuple(rows.order_by("code"))


def search_areas(text: str, paths: list[str] | None = None, *, limit: int = 20) -> tuple[Area, ...]:
    """Areas whose name, English name, code or pinyin (whole or initials) contains the text."""
    text = text.strip()
    if not text:
        return ()
    match = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code__startswith=text.lower())
    match |= Q(pinyin__contains=text.lower().replace(" ", ""))
    return tuple(
        _within(paths).filter(match).select_related("level").order_by("level__depth", "path")[:limit]
    )


def tree(paths: list[str] | None = None, on: dt.date | None = None) -> tuple[AreaNode, ...]:
    """The forest below the paths (everything without paths) with counts of villages and grids: one query, any size."""
    rows = _within(paths)
    if on is not None:
        rows = rows.open_on(on)
    areas = list(rows.select_related("level").order_by("path"))
    known = {area.pk for area in areas}
    below: dict[int | None, list[Area]] = {}
    for area in areas:
        below.setdefault(area.parent_id if area.parent_id in known else None, []).append(area)
    codes = {area.pk: area.code for area in areas}
    return tuple(_node(area, below, codes) for area in below.get(None, []))


def named(area: Area) -> str:
    """The area's name in the reader's language."""
    english = (get_language() or "").startswith("en")
    return (english and area.name_en) or area.name


def names_by_path(paths: Collection[str]) -> dict[str, str]:
    """Names of areas in the reader's language, by path."""
    rows = Area.objects.filter(path__in=list(paths))
    return {str(row.path): named(row) for row in rows.order_by("path")}


def _node(area: Area, below: dict[int | None, list[Area]], codes: dict[int, str]) -> AreaNode:
    children = tuple(_node(child, below, codes) for child in below.get(area.pk, []))
    level = area.level
    return AreaNode(
        id=area.pk,
        code=area.code,
        name=area.name,
        name_en=area.name_en,
        level=level.key,
        level_title=level.title,
        level_title_en=level.title_en,
        depth=level.depth,
        path=area.path,
        parent_code=codes.get(area.parent_id or 0, ""),
        villages=sum(child.villages for child in children) + (level.key == rules.VILLAGE),
        grids=sum(child.grids for child in children) + (level.key == rules.GRID),
        children=children,
    )
