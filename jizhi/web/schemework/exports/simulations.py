"""A draft's simulations as a workbook, and one simulation's subjects with both totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from jizhi.drafting.selectors import ChangeLine, DraftLine, SimulationLine, SimulationPage
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def changes(draft: DraftLine, result: SimulationPage, lines: Sequence[ChangeLine]) -> HttpResponse:
    """One subject a row."""
    columns = [
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("编号"), Kind.ID, 22),
        Column(gettext("户主"), Kind.TEXT, 12), Column(gettext("现在"), Kind.POINTS, 12),
        Column(gettext("草案"), Kind.POINTS, 12), Column(gettext("变化"), Kind.POINTS, 12),
        Column(gettext("现在等级"), Kind.TEXT, 12), Column(gettext("草案等级"), Kind.TEXT, 12),
        Column(gettext("可兑换积分变化"), Kind.POINTS, 14),
    ]  # fmt: skip
    rows = [
        [
            one.village, one.key, one.label, one.old_total, one.new_total, one.change,
            one.old_level, one.new_level, one.spendable,
        ]
        for one in lines
    ]  # fmt: skip
    title = gettext("试算结果")
    return files.workbook(f"{draft.title}-{title}-{result.id}", writing.write_table(title, columns, rows))


def simulations(draft: DraftLine, lines: Sequence[SimulationLine], at: dt.datetime) -> HttpResponse:
    """One simulation a row."""
    columns = [
        Column(gettext("时间"), Kind.DATETIME, 18), Column(gettext("谁"), Kind.TEXT, 20),
        Column(gettext("从"), Kind.DATE, 12), Column(gettext("到"), Kind.DATE, 12),
        Column(gettext("村数"), Kind.INTEGER, 9), Column(gettext("增加"), Kind.INTEGER, 9),
        Column(gettext("减少"), Kind.INTEGER, 9), Column(gettext("状态"), Kind.TEXT, 12),
    ]  # fmt: skip
    rows = [
        [
            localtime(one.asked_at), one.asked_by, one.from_date, one.to_date, one.villages, one.winners,
            one.losers, jizhi.label(one.state),
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(f"{draft.title} {gettext('试算')}", columns, rows, at)
