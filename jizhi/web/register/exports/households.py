"""The register as a workbook. Phone numbers stay masked; ID numbers are not in it at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.people.selectors import HouseholdLine
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files


def workbook(lines: Sequence[HouseholdLine], at: dt.datetime) -> HttpResponse:
    """One household a row."""
    columns = [
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("网格"), Kind.TEXT, 14),
        Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12),
        Column(gettext("家庭人口"), Kind.INTEGER, 10), Column(gettext("登记成员"), Kind.INTEGER, 10),
        Column(gettext("外出人数"), Kind.INTEGER, 10), Column(gettext("党员人数"), Kind.INTEGER, 10),
        Column(gettext("住址"), Kind.TEXT, 26), Column(gettext("联系电话"), Kind.ID, 16),
        Column(gettext("积分卡"), Kind.TEXT, 10),
    ]  # fmt: skip
    rows = [
        [
            one.village_name, one.grid_name, one.no, one.head_name, one.size, one.members,
            one.away, one.party, one.address, one.phone,
            gettext("已发卡") if one.has_card else gettext("未发卡"),
        ]
        for one in lines
    ]  # fmt: skip
    title = gettext("农户名册")
    note = gettext("电话号码已隐去中间几位；要看完整号码的，在户页上写明原因查看。")
    return files.table(title, columns, rows, at, [note])
