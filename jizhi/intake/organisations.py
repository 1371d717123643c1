"""Organisations as a table to import: one row each, parents in the same file or on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.rules import Outcome, Row
from jizhi.intake.planned import all_together, in_both_languages, list_rows, of_planned_row, refused_since
from jizhi.organisations import services
from jizhi.organisations.rules import OrganisationKind
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    Column("code", "组织编号", "Number", synonyms=("编号",), longest=40),
    Column(
        "kind", "类别", "Kind", required=True, synonyms=("组织类别",),
        note="、".join(one.label for one in OrganisationKind),
    ),
    Column("name", "组织名称", "Name", required=True, synonyms=("名称",), longest=100, width=28),
    Column("name_en", "英文名称", "English name", longest=100, width=20),
    Column("parent", "上级组织", "Parent", synonyms=("上级", "上级党组织"), width=24, note=N_("名称或编号")),
    Column("area", "区划代码", "Area code", Kind.CODE, width=18),
    Column("place", "所在区域", "Area", synonyms=("区域",), width=18, note=N_("不填区划代码时写“村”或“村/网格”")),
    Column("leader", "负责人", "Leader", synonyms=("书记",), longest=50),
    Column("contact", "联系电话", "Contact", synonyms=("电话", "Phone"), longest=40),
    Column("from_date", "成立日期", "Founded", Kind.DATE, synonyms=("开始日期",)),
)  # fmt: skip


def _planned(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> tuple[Any, list[Outcome]]:
    given = list_rows(rows)
    return in_both_languages(
        lambda: services.plan_organisations(rows=given, within=area, by=by, at=at), of_planned_row
    )


def plan(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """What each row would do in the chosen area."""
    return _planned(rows, area=area, by=by, at=at)[1]


def apply(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """Write the rows, parents first."""
    lines, outcomes = _planned(rows, area=area, by=by, at=at)
    services.apply_organisations(plan=lines, by=by, at=at)
    return [refused_since(outcome, line) for outcome, line in zip(outcomes, lines, strict=True)]


KIND = rules.Kind(
    key="organisations",
    title=N_("组织"),
    columns=COLUMNS,
    action=Action.MANAGE_ORGANISATIONS,
    plan=plan,
    apply=apply,
    together=all_together,
    icon="hierarchy-2",
    note=N_("一行一个组织，上级组织可以写在同一份表里，不分先后。"),
)
