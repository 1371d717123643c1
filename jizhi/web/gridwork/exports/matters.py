"""Matters as files: the queue and the coverage as workbooks, the handling sheet to print. Lists name no reporter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.matters.selectors import Coverage, MatterLine, MatterPage, Tally
from jizhi.prints import forms, pdf
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web import printouts
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi
from jizhi.web.templatetags.mattering import where


def workbook(lines: Sequence[MatterLine], at: dt.datetime) -> HttpResponse:
    """Every matter of the list, one a row."""
    columns = [
        Column(gettext("编号"), Kind.ID, 13), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("地点"), Kind.TEXT, 24), Column(gettext("种类"), Kind.TEXT, 14),
        Column(gettext("说明"), Kind.TEXT, 40), Column(gettext("来源"), Kind.TEXT, 12),
        Column(gettext("层级"), Kind.TEXT, 9), Column(gettext("状态"), Kind.TEXT, 10),
        Column(gettext("办理人"), Kind.TEXT, 20), Column(gettext("上报时间"), Kind.DATETIME, 17),
        Column(gettext("期限"), Kind.DATE, 12), Column(gettext("办结时间"), Kind.DATETIME, 17),
        Column(gettext("曾超期"), Kind.TEXT, 9), Column(gettext("评价"), Kind.TEXT, 9),
    ]  # fmt: skip
    today = localdate(at)
    rows = [
        [
            line.number, line.village, where(line), line.kind, line.words, jizhi.label(line.channel),
            jizhi.label(line.storey), jizhi.label(line.state), line.assigned, localtime(line.reported_at),
            line.due_date, localtime(line.closed_at) if line.closed_at else None,
            gettext("是") if line.was_late or line.is_late(today) else gettext("否"), _content(line.satisfied),
        ]
        for line in lines
    ]  # fmt: skip
    title = gettext("事件")
    note = gettext("共 %(count)s 条") % {"count": len(rows)}
    return files.workbook(f"{title}-{today:%Y%m%d}", writing.write_table(title, columns, rows, [note]))


def _content(satisfied: bool | None) -> str:
    if satisfied is None:
        return ""
    return gettext("满意") if satisfied else gettext("不满意")


def sheet(page: MatterPage, today: dt.date) -> HttpResponse:
    """The handling sheet: what was reported, every step, the answer. A confidential reporter is not named on paper."""
    line, matter = page.line, page.matter
    form = forms.MatterSheet(
        lang="en" if jizhi.in_english() else "zh",
        code=f"SJ-{matter.pk}",
        issuer=printouts.committee(matter.village),
        number=line.number,
        kind=line.kind,
        state=jizhi.label(line.state),
        storey=jizhi.label(line.storey),
        where=" · ".join(part for part in (line.village, where(line)) if part),
        what=line.words,
        reporter=gettext("保密") if page.confidential else page.reporter,
        channel=jizhi.label(line.channel),
        reported_date=localdate(line.reported_at),
        due_date=line.due_date,
        steps=tuple(_step(step, page) for step in page.steps),
        feedback=page.feedback,
        satisfied=_content(line.satisfied),
        printed_date=today,
    )
    return files.print_(f"{gettext('事件处理单')}-{line.number}", pdf.render("matter_sheet", form))


def _step(step: Any, page: MatterPage) -> forms.MatterStep:
    verb = jizhi.label(step.verb)
    own = page.confidential and step.verb.value in {"report", "supplement", "rate", "withdraw"}
    return forms.MatterStep(
        at=localtime(step.at).strftime("%Y-%m-%d %H:%M"),
        what=f"{verb} → {step.assigned}" if step.assigned else verb,
        by=gettext("报告人（保密）") if own and page.matter.reporter_id else step.by,
        words=step.words,
        state=jizhi.label(step.to_state),
        due=step.due_date.isoformat() if step.due_date else "",
    )


def coverage(found: Coverage, at: dt.datetime) -> HttpResponse:
    """The tables of the coverage, a sheet each."""
    tables = [
        _tallies(gettext("按种类"), gettext("种类"), found.kinds),
        _tallies(gettext("按地方"), gettext("地方"), found.places),
        _tallies(gettext("按状态"), gettext("状态"), found.states),
        _tallies(gettext("未办结的按上报至今"), gettext("上报至今"), found.ages),
    ]
    title = gettext("事件统计")
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", writing.write_tables(tables))


def _tallies(title: str, heading: str, rows: Sequence[Tally]) -> writing.Table:
    columns = [
        Column(heading, Kind.TEXT, 20), Column(gettext("总数"), Kind.INTEGER, 9),
        Column(gettext("未办结"), Kind.INTEGER, 9), Column(gettext("已办结"), Kind.INTEGER, 9),
        Column(gettext("已超期"), Kind.INTEGER, 9), Column(gettext("按时办结"), Kind.INTEGER, 10),
        Column(gettext("满意"), Kind.INTEGER, 9), Column(gettext("不满意"), Kind.INTEGER, 9),
    ]  # fmt: skip
    cells = [
        [
            jizhi.label(row.title), row.total, row.open, row.closed, row.late_now, row.on_time, row.content,
            row.discontent,
        ]
        for row in rows
    ]  # fmt: skip
    return writing.Table(title, columns, cells)
