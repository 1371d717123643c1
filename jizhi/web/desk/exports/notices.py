"""A notice as a print for the board and as a workbook. Names stay masked."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.notices.rules import NoticeKind
from jizhi.notices.selectors import NoticePage
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind, Table
from jizhi.web import noticing, printouts
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def print_(page: NoticePage, *, link: str, paper: str) -> HttpResponse:
    """The sheet for the board."""
    return files.print_(_name(page), printouts.notice(page, link=link, paper=paper))


def _name(page: NoticePage) -> str:
    return f"{noticing.notice_title(page)}-{jizhi.named(page.village)}"


def workbook(page: NoticePage) -> HttpResponse:
    """A month's households and entries, one row each; and every other table of the notice."""
    title = f"{jizhi.named(page.village)} {noticing.notice_title(page)}"
    sheets = _month(page, title) if page.kind is NoticeKind.MONTH else []
    for table in noticing.tables(page):
        columns = [
            Column(one.title, Kind.NUMBER if one.number else Kind.TEXT, 14) for one in table.columns
        ] or [Column(table.title, Kind.TEXT, 40)]
        notes = [note for note in (table.note, "" if table.rows else table.empty) if note]
        numbers = [one.number for one in table.columns]
        rows = [
            [_figure(cell) if number else cell for cell, number in zip(row, numbers, strict=True)]
            for row in table.rows
        ]
        sheets.append(Table(title, columns, rows, notes, sheet_name=table.title[:28]))
    return files.workbook(_name(page), writing.write_tables(sheets))


def _figure(cell: str) -> Decimal | str:
    """A figure as it is shown, as a number to reckon with."""
    try:
        return Decimal(cell.replace(jizhi.MINUS, "-").replace(",", ""))
    except InvalidOperation:
        return cell


def _who(page: NoticePage) -> tuple[Column, Column]:
    """How a row is called: a household by its head, whoever else by name."""
    if page.of_households:
        return Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12)
    return Column(gettext("编号"), Kind.ID, 10), Column(gettext("名称"), Kind.TEXT, 20)


def _month(page: NoticePage, title: str) -> list[Table]:
    households = Table(
        title,
        [
            *_who(page),
            Column(gettext("加分合计"), Kind.POINTS, 10), Column(gettext("扣分合计"), Kind.POINTS, 10),
            Column(gettext("超限未计"), Kind.POINTS, 10), Column(gettext("本月得分"), Kind.POINTS, 12),
            Column(gettext("总分"), Kind.POINTS, 12),
        ],
        [(r.no, r.head, r.merits, r.faults, r.held_back, r.awarded, r.total) for r in page.rows],
        sheet_name=gettext("各户"),
    )  # fmt: skip
    entries = Table(
        title,
        [
            *_who(page),
            Column(gettext("日期"), Kind.DATE, 12), Column(gettext("事项"), Kind.TEXT, 26),
            Column(gettext("记分"), Kind.POINTS, 10), Column(gettext("超限未计"), Kind.POINTS, 10),
        ],
        [
            (r.no, r.head, e.date, e.item_en if jizhi.in_english() else e.item, e.points, e.held_back)
            for r in page.rows
            for e in r.listed
        ],
        sheet_name=gettext("明细"),
    )  # fmt: skip
    return [households, entries]
