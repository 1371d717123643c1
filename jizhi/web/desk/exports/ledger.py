"""The ledger as a workbook, entry by entry, with the reason of every figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from jizhi.claims.selectors import EntryRow
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi


def workbook(entries: Sequence[EntryRow], at: dt.datetime) -> HttpResponse:
    """Every entry of the list, one a row."""
    columns = [
        Column(gettext("编号"), Kind.ID, 9), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12),
        Column(gettext("日期"), Kind.DATE, 12), Column(gettext("事项"), Kind.TEXT, 24),
        Column(gettext("原因"), Kind.TEXT, 12), Column(gettext("应得"), Kind.POINTS, 10, places=2),
        Column(gettext("记分"), Kind.POINTS, 10, places=2), Column(gettext("超限未计"), Kind.POINTS, 10, places=2),
        Column(gettext("说明"), Kind.TEXT, 30), Column(gettext("记入时间"), Kind.DATETIME, 17),
    ]  # fmt: skip
    rows = [_row(entry) for entry in entries]
    title = gettext("积分台账")
    note = gettext("共 %(count)s 条") % {"count": len(rows)}
    return files.table(title, columns, rows, at, [note])


def _row(entry: EntryRow) -> list[writing.Value]:
    line = entry.line
    why = " ".join(part for part in (jizhi.say(entry.limit), line.reason) if part)
    return [
        str(line.id), line.village, words.household_no(line.subject_key), line.subject_label, line.act_date,
        jizhi.say(entry.item.title), jizhi.label(line.cause), line.price, line.points, line.held_back, why,
        localtime(line.posted_at),
    ]  # fmt: skip
