"""The levels of the tree as a county's pack names them. Used levels are renamed, never removed or turned round."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.services import check_staff
from jizhi.areas import rules
from jizhi.areas.models import Area, Level
from jizhi.areas.services.errors import BadArea
from jizhi.core import audit

NewLevel = tuple[str, str, str] | tuple[str, str, str, bool]


@transaction.atomic
def define_levels(*, levels: Iterable[NewLevel], by: User | None, at: dt.datetime) -> list[Level]:
    """Set the levels, top down, as (key, title, English title[, lies inside a village]). Repeating it only renames.

    Where the fourth word is missing, every level below the village is a grid.
    """
    check_staff(by)
    told = list(levels)
    grids = rules.grids_by_default([one[0] for one in told])
    wanted = [_level(depth, one, grids) for depth, one in enumerate(told)]
    before = {level.key: _words(level) for level in Level.objects.order_by("depth")}
    after = {level.key: _words(level) for level in wanted}
    if missing := [key for key in before if key not in after]:
        raise BadArea(_("已有的层级不能去掉：%(keys)s。") % {"keys": "、".join(missing)})
    if before != after:
        _store_levels(wanted, before)
        audit.record_event(
            by=by, at=at, verb="level.define", target=None, detail={"before": before, "after": after}
        )
    return wanted


def _level(depth: int, told: NewLevel, grids: set[str]) -> Level:
    is_grid = told[3] if len(told) > 3 else told[0] in grids
    return Level(key=told[0], title=told[1], title_en=told[2], depth=depth, is_grid=is_grid)


def _words(level: Level) -> tuple[Any, ...]:
    return (level.title, level.title_en, level.depth, level.is_grid)


def _store_levels(wanted: list[Level], before: dict[str, tuple[Any, ...]]) -> None:
    moved = [level for level in wanted if level.key in before and before[level.key][2] != level.depth]
    if moved and Area.objects.filter(level__in=[level.key for level in moved]).exists():
        raise BadArea(_("层级已经使用，不能调换上下顺序。"))
    for level in moved:  # depths are unique: step aside first
        Level.objects.filter(pk=level.key).update(depth=level.depth + 1000)
    for level in wanted:
        Level.objects.update_or_create(
            key=level.key,
            defaults={
                "title": level.title,
                "title_en": level.title_en,
                "depth": level.depth,
                "is_grid": level.is_grid,
            },
        )
