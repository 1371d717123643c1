"""Visits and coverage as workbooks. Classes and the book's contents are not in them: they are exported by nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.visits.selectors import Coverage, HouseholdCoverage, VisitLine
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi as words


def visits(lines: Sequence[VisitLine], at: dt.datetime) -> HttpResponse:
    """One visit a row."""
    columns = [
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("网格"), Kind.TEXT, 14),
        Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12),
        Column(gettext("住址"), Kind.TEXT, 24), Column(gettext("时间"), Kind.DATETIME, 18),
        Column(gettext("走访方式"), Kind.TEXT, 14), Column(gettext("谈了什么"), Kind.TEXT, 26),
        Column(gettext("备注"), Kind.TEXT, 40), Column(gettext("走访人"), Kind.TEXT, 14),
        Column(gettext("计入安排"), Kind.TEXT, 10), Column(gettext("照片"), Kind.INTEGER, 8),
    ]  # fmt: skip
    joint = ", " if words.in_english() else "、"
    rows = [
        [
            one.village_name, one.grid_name, one.household_no, one.head_name, one.address,
            localtime(one.visited_at).replace(tzinfo=None), words.label(one.how),
            joint.join(words.label(topic) for topic in one.topics), one.note, one.by_name,
            gettext("是") if one.planned else gettext("否"), one.photos,
        ]
        for one in lines
    ]  # fmt: skip
    title = gettext("走访记录")
    return files.table(title, columns, rows, at)


def coverage(found: Coverage, month: dt.date, at: dt.datetime) -> HttpResponse:
    """One area a row, and their sum."""
    columns = [
        Column(gettext("区域"), Kind.TEXT, 22), Column(gettext("户数"), Kind.INTEGER, 10),
        Column(gettext("重点户"), Kind.INTEGER, 10), Column(gettext("应走访"), Kind.INTEGER, 10),
        Column(gettext("已走访"), Kind.INTEGER, 10), Column(gettext("逾期未走访"), Kind.INTEGER, 12),
        Column(gettext("完成率（%）"), Kind.INTEGER, 12), Column(gettext("走访记录"), Kind.INTEGER, 10),
        Column(gettext("网格数"), Kind.INTEGER, 10), Column(gettext("不足30户的网格"), Kind.INTEGER, 14),
        Column(gettext("超过50户的网格"), Kind.INTEGER, 14), Column(gettext("最近走访"), Kind.DATETIME, 18),
    ]  # fmt: skip
    every = [*((line.name, line.counts) for line in found.lines), (gettext("合计"), found.total)]
    rows = [
        [
            name, one.households, one.special, one.planned, one.done, one.missed, one.percent, one.visits,
            one.grids, one.small_grids, one.large_grids, _moment(one.last_visit_at),
        ]
        for name, one in every
    ]  # fmt: skip
    return _workbook(found, month, at, columns, rows)


def households(
    found: Coverage, lines: Sequence[HouseholdCoverage], month: dt.date, at: dt.datetime
) -> HttpResponse:
    """One household a row."""
    columns = [
        Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12),
        Column(gettext("住址"), Kind.TEXT, 26), Column(gettext("应走访"), Kind.INTEGER, 10),
        Column(gettext("已走访"), Kind.INTEGER, 10), Column(gettext("逾期未走访"), Kind.INTEGER, 12),
        Column(gettext("最近走访"), Kind.DATETIME, 18),
    ]  # fmt: skip
    rows = [
        [one.no, one.head_name, one.address, one.planned, one.done, one.missed, _moment(one.last_visit_at)]
        for one in lines
    ]
    return _workbook(found, month, at, columns, rows)


def _moment(value: dt.datetime | None) -> dt.datetime | None:
    return localtime(value).replace(tzinfo=None) if value else None


def _workbook(
    found: Coverage, month: dt.date, at: dt.datetime, columns: list[Column], rows: list[list[writing.Value]]
) -> HttpResponse:
    title = gettext("走访统计")
    place = words.named(found.area) if found.area else gettext("本人负责的区域")
    note = f"{place} · {words.month(month)}"
    name = f"{title}-{place}-{month:%Y%m}-{localdate(at):%Y%m%d}"
    return files.workbook(name, writing.write_table(title, columns, rows, [note]))
