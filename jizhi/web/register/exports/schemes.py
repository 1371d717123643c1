"""Schemes as workbooks: the versions, and one version's items with points and limits in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.schemes.selectors import VersionLine
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi, scheme_words


def versions(lines: Sequence[VersionLine], at: dt.datetime) -> HttpResponse:
    """One version a row."""
    columns = [
        Column(gettext("积分细则"), Kind.TEXT, 24), Column(gettext("适用区域"), Kind.TEXT, 16),
        Column(gettext("适用日期"), Kind.DATE, 14), Column(gettext("已启用的村"), Kind.INTEGER, 12),
        Column(gettext("校验码"), Kind.ID, 30),
    ]  # fmt: skip
    rows = [[_title(one), one.area, one.applies_from_date, one.active_villages, one.digest] for one in lines]
    title = gettext("积分细则")
    return files.table(title, columns, rows, at)


def _title(line: VersionLine) -> str:
    return line.title_en if jizhi.in_english() and line.title_en else line.title


def items(line: VersionLine, groups: Sequence[tuple[str, str, list[Any]]]) -> bytes:
    """One item a row."""
    columns = [
        Column(gettext("类别"), Kind.TEXT, 12), Column(gettext("章节"), Kind.TEXT, 16),
        Column(gettext("条目"), Kind.TEXT, 26), Column(gettext("分值与上限"), Kind.TEXT, 44),
        Column(gettext("申报途径"), Kind.TEXT, 24), Column(gettext("佐证"), Kind.TEXT, 20),
    ]  # fmt: skip
    rows = [
        [
            gettext(kind), section, jizhi.say(item.title), points, scheme_words.channel_words(item),
            scheme_words.evidence_words(item),
        ]
        for kind, section, found in groups
        for item, points in found
    ]  # fmt: skip
    return writing.write_table(_title(line), columns, rows)
