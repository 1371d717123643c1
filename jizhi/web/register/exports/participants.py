"""The register of persons and organisations that are scored, as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.participants.selectors import ParticipantLine
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def workbook(lines: Sequence[ParticipantLine], titles: Mapping[str, str], at: dt.datetime) -> HttpResponse:
    """One participant a row."""
    columns = [
        Column(gettext("积分细则"), Kind.TEXT, 20), Column(gettext("编号"), Kind.ID, 10),
        Column(gettext("名称"), Kind.TEXT, 24), Column(gettext("类别"), Kind.TEXT, 10),
        Column(gettext("村（社区）"), Kind.TEXT, 16), Column(gettext("登记来源"), Kind.TEXT, 16),
        Column(gettext("开始日期"), Kind.DATE, 12), Column(gettext("最后一天"), Kind.DATE, 12),
        Column(gettext("退出原因"), Kind.TEXT, 30),
    ]  # fmt: skip
    rows = [
        [
            titles.get(one.scheme, one.scheme), one.no, one.label, jizhi.label(one.kind), one.village,
            jizhi.label(one.source), one.from_date, one.to_date, one.reason,
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("积分主体名册"), columns, rows, at)
