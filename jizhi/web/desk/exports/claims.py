"""Claims as files: the queue as a workbook, the register of what is not told, the empty sheet to fill in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from jizhi.claims.selectors import ClaimLine, UntoldLine
from jizhi.sheets import templates
from jizhi.sheets.claims import ItemName
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi


def workbook(lines: Sequence[ClaimLine], at: dt.datetime) -> HttpResponse:
    """Every claim of the list, one a row."""
    columns = [
        Column(gettext("编号"), Kind.ID, 9), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("网格"), Kind.TEXT, 14), Column(gettext("户编号"), Kind.ID, 10),
        Column(gettext("户主"), Kind.TEXT, 12), Column(gettext("日期"), Kind.DATE, 12),
        Column(gettext("申报事项"), Kind.TEXT, 24), Column(gettext("数量"), Kind.TEXT, 12),
        Column(gettext("说明"), Kind.TEXT, 28), Column(gettext("来源"), Kind.TEXT, 14),
        Column(gettext("状态"), Kind.TEXT, 12), Column(gettext("意见"), Kind.TEXT, 28),
        Column(gettext("申报人"), Kind.TEXT, 14), Column(gettext("申报时间"), Kind.DATETIME, 17),
    ]  # fmt: skip
    rows = [
        [
            str(line.id), line.village, line.area, words.household_no(line.subject_key), line.subject_label,
            line.act_date, jizhi.say(line.item.title), words.amount(line), line.words,
            jizhi.label(line.channel), jizhi.label(line.state), line.note, line.filed_by, localtime(line.filed_at),
        ]
        for line in lines
    ]  # fmt: skip
    title = gettext("积分申报")
    return files.table(title, columns, rows, at, counted=True)


def untold(lines: Sequence[UntoldLine], at: dt.datetime) -> HttpResponse:
    """The register of deductions that wait to be told or mended."""
    columns = [
        Column(gettext("编号"), Kind.ID, 9), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("网格"), Kind.TEXT, 14), Column(gettext("户编号"), Kind.ID, 10),
        Column(gettext("户主"), Kind.TEXT, 12), Column(gettext("申报事项"), Kind.TEXT, 24),
        Column(gettext("日期"), Kind.DATE, 12), Column(gettext("认定时间"), Kind.DATETIME, 17),
        Column(gettext("已过天数"), Kind.TEXT, 10), Column(gettext("未联系上次数"), Kind.TEXT, 12),
        Column(gettext("状态"), Kind.TEXT, 12), Column(gettext("改正期限"), Kind.DATE, 12),
    ]  # fmt: skip
    rows = [
        [
            str(line.claim.id), line.claim.village, line.claim.area, words.household_no(line.claim.subject_key),
            line.claim.subject_label, jizhi.say(line.claim.item.title), line.claim.act_date,
            localtime(line.decided_at), str(line.days), str(line.attempts), jizhi.label(line.claim.state),
            line.correct_until_date,
        ]
        for line in lines
    ]  # fmt: skip
    title = gettext("扣分告知登记")
    return files.table(title, columns, rows, at, counted=True)


def template(items: Sequence[Any]) -> HttpResponse:
    """The workbook to fill in, with the items that may stand in it."""
    names = [ItemName(item.id, item.title.zh, item.aliases, words.unit(item)) for item in items]
    return files.workbook(gettext("积分申报登记表"), templates.claims_template(names))
