"""The history of a household book as a workbook, as far as its reader may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web.booking import SaidChange
from jizhi.web.desk.exports import files

if TYPE_CHECKING:
    from jizhi.people.models import Household


def history(household: Household, changes: Sequence[SaidChange], at: dt.datetime) -> HttpResponse:
    """One change a row, newest first."""
    columns = [
        Column(gettext("项目"), Kind.TEXT, 22), Column(gettext("改前"), Kind.TEXT, 30),
        Column(gettext("改后"), Kind.TEXT, 30), Column(gettext("修改人"), Kind.TEXT, 14),
        Column(gettext("时间"), Kind.DATETIME, 18),
    ]  # fmt: skip
    rows = [[one.title, one.before, one.after, one.by_name, localtime(one.changed_at)] for one in changes]
    title = f"{gettext('一户一册')} {gettext('修改历史')}"
    table = writing.write_table(f"{title} · {household.no} {household.head_name}", columns, rows)
    answer = files.workbook(f"{title}-{household.no}-{localdate(at):%Y%m%d}", table)
    answer["Cache-Control"] = "no-store"
    return answer
