"""Bringing a table of areas in: first a plan that says for each row what would happen, then the same plan written.

Rows may stand in any order; a repeated import changes nothing; what stands in the file but not where the tree has it
is refused, since moving an area is a step of its own. The caller says within which paths (posts lie above).
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.services import check_staff
from jizhi.areas import rules
from jizhi.areas.models import Area, AreaChange, AreaPeriod, Level
from jizhi.areas.rules import ChangeKind
from jizhi.areas.services import history
from jizhi.areas.services.areas import rename_area
from jizhi.core import audit, clock, names
from jizhi.core.errors import DomainError
from jizhi.core.text import N_, LabelledEnum
from jizhi.sheets.area_tree import AreaRow, read_areas
from jizhi.sheets.reading import UnreadableFile
from jizhi.sheets.values.outcome import clean_text

ROWS_MOST = 50_000
Refuse = Callable[[str, str, str], "PlannedArea"]


class UnreadableTree(DomainError):
    """The file as a whole cannot be read."""


class RowFate(LabelledEnum):
    """What becomes (or would become) of a row of the file."""

    CREATED = "created", N_("新增")
    RENAMED = "renamed", N_("改名")
    UNCHANGED = "unchanged", N_("未变")
    REFUSED = "refused", N_("不能导入")


@dataclass(frozen=True)
class PlannedArea:
    """One row: what becomes of it; for a refused one the column, the value and the reason."""

    row: AreaRow
    fate: RowFate
    column: str = ""
    value: str = ""
    reason: str = ""


@dataclass
class _Known:
    """The tree as far as the file speaks of it, and what the plan adds to it."""

    levels: Mapping[str, Level]
    areas: Mapping[str, Area]
    inside: frozenset[int]
    names: set[tuple[str, str]] = field(default_factory=set)
    added: dict[str, AreaRow] = field(default_factory=dict)


def read_tree(content: bytes, filename: str) -> list[AreaRow]:
    """The rows of an uploaded file; raises UnreadableTree with the reason."""
    try:
        rows = read_areas(content, filename)
    except UnreadableFile as fault:
        english = (get_language() or "").startswith("en")
        raise UnreadableTree(fault.message_en if english else fault.message, place="file") from fault
    if not rows or len(rows) > ROWS_MOST:
        raise UnreadableTree(_("表里没有区划，或行数太多。"), place="file")
    return rows


def plan_tree(rows: Iterable[AreaRow], *, paths: Collection[str], on: dt.date) -> list[PlannedArea]:
    """What each row would do within a scope, in the order of the file. Five queries; nothing is written."""
    rows = list(rows)
    known = _known(rows, paths)
    planned: dict[int, PlannedArea] = {}
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row.code, place)
    for place in _parents_first(rows, first):
        row = rows[place]
        planned[place] = _planned(row, known, first[row.code] == place, on)
    return [planned[place] for place in range(len(rows))]


def _known(rows: list[AreaRow], paths: Collection[str]) -> _Known:
    words: dict[str, Level] = {}
    for level in Level.objects.order_by("depth"):
        short = level.title.partition("（")[0]
        told = (level.key, level.title, clean_text(level.title), short, level.title_en.lower())
        words |= {word: level for word in told if word}
    codes = {row.code for row in rows} | {row.parent for row in rows}
    found = {
        area.code: area
        for area in Area.objects.filter(code__in=codes).select_related("level", "parent").order_by("pk")
    }
    inside = Area.objects.within(list(paths)).filter(code__in=codes).order_by("pk")
    known = _Known(words, found, frozenset(inside.values_list("pk", flat=True)))
    parents = [area.pk for code, area in found.items()]
    below = Area.objects.filter(parent__in=parents, to_date=None).order_by("pk")
    known.names |= set(below.values_list("parent__code", "name"))
    return known


def _parents_first(rows: list[AreaRow], first: Mapping[str, int]) -> list[int]:
    """Places of the rows so that a parent comes before what lies below it; a ring ends where it began."""
    order: list[int] = []
    seen: set[int] = set()
    for start in range(len(rows)):
        chain: list[int] = []
        place: int | None = start
        while place is not None and place not in seen:
            seen.add(place)
            chain.append(place)
            place = first.get(rows[place].parent)
        order += reversed(chain)
    return order


def _planned(row: AreaRow, known: _Known, is_first: bool, on: dt.date) -> PlannedArea:
    def refuse(role: str, value: str, reason: str) -> PlannedArea:
        return PlannedArea(row, RowFate.REFUSED, row.titles.get(role, ""), value, reason)

    english = (get_language() or "").startswith("en")
    if row.faults:
        fault = row.faults[0]
        reason = fault.reason_en if english else fault.reason
        return PlannedArea(row, RowFate.REFUSED, fault.column, fault.value, reason)
    if not rules.is_code(row.code):
        return refuse("code", row.code, _("区划代码只能用小写字母、数字和下划线。"))
    if not is_first:
        return refuse("code", row.code, _("这个代码在表里已经出现过。"))
    if not row.name or len(row.name) > 100:
        return refuse("name", row.name, _("请填写区划名称。"))
    level = known.levels.get(row.level) or known.levels.get(row.level.lower())
    if level is None:
        return refuse("level", row.level, _("没有“%(level)s”这个层级。") % {"level": row.level})
    if (there := known.areas.get(row.code)) is not None:
        return _existing(row, there, level, known, refuse)
    return _new(row, level, known, on, refuse)


def _existing(row: AreaRow, there: Area, level: Level, known: _Known, refuse: Refuse) -> PlannedArea:
    if there.pk not in known.inside:
        return refuse("code", row.code, _("这个代码不在您的管理范围内。"))
    if there.to_date is not None:
        return refuse("code", row.code, _("这个区划已经撤销；代码不再使用，请换新的代码。"))
    if there.level_id != level.key:
        told = {"level": there.level.title}
        return refuse("level", row.level, _("这个代码现在的层级是“%(level)s”，层级不能改。") % told)
    above = there.parent.code if there.parent else ""
    if row.parent and row.parent != above:
        return refuse(
            "parent",
            row.parent,
            _("现在的上级是“%(code)s”；要调整上级，请在区划页面办理。") % {"code": above},
        )
    name_en = row.name_en or there.name_en
    if (row.name, name_en) == (there.name, there.name_en):
        return PlannedArea(row, RowFate.UNCHANGED)
    if row.name != there.name:
        if (above, row.name) in known.names:
            return refuse("name", row.name, _("同一上级之下已有“%(name)s”。") % {"name": row.name})
        known.names.add((above, row.name))
    return PlannedArea(row, RowFate.RENAMED)


def _new(row: AreaRow, level: Level, known: _Known, on: dt.date, refuse: Refuse) -> PlannedArea:
    if not row.parent:
        return refuse("parent", "", _("新的区划要写明上级代码。"))
    above = known.areas.get(row.parent)
    told = known.added.get(row.parent)
    if above is None and told is None:
        return refuse("parent", row.parent, _("没有这个上级，或上级那一行不能导入。"))
    if above is not None and above.pk not in known.inside:
        return refuse("parent", row.parent, _("上级不在您的管理范围内。"))
    if above is not None and above.to_date is not None:
        return refuse("parent", row.parent, _("“%(area)s”已撤销，不能再设下级。") % {"area": above.name})
    depth = above.level.depth if above is not None else _level_of(told, known).depth
    if depth >= level.depth:
        return refuse("level", row.level, _("%(level)s不能设在这个上级之下。") % {"level": level.title})
    if (row.parent, row.name) in known.names:
        return refuse("name", row.name, _("同一上级之下已有“%(name)s”。") % {"name": row.name})
    if row.from_date is not None and row.from_date > on:
        return refuse("from_date", str(row.from_date), _("生效日期不能晚于今天。"))
    known.names.add((row.parent, row.name))
    known.added[row.code] = row
    return PlannedArea(row, RowFate.CREATED)


def _level_of(row: AreaRow | None, known: _Known) -> Level:
    assert row is not None
    return known.levels.get(row.level) or known.levels[row.level.lower()]


@transaction.atomic
def apply_tree(
    *, rows: Iterable[AreaRow], paths: Collection[str], by: User | None, at: dt.datetime
) -> list[PlannedArea]:
    """Write what `plan_tree` says about the tree of this moment; refused rows are left out."""
    check_staff(by)
    history.hold_tree(alone=True)
    on = clock.day_of(at)
    planned = plan_tree(rows, paths=paths, on=on)
    renamed = [one.row for one in planned if one.fate is RowFate.RENAMED]
    for area in Area.objects.filter(code__in=[row.code for row in renamed]).order_by("pk"):
        row = next(one for one in renamed if one.code == area.code)
        rename_area(area=area, name=row.name, name_en=row.name_en or area.name_en, by=by, at=at)
    waiting = [one.row for one in planned if one.fate is RowFate.CREATED]
    levels = _known(waiting, paths).levels
    while waiting:
        codes = {row.code for row in waiting}
        ready = [row for row in waiting if row.parent not in codes]
        _write(ready, levels, on, by, at)
        waiting = [row for row in waiting if row.parent in codes]
    return planned


def _write(
    rows: list[AreaRow], levels: Mapping[str, Level], on: dt.date, by: User | None, at: dt.datetime
) -> None:
    """One storey of new areas with periods, changes and events: a fixed number of statements per thousand rows."""
    above = {
        area.code: area for area in Area.objects.filter(code__in={row.parent for row in rows}).order_by("pk")
    }
    past: dict[int, list[AreaPeriod]] = {}
    for period in AreaPeriod.objects.filter(area__in=above.values()).order_by("area", "from_date"):
        past.setdefault(period.area_id, []).append(period)
    areas = Area.objects.bulk_create(
        [
            Area(
                code=row.code, name=row.name, name_en=row.name_en, pinyin=names.pinyin_key(row.name),
                level=levels.get(row.level) or levels[row.level.lower()], parent=above[row.parent],
                path=f"{above[row.parent].path}.{row.code}", from_date=row.from_date or on,
            )
            for row in rows
        ],
        batch_size=1000,
    )  # fmt: skip
    periods = [
        one for area in areas for one in history.first_periods(area, past.get(area.parent_id or 0, []))
    ]
    AreaPeriod.objects.bulk_create(periods, batch_size=1000)
    by_name = by.get_username() if by is not None else ""
    AreaChange.objects.bulk_create(
        [
            AreaChange(
                area=area,
                kind=ChangeKind.CREATED,
                on_date=area.from_date,
                after=area.name,
                at=at,
                by_name=by_name,
            )
            for area in areas
        ],
        batch_size=1000,
    )
    audit.append_events(
        [
            audit.new_event(
                by=by, at=at, verb="area.create", target=area, area_path=str(area.path),
                detail={"level": area.level_id},
            )
            for area in areas
        ]
    )  # fmt: skip
