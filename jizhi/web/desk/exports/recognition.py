"""Recognition sheets as files: to print, empty or in three columns, and a round's totals as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.core import check_digits
from jizhi.prints import forms, pdf
from jizhi.recognition.rules import Party
from jizhi.recognition.selectors import RoundLine, SheetPage
from jizhi.sheets.writing import Column, Kind
from jizhi.web import printouts, recognising
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi


def sheets(row: Any, pages: Sequence[SheetPage]) -> HttpResponse:
    """Each household on a sheet of its own: the whole list, what was said so far, and room for the rest."""
    form = forms.RecognitionSheets(
        lang="en" if jizhi.in_english() else "zh",
        code=f"RD-{row.pk}",
        issuer=printouts.committee(row.village),
        title=row.title,
        period=f"{jizhi.day(row.from_date)} – {jizhi.day(row.to_date)}",
        parties=tuple(jizhi.label(party) for party in Party),
        sheets=tuple(_sheet(page) for page in pages),
        hand_in=gettext("自评截止：%(day)s。") % {"day": jizhi.day(row.self_until_date)},
    )
    return files.print_(f"{row.title}-{row.pk}", pdf.render("recognition_sheets", form))


def _sheet(page: SheetPage) -> forms.RecognitionSheet:
    rows = []
    for line in recognising.table(page):
        cells = {cell.party: _said(cell) for cell in line.cells}
        title = jizhi.say(line.row.item.item.title)
        rows.append((title, line.points, line.unit, *(cells.get(party, "") for party in Party)))
    totals = tuple(jizhi.signed_points(page.totals[party]) if party in page.totals else "" for party in Party)
    subject = page.sheet.subject
    code = check_digits.grouped(page.code, len(page.code) - 1)
    return forms.RecognitionSheet(code, words.household_no(subject.key), subject.label, tuple(rows), totals)


def _said(cell: recognising.Cell) -> str:
    return f"{cell.text} {jizhi.signed_points(cell.points)}" if cell.text else ""


def workbook(row: Any, pages: Sequence[SheetPage], at: dt.datetime) -> HttpResponse:
    """A row for each household: state, totals of the three parties, lines that differ."""
    columns = [
        Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12),
        Column(gettext("网格"), Kind.TEXT, 14), Column(gettext("状态"), Kind.TEXT, 14),
        *(Column(jizhi.label(party), Kind.TEXT, 10) for party in Party),
        Column(gettext("不一致条目"), Kind.TEXT, 12), Column(gettext("理由"), Kind.TEXT, 30),
    ]  # fmt: skip
    rows = [
        [
            words.household_no(page.sheet.subject.key), page.sheet.subject.label,
            page.sheet.subject.household.area.name, jizhi.label(page.sheet.state),
            *(jizhi.points(page.totals[party]) if party in page.totals else "" for party in Party),
            str(page.differing), page.sheet.reason,
        ]
        for page in pages
    ]  # fmt: skip
    return files.table(row.title, columns, rows, at)


def rounds(lines: Sequence[RoundLine], at: dt.datetime) -> HttpResponse:
    """One round a row, with how far it has come."""
    columns = [
        Column(gettext("名称"), Kind.TEXT, 28), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("从哪天"), Kind.DATE, 12), Column(gettext("到哪天"), Kind.DATE, 12),
        Column(gettext("自评截止"), Kind.DATE, 12), Column(gettext("户数"), Kind.INTEGER, 9),
        Column(gettext("已自评"), Kind.INTEGER, 9), Column(gettext("工作组已评"), Kind.INTEGER, 11),
        Column(gettext("已认定"), Kind.INTEGER, 9),
    ]  # fmt: skip
    rows = [
        [
            one.title, one.village, one.from_date, one.to_date, one.self_until_date, one.sheets,
            one.self_scored, one.team_scored, one.decided,
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("三方认定"), columns, rows, at)
