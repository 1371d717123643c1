"""The area tree as a workbook: one row an area, from the county down. It only lays out what the selector gave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def tree(nodes: Iterable[Any], at: dt.datetime) -> HttpResponse:
    """One area a row, each below its parent."""
    columns = [
        Column(gettext("区划代码"), Kind.ID, 20), Column(gettext("层级"), Kind.TEXT, 10),
        Column(gettext("名称"), Kind.TEXT, 26), Column(gettext("英文名称"), Kind.TEXT, 26),
        Column(gettext("上级代码"), Kind.ID, 20), Column(gettext("村数"), Kind.INTEGER, 8),
        Column(gettext("网格数"), Kind.INTEGER, 8), Column(gettext("户数"), Kind.INTEGER, 10),
    ]  # fmt: skip
    title = gettext("区划与网格")
    content = writing.write_table(title, columns, list(_rows(nodes)))
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", content)


def _rows(nodes: Iterable[Any]) -> Iterator[list[Any]]:
    for node in nodes:
        area = node.area
        level = area.level_title_en if jizhi.in_english() and area.level_title_en else area.level_title
        yield [
            area.code, level, area.name, area.name_en, area.parent_code, area.villages, area.grids, node.households,
        ]  # fmt: skip
        yield from _rows(node.children)
