"""Workbooks of the import screen: empty tables, refused rows to be corrected, the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from jizhi.imports.rules import Kind
from jizhi.imports.selectors import ImportLine, refused_rows
from jizhi.sheets import plain, writing
from jizhi.web.desk.exports import files
from jizhi.web.register.templatetags.register import kind_title

FATES = ("created", "updated", "unchanged", "refused")


def template(kind: Kind) -> HttpResponse:
    """The empty table of a kind."""
    title = gettext(kind.title)
    notes = [gettext(kind.note)] if kind.note else []
    return files.workbook(title, plain.template(title, kind.columns, notes))


def refused(line: ImportLine, kind: Kind) -> HttpResponse:
    """The refused rows as they were written, each with place and reason: correct them and import the file again."""
    title = gettext("不能导入的行")
    headers = (gettext("原表位置"), gettext("有何问题"))
    content = plain.write_refused(title, kind.columns, refused_rows(line.id), headers)
    return files.workbook(f"{title}-{line.id}", content)


def handout(kind: Kind, line: ImportLine, lines: Iterable[list[str]]) -> HttpResponse:
    """What the import tells once."""
    title = gettext("新账号与初始密码")
    columns = [writing.Column(gettext(name), writing.Kind.TEXT, 20) for name in kind.handout]
    content = writing.write_table(title, columns, lines, [gettext("首次登录时必须改掉。")])
    response = files.workbook(f"{title}-{line.id}", content)
    response["Cache-Control"] = "no-store"
    return response


def history(lines: Iterable[ImportLine], at: dt.datetime) -> HttpResponse:
    """One import a row."""
    columns = [
        writing.Column(gettext("时间"), writing.Kind.DATETIME, 18), writing.Column(gettext("表格种类"), width=26),
        writing.Column(gettext("文件"), width=30), writing.Column(gettext("区域"), width=16),
        writing.Column(gettext("进度"), width=12), writing.Column(gettext("读到的行数"), writing.Kind.INTEGER, 12),
        writing.Column(gettext("新增"), writing.Kind.INTEGER, 10),
        writing.Column(gettext("更新"), writing.Kind.INTEGER, 10),
        writing.Column(gettext("未变"), writing.Kind.INTEGER, 10),
        writing.Column(gettext("不能导入"), writing.Kind.INTEGER, 10), writing.Column(gettext("经办人"), width=14),
    ]  # fmt: skip
    rows = (
        [
            localtime(one.at), kind_title(one.kind), one.file_name, one.area_name,
            gettext("已中断") if one.interrupted else gettext(one.state.label), one.rows,
            *(one.counts.get(fate, 0) for fate in FATES), one.by_name,
        ]
        for one in lines
    )  # fmt: skip
    title = gettext("导入记录")
    return files.table(title, columns, rows, at)
