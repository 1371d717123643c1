"""The short lists as workbooks: meetings, notices, objections, settlements. The long ones have modules of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.notices.selectors import LateLine, NoticeLine, ObjectionLine
from jizhi.reviews.selectors import MeetingLine, PanelLine
from jizhi.settlement.selectors import SettlementLine
from jizhi.sheets.writing import Column, Kind
from jizhi.web import noticing
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi


def meetings(lines: Sequence[MeetingLine], at: dt.datetime) -> HttpResponse:
    """One row a meeting."""
    columns = [
        Column(gettext("日期"), Kind.DATE, 12), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("评议小组"), Kind.TEXT, 20), Column(gettext("议程"), Kind.INTEGER, 9),
        Column(gettext("已表决"), Kind.INTEGER, 9), Column(gettext("状态"), Kind.TEXT, 10),
    ]  # fmt: skip
    rows = [[m.held_on_date, m.village, m.panel, m.cases, m.decided, jizhi.label(m.state)] for m in lines]
    return files.table(gettext("评议会"), columns, rows, at, counted=True)


def panels(lines: Sequence[PanelLine], at: dt.datetime) -> HttpResponse:
    """One row a panel."""
    columns = [
        Column(gettext("评议小组"), Kind.TEXT, 24), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("任期开始"), Kind.DATE, 12), Column(gettext("任期结束"), Kind.DATE, 12),
        Column(gettext("表决成员"), Kind.INTEGER, 10), Column(gettext("法定人数"), Kind.INTEGER, 10),
        Column(gettext("会议"), Kind.INTEGER, 8), Column(gettext("状态"), Kind.TEXT, 10),
    ]  # fmt: skip
    rows = [
        [
            p.title, jizhi.named(p.village), p.from_date, p.to_date, p.voters, p.quorum, p.meetings,
            jizhi.label(p.state),
        ]
        for p in lines
    ]  # fmt: skip
    return files.table(gettext("评议小组"), columns, rows, at, counted=True)


def notices(lines: Sequence[NoticeLine], at: dt.datetime) -> HttpResponse:
    """One row a notice."""
    columns = [
        Column(gettext("公示"), Kind.TEXT, 26), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("状态"), Kind.TEXT, 10), Column(gettext("张贴时间"), Kind.DATETIME, 17),
        Column(gettext("公示到"), Kind.DATE, 12), Column(gettext("异议"), Kind.INTEGER, 8),
        Column(gettext("内容校验码"), Kind.ID, 68),
    ]  # fmt: skip
    rows = [
        [
            noticing.notice_title(n), n.village, jizhi.label(n.standing(localdate(at))), localtime(n.posted_at),
            n.window_to_date, n.objections, n.digest,
        ]
        for n in lines
    ]  # fmt: skip
    return files.table(gettext("公示"), columns, rows, at, counted=True)


def late_notices(lines: Sequence[LateLine], at: dt.datetime) -> HttpResponse:
    """One row a notice that is missing or came late."""
    columns = [
        Column(gettext("乡镇（街道）"), Kind.TEXT, 14), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("公示"), Kind.TEXT, 26), Column(gettext("应张贴日期"), Kind.DATE, 12),
        Column(gettext("张贴日期"), Kind.DATE, 12), Column(gettext("迟贴天数"), Kind.INTEGER, 10),
    ]  # fmt: skip
    rows = [
        [n.township, n.village, noticing.notice_title(n), n.due_date, n.posted_date, n.days] for n in lines
    ]
    return files.table(gettext("迟贴的公示"), columns, rows, at, counted=True)


def objections(lines: Sequence[ObjectionLine], at: dt.datetime) -> HttpResponse:
    """One row an objection, with grounds and answer in full."""
    columns = [
        Column(gettext("提出人"), Kind.TEXT, 12), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("月份"), Kind.TEXT, 14), Column(gettext("针对的记录"), Kind.TEXT, 30),
        Column(gettext("记分"), Kind.POINTS, 9, places=2), Column(gettext("理由"), Kind.TEXT, 36),
        Column(gettext("提出方式"), Kind.TEXT, 12), Column(gettext("状态"), Kind.TEXT, 12),
        Column(gettext("答复期限"), Kind.DATE, 12), Column(gettext("答复"), Kind.TEXT, 36),
    ]  # fmt: skip
    rows = [
        [
            o.subject_label, o.village, words.period(o.period),
            f"{o.owner_label} · {o.item_title_en if jizhi.in_english() else o.item_title} · {jizhi.day(o.act_date)}",
            o.points, o.grounds, jizhi.label(o.channel), jizhi.label(o.state), o.due_date, o.answer,
        ]
        for o in lines
    ]  # fmt: skip
    return files.table(gettext("异议"), columns, rows, at, counted=True)


def settlements(lines: Sequence[SettlementLine], at: dt.datetime) -> HttpResponse:
    """One row a settlement."""
    columns = [
        Column(gettext("周期"), Kind.TEXT, 16), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("户数"), Kind.INTEGER, 9), Column(gettext("记录数"), Kind.INTEGER, 10),
        Column(gettext("得分合计"), Kind.POINTS, 12, places=2), Column(gettext("与台账"), Kind.TEXT, 10),
        Column(gettext("结算时间"), Kind.DATETIME, 17), Column(gettext("结果校验码"), Kind.ID, 68),
    ]  # fmt: skip
    rows = [
        [
            words.period(s.period), s.village, s.subjects, s.facts, s.awarded,
            gettext("一致") if s.equal else gettext("不一致"), localtime(s.settled_at), s.digest,
        ]
        for s in lines
    ]  # fmt: skip
    return files.table(gettext("结算"), columns, rows, at, counted=True)
