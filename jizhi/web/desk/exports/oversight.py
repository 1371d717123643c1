"""The daily record, weekly reports and decided cases as workbooks; record and report as prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from jizhi.claims.selectors import BeyondLine
from jizhi.oversight.rules import Figure
from jizhi.oversight.selectors import DecidedLine, RecordLine, ReportLine
from jizhi.prints import forms
from jizhi.recognition.selectors import BeyondSheet
from jizhi.reviews.selectors import BeyondPanel
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web import printouts
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi


def daily(lines: Sequence[RecordLine], day: dt.date) -> HttpResponse:
    """One row a line of the day."""
    columns = [
        Column(gettext("时间"), Kind.DATETIME, 17), Column(gettext("类别"), Kind.TEXT, 12),
        Column(gettext("对象"), Kind.TEXT, 16), Column(gettext("事项"), Kind.TEXT, 36),
        Column(gettext("情况"), Kind.TEXT, 16), Column(gettext("记录人"), Kind.TEXT, 14),
    ]  # fmt: skip
    rows = [
        [localtime(one.at), jizhi.label(one.kind), one.subject, what(one), said(one.note), one.by]
        for one in lines
    ]
    title, note = gettext("日记录"), gettext("共 %(count)s 条") % {"count": len(rows)}
    return files.workbook(f"{title}-{day:%Y%m%d}", writing.write_table(title, columns, rows, [note]))


def daily_print(village: Any, day: dt.date, lines: Sequence[RecordLine]) -> HttpResponse:
    """The record of a day on paper, to sign and to keep."""
    title = gettext("日记录")
    columns = (
        forms.Column(gettext("时间"), "center"),
        forms.Column(gettext("类别"), "center"),
        forms.Column(gettext("对象"), width=1),
        forms.Column(gettext("事项"), width=2),
        forms.Column(gettext("情况"), width=1),
        forms.Column(gettext("记录人"), width=1),
    )
    rows = [
        (
            f"{localtime(one.at):%H:%M}", jizhi.label(one.kind), one.subject, what(one), said(one.note), one.by,
        )
        for one in lines
    ]  # fmt: skip
    note = gettext("共 %(count)s 条") % {"count": len(rows)} + "　" + gettext("签字：")
    content = printouts.table(
        printouts.committee(village),
        title,
        columns,
        rows,
        subtitle=jizhi.day(day),
        note=note,
        code=f"RJ-{day:%Y%m%d}",
    )
    return files.print_(f"{title}-{day:%Y%m%d}", content)


def what(line: RecordLine) -> str:
    """What a line is about, in the reader's language."""
    return line.what_en if jizhi.in_english() else line.what


def said(value: Any) -> str:
    """An enum's label, or plain words."""
    return jizhi.label(value) if hasattr(value, "label") else str(value or "")


def reports(lines: Sequence[ReportLine], at: dt.datetime) -> HttpResponse:
    """One row a report, one column a figure."""
    columns = [
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("从"), Kind.DATE, 12),
        Column(gettext("到"), Kind.DATE, 12), Column(gettext("状态"), Kind.TEXT, 10),
        *(Column(gettext(figure.label), Kind.INTEGER, 10) for figure in Figure),
        Column(gettext("报送时间"), Kind.DATETIME, 17), Column(gettext("内容校验码"), Kind.ID, 68),
    ]  # fmt: skip
    rows = [
        [
            jizhi.named(one.village), one.from_date, one.to_date, jizhi.label(one.state),
            *(value for _figure, value in one.figures), localtime(one.sent_at), one.digest,
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("周报"), columns, rows, at, counted=True)


def decided(lines: Sequence[DecidedLine], at: dt.datetime) -> HttpResponse:
    """One row a decision."""
    columns = [
        Column(gettext("日期"), Kind.DATETIME, 17), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("户主"), Kind.TEXT, 12), Column(gettext("户编号"), Kind.ID, 10),
        Column(gettext("申报事项"), Kind.TEXT, 36), Column(gettext("数量"), Kind.TEXT, 12),
        Column(gettext("决定"), Kind.TEXT, 12), Column(gettext("同意"), Kind.INTEGER, 8),
        Column(gettext("不同意"), Kind.INTEGER, 8), Column(gettext("弃权"), Kind.INTEGER, 8),
        Column(gettext("回避"), Kind.INTEGER, 8), Column(gettext("理由"), Kind.TEXT, 30),
        Column(gettext("乡镇复核退回"), Kind.TEXT, 30),
    ]  # fmt: skip
    rows = [
        [
            localtime(one.decided_at), jizhi.named(one.village), one.claim.subject_label,
            words.household_no(one.claim.subject_key), jizhi.say(one.claim.item.title), words.amount(one.claim),
            jizhi.label(one.outcome), one.tally.votes_for, one.tally.against, one.tally.abstain,
            one.tally.recused, one.reason, one.returned,
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("评议决定"), columns, rows, at, counted=True)


def rulings(lines: Sequence[BeyondLine], sheets: Sequence[BeyondSheet], at: dt.datetime) -> HttpResponse:
    """One row a claim that waits for the township's ruling, and after them one a sheet of three-party recognition."""
    columns = [
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("户主"), Kind.TEXT, 12),
        Column(gettext("户编号"), Kind.ID, 10), Column(gettext("申报事项"), Kind.TEXT, 36),
        Column(gettext("数量"), Kind.TEXT, 12), Column(gettext("日期"), Kind.DATE, 12),
        Column(gettext("须回避"), Kind.TEXT, 40), Column(gettext("还能表决"), Kind.INTEGER, 10),
        Column(gettext("至少要"), Kind.INTEGER, 10),
    ]  # fmt: skip
    rows = [
        [
            one.claim.village, one.claim.subject_label, words.household_no(one.claim.subject_key),
            jizhi.say(one.claim.item.title), words.amount(one.claim), one.claim.act_date, *_why(one.why),
        ]
        for one in lines
    ]  # fmt: skip
    rows += [
        [
            one.village, one.sheet.subject_label, words.household_no(one.sheet.subject_key),
            f"{gettext('三方认定表')}：{one.round}", "", localtime(one.team_at).date(), *_why(one.why),
        ]
        for one in sheets
    ]  # fmt: skip
    return files.table(gettext("乡镇裁定"), columns, rows, at, counted=True)


def _why(why: BeyondPanel) -> list[Any]:
    """Who steps aside, how many may still vote, and how many are needed."""
    recused = "、".join(f"{name}（{gettext(ground.label)}）" for name, ground in why.recused)
    return [recused, why.left, why.needed]


def report_print(line: ReportLine) -> HttpResponse:
    """The report on paper, with its checksum."""
    title = gettext("积分工作周报")
    content = printouts.table(
        printouts.committee(line.village),
        title,
        (forms.Column(gettext("项目")), forms.Column(gettext("数量"), align="right")),
        [(gettext(figure.label), str(value)) for figure, value in line.figures],
        code=f"ZB-{line.id}",
        subtitle=f"{jizhi.day(line.from_date)}—{jizhi.day(line.to_date)}",
        note=gettext("由系统按记录生成，报送时锁定。")
        + gettext("内容校验码：%(digest)s") % {"digest": line.digest},
    )
    return files.print_(f"{title}-{line.from_date:%Y%m%d}", content)
