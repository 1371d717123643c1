"""The tree of areas: as a whole for a terminal and small scopes, and storey by storey for pages of any size.

Counts come from aggregates in the database; households per area are counted by people.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import Count, F, Func, Q, QuerySet

from jizhi.areas import rules
from jizhi.areas.models import Area, AreaQuerySet
from jizhi.areas.selectors.areas import grid_level, matching, within
from jizhi.core.fields import LtreeField


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


@dataclass(frozen=True)
class TreeLine:
    """One area on a page, with what lies below it counted; `households` is filled in by whoever knows them."""

    id: int
    code: str
    name: str
    name_en: str
    level: str
    level_title: str
    level_title_en: str
    path: str
    is_grid: bool
    to_date: dt.date | None
    villages: int = 0
    grids: int = 0
    children: int = 0
    households: int = 0


def tree(
    paths: list[str] | None = None, on: dt.date | None = None, *, inside_villages: bool = True
) -> tuple[AreaNode, ...]:
    """The forest below the paths (everything without paths) with counts of villages and grids: two queries.

    It is held in memory whole: pages of a county leave out what lies inside villages, or go storey by storey.
    """
    rows, storey = within(paths), grid_level()
    if on is not None:
        rows = rows.open_on(on)
    if not inside_villages:
        rows = rows.filter(level__is_grid=False)
    areas = list(rows.select_related("level").order_by("path"))
    known = {area.pk for area in areas}
    below: dict[int | None, list[Area]] = {}
    for area in areas:
        below.setdefault(area.parent_id if area.parent_id in known else None, []).append(area)
    codes = {area.pk: area.code for area in areas}
    return tuple(_node(area, below, codes, storey) for area in below.get(None, []))


def _node(area: Area, below: dict[int | None, list[Area]], codes: dict[int, str], storey: str) -> AreaNode:
    children = tuple(_node(child, below, codes, storey) for child in below.get(area.pk, []))
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
        grids=sum(child.grids for child in children) + (level.key == storey),
        children=children,
    )


def roots(paths: Collection[str]) -> list[TreeLine]:
    """The areas at the tops of a scope, with counts."""
    rows = Area.objects.filter(path__in=list(paths)).select_related("level").order_by("path")
    return with_counts(rows)


def children_of(area: Area) -> list[TreeLine]:
    """The open areas right below one, with counts: two queries however large the county."""
    rows = (
        Area.objects.filter(parent=area, to_date=None)
        .select_related("level")
        .order_by("level__depth", "code")
    )
    return with_counts(rows)


def with_counts(rows: Iterable[Area]) -> list[TreeLine]:
    """Areas as lines, with the villages, grids and children below each: one query for each storey among them."""
    lines = [_line(row) for row in rows]
    counts = _counts([line.path for line in lines])
    return [replace(line, **counts.get(line.path, {})) for line in lines]  # type: ignore[arg-type]


def _line(row: Area) -> TreeLine:
    return TreeLine(
        id=row.pk,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        level=row.level.key,
        level_title=row.level.title,
        level_title_en=row.level.title_en,
        path=str(row.path),
        is_grid=row.level.is_grid,
        to_date=row.to_date,
    )


def by_storey(paths: Iterable[str]) -> dict[int, list[str]]:
    """Paths by their number of labels, so that rows below them are grouped by one `subpath` for each storey."""
    storeys: dict[int, list[str]] = {}
    for path in paths:
        storeys.setdefault(path.count(".") + 1, []).append(path)
    return storeys


def top_of(path: str, labels: int) -> Func:
    """The first labels of a path column, to group by."""
    return Func(F(path), 0, labels, function="subpath", output_field=LtreeField())


def _counts(paths: list[str]) -> dict[str, dict[str, int]]:
    storey, found = grid_level(), dict[str, dict[str, int]]()
    for labels, some in by_storey(paths).items():
        rows = Area.objects.filter(to_date=None).within(some).annotate(top=top_of("path", labels))
        counted = rows.values("top").order_by("top").annotate(
            villages=Count("pk", filter=Q(level_id=rules.VILLAGE)),
            grids=Count("pk", filter=Q(level_id=storey)),
            below=Count("pk") - Count("pk", filter=Q(path=F("top"))),
        )  # fmt: skip
        for row in counted.values_list("top", "villages", "grids", "below"):
            found[str(row[0])] = {"villages": row[1], "grids": row[2], "children": row[3]}
    return found


def search(paths: Collection[str], *, words: str = "", level: str = "", closed: bool = False) -> AreaQuerySet:
    """Areas of a scope for a list: by name, pinyin or code, of one storey, open or closed; in tree order."""
    rows = within(list(paths)).filter(to_date__isnull=not closed)
    if level:
        rows = rows.filter(level_id=level)
    if text := words.strip():
        rows = rows.filter(matching(text))
    return rows.select_related("level", "parent").order_by("path")


@dataclass(frozen=True)
class TableRow:
    """One area in the table that is taken home; the same columns are read when it is brought back."""

    code: str
    level_title: str
    level_title_en: str
    name: str
    name_en: str
    parent_code: str
    from_date: dt.date
    to_date: dt.date | None
    path: str
    is_village: bool
    is_grid: bool


def table(paths: Collection[str], on: dt.date) -> Iterator[TableRow]:
    """Every area of a scope in tree order, fetched piece by piece."""
    return table_of(within(list(paths)).open_on(on).order_by("path"))


def table_of(found: QuerySet[Area]) -> Iterator[TableRow]:
    """The areas of a list as rows of the table, fetched piece by piece."""
    storey = grid_level()
    rows = found.select_related(None).values_list(
        "code", "level__title", "level__title_en", "name", "name_en", "parent__code", "from_date", "to_date",
        "path", "level_id",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=1000):
        yield TableRow(*row[:5], row[5] or "", *row[6:9], row[9] == rules.VILLAGE, row[9] == storey)


def parents_for(area: Area, paths: Collection[str]) -> list[Area]:
    """Where an area may be moved to: open areas of higher storeys in the scope, or in the village it lies in."""
    rows = (
        within(list(paths))
        .filter(to_date=None, level__depth__lt=area.level.depth)
        .exclude(pk=area.parent_id or 0)
    )
    rows = rows.exclude(path__descendant_of=area.path)
    if area.level.is_grid:
        village = Area.objects.filter(path__ancestor_of=area.path, level_id=rules.VILLAGE).first()
        rows = rows.filter(path__descendant_of=village.path) if village else rows
    else:
        rows = rows.filter(level__is_grid=False)
    return list(rows.select_related("level").order_by("path")[:500])


def beside(area: Area) -> list[Area]:
    """What an area can be merged with: open areas of its storey, in the village it lies in or below its parent."""
    village = Area.objects.filter(path__ancestor_of=area.path, level_id=rules.VILLAGE).first()
    around = (
        Q(path__descendant_of=village.path) if area.level.is_grid and village else Q(parent=area.parent_id)
    )
    rows = Area.objects.filter(around, level=area.level_id, to_date=None).exclude(pk=area.pk)
    return list(rows.select_related("parent").order_by("path")[:200])
