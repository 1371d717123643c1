"""Letters as a workbook; the statistics of objections and letters as a workbook and on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.notices.selectors import (
    LetterLine,
    LetterStatistics,
    LetterSums,
    LetterTally,
    Line,
    Statistics,
    Tally,
)
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


def statistics(found: Statistics, letters: LetterStatistics, at: dt.datetime) -> HttpResponse:
    """Four sheets of objections, by village, month, channel and item; three of letters, by village, month and kind."""
    title = gettext("异议统计")
    tables = [
        Table(
            f"{title} · {part.name}",
            [Column(part.head, Kind.TEXT, 24), *(Column(one, Kind.INTEGER, 10) for one in part.columns)],
            part.rows,
            sheet_name=part.name,
        )
        for part in (*_parts(found), *_letter_parts(letters))
    ]
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", writing.write_tables(tables))


def statistics_print(
    found: Statistics, letters: LetterStatistics, issuer: str, stretch: tuple[dt.date, dt.date]
) -> HttpResponse:
    """The same tables on paper."""
    title, total = gettext("异议统计"), found.total
    parts = [*_parts(found), *(_letter_parts(letters) if letters.total.received else ())]
    tables = [
        ReportTable(
            part.name,
            (forms.Column(part.head, width=1), *(forms.Column(one, "right") for one in part.columns)),
            tuple(
                (name, *("—" if one is None else str(one) for one in numbers)) for name, *numbers in part.rows
            ),
        )
        for part in parts
    ]
    facts = [(gettext("提出"), str(total.filed)), (gettext("待答复"), str(total.waiting))]
    if total.upheld_percent is not None:
        facts.append((gettext("成立率"), f"{total.upheld_percent}%"))
    facts += [(gettext("超期"), str(total.late)), (gettext("申请复核"), str(total.appealed))]
    if letters.total.received:
        facts.append((gettext("来件"), str(letters.total.received)))
    subtitle = f"{jizhi.day(stretch[0])}—{jizhi.day(stretch[1])}"
    content = printouts.report(issuer, title, tables, facts=tuple(facts), subtitle=subtitle, landscape=True)
    return files.print_(title, content)


@dataclass(frozen=True)
class _Part:
    """A table: its name, the heading of its first column, those of the numbers, and the rows."""

    name: str
    head: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


def _parts(found: Statistics) -> list[_Part]:
    named = [
        (gettext("按村"), found.by_village), (gettext("按月"), found.by_month),
        (gettext("按提出方式"), found.by_channel), (gettext("按事项"), found.by_item),
    ]  # fmt: skip
    return [
        _Part(name, name, _columns(), [(_title(line), *_numbers(line.tally)) for line in lines])
        for name, lines in named
    ]


def _letter_parts(found: LetterStatistics) -> list[_Part]:
    named = [
        (gettext("按村"), found.by_village), (gettext("按月"), found.by_month),
        (gettext("按反映什么"), found.by_kind),
    ]  # fmt: skip
    return [
        _Part(
            f"{gettext('来件')} · {name}",
            name,
            _letter_columns(),
            [(_title(line), *_letter_numbers(line.tally)) for line in lines],
        )
        for name, lines in named
    ]


def _title(line: Line | LetterSums) -> str:
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


def _letter_columns() -> list[str]:
    return [
        gettext("收到"), gettext("待答复"), gettext("已转为异议"), gettext("成立"), gettext("不成立"),
        gettext("不予受理"), gettext("转乡镇"), gettext("超期"), gettext("申请复核"), gettext("复核成立"),
        gettext("最长天数"),
    ]  # fmt: skip


def _letter_numbers(one: LetterTally) -> tuple[int | None, ...]:
    return (
        one.received, one.waiting, one.admitted, one.upheld, one.dismissed, one.refused, one.escalated,
        one.late, one.appealed, one.appeals_upheld, one.days_max,
    )  # fmt: skip
