"""Members of volunteer teams as a table to import: one row a membership."""

from __future__ import annotations

from jizhi.activities.services import tables
from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.services import each
from jizhi.intake import villages
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    Column("area", "区划代码", "Area code", Kind.CODE, width=18, note=N_("队的区划代码，同名的队要填")),
    Column("place", "哪里的队", "Area", width=16),
    Column("team", "队名", "Team", Kind.WORDS, required=True, synonyms=("志愿队",), longest=80, width=20),
    villages.VILLAGE,
    Column(
        "no", "户编号", "Household no.", required=True, synonyms=("户号",), longest=20, width=10,
    ),
    Column("name", "姓名", "Name", required=True, synonyms=("队员",), longest=50),
    Column("from_date", "入队日期", "Joined", Kind.DATE, note=N_("不填则按今天")),
    Column("to_date", "离队日期", "Left", Kind.DATE),
)  # fmt: skip
KIND = rules.Kind(
    key="team-members",
    title=N_("志愿队队员"),
    columns=COLUMNS,
    action=Action.MANAGE_ACTIVITIES,
    apply=each(tables.write_member),
    icon="users-plus",
    note=N_("一行一名队员；队要先成立，填了离队日期的按那天离队。"),
    author=True,
)
