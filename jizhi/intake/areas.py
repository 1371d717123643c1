"""Areas as a table to import: one row an area, parents anywhere in the file. A known code is renamed, never moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from jizhi.areas import services
from jizhi.areas.services import PlannedArea, RowFate
from jizhi.core import clock
from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.rules import Fate, Outcome, Row
from jizhi.intake.planned import Said, all_together, in_both_languages
from jizhi.posts.rules import Action
from jizhi.sheets.area_tree import AreaRow
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    Column("code", "区划代码", "Code", Kind.CODE, True, ("代码", "编码", "area code"), longest=64, width=20),
    Column("level", "层级", "Level", required=True, synonyms=("级别", "类型"), width=12),
    Column("name", "名称", "Name", Kind.WORDS, required=True, synonyms=("区划名称", "网格名称"), longest=100, width=26),
    Column("name_en", "英文名称", "English name", Kind.WORDS, longest=100, width=26),
    Column("parent", "上级代码", "Parent code", Kind.CODE, synonyms=("上级", "上级区划代码", "父级代码"), width=20),
    Column(
        "from_date", "设立日期", "From date", Kind.DATE,
        synonyms=("开始日期", "生效日期", "first day of the area"), note=N_("不填则按今天"),
    ),
)  # fmt: skip
FATES = {
    RowFate.CREATED: Fate.CREATED,
    RowFate.RENAMED: Fate.UPDATED,
    RowFate.UNCHANGED: Fate.UNCHANGED,
    RowFate.REFUSED: Fate.REFUSED,
}
TITLES = {column.key: column.key for column in COLUMNS}


def plan(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """What each row would do in the chosen area."""
    on = clock.day_of(at)
    return in_both_languages(lambda: services.plan_tree(_read(rows), paths=[area.path], on=on), _said)[1]


def apply(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """Write the rows, parents first."""
    outcomes = plan(rows, area=area, by=by, at=at)
    services.apply_tree(rows=_read(rows), paths=[area.path], by=by, at=at)
    return outcomes


def _read(rows: Sequence[Row]) -> list[AreaRow]:
    return [
        AreaRow(
            row.sheet, row.line, row.values["level"], row.values["code"].lower(), row.values["name"],
            row.values["name_en"] or "", (row.values["parent"] or "").lower(), row.values["from_date"], TITLES,
        )
        for row in rows
    ]  # fmt: skip


def _said(line: PlannedArea) -> Said:
    refused = line.fate is RowFate.REFUSED
    return Said(FATES[line.fate], ((line.column, line.value, line.reason),) if refused else ())


KIND = rules.Kind(
    key="areas",
    title=N_("区划与网格"),
    columns=COLUMNS,
    action=Action.MANAGE_AREAS,
    plan=plan,
    apply=apply,
    together=all_together,
    icon="sitemap",
    note=N_("每个区划一行，上下级的行不分先后；已有的代码只更新名称，不移动位置。"),
)
