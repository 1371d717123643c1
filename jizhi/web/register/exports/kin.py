"""The kinship register as a workbook, under the titles that its import understands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.intake import kinship
from jizhi.people.selectors import KinRow
from jizhi.sheets import plain
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def workbook(rows: Sequence[KinRow], at: dt.datetime) -> HttpResponse:
    """One relation a row. Persons outside the reader's villages are left blank."""
    columns = [
        Column(one.title_en if jizhi.in_english() else one.title, _kind(one), one.width)
        for one in kinship.COLUMNS
    ]
    return files.table(gettext("亲属关系"), columns, [_cells(row) for row in rows], at)


def _kind(column: plain.Column) -> Kind:
    if column.kind is plain.Kind.DATE:
        return Kind.DATE
    return Kind.ID if column.key in ("no", "other_no") else Kind.TEXT


def _cells(row: KinRow) -> list[str | dt.date | None]:
    person, relative = row.person, row.relative
    return [
        person.village if person else "", person.no if person else "", person.name if person else "",
        relative.village if relative else "", relative.no if relative else "", relative.name if relative else "",
        gettext(row.kin.label), gettext(row.source.label), row.from_date, row.to_date,
    ]  # fmt: skip
