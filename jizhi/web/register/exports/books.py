"""Household books as one table, in the columns that the import reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import FileResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.people.selectors import HouseholdLine
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.visits import selectors
from jizhi.visits.selectors import BookTable
from jizhi.web import booking
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def workbook(table: BookTable, homes: Sequence[HouseholdLine], at: dt.datetime) -> FileResponse:
    """One household a row, a column for each field; written while the books are read."""
    columns = [
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("网格"), Kind.TEXT, 14),
        Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12),
        *(
            Column(jizhi.say(field.title), Kind.NUMBER if field.kind == "number" else Kind.TEXT, 16)
            for field in table.fields
        ),
    ]  # fmt: skip
    rows = (
        [
            home.village_name, home.grid_name, home.no, home.head_name,
            *(booking.cell(field, values.get(field.key)) for field in table.fields),
        ]
        for home, values in selectors.book_rows(table, homes)
    )  # fmt: skip
    title = gettext("一户一册")
    answer = files.long_workbook(
        f"{title}-{localdate(at):%Y%m%d}", writing.stream_table(title, columns, rows)
    )
    answer["Cache-Control"] = "no-store"
    return answer
