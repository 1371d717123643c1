"""The claims that followed from records, as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.channels.selectors import DerivedLine
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk
from jizhi.web.templatetags import jizhi


def workbook(lines: Sequence[DerivedLine], at: dt.datetime) -> HttpResponse:
    """One claim a row."""
    columns = [
        Column(gettext("记录"), Kind.TEXT, 16), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("编号"), Kind.ID, 10), Column(gettext("户主或名称"), Kind.TEXT, 18),
        Column(gettext("申报事项"), Kind.TEXT, 22), Column(gettext("日期"), Kind.DATE, 12),
        Column(gettext("数量"), Kind.TEXT, 10), Column(gettext("说明"), Kind.TEXT, 28),
        Column(gettext("状态"), Kind.TEXT, 12),
    ]  # fmt: skip
    rows = [
        [
            jizhi.label(one.record), one.claim.village, desk.household_no(one.claim.subject_key),
            one.claim.subject_label, jizhi.say(one.claim.item.title), one.claim.act_date,
            desk.amount(one.claim), one.claim.words, jizhi.label(one.claim.state),
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("从记录生成的申报"), columns, rows, at)
