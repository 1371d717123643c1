"""What reporting members did, as a table to import: one row a service, recorded in the uploader's name."""

from __future__ import annotations

from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.services import each
from jizhi.intake import reporters
from jizhi.organisations.services import report_tables
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    Column("day", "服务日期", "Day of service", Kind.DATE, required=True, synonyms=("日期",)),
    Column("name", "姓名", "Name", Kind.WORDS, required=True, longest=50),
    *reporters.UNIT,
    reporters.VILLAGE,
    Column("hours", "小时", "Hours", required=True, synonyms=("时长", "服务时长"), width=8, note=N_("如 2 或 1.5")),
    Column(
        "words", "做了什么", "What was done", Kind.WORDS,
        required=True, synonyms=("服务内容",), longest=200, width=30,
    ),
    Column("place", "地点", "Place", Kind.WORDS, longest=80, width=16),
)  # fmt: skip
KIND = rules.Kind(
    key="services",
    title=N_("服务记录"),
    columns=COLUMNS,
    action=Action.RECORD_SERVICE,
    apply=each(report_tables.write_service),
    icon="list-check",
    note=N_("一行一次服务，登记人记为上传人，由别人确认后计入；表里的状态和确认人不读，已登记的不会重复。"),
    author=True,
)
