"""Organisations, who belongs to them, and double reporting as workbooks. Numbers of persons are not in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.organisations.rules import BodySet
from jizhi.organisations.selectors import (
    BelongingLine,
    BodyCount,
    OrganisationLine,
    ReporterLine,
    ReportLine,
    ServiceLine,
    VillageBodies,
)
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind, Table
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def columns() -> list[Column]:
    """What a table of organisations holds, in and out."""
    return [
        Column(gettext("组织编号"), Kind.ID, 14), Column(gettext("类别"), Kind.TEXT, 16),
        Column(gettext("组织名称"), Kind.TEXT, 28), Column(gettext("上级组织"), Kind.TEXT, 24),
        Column(gettext("区划代码"), Kind.ID, 20), Column(gettext("所在区域"), Kind.TEXT, 18),
        Column(gettext("负责人"), Kind.TEXT, 14), Column(gettext("联系电话"), Kind.ID, 16),
        Column(gettext("成立日期"), Kind.DATE, 12),
    ]  # fmt: skip


def organisations(
    lines: Sequence[OrganisationLine], belongings: Sequence[BelongingLine], at: dt.datetime
) -> HttpResponse:
    """Two sheets: organisations, and persons in their roles."""
    rows = [_row(one) for one in lines]
    people = [
        Column(gettext("组织编号"), Kind.ID, 14), Column(gettext("组织名称"), Kind.TEXT, 28),
        Column(gettext("区划代码"), Kind.ID, 20), Column(gettext("姓名"), Kind.TEXT, 14),
        Column(gettext("担任"), Kind.TEXT, 16), Column(gettext("组织关系在这里"), Kind.TEXT, 14),
        Column(gettext("村（社区）"), Kind.TEXT, 16), Column(gettext("户编号"), Kind.ID, 10),
        Column(gettext("所在户"), Kind.TEXT, 18), Column(gettext("开始日期"), Kind.DATE, 12),
        Column(gettext("结束日期"), Kind.DATE, 12),
    ]  # fmt: skip
    members = [
        [
            one.organisation_code, one.organisation, one.area_code, one.name, gettext(one.role.label),
            gettext("是") if one.keeps_file else "", one.village, one.household_no, one.household,
            one.from_date, one.to_date,
        ]
        for one in belongings
    ]  # fmt: skip
    title = gettext("组织名册")
    book = writing.write_tables([Table(title, columns(), rows), Table(gettext("组织成员"), people, members)])
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", book)


def _row(one: OrganisationLine) -> list[Any]:
    return [
        one.code, gettext(one.kind.label), one.name, one.parent, one.area_code, one.area, one.leader, one.contact,
        one.from_date,
    ]  # fmt: skip


def reports(
    units: Sequence[ReportLine], members: Sequence[ReporterLine], done: Sequence[ServiceLine], at: dt.datetime
) -> HttpResponse:
    """Three sheets: units, members, services."""
    hours = Column(gettext("小时"), Kind.NUMBER, 10)
    unit_columns = [
        Column(gettext("单位"), Kind.TEXT, 26), Column(gettext("报到的村（社区）"), Kind.TEXT, 18),
        Column(gettext("联络员"), Kind.TEXT, 12), Column(gettext("报到党员"), Kind.INTEGER, 10),
        Column(gettext("服务次数"), Kind.INTEGER, 10), hours,
    ]  # fmt: skip
    number = Column(gettext("单位编号"), Kind.ID, 14)
    member_columns = [
        Column(gettext("姓名"), Kind.TEXT, 14), number, Column(gettext("单位"), Kind.TEXT, 26),
        Column(gettext("报到的村（社区）"), Kind.TEXT, 18), Column(gettext("服务网格"), Kind.TEXT, 16),
        Column(gettext("认领岗位"), Kind.TEXT, 18), Column(gettext("报到日期"), Kind.DATE, 12),
        Column(gettext("结束日期"), Kind.DATE, 12), Column(gettext("服务次数"), Kind.INTEGER, 10), hours,
    ]  # fmt: skip
    title = gettext("双报到")
    tables = [
        Table(gettext("报到单位"), unit_columns, [
            [one.unit, one.area, one.contact_name, one.members, one.services, _hours(one.minutes)] for one in units
        ]),
        Table(gettext("报到党员"), member_columns, [
            [
                one.name, one.unit_code, one.unit, one.area, one.grid, one.duty, one.from_date, one.to_date,
                one.services, _hours(one.minutes),
            ]
            for one in members
        ]),
        _services(done),
    ]  # fmt: skip
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", writing.write_tables(tables))


def services(done: Sequence[ServiceLine], at: dt.datetime) -> HttpResponse:
    """One service a row, in the columns that the import reads."""
    table = _services(done)
    return files.workbook(f"{table.title}-{localdate(at):%Y%m%d}", writing.write_tables([table]))


def _services(done: Sequence[ServiceLine]) -> Table:
    columns = [
        Column(gettext("服务日期"), Kind.DATE, 12), Column(gettext("姓名"), Kind.TEXT, 14),
        Column(gettext("单位编号"), Kind.ID, 14), Column(gettext("单位"), Kind.TEXT, 26),
        Column(gettext("村（社区）"), Kind.TEXT, 18), Column(gettext("区域"), Kind.TEXT, 16),
        Column(gettext("小时"), Kind.NUMBER, 10), Column(gettext("做了什么"), Kind.TEXT, 30),
        Column(gettext("地点"), Kind.TEXT, 16), Column(gettext("状态"), Kind.TEXT, 12),
        Column(gettext("确认人"), Kind.TEXT, 14), Column(gettext("原因"), Kind.TEXT, 24),
    ]  # fmt: skip
    rows = [
        [
            one.day, one.name, one.unit_code, one.unit, one.village, one.area, _hours(one.minutes), one.words,
            one.place, gettext(one.state.label), one.closed_by, one.reason,
        ]
        for one in done
    ]  # fmt: skip
    return Table(gettext("服务记录"), columns, rows)


def party_tree(lines: Sequence[OrganisationLine], at: dt.datetime) -> HttpResponse:
    """Each party organisation below the one it hangs on, set in by depth; it can be read in again."""
    top = min((one.depth for one in lines), default=0)
    rows = [[*_row(one), one.depth - top + 1, one.members] for one in lines]
    extra = [Column(gettext("第几层"), Kind.INTEGER, 8), Column(gettext("人数"), Kind.INTEGER, 8)]
    title = gettext("党组织树")
    table = writing.write_table(title, [*columns(), *extra], rows)
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", table)


def bodies(counts: Sequence[BodyCount], chosen: BodySet, at: dt.datetime) -> HttpResponse:
    """One village a row, and a column for each body: whether it is there."""
    titles = [body.title for body in (chosen.lead, *chosen.bodies)]
    table = [
        Column(gettext("区划代码"), Kind.ID, 20), Column(gettext("村（社区）"), Kind.TEXT, 18),
        *(Column(jizhi.label(title), Kind.TEXT, 16) for title in titles),
        Column(gettext("已有"), Kind.INTEGER, 8), Column(gettext("应有"), Kind.INTEGER, 8),
    ]  # fmt: skip
    yes, no = gettext("有"), gettext("缺")
    rows = [
        [
            one.village.code, jizhi.named(one.village), *(no if title in one.missing else yes for title in titles),
            one.present, one.total,
        ]
        for one in counts
    ]  # fmt: skip
    return _bodies(table, rows, chosen, at)


def village_bodies(found: VillageBodies, at: dt.datetime) -> HttpResponse:
    """The bodies of one village, one organisation a row; a body that is missing has a row, too."""
    table = [
        Column(gettext("村（社区）"), Kind.TEXT, 18), Column(gettext("应有的组织"), Kind.TEXT, 18),
        Column(gettext("组织名称"), Kind.TEXT, 28), Column(gettext("负责人"), Kind.TEXT, 14),
        Column(gettext("联系电话"), Kind.ID, 16),
    ]  # fmt: skip
    village = jizhi.named(found.village)
    rows = [
        [village, jizhi.label(line.title), *who]
        for line in found.lines
        for who in (
            [[one.name, one.leader, one.contact] for one in line.organisations] or [[gettext("缺"), "", ""]]
        )
    ]
    return _bodies(table, rows, found.bodies, at)


def _bodies(
    table: Sequence[Column], rows: Sequence[Sequence[writing.Value]], chosen: BodySet, at: dt.datetime
) -> HttpResponse:
    title = jizhi.label(chosen.title)
    return files.table(title, table, rows, at)


def _hours(minutes: int) -> float:
    return round(minutes / 60, 2)
