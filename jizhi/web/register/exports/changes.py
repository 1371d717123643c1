"""Changes as a workbook: one household of a change a row. Names of persons stand in it, numbers do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.changes.selectors import ChangeLine
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files


def workbook(lines: Sequence[ChangeLine], at: dt.datetime) -> HttpResponse:
    """Newest first."""
    columns = [
        Column(gettext("变动日期"), Kind.DATE, 12), Column(gettext("变动"), Kind.TEXT, 14),
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("户编号"), Kind.ID, 10),
        Column(gettext("户主"), Kind.TEXT, 12), Column(gettext("结果"), Kind.TEXT, 10),
        Column(gettext("人员"), Kind.TEXT, 26), Column(gettext("可用积分（前）"), Kind.POINTS, 12),
        Column(gettext("可用积分（后）"), Kind.POINTS, 12), Column(gettext("原因"), Kind.TEXT, 24),
        Column(gettext("办理人"), Kind.TEXT, 12), Column(gettext("办理时间"), Kind.DATETIME, 18),
        Column(gettext("已撤销"), Kind.TEXT, 8),
    ]  # fmt: skip
    rows = [
        [
            line.day, gettext(line.kind.label), part.village, part.no, part.head_name, gettext(part.side.label),
            "、".join(person.name for person in line.persons), part.before.get("wallet"), part.after.get("wallet"),
            line.reason, line.made_by, line.made_at, gettext("是") if line.undone else "",
        ]
        for line in lines
        for part in line.households
    ]  # fmt: skip
    title = gettext("户籍变动登记")
    return files.table(title, columns, rows, at)
