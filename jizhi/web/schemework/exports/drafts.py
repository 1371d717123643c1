"""The drafts as a workbook, and one draft's saves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from jizhi.drafting.selectors import DraftLine, SaveLine
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.schemework.templatetags import schemework as words
from jizhi.web.templatetags import jizhi


def drafts(lines: Sequence[DraftLine], at: dt.datetime) -> HttpResponse:
    """One draft a row."""
    columns = [
        Column(gettext("草稿"), Kind.TEXT, 28), Column(gettext("适用区域"), Kind.TEXT, 16),
        Column(gettext("适用日期"), Kind.DATE, 14), Column(gettext("状态"), Kind.TEXT, 12),
        Column(gettext("最后保存"), Kind.DATETIME, 18), Column(gettext("谁"), Kind.TEXT, 20),
    ]  # fmt: skip
    rows = [
        [
            words.draft_title(one), one.area, one.applies_from_date, jizhi.label(one.state),
            localtime(one.changed_at).replace(tzinfo=None), one.changed_by,
        ]
        for one in lines
    ]  # fmt: skip
    title = gettext("细则草稿")
    return files.table(title, columns, rows, at)


def saves(draft: DraftLine, rows: Sequence[SaveLine], at: dt.datetime) -> HttpResponse:
    """One save a row."""
    columns = [
        Column(gettext("第几次"), Kind.INTEGER, 8), Column(gettext("做了什么"), Kind.TEXT, 30),
        Column(gettext("谁"), Kind.TEXT, 20), Column(gettext("时间"), Kind.DATETIME, 18),
    ]  # fmt: skip
    lines = [
        [
            one.number, f"{jizhi.label(one.deed)} {jizhi.label(one.about) if one.about else ''}".strip(),
            one.saved_by, localtime(one.saved_at),
        ]
        for one in rows
    ]  # fmt: skip
    return files.table(f"{words.draft_title(draft)} {gettext('历史')}", columns, lines, at)
