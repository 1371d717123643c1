"""Members of organisations as a table to import: one row a person in a role."""

from __future__ import annotations

from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.services import each
from jizhi.intake import villages
from jizhi.organisations.rules import Role
from jizhi.organisations.services import member_tables
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    Column("code", "组织编号", "Organisation number", Kind.CODE, longest=40, note=N_("或填组织名称")),
    Column(
        "organisation", "组织名称", "Organisation", Kind.WORDS,
        synonyms=("组织", "党组织", "支部"), longest=100, width=28, note=N_("名称或编号"),
    ),
    Column("area", "区划代码", "Area code", Kind.CODE, width=18, note=N_("组织的区划代码，同名的组织要填")),
    villages.VILLAGE,
    Column(
        "no", "户编号", "Household no.", synonyms=("户号",), longest=20, width=10, note=N_("已经是成员的可不填"),
    ),
    Column("name", "姓名", "Name", Kind.WORDS, required=True, synonyms=("成员",), longest=50),
    Column(
        "role", "担任", "Role", required=True, synonyms=("角色", "组织职务"), width=16,
        note="、".join(one.label for one in Role),
    ),
    Column(
        "keeps_file", "组织关系在这里", "Full membership here", Kind.YES_NO,
        synonyms=("组织关系",), note=N_("是、否；已登记的在成员那里转接"),
    ),
    Column("from_date", "开始日期", "First day", Kind.DATE, synonyms=("加入日期",), note=N_("不填则按今天")),
    Column("to_date", "结束日期", "Last day", Kind.DATE, synonyms=("离开日期",)),
)  # fmt: skip
KIND = rules.Kind(
    key="organisation-members",
    title=N_("组织成员"),
    columns=COLUMNS,
    action=Action.MANAGE_ORGANISATIONS,
    apply=each(member_tables.write_member),
    icon="users-plus",
    note=N_("一行一人一个角色，组织要先登记；村是本人所住的村，填了结束日期的按那天离开。"),
)
