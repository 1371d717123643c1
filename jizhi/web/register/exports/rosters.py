"""A roster's report as a workbook: what was refused and why, what was understood, what becomes of each household."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.core.text import N_
from jizhi.people.rules import Fate
from jizhi.people.selectors import RosterLine
from jizhi.people.services import ImportReport
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind, Table
from jizhi.web.desk.exports import files
from jizhi.web.register.templatetags import register as words
from jizhi.web.templatetags import jizhi

PART_TITLES = {
    "refused": N_("不能导入的行"),
    "understood": N_("请核对的理解"),
    Fate.CREATED.value: N_("新增的户"),
    Fate.UPDATED.value: N_("更新的户"),
    Fate.UNCHANGED.value: N_("未变的户"),
}


def report(line: RosterLine, found: ImportReport) -> HttpResponse:
    """Three sheets: problems, what was understood, households."""
    tables = [
        _cells("refused", gettext("有何问题"), found.refused, "reason"),
        _cells("understood", gettext("理解为"), found.understood, "text"),
        _households(found),
    ]
    name = f"{gettext('导入报告')}-{line.village_name}-{line.id}"
    return files.workbook(name, writing.write_tables(tables))


def _cells(part: str, title: str, cells: Any, field: str) -> Table:
    columns = [
        Column(gettext("工作表"), Kind.TEXT, 16), Column(gettext("行"), Kind.INTEGER, 8),
        Column(gettext("列"), Kind.TEXT, 14), Column(gettext("表里写的"), Kind.TEXT, 24), Column(title, Kind.TEXT, 60),
    ]  # fmt: skip
    rows = [[one.sheet, one.row, one.column, one.value, words.said(one, field)] for one in cells]
    return Table(gettext(PART_TITLES[part]), columns, rows)


def _households(found: ImportReport) -> Table:
    columns = [
        Column(gettext("户编号"), Kind.ID, 12), Column(gettext("户主"), Kind.TEXT, 14),
        Column(gettext("网格"), Kind.TEXT, 16), Column(gettext("家庭人口"), Kind.INTEGER, 10),
        Column(gettext("表中成员"), Kind.INTEGER, 10), Column(gettext("导入结果"), Kind.TEXT, 10),
        Column(gettext("变动"), Kind.TEXT, 30),
    ]  # fmt: skip
    rows = [
        [
            one.no, one.head, one.grid, one.size, len(one.members), jizhi.label(one.fate),
            gettext("、").join(jizhi.label(change) for change in one.changes),
        ]
        for one in found.households
    ]  # fmt: skip
    return Table(gettext("农户"), columns, rows)
