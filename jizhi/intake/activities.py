"""Activities as a table to import: one row each, known again by village, title and beginning."""

from __future__ import annotations

from jizhi.activities.services import tables
from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.services import each
from jizhi.intake import villages
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    villages.VILLAGE,
    Column("kind", "种类", "Kind", required=True, synonyms=("活动种类", "类别")),
    Column("title", "活动名称", "Title", Kind.WORDS, required=True, synonyms=("名称", "活动"), longest=80, width=28),
    Column("place", "地点", "Place", Kind.WORDS, required=True, synonyms=("活动地点",), longest=120, width=20),
    Column(
        "starts_at", "开始", "Begins",
        required=True, synonyms=("开始时间",), width=18, note=N_("如 2026-03-05 09:00"),
    ),
    Column("ends_at", "结束", "Ends", required=True, synonyms=("结束时间",), width=18, note=N_("如 2026-03-05 11:00")),
    Column("team", "志愿队", "Team", Kind.WORDS, longest=80, width=18),
)  # fmt: skip
KIND = rules.Kind(
    key="activities",
    title=N_("活动"),
    columns=COLUMNS,
    action=Action.MANAGE_ACTIVITIES,
    apply=each(tables.write_activity),
    icon="calendar-event",
    note=N_("一行一次活动；村、名称和开始时间相同的是同一次。"),
    author=True,
)
