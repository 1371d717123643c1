"""Kinship as a table to import: who is what to whom, so that panels know whom to leave out of a vote."""

from __future__ import annotations

from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.services import each
from jizhi.intake import villages
from jizhi.people.services import kin_tables
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    villages.VILLAGE,
    Column("no", "户编号", "Household no.", required=True, synonyms=("户号",), longest=20, width=10),
    Column("name", "姓名", "Name", required=True, longest=50),
    Column("other_village", "亲属所在村", "Relative's village", Kind.WORDS, longest=100, note="同村可不填"),
    Column("other_no", "亲属户编号", "Relative's household no.", required=True, longest=20, width=12),
    Column("other_name", "亲属姓名", "Relative's name", required=True, longest=50),
    Column("kin", "亲属是此人的", "The relative is the person's", Kind.WORDS, required=True, longest=40, width=18),
    Column("source", "来源", "Known from", Kind.WORDS, longest=40),
    Column("from_date", "开始日期", "From", Kind.DATE, note="不填则按今天"),
    Column("to_date", "结束日期", "To", Kind.DATE),
)  # fmt: skip
KIND = rules.Kind(
    key="kinship",
    title=N_("亲属关系"),
    columns=COLUMNS,
    action=Action.MANAGE_HOUSEHOLDS,
    apply=each(kin_tables.write_kin),
    icon="friends",
    note=N_("一行一对亲属；同户的不用登记。填了结束日期的，按那天结束。"),
)
