"""Pairs that may be on the register twice as a workbook: persons and households, a sheet each. Numbers are masked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.people.selectors import HouseholdPair, Pair, PersonLine
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind, Table
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def workbook(
    village: Any, pairs: Sequence[Pair], households: Sequence[HouseholdPair], at: dt.datetime
) -> HttpResponse:
    """One pair a row, one record beside the other."""
    one, other = gettext("一条记录"), gettext("另一条记录")
    columns = [*_columns(one), *_columns(other), Column(gettext("为什么"), Kind.TEXT, 30)]
    joint = ", " if jizhi.in_english() else "、"
    persons = [
        [*_row(pair.one), *_row(pair.other), joint.join(jizhi.label(why) for why in pair.why)]
        for pair in pairs
    ]
    homes = [
        Column(gettext("户主"), Kind.TEXT, 14), Column(gettext("住址"), Kind.TEXT, 30),
        Column(f"{one} {gettext('户编号')}", Kind.ID, 14), Column(f"{other} {gettext('户编号')}", Kind.ID, 14),
    ]  # fmt: skip
    alike = [[pair.head_name, pair.address, pair.one_no, pair.other_no] for pair in households]
    book = writing.write_tables([
        Table(gettext("重复人员"), columns, persons),
        Table(gettext("同户主、同住址的户"), homes, alike),
    ])  # fmt: skip
    title = gettext("可能重复的人员和户")
    return files.workbook(f"{title}-{jizhi.named(village)}-{localdate(at):%Y%m%d}", book)


def _columns(which: str) -> list[Column]:
    titles = [
        (gettext("姓名"), Kind.TEXT), (gettext("村（社区）"), Kind.TEXT), (gettext("户编号"), Kind.ID),
        (gettext("身份证号码"), Kind.ID), (gettext("出生日期"), Kind.DATE), (gettext("联系电话"), Kind.ID),
    ]  # fmt: skip
    return [Column(f"{which} {title}", kind, 20) for title, kind in titles]


def _row(one: PersonLine) -> list[Any]:
    return [one.name, one.village_name, one.household_no, one.id_number, one.birth_date, one.phone]
