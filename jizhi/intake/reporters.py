"""Members who report where they live, as a table to import: one row a person, for double reporting."""

from __future__ import annotations

from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.services import each
from jizhi.organisations.services import report_tables
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

UNIT = (
    Column("code", "单位编号", "Unit number", Kind.CODE, longest=40, note=N_("或填单位")),
    Column(
        "unit",
        "单位",
        "Unit",
        Kind.WORDS,
        synonyms=("单位名称",),
        longest=100,
        width=26,
        note=N_("名称或编号"),
    ),
)
VILLAGE = Column(
    "village", "报到的村（社区）", "Reports in", Kind.WORDS,
    synonyms=("报到社区", "报到村", "村（社区）", "村", "社区", "Village"), longest=100, width=18,
    note=N_("村名或村代码；只导入一个村时可不填"),
)  # fmt: skip
COLUMNS = (
    *UNIT,
    VILLAGE,
    Column("grid", "服务网格", "Serves in grid", Kind.WORDS, synonyms=("网格",), longest=100, width=16),
    Column("name", "姓名", "Name", Kind.WORDS, required=True, longest=50),
    Column("phone", "电话", "Phone", synonyms=("手机", "联系电话"), longest=20, width=16),
    Column("duty", "认领岗位", "Duty taken up", Kind.WORDS, synonyms=("岗位",), longest=80, width=18),
    # A workbook of double reporting has services on another sheet: this column tells the two apart.
    Column(
        "from_date", "报到日期", "Reports from", Kind.DATE, required=True, synonyms=("报到时间", "开始日期"),
    ),
    Column("to_date", "结束日期", "Last day", Kind.DATE),
    Column("unit_from", "单位报到日期", "Unit reports from", Kind.DATE, note=N_("单位新报到时用；不填则按本人的")),
    Column("contact", "联络员", "Contact", Kind.WORDS, longest=50, note=N_("单位新报到时用")),
    Column("contact_phone", "联络员电话", "Contact’s phone", longest=20, width=16, note=N_("单位新报到时用")),
)  # fmt: skip
KIND = rules.Kind(
    key="reporters",
    title=N_("报到党员"),
    columns=COLUMNS,
    action=Action.MANAGE_ORGANISATIONS,
    apply=each(report_tables.write_reporter),
    icon="user-plus",
    note=N_("一行一人；单位还没有到这个村报到的，同时办理单位报到。填了结束日期的按那天结束。"),
)
