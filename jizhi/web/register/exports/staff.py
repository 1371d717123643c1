"""Staff as a workbook: one post a row, accounts without a post at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.accounts.rules import SecretState
from jizhi.posts.selectors import StaffMember
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def staff(lines: Sequence[StaffMember], at: dt.datetime) -> HttpResponse:
    """Name, account, post, area and days."""
    columns = [
        Column(gettext("姓名"), Kind.TEXT, 18), Column(gettext("账号"), Kind.TEXT, 18),
        Column(gettext("工作电话"), Kind.ID, 16), Column(gettext("职务"), Kind.TEXT, 18),
        Column(gettext("任职区域"), Kind.TEXT, 18), Column(gettext("开始日期"), Kind.DATE, 12),
        Column(gettext("结束日期"), Kind.DATE, 12), Column(gettext("账号状态"), Kind.TEXT, 10),
    ]  # fmt: skip
    title = gettext("工作人员与职务")
    rows = [row for line in lines for row in _rows(line)]
    return files.table(title, columns, rows, at)


def _rows(line: StaffMember) -> list[list[Any]]:
    head = [line.name, line.username, line.work_phone]
    state = gettext("可用") if line.is_active else gettext("已停用")
    if line.is_active and line.secret is not SecretState.OWN:
        state = jizhi.label(line.secret)
    posts = [[jizhi.label(one.kind), one.area_name, one.from_date, one.to_date] for one in line.posts]
    return [[*head, *post, state] for post in posts or [["", "", None, None]]]
