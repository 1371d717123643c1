"""One area at a time: adding, renaming, closing, taking a mistaken closing back. Codes never change.

Areas lie below posts, so the caller checks Action.MANAGE_AREAS (posts.selectors.check_can) on the parent first;
household users are refused here in any case.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.services import check_staff
from jizhi.areas import rules
from jizhi.areas.models import Area, AreaChange, Level
from jizhi.areas.rules import ChangeKind
from jizhi.areas.services import history
from jizhi.areas.services.errors import AreaNotEmpty, BadArea
from jizhi.core import audit, clock, names, scope


@dataclass(frozen=True)
class NewArea:
    """An area that comes out of a split or a merger: its code and names."""

    code: str
    name: str
    name_en: str = ""


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
    row = Level.objects.filter(pk=level).first()
    if row is None:
        raise BadArea(_("没有“%(level)s”这个层级。") % {"level": level}, place="level")
    history.hold_tree()
    if parent is not None:  # it must not be closed meanwhile
        parent = history.locked(parent)
    area = add(NewArea(code, name, name_en), row, parent, from_date)
    history.note(area, ChangeKind.CREATED, from_date, after=area.name, by=by, at=at)
    audit.record_event(
        by=by, at=at, verb="area.create", target=area, area_path=area.path, detail={"level": level}
    )
    return area


def add(new: NewArea, level: Level, parent: Area | None, from_date: dt.date) -> Area:
    """Check and write a new area with its first period; the caller holds the tree and tells what happened."""
    name = new.name.strip()
    check_new_area(new.code, name, level, parent)
    area = Area.objects.create(
        code=new.code,
        name=name,
        name_en=new.name_en.strip(),
        pinyin=names.pinyin_key(name),
        level=level,
        parent=parent,
        path=f"{parent.path}.{new.code}" if parent else new.code,
        from_date=from_date,
    )
    scope.take_in(area.pk, is_village=level.key == rules.VILLAGE)
    history.begin(area)
    return area


def check_new_area(code: str, name: str, level: Level, parent: Area | None) -> None:
    """Code, name and place are usable."""
    if not rules.is_code(code):
        raise BadArea(_("区划代码只能用小写字母、数字和下划线。"), place="code")
    if not name:
        raise BadArea(_("请填写区划名称。"), place="name")
    if parent is not None:
        check_below(level, parent)
    if Area.objects.filter(code=code).exists():
        raise BadArea(_("代码“%(code)s”已经使用。") % {"code": code}, place="code")
    check_name_free(name, parent)


def check_below(level: Level, parent: Area) -> None:
    """An area of that level may lie below the parent."""
    if parent.to_date is not None:
        raise BadArea(_("“%(area)s”已撤销，不能再设下级。") % {"area": parent.name}, place="parent")
    if parent.level.depth >= level.depth:
        raise BadArea(
            _("%(level)s不能设在%(parent)s之下。") % {"level": level.title, "parent": parent.level.title},
            place="level",
        )


def check_name_free(name: str, parent: Area | None, but: Area | None = None) -> None:
    """No other open area below the parent has that name."""
    taken = Area.objects.filter(parent=parent, name=name, to_date=None)
    if taken.exclude(pk=but.pk if but else 0).exists():
        raise BadArea(_("同一上级之下已有“%(name)s”。") % {"name": name}, place="name")


@transaction.atomic
def rename_area(
    *,
    area: Area,
    name: str,
    name_en: str = "",
    on: dt.date | None = None,
    by: User | None,
    at: dt.datetime,
) -> Area:
    """Change an area's names from a day on (today unless told); code and path stay. Repeating it changes nothing."""
    check_staff(by)
    name, name_en, on = name.strip(), name_en.strip(), on or clock.day_of(at)
    if not name:
        raise BadArea(_("请填写区划名称。"), place="name")
    history.hold_tree()
    area = history.locked(area)
    before = {"name": area.name, "name_en": area.name_en}
    after = {"name": name, "name_en": name_en}
    if before == after:
        return area
    if area.to_date is not None:
        raise BadArea(_("“%(area)s”已经撤销。") % {"area": area.name})
    history.check_day([area], on, at)
    check_name_free(name, area.parent, area)
    area.name, area.name_en, area.pinyin = name, name_en, names.pinyin_key(name)
    area.save(update_fields=["name", "name_en", "pinyin"])
    history.rename(area, on)
    history.note(area, ChangeKind.RENAMED, on, before=before["name"], after=name, by=by, at=at)
    audit.record_event(
        by=by,
        at=at,
        verb="area.rename",
        target=area,
        area_path=area.path,
        detail={"before": before, "after": after, "from_date": on},
    )
    return area


@transaction.atomic
def close_area(*, area: Area, to_date: dt.date, by: User | None, at: dt.datetime) -> Area:
    """Close an area on its last day. Areas below it must be closed before; whether people live there, people checks."""
    check_staff(by)
    history.hold_tree(alone=True)
    area = history.locked(area)
    if area.to_date is not None:
        raise BadArea(_("“%(area)s”已经撤销。") % {"area": area.name})
    if to_date < area.from_date:
        raise BadArea(_("撤销日期不能早于设立日期。"), place="to_date")
    if to_date > clock.day_of(at):
        raise BadArea(_("生效日期不能晚于今天。"), place="to_date")
    history.check_last_day(area, to_date, place="to_date")
    if Area.objects.filter(parent=area, to_date=None).exists():
        raise AreaNotEmpty(_("“%(area)s”还有下级区划，请先撤销下级。") % {"area": area.name})
    finish(area, to_date)
    history.note(area, ChangeKind.CLOSED, to_date, before=area.name, by=by, at=at)
    audit.record_event(
        by=by, at=at, verb="area.close", target=area, area_path=area.path, detail={"to_date": to_date}
    )
    return area


def finish(area: Area, last: dt.date) -> None:
    """Write the area's last day; the caller has checked it."""
    area.to_date = last
    area.save(update_fields=["to_date"])
    history.end(area, last)


@transaction.atomic
def reopen_area(*, area: Area, by: User | None, at: dt.datetime) -> Area:
    """Take a mistaken closing back: only a plain closing, and only while its place and name are still free."""
    check_staff(by)
    history.hold_tree(alone=True)
    area = history.locked(area)
    if area.to_date is None:
        return area
    latest = AreaChange.objects.filter(area=area).first()
    if latest is not None and latest.kind is not ChangeKind.CLOSED:
        raise BadArea(
            _("“%(area)s”是在拆分或合并时撤销的，不能单独恢复；请另设新的区划。") % {"area": area.name}
        )
    if area.parent is not None and area.parent.to_date is not None:
        raise BadArea(_("上级“%(area)s”已撤销，请先恢复上级。") % {"area": area.parent.name})
    check_name_free(area.name, area.parent, area)
    last, area.to_date = area.to_date, None
    area.save(update_fields=["to_date"])
    history.resume(area, last)
    history.note(area, ChangeKind.REOPENED, clock.day_of(at), after=area.name, by=by, at=at)
    audit.record_event(
        by=by, at=at, verb="area.reopen", target=area, area_path=area.path, detail={"before": last}
    )
    return area
