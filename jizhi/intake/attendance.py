"""Who took part in activities, as a table to import: one row a person, for lists that were kept on paper."""

from __future__ import annotations

from jizhi.activities.services import tables
from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.services import each
from jizhi.intake import villages
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    Column("activity", "活动编号", "Activity no.", Kind.WHOLE, width=10, note=N_("或填活动名称和日期")),
    villages.VILLAGE,
    Column("title", "活动名称", "Title", Kind.WORDS, synonyms=("活动",), longest=80, width=28),
    Column("day", "活动日期", "Day", Kind.DATE, synonyms=("日期",)),
    Column(
        "no", "户编号", "Household no.", required=True, synonyms=("户号",), longest=20, width=10,
    ),
    Column("name", "姓名", "Name", longest=50, note=N_("不填则按户主")),
    Column("hours", "小时", "Hours", synonyms=("时长",), width=8, note=N_("不填则按整场活动")),
)  # fmt: skip
KIND = rules.Kind(
    key="attendance",
    title=N_("活动签到名单"),
    columns=COLUMNS,
    action=Action.MANAGE_ACTIVITIES,
    apply=each(tables.write_attendance),
    icon="users",
    note=N_("一行一人；已经在名单上的不会重复，名单确认以后不能再改。"),
    author=True,
)
