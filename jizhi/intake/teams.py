"""Volunteer teams as a table to import: one row each, known again by area and name."""

from __future__ import annotations

from jizhi.activities.services import tables
from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.services import each
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    Column("area", "区划代码", "Area code", Kind.CODE, width=18),
    Column(
        "place",
        "哪里的队",
        "Area",
        synonyms=("区域", "所在区域"),
        width=16,
        note=N_("不填区划代码时写名称，如“村/网格”"),
    ),
    Column("name", "队名", "Team", Kind.WORDS, required=True, synonyms=("名称",), longest=80, width=20),
    Column("kind", "种类", "Kind", required=True, synonyms=("类别",)),
    Column("leader", "队长", "Leader", longest=50),
    Column("phone", "联系电话", "Phone", synonyms=("电话",), longest=20, width=16),
    Column("from_date", "成立日期", "Founded", Kind.DATE, note=N_("不填则按今天")),
    Column("purpose", "做什么", "Purpose", Kind.WORDS, longest=1000, width=36),
)
KIND = rules.Kind(
    key="teams",
    title=N_("志愿队"),
    columns=COLUMNS,
    action=Action.MANAGE_ACTIVITIES,
    apply=each(tables.write_team),
    icon="users-group",
    note=N_("一行一支队；已有的更新队长、电话和说明，空着的格不改。"),
    author=True,
)
