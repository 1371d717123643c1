"""Changes of the tree's shape: an area goes under another parent, becomes several, or several become one.

Only the tree changes here. Households and posts lie above, work under way higher still: `people.services.regrid` and
`changes.services.regrid` compose all in one transaction, and they are what pages call. Whatever refers to an area by
its number follows by itself.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.services import check_staff
from jizhi.areas import rules
from jizhi.areas.models import Area
from jizhi.areas.rules import ChangeKind
from jizhi.areas.selectors import references
from jizhi.areas.services import history
from jizhi.areas.services.areas import NewArea, add, check_below, check_name_free, finish
from jizhi.areas.services.errors import AreaNotEmpty, BadArea
from jizhi.core import audit


@transaction.atomic
def move_area(*, area: Area, parent: Area, on: dt.date, by: User | None, at: dt.datetime) -> Area:
    """Put an area with everything below it under another parent from a day on. Repeating it changes nothing."""
    check_staff(by)
    history.hold_tree(alone=True)
    area, parent = _locked([area, parent])
    _check_open([area])
    if area.parent_id == parent.pk:
        return area
    if area.parent_id is None:
        raise BadArea(_("最上级的区划不能调整上级。"), place="parent")
    _check_place(area, parent)
    history.check_day([area, parent], on, at)
    old = area.parent
    before = _put(area, parent, on)
    history.note(
        area, ChangeKind.MOVED, on, other=parent, before=old.name if old else "", after=parent.name,
        path_before=before, by=by, at=at,
    )  # fmt: skip
    detail = {"before": before, "after": area.path, "from_date": on}
    audit.record_event(by=by, at=at, verb="area.move", target=area, area_path=area.path, detail=detail)
    return area


def _locked(areas: Sequence[Area]) -> list[Area]:
    """The rows as they are now, locked in the order of their numbers, answered in the order asked."""
    rows = Area.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[one.pk for one in areas])
    found = {row.pk: row for row in rows.select_related("level", "parent__level").order_by("pk")}
    return [found[one.pk] for one in areas]


def _check_open(areas: Sequence[Area]) -> None:
    for area in areas:
        if area.to_date is not None:
            raise BadArea(_("“%(area)s”已经撤销。") % {"area": area.name})


def _inside(path: str, above: str) -> bool:
    return path == above or path.startswith(above + ".")


def _check_place(area: Area, parent: Area) -> None:
    if _inside(str(parent.path), str(area.path)):
        raise BadArea(_("“%(area)s”不能移到自己或自己的下级之下。") % {"area": area.name}, place="parent")
    check_below(area.level, parent)
    check_name_free(area.name, parent, area)
    check_village_stays(area, parent)


def check_village_stays(area: Area, parent: Area | None) -> None:
    """What lies inside a village stays in it once anything was recorded there: the ledger is the village's."""
    if not area.level.is_grid or _village_path(area) == (_village_path(parent) if parent else ""):
        return
    found = references(area)
    if households := found.pop("people.household", 0):
        raise AreaNotEmpty(
            _(
                "“%(area)s”登记着%(count)d户，积分台账和公示都在原来的村，不能整体划到别的村。"
                "请在新村设网格，再逐户办理迁移。"
            )
            % {"area": area.name, "count": households},
            place="parent",
        )
    if found:
        raise AreaNotEmpty(
            _("“%(area)s”在原来的村已有申报或其他记录，不能划到别的村。请在新村另设网格，再撤销这个网格。")
            % {"area": area.name},
            place="parent",
        )


def _village_path(area: Area) -> str:
    above = Area.objects.filter(path__ancestor_of=area.path, level_id=rules.VILLAGE)
    return str(above.values_list("path", flat=True).first() or "")


def _put(area: Area, parent: Area, on: dt.date | None) -> str:
    """Hang the subtree below the parent and return the path it had; without a day the history stays as it is."""
    before = str(area.path)
    Area.objects.filter(pk=area.pk).update(parent=parent)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE areas_area SET path = %s::ltree || subpath(path, nlevel(%s::ltree) - 1) WHERE path <@ %s::ltree",
            [str(parent.path), before, before],
        )
    area.refresh_from_db()
    if on is not None:
        history.move(area, before, on)
    return before


@transaction.atomic
def split_area(
    *,
    area: Area,
    parts: Sequence[NewArea],
    keep: bool,
    children: Mapping[int, int] | None = None,
    on: dt.date,
    by: User | None,
    at: dt.datetime,
) -> list[Area]:
    """Make several areas of one from a day on; with `keep` the area itself is the first of them, else it ends.

    `children` says for the number of an area below in which of the resulting areas it goes on (the first, unless told).
    """
    check_staff(by)
    history.hold_tree(alone=True)
    (area,) = _locked([area])
    _check_open([area])
    if len(parts) + keep < 2:
        raise BadArea(_("拆分至少要有两个区划。"), place="parts")
    _check_not_a_lived_in_village(area, _("“%(area)s”是有台账的村，不能拆分。请另设新村，再逐户办理迁移。"))
    history.check_day([area], on, at)
    if not keep:
        last = on - history.ONE_DAY
        history.check_last_day(area, last)
        finish(area, last)
    made = [add(new, area.level, area.parent, on) for new in parts]
    result = [area, *made] if keep else made
    _share_out(area, result, children or {}, on)
    for one in made:
        history.note(one, ChangeKind.SPLIT, on, other=area, after=one.name, by=by, at=at)
    for one in made:
        history.note(area, ChangeKind.SPLIT, on, other=one, before=area.name, by=by, at=at)
    detail = {"into": [one.code for one in result], "from_date": on}
    audit.record_event(by=by, at=at, verb="area.split", target=area, area_path=area.path, detail=detail)
    return result


def _check_not_a_lived_in_village(area: Area, text: str) -> None:
    if area.level_id == rules.VILLAGE and references(area):
        raise AreaNotEmpty(text % {"area": area.name})


def _share_out(area: Area, result: list[Area], children: Mapping[int, int], on: dt.date) -> None:
    below = Area.objects.select_for_update(no_key=True).filter(parent=area, to_date=None)
    for child in below.order_by("pk"):
        place = children.get(child.pk, 0)
        if not 0 <= place < len(result):
            raise BadArea(_("“%(area)s”的去向不明。") % {"area": child.name}, place="children")
        target = result[place]
        if target.pk != area.pk:
            history.check_unchanged_since([child], on)
            check_village_stays(child, target)
            _put(child, target, on)


@transaction.atomic
def merge_areas(
    *, areas: Sequence[Area], into: Area | NewArea, on: dt.date, by: User | None, at: dt.datetime
) -> Area:
    """Make one area of several from a day on: one of them goes on, or a new one beside the first takes their place.

    The others end; they are kept below the one that took them in, so that their old records stay in its people's sight.
    """
    check_staff(by)
    history.hold_tree(alone=True)
    rows = _locked(
        list({one.pk: one for one in [*areas, *([into] if isinstance(into, Area) else [])]}.values())
    )
    _check_open(rows)
    goes_on = next((row for row in rows if isinstance(into, Area) and row.pk == into.pk), None)
    ending = [row for row in rows if row is not goes_on]
    if len(rows) < 2:
        raise BadArea(_("合并至少要选两个区划。"), place="areas")
    _check_alike(rows)
    history.check_day(rows, on, at)
    for row in ending:
        _check_not_a_lived_in_village(
            row, _("“%(area)s”是有台账的村，不能并入别的村。请逐户办理迁移，再撤销。")
        )
        history.check_last_day(row, on - history.ONE_DAY)
        finish(row, on - history.ONE_DAY)
    if goes_on is None:
        assert isinstance(into, NewArea)
        goes_on = add(into, rows[0].level, rows[0].parent, on)
    for row in ending:
        _take_in(row, goes_on, on)
        history.note(
            row, ChangeKind.MERGED, on, other=goes_on, before=row.name, after=goes_on.name, by=by, at=at
        )
        history.note(
            goes_on, ChangeKind.MERGED, on, other=row, before=row.name, after=goes_on.name, by=by, at=at
        )
    detail = {"from": [row.code for row in ending], "from_date": on}
    audit.record_event(by=by, at=at, verb="area.merge", target=goes_on, area_path=goes_on.path, detail=detail)
    return goes_on


def _check_alike(rows: Sequence[Area]) -> None:
    if len({row.level_id for row in rows}) > 1:
        raise BadArea(_("只有同一层级的区划可以合并。"), place="areas")
    if rows[0].parent_id is None:
        raise BadArea(_("最上级的区划不能合并。"), place="areas")
    if rows[0].level.is_grid and len({_village_path(row) for row in rows}) > 1:
        raise BadArea(_("只有同一个村的网格可以合并。"), place="areas")


def _take_in(row: Area, target: Area, on: dt.date) -> None:
    below = Area.objects.select_for_update(of=("self",), no_key=True).filter(parent=row, to_date=None)
    for child in below.select_related("level").order_by("pk"):
        check_name_free(child.name, target)
        check_village_stays(child, target)
        history.check_unchanged_since([child], on)
        _put(child, target, on)
    _put(row, target, None)
