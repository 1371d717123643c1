"""The audit trail as a workbook: who did what to what, and when. It only lays out what the selector gave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from jizhi.core.trail import EventLine
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.register.templatetags import register as words


def audit(lines: Sequence[EventLine], places: Mapping[str, str], at: dt.datetime) -> HttpResponse:
    """One event a row."""
    columns = [
        Column(gettext("编号"), Kind.ID, 10), Column(gettext("时间"), Kind.DATETIME, 18),
        Column(gettext("经办账号"), Kind.TEXT, 18), Column(gettext("操作"), Kind.TEXT, 20),
        Column(gettext("对象"), Kind.TEXT, 26), Column(gettext("区域"), Kind.TEXT, 18),
        Column(gettext("详情"), Kind.TEXT, 60),
    ]  # fmt: skip
    rows = [
        [
            str(one.id), localtime(one.at), words.actor(one.by), words.verb_words(one.verb), words.target_words(one),
            words.place(one.area_path, dict(places)) if one.area_path else "", words.detail_words(one.detail),
        ]
        for one in lines
    ]  # fmt: skip
    title = gettext("操作记录")
    return files.table(title, columns, rows, at)
