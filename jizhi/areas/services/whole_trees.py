"""A whole tree of new areas in a few statements: what a county of twelve thousand areas needs on its first day.

For new places in the tree alone: existing codes are refused, nothing is compared. A table with changes is `workbook`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.services import check_staff
from jizhi.areas import rules
from jizhi.areas.models import Area, AreaChange, AreaPeriod, Level
from jizhi.areas.rules import ChangeKind
from jizhi.areas.services import history
from jizhi.areas.services.errors import BadArea
from jizhi.core import audit, names

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class TreeArea:
    """An area of the new tree; `parent` is a code of an earlier row or of an area that is there."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str = ""


@transaction.atomic
def grow_tree(
    *, rows: Sequence[TreeArea], from_date: dt.date, by: User | None, at: dt.datetime
) -> dict[str, Area]:
    """Add all areas, parents before children, or none. Returns them by code. Raises BadArea, naming the code."""
    check_staff(by)
    history.hold_tree(alone=True)
    levels = {level.key: level for level in Level.objects.order_by("depth")}
    wanted = {row.code for row in rows}
    outside = {row.parent for row in rows if row.parent} - wanted
    known = {area.code: area for area in Area.objects.filter(code__in=outside).select_related("level")}
    if taken := Area.objects.filter(code__in=wanted).order_by("code").first():
        raise BadArea(_("代码“%(code)s”已经使用。") % {"code": taken.code}, place="code")
    by_depth: dict[int, list[Area]] = {}
    siblings: set[tuple[str, str]] = set()
    for row in rows:
        area = _checked(row, levels, known, siblings, from_date)
        known[row.code] = area
        by_depth.setdefault(area.level.depth, []).append(area)
    for _depth, areas in sorted(by_depth.items()):
        for area in areas:  # its parent has a number by now
            area.parent_id = area.parent.pk if area.parent else None
        Area.objects.bulk_create(areas, batch_size=BATCH)
    made = [area for areas in by_depth.values() for area in areas]
    _record(made, from_date, by, at)
    return {area.code: area for area in made}


def _checked(
    row: TreeArea,
    levels: dict[str, Level],
    known: dict[str, Area],
    siblings: set[tuple[str, str]],
    from_date: dt.date,
) -> Area:
    parent = known.get(row.parent) if row.parent else None
    level = levels.get(row.level)
    if not rules.is_code(row.code) or row.code in known or not row.name.strip():
        raise BadArea(_("第“%(code)s”行的代码或名称不能用。") % {"code": row.code}, place="code")
    if level is None or (row.parent and parent is None):
        raise BadArea(_("“%(code)s”的层级或上级还没有。") % {"code": row.code}, place="parent")
    if parent is not None and (parent.to_date is not None or parent.level.depth >= level.depth):
        raise BadArea(_("“%(code)s”不能设在这个上级之下。") % {"code": row.code}, place="parent")
    if (row.parent, row.name) in siblings:
        raise BadArea(_("同一上级之下已有“%(name)s”。") % {"name": row.name}, place="name")
    siblings.add((row.parent, row.name))
    return Area(
        code=row.code,
        name=row.name.strip(),
        name_en=row.name_en.strip(),
        pinyin=names.pinyin_key(row.name),
        level=level,
        parent=parent,
        path=f"{parent.path}.{row.code}" if parent else row.code,
        from_date=from_date,
    )


def _record(areas: list[Area], from_date: dt.date, by: User | None, at: dt.datetime) -> None:
    by_name = by.get_username() if by is not None else ""
    periods = [
        AreaPeriod(
            area=area, name=area.name, name_en=area.name_en, parent=area.parent, path=area.path, from_date=from_date
        )
        for area in areas
    ]  # fmt: skip
    AreaPeriod.objects.bulk_create(periods, batch_size=BATCH)
    changes = [
        AreaChange(
            area=area, kind=ChangeKind.CREATED, on_date=from_date, after=area.name, at=at, by_name=by_name
        )
        for area in areas
    ]
    AreaChange.objects.bulk_create(changes, batch_size=BATCH)
    audit.append_events(
        [
            audit.new_event(
                by=by, at=at, verb="area.create", target=area, area_path=area.path, detail={"level": area.level_id}
            )
            for area in areas
        ]
    )  # fmt: skip
