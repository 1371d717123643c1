"""Letters as a workbook; the statistics of objections as a workbook and on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.notices.selectors import LetterLine, Line, Statistics, Tally
from jizhi.prints import forms
from jizhi.prints.reports import ReportTable
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind, Table
from jizhi.web import printouts
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def letters(lines: Sequence[LetterLine], at: dt.datetime) -> HttpResponse:
    """One row a letter."""
    columns = [
        Column(gettext("编号"), Kind.ID, 24), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("反映什么"), Kind.TEXT, 18), Column(gettext("姓名"), Kind.TEXT, 12),
        Column(gettext("来件内容"), Kind.TEXT, 40), Column(gettext("收到时间"), Kind.DATETIME, 17),
        Column(gettext("答复期限"), Kind.DATE, 12), Column(gettext("状态"), Kind.TEXT, 12),
        Column(gettext("答复"), Kind.TEXT, 40),
    ]  # fmt: skip
    rows = [
        (
            one.number, jizhi.named(one.village), jizhi.label(one.about), one.name, one.words,
            localtime(one.received_at), one.due_date, jizhi.label(one.state), one.answer,
        )
        for one in lines
    ]  # fmt: skip
    title = gettext("异议来件")
    return files.table(title, columns, rows, at)


def statistics(found: Statistics, at: dt.datetime) -> HttpResponse:
    """Four sheets: by village, month, channel and item."""
    title = gettext("异议统计")
    tables = [
        Table(
            f"{title} · {name}",
            [Column(name, Kind.TEXT, 24), *(Column(one, Kind.INTEGER, 10) for one in _columns())],
            [(_title(line), *_numbers(line.tally)) for line in lines],
            sheet_name=name,
        )
        for name, lines in _parts(found)
    ]
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", writing.write_tables(tables))


def statistics_print(found: Statistics, issuer: str, stretch: tuple[dt.date, dt.date]) -> HttpResponse:
    """The same tables on paper."""
    title, total = gettext("异议统计"), found.total
    tables = [
        ReportTable(
            name,
            (forms.Column(name, width=1), *(forms.Column(one, "right") for one in _columns())),
            tuple(
                (_title(line), *("—" if one is None else str(one) for one in _numbers(line.tally)))
                for line in lines
            ),
        )
        for name, lines in _parts(found)
    ]
    facts = [(gettext("提出"), str(total.filed)), (gettext("待答复"), str(total.waiting))]
    if total.upheld_percent is not None:
        facts.append((gettext("成立率"), f"{total.upheld_percent}%"))
    facts += [(gettext("超期"), str(total.late)), (gettext("申请复核"), str(total.appealed))]
    subtitle = f"{jizhi.day(stretch[0])}—{jizhi.day(stretch[1])}"
    content = printouts.report(issuer, title, tables, facts=tuple(facts), subtitle=subtitle, landscape=True)
    return files.print_(title, content)


def _parts(found: Statistics) -> list[tuple[str, list[Line]]]:
    return [
        (gettext("按村"), found.by_village), (gettext("按月"), found.by_month),
        (gettext("按提出方式"), found.by_channel), (gettext("按事项"), found.by_item),
    ]  # fmt: skip


def _title(line: Line) -> str:
    """A channel's label is marked for translation; villages, months and items bring both languages."""
    if line.title == line.title_en:
        return gettext(line.title)
    return line.title_en if jizhi.in_english() and line.title_en else line.title


def _columns() -> list[str]:
    return [
        gettext("提出"), gettext("待答复"), gettext("成立"), gettext("部分成立"), gettext("不成立"),
        gettext("已撤回"), gettext("转乡镇"), gettext("超期"), gettext("申请复核"), gettext("复核成立"),
        gettext("最长天数"), gettext("成立率（%）"),
    ]  # fmt: skip


def _numbers(one: Tally) -> tuple[int | None, ...]:
    return (
        one.filed, one.waiting, one.upheld, one.partly, one.dismissed, one.withdrawn, one.escalated,
        one.late, one.appealed, one.appeals_upheld, one.days_max, one.upheld_percent,
    )  # fmt: skip
