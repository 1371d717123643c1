"""Posts as workbooks: the register in the columns that the import reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.posts.selectors import PostLine, VacantGrid
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files


def columns() -> list[Column]:
    """What a table of posts holds, in and out."""
    return [
        Column(gettext("姓名"), Kind.TEXT, 16), Column(gettext("账号"), Kind.TEXT, 18),
        Column(gettext("工作电话"), Kind.ID, 16), Column(gettext("职务"), Kind.TEXT, 18),
        Column(gettext("区划代码"), Kind.ID, 20), Column(gettext("任职区域"), Kind.TEXT, 18),
        Column(gettext("开始日期"), Kind.DATE, 12), Column(gettext("结束日期"), Kind.DATE, 12),
    ]  # fmt: skip


def posts(lines: Sequence[PostLine], at: dt.datetime) -> HttpResponse:
    """One post a row; a deputy's row says whom it stands in for."""
    rows = [
        [
            one.name, one.username, one.work_phone, gettext(one.kind.label), one.area_code, one.area_name,
            one.from_date, one.to_date, one.stands_in_for.name if one.stands_in_for else "",
        ]
        for one in lines
    ]  # fmt: skip
    title = gettext("职务名册")
    table = writing.write_table(title, [*columns(), Column(gettext("代理"), Kind.TEXT, 14)], rows)
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", table)


def vacancies(lines: Sequence[VacantGrid], at: dt.datetime) -> HttpResponse:
    """One grid a row that nobody serves as grid worker."""
    table = [
        Column(gettext("区划代码"), Kind.ID, 24), Column(gettext("网格"), Kind.TEXT, 20),
        Column(gettext("村（社区）"), Kind.TEXT, 20),
    ]  # fmt: skip
    title = gettext("空缺网格")
    rows = [[one.code, one.name, one.village] for one in lines]
    return files.table(title, table, rows, at)
