"""Building and changing the area tree. Codes never change, areas are closed and never deleted.

Areas lie below posts, so the caller checks Action.MANAGE_AREAS (posts.selectors.check_can) on the parent first;
household users are refused here in any case.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.services import check_staff
from jizhi.areas import rules
from jizhi.areas.models import Area, Level
from jizhi.core import audit, names
from jizhi.core.errors import DomainError


class BadArea(DomainError):
    """Code, name or place in the tree is not usable."""


class AreaNotEmpty(DomainError):
    """The area still has open areas below it."""


@transaction.atomic
def define_levels(*, levels: Iterable[tuple[str, str, str]], by: User | None, at: dt.datetime) -> list[Level]:
    """Set the levels, top down, as (key, title, English title). Repeating it only renames; nothing is removed."""
    check_staff(by)
    wanted = [
        Level(key=key, title=title, title_en=title_en, depth=depth)
        for depth, (key, title, title_en) in enumerate(levels)
    ]
    before = {
        level.key: (level.title, level.title_en, level.depth) for level in Level.objects.order_by("depth")
    }
    after = {level.key: (level.title, level.title_en, level.depth) for level in wanted}
    if missing := [key for key in before if key not in after]:
        raise BadArea(_("已有的层级不能去掉：%(keys)s。") % {"keys": "、".join(missing)})
    if before != after:
        _store_levels(wanted, before)
        audit.record_event(
            by=by, at=at, verb="level.define", target=None, detail={"before": before, "after": after}
        )
    return wanted


def _store_levels(wanted: list[Level], before: dict[str, tuple[str, str, int]]) -> None:
    moved = [level for level in wanted if level.key in before and before[level.key][2] != level.depth]
    if moved and Area.objects.filter(level__in=[level.key for level in moved]).exists():
        raise BadArea(_("层级已经使用，不能调换上下顺序。"))
    for level in moved:  # depths are unique: step aside first
        Level.objects.filter(pk=level.key).update(depth=level.depth + 1000)
    for level in wanted:
        Level.objects.update_or_create(
            key=level.key, defaults={"title": level.title, "title_en": level.title_en, "depth": level.depth}
        )


@transaction.atomic
def create_area(
    *,
    code: str,
    name: str,
    name_en: str = "",
    level: str,
    parent: Area | None = None,
    from_date: dt.date,
    by: User | None,
    at: dt.datetime,
) -> Area:
    """Add an area under its parent (a root without one). Levels may be skipped, but never turned upside down."""
    check_staff(by)
    name = name.strip()
    row = Level.objects.filter(pk=level).first()
    if row is None:
        raise BadArea(_("没有“%(level)s”这个层级。") % {"level": level}, place="level")
    if parent is not None:  # it must not be closed meanwhile
        parent = (
            Area.objects.select_for_update(of=("self",), no_key=True)
            .select_related("level")
            .get(pk=parent.pk)
        )
    _check_new_area(code, name, row, parent)
    area = Area.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        pinyin=names.pinyin_key(name),
        level=row,
        parent=parent,
        path=f"{parent.path}.{code}" if parent else code,
        from_date=from_date,
    )
    audit.record_event(
        by=by, at=at, verb="area.create", target=area, area_path=area.path, detail={"level": level}
    )
    return area


def _check_new_area(code: str, name: str, level: Level, parent: Area | None) -> None:
    if not rules.is_code(code):
        raise BadArea(_("区划代码只能用小写字母、数字和下划线。"), place="code")
    if not name:
        raise BadArea(_("请填写区划名称。"), place="name")
    if parent is not None:
        if parent.to_date is not None:
            raise BadArea(_("“%(area)s”已撤销，不能再设下级。") % {"area": parent.name}, place="parent")
        if parent.level.depth >= level.depth:
            raise BadArea(
                _("%(level)s不能设在%(parent)s之下。") % {"level": level.title, "parent": parent.level.title},
                place="level",
            )
    if Area.objects.filter(code=code).exists():
        raise BadArea(_("代码“%(code)s”已经使用。") % {"code": code}, place="code")
    if Area.objects.filter(parent=parent, name=name, to_date=None).exists():
        raise BadArea(_("同一上级之下已有“%(name)s”。") % {"name": name}, place="name")


@transaction.atomic
def rename_area(*, area: Area, name: str, name_en: str = "", by: User | None, at: dt.datetime) -> Area:
    """Change an area's names; code and path stay."""
    check_staff(by)
    name = name.strip()
    if not name:
        raise BadArea(_("请填写区划名称。"), place="name")
    if Area.objects.filter(parent=area.parent_id, name=name, to_date=None).exclude(pk=area.pk).exists():
        raise BadArea(_("同一上级之下已有“%(name)s”。") % {"name": name}, place="name")
    before = {"name": area.name, "name_en": area.name_en}
    area.name, area.name_en, area.pinyin = name, name_en, names.pinyin_key(name)
    area.save(update_fields=["name", "name_en", "pinyin"])
    after = {"name": name, "name_en": name_en}
    audit.record_event(
        by=by,
        at=at,
        verb="area.rename",
        target=area,
        area_path=area.path,
        detail={"before": before, "after": after},
    )
    return area


@transaction.atomic
def close_area(*, area: Area, to_date: dt.date, by: User | None, at: dt.datetime) -> Area:
    """Close an area on its last day. Areas below it must be closed before; whether people live there, people checks."""
    check_staff(by)
    area = Area.objects.select_for_update(no_key=True).get(pk=area.pk)
    if area.to_date is not None:
        raise BadArea(_("“%(area)s”已经撤销。") % {"area": area.name})
    if to_date < area.from_date:
        raise BadArea(_("撤销日期不能早于设立日期。"), place="to_date")
    if Area.objects.filter(parent=area, to_date=None).exists():
        raise AreaNotEmpty(_("“%(area)s”还有下级区划，请先撤销下级。") % {"area": area.name})
    area.to_date = to_date
    area.save(update_fields=["to_date"])
    audit.record_event(
        by=by, at=at, verb="area.close", target=area, area_path=area.path, detail={"to_date": to_date}
    )
    return area
