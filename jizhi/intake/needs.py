"""Needs as a table to import: one row each, known again by whose it is, title and day."""

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
    Column("kind", "种类", "Kind", required=True, synonyms=("需求种类", "类别")),
    Column("title", "需要什么", "What", Kind.WORDS, required=True, synonyms=("需求",), longest=60, width=28),
    Column(
        "no", "户编号", "Household no.", synonyms=("户号",), longest=20, width=10, note=N_("不填则是村里的需求"),
    ),
    Column("words", "详细说明", "Words", Kind.WORDS, synonyms=("说明",), longest=1000, width=36),
    Column("wanted_date", "最晚哪一天", "Wanted by", Kind.DATE, required=True, synonyms=("日期",)),
    Column("places", "需要几个人", "Helpers wanted", Kind.WHOLE, synonyms=("人数",), width=10, note=N_("不填则为 1")),
)  # fmt: skip
KIND = rules.Kind(
    key="needs",
    title=N_("群众需求"),
    columns=COLUMNS,
    action=Action.MANAGE_ACTIVITIES,
    apply=each(tables.write_need),
    icon="heart-handshake",
    note=N_("一行一条，导入后直接发布；已经登记的不会重复。"),
    author=True,
)
