"""Single areas and short lists: by code, by number, upwards, the grids of a village, by words.

Scopes come in as paths (posts.selectors.scope_paths). The tree with its counts is in `tree`.
"""

import difflib
from collections import Counter
from collections.abc import Collection

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


def village_around(area: Area) -> Area | None:
    """The village the area is or lies in; None for larger areas."""
    if area.level_id == rules.VILLAGE:
        return area
    return Area.objects.filter(path__ancestor_of=area.path, level_id=rules.VILLAGE).first()


def villages_called(texts: Collection[str], area: Area) -> dict[str, list[Area]]:
    """Open villages by code and by name, in lower case, among those that the texts mean in or around an area."""
    wanted = {text.strip() for text in texts}
    named = Q(name__in=wanted) | Q(name_en__in=wanted) | Q(code__in={text.lower() for text in wanted})
    near = Q(path__within=[area.path]) | Q(path__ancestor_of=area.path)
    rows = Area.objects.filter(named, near, level_id=rules.VILLAGE, to_date=None)
    found: dict[str, list[Area]] = {}
    for row in rows.order_by("path"):
        for word in {row.code.lower(), row.name.lower(), row.name_en.lower()} - {""}:
            found.setdefault(word, []).append(row)
    return found


def within(paths: list[str] | None) -> AreaQuerySet:
    rows: AreaQuerySet = Area.objects.all()
    return rows if paths is None else rows.within(paths)


def villages(paths: list[str] | None = None) -> tuple[Area, ...]:
    """Villages at or below the paths (all without paths), in tree order, closed ones left out."""
    rows = within(paths).filter(level_id=rules.VILLAGE, to_date=None)
    return tuple(rows.select_related("parent").order_by("path"))


def grid_level() -> str:
    """The level that a village means by "its grids": `grid` where the pack has it, else the first inside a village."""
    inside = list(Level.objects.filter(is_grid=True).order_by("depth").values_list("key", flat=True))
    return rules.GRID if rules.GRID in inside or not inside else str(inside[0])


def roots_of_tree() -> tuple[Area, ...]:
    """The open areas without a parent: the counties of the installation."""
    return tuple(Area.objects.filter(parent=None, to_date=None).order_by("path"))


def reach_everywhere(paths: Collection[str]) -> bool:
    """Whether a scope holds every root, so that nothing is to be narrowed by it; asks only for one that holds any."""
    roots = [path for path in paths if "." not in path]
    return bool(roots) and not Area.objects.filter(parent=None).exclude(path__in=roots).exists()


def villages_around(paths: list[str]) -> tuple[Area, ...]:
    """Villages at, below or above the paths, in tree order, closed ones left out."""
    above = [".".join(path.split(".")[:depth]) for path in paths for depth in range(1, path.count(".") + 1)]
    rows = Area.objects.filter(
        Q(path__within=paths) | Q(path__in=above), level_id=rules.VILLAGE, to_date=None
    )
    return tuple(rows.select_related("parent").order_by("path"))


def areas_at_or_below(paths: list[str], *, limit: int) -> tuple[Area, ...]:
    """Open areas at or below the paths, the highest first: what a form may offer."""
    rows = Area.objects.within(paths).filter(to_date=None).select_related("level")
    return tuple(rows.order_by("level__depth", "path")[:limit])


def down_to_villages(paths: list[str]) -> tuple[Area, ...]:
    """Open areas at or below the paths that are a village or lie above one, and the paths' own; larger ones first."""
    depth = Level.objects.filter(pk=rules.VILLAGE).values("depth")
    rows = Area.objects.within(paths).filter(Q(level__depth__lte=depth) | Q(path__in=paths), to_date=None)
    return tuple(rows.order_by("level__depth", "path"))


def grids_of(village: Area) -> tuple[Area, ...]:
    """The open grids of a village in order of their codes: one storey of it, see `grid_level`."""
    rows = Area.objects.filter(path__descendant_of=village.path, level_id=grid_level(), to_date=None)
    return tuple(rows.order_by("code"))


def places_in(village: Area) -> tuple[Area, ...]:
    """Every open area inside a village in tree order: a household may sit on any of them."""
    rows = Area.objects.filter(path__descendant_of=village.path, level__is_grid=True, to_date=None)
    return tuple(rows.select_related("level").order_by("path"))


def places_by_name(village: Area) -> dict[str, Area]:
    """What a roster may call a place inside the village: grids first, other names where only one place has them."""
    places, storey = places_in(village), grid_level()
    counts = Counter(place.name for place in places)
    known = {place.name: place for place in places if counts[place.name] == 1}
    return known | {place.name: place for place in places if place.level_id == storey}


def titles_of_places(village: Area) -> list[tuple[Area, str]]:
    """The places inside a village with a name that tells them apart: below a grid, the grid is named, too."""
    names: dict[int, str] = {}
    titled = []
    for place in places_in(village):
        above = names.get(place.parent_id or 0, "")
        names[place.pk] = f"{above} › {named(place)}" if above else named(place)
        titled.append((place, names[place.pk]))
    return titled


def trails(areas: Collection[Area]) -> dict[int, str]:
    """For each area the names above it below the county, as one line; one query for any number of areas."""
    codes = {code for area in areas for code in str(area.path).split(".")[1:-1]}
    names = {row.code: named(row) for row in Area.objects.filter(code__in=codes).order_by("pk")}
    return {area.pk: " › ".join(names[code] for code in str(area.path).split(".")[1:-1]) for area in areas}


def search_areas(text: str, paths: list[str] | None = None, *, limit: int = 20) -> tuple[Area, ...]:
    """Areas whose name, English name, code or pinyin (whole or initials) contains the text."""
    text = text.strip()
    if not text:
        return ()
    rows = within(paths).filter(matching(text)).select_related("level")
    return tuple(rows.order_by("level__depth", "path")[:limit])


def matching(text: str) -> Q:
    """Areas whose name, English name, code or pinyin contains the text."""
    match = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code__startswith=text.lower())
    return match | Q(pinyin__contains=text.lower().replace(" ", ""))


def named(area: Area) -> str:
    """The area's name in the reader's language."""
    english = (get_language() or "").startswith("en")
    return (english and area.name_en) or area.name


def names_by_path(paths: Collection[str]) -> dict[str, str]:
    """Names of areas in the reader's language, by path; a path of former days is found by its last label."""
    codes = {path: path.rpartition(".")[2] for path in paths}
    rows = Area.objects.filter(code__in=set(codes.values())).order_by("pk")
    names = {row.code: named(row) for row in rows}
    return {path: names[code] for path, code in codes.items() if code in names}


def references(area: Area) -> dict[str, int]:
    """What other rooms recorded in an area or below it, by model: households, claims, ledger. Posts are not records."""
    found: dict[str, int] = {}
    for field in Area._meta.get_fields(include_hidden=True):
        model = field.related_model
        if not field.auto_created or field.concrete or not isinstance(model, type):
            continue
        label = model._meta.label_lower
        if model._meta.app_label == "areas" or label == "posts.post":
            continue
        name = field.remote_field.name  # type: ignore[union-attr]
        rows = model._base_manager.filter(**{f"{name}__path__descendant_of": area.path})
        if count := rows.count():
            found[label] = max(count, found.get(label, 0))
    return found


def codes_like(code: str) -> list[str]:
    """Codes in use that begin like this one, open or closed: none of them is given twice."""
    return list(
        Area.objects.filter(code__startswith=code).order_by("code").values_list("code", flat=True)[:5000]
    )
