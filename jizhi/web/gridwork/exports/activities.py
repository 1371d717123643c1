"""Activities with their lists, needs and teams as workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.activities.selectors import ActivityLine, ActivityPage, NeedLine, TeamLine, TeamPage
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def activities(lines: Iterable[ActivityLine], at: dt.datetime) -> HttpResponse:
    """One activity a row."""
    columns = [
        Column(gettext("活动编号"), Kind.ID, 10),
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("种类"), Kind.TEXT, 12),
        Column(gettext("活动名称"), Kind.TEXT, 28), Column(gettext("地点"), Kind.TEXT, 20),
        Column(gettext("开始"), Kind.DATETIME, 17), Column(gettext("结束"), Kind.DATETIME, 17),
        Column(gettext("志愿队"), Kind.TEXT, 18), Column(gettext("组织人"), Kind.TEXT, 14),
        Column(gettext("参加人数"), Kind.INTEGER, 10), Column(gettext("总时长"), Kind.NUMBER, 10),
        Column(gettext("状态"), Kind.TEXT, 12),
    ]  # fmt: skip
    rows = (
        [
            str(one.id), one.village, jizhi.label(one.kind), one.title, one.place,
            localtime(one.starts_at), localtime(one.ends_at), one.team, one.organiser,
            one.attended, one.hours, jizhi.label(one.state),
        ]
        for one in lines
    )  # fmt: skip
    title = gettext("活动")
    return files.table(title, columns, rows, at)


def attendance(page: ActivityPage, at: dt.datetime) -> HttpResponse:
    """The list of one activity."""
    columns = [
        Column(gettext("活动编号"), Kind.ID, 10), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("活动名称"), Kind.TEXT, 28), Column(gettext("活动日期"), Kind.DATE, 12),
        Column(gettext("户编号"), Kind.ID, 12), Column(gettext("户主"), Kind.TEXT, 12),
        Column(gettext("姓名"), Kind.TEXT, 12), Column(gettext("网格"), Kind.TEXT, 14),
        Column(gettext("签到方式"), Kind.TEXT, 12), Column(gettext("签到时间"), Kind.DATETIME, 17),
        Column(gettext("小时"), Kind.NUMBER, 8), Column(gettext("状态"), Kind.TEXT, 10),
        Column(gettext("备注"), Kind.TEXT, 24),
    ]  # fmt: skip
    line = page.line
    rows = [
        [
            str(line.id), line.village, line.title, localdate(line.starts_at),
            one.household_no, one.household, one.name, one.grid, jizhi.label(one.how), localtime(one.signed_at),
            one.hours, jizhi.label(one.state), one.note,
        ]
        for one in page.attendances
    ]  # fmt: skip
    title = f"{page.line.title}-{localdate(page.line.starts_at):%Y%m%d}"
    return files.workbook(title, writing.write_table(page.line.title, columns, rows))


def needs(lines: Iterable[NeedLine], at: dt.datetime) -> HttpResponse:
    """One need a row."""
    columns = [
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("种类"), Kind.TEXT, 12),
        Column(gettext("需要什么"), Kind.TEXT, 28), Column(gettext("谁家"), Kind.TEXT, 12),
        Column(gettext("户编号"), Kind.ID, 12), Column(gettext("网格"), Kind.TEXT, 14),
        Column(gettext("最晚哪一天"), Kind.DATE, 12),
        Column(gettext("需要几个人"), Kind.INTEGER, 10), Column(gettext("已认领"), Kind.INTEGER, 10),
        Column(gettext("状态"), Kind.TEXT, 12), Column(gettext("发布时间"), Kind.DATETIME, 17),
    ]  # fmt: skip
    rows = (
        [
            one.village, jizhi.label(one.kind), one.title, one.asker, one.household_no, one.grid,
            one.wanted_date, one.places, one.taken, jizhi.label(one.state), localtime(one.posted_at),
        ]
        for one in lines
    )  # fmt: skip
    title = gettext("群众需求")
    return files.table(title, columns, rows, at)


def teams(lines: Sequence[TeamLine], at: dt.datetime) -> HttpResponse:
    """One team a row."""
    columns = [
        Column(gettext("区划代码"), Kind.ID, 18),
        Column(gettext("哪里的队"), Kind.TEXT, 16), Column(gettext("队名"), Kind.TEXT, 20),
        Column(gettext("种类"), Kind.TEXT, 14), Column(gettext("队长"), Kind.TEXT, 12),
        Column(gettext("联系电话"), Kind.ID, 14), Column(gettext("人数"), Kind.INTEGER, 8),
        Column(gettext("成立日期"), Kind.DATE, 12), Column(gettext("解散日期"), Kind.DATE, 12),
        Column(gettext("做什么"), Kind.TEXT, 36),
    ]  # fmt: skip
    rows = [
        [
            one.area_code, one.area, one.name, jizhi.label(one.kind), one.leader, one.phone,
            one.members, one.from_date, one.to_date, one.purpose,
        ]
        for one in lines
    ]  # fmt: skip
    title = gettext("志愿队")
    return files.table(title, columns, rows, at)


def members(page: TeamPage, at: dt.datetime) -> HttpResponse:
    """The members of one team, former ones too."""
    columns = [
        Column(gettext("区划代码"), Kind.ID, 18), Column(gettext("队名"), Kind.TEXT, 20),
        Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("姓名"), Kind.TEXT, 12), Column(gettext("户编号"), Kind.ID, 12),
        Column(gettext("户主"), Kind.TEXT, 12), Column(gettext("入队日期"), Kind.DATE, 12),
        Column(gettext("离队日期"), Kind.DATE, 12), Column(gettext("次数"), Kind.INTEGER, 8),
        Column(gettext("小时"), Kind.NUMBER, 8),
    ]  # fmt: skip
    rows = [
        [
            page.line.area_code,
            page.line.name,
            one.village,
            one.name,
            one.household_no,
            one.household,
            one.from_date,
            one.to_date,
            one.times,
            one.hours,
        ]
        for one in (*page.members, *page.former)
    ]
    return files.workbook(
        f"{page.line.name}-{localdate(at):%Y%m%d}", writing.write_table(page.line.name, columns, rows)
    )
