"""Area tables as workbooks: the tree in the columns that are read back, an import's report, holes and overlaps."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi

if TYPE_CHECKING:
    from jizhi.areas.selectors import CoverageReport, TableRow


def tree(
    rows: Iterable[TableRow],
    homes: Mapping[str, int],
    at: dt.datetime,
    shown: Iterable[TableRow] | None = None,
) -> FileResponse:
    """One area a row, each below its parent; the last three columns are counted and not read back.

    `shown` are the rows of a narrower list; what lies below each is counted over all of them in any case.
    """
    columns = [
        Column(gettext("区划代码"), Kind.ID, 24), Column(gettext("层级"), Kind.TEXT, 12),
        Column(gettext("名称"), Kind.TEXT, 26), Column(gettext("英文名称"), Kind.TEXT, 26),
        Column(gettext("上级代码"), Kind.ID, 24), Column(gettext("设立日期"), Kind.DATE, 14),
        Column(gettext("村数"), Kind.INTEGER, 8), Column(gettext("网格数"), Kind.INTEGER, 8),
        Column(gettext("户数"), Kind.INTEGER, 10),
    ]  # fmt: skip
    title = gettext("区划与网格")
    content = writing.stream_table(title, columns, _rows(list(rows), homes, shown))
    return files.long_workbook(f"{title}-{localdate(at):%Y%m%d}", content)


def _rows(
    rows: list[TableRow], homes: Mapping[str, int], shown: Iterable[TableRow] | None
) -> Iterator[list[Any]]:
    villages, grids, households = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        for code in row.path.split("."):
            villages[code] += row.is_village
            grids[code] += row.is_grid
            households[code] += homes.get(row.code, 0)
    english = jizhi.in_english()
    for row in rows if shown is None else shown:
        level = row.level_title_en if english and row.level_title_en else row.level_title
        yield [
            row.code, level, row.name, row.name_en, row.parent_code, row.from_date,
            villages[row.code], grids[row.code], households[row.code],
        ]  # fmt: skip


def report(upload: Any, planned: Iterable[Any]) -> HttpResponse:
    """What becomes of each feature, refusals with place, value and reason."""
    columns = [
        Column(gettext("序号"), Kind.INTEGER, 8), Column(gettext("文件里写的"), Kind.TEXT, 30),
        Column(gettext("区划"), Kind.TEXT, 24), Column(gettext("导入结果"), Kind.TEXT, 12),
        Column(gettext("面积（公顷）"), Kind.NUMBER, 14), Column(gettext("原因"), Kind.TEXT, 60),
    ]  # fmt: skip
    rows = [
        [
            one.number, one.said, one.area_name, jizhi.label(one.fate),
            round(one.square_metres / 10_000, 2) or None, one.reason,
        ]
        for one in planned
    ]  # fmt: skip
    title = gettext("导入报告")
    return files.workbook(f"{title}-{upload.pk}", writing.write_table(title, columns, rows))


def coverage(found: CoverageReport, at: dt.datetime) -> HttpResponse:
    """Holes, overlaps and what reaches beyond, one a row."""
    columns = [
        Column(gettext("序号"), Kind.INTEGER, 8), Column(gettext("有何问题"), Kind.TEXT, 10),
        Column(gettext("涉及的区划"), Kind.TEXT, 40), Column(gettext("面积（平方米）"), Kind.INTEGER, 16),
        Column(gettext("面积（公顷）"), Kind.NUMBER, 14),
    ]  # fmt: skip
    rows = [
        [
            gap.number, jizhi.label(gap.kind), gettext("、").join(gap.names), round(gap.square_metres),
            round(gap.square_metres / 10_000, 2),
        ]
        for gap in found.gaps
    ]  # fmt: skip
    title = gettext("边界检查")
    notes = (
        [gettext("还没有边界：%(names)s") % {"names": gettext("、").join(found.missing)}]
        if found.missing
        else []
    )
    name = f"{title}-{jizhi.named(found.area)}-{localdate(at):%Y%m%d}"
    return files.workbook(
        name, writing.write_table(f"{jizhi.named(found.area)} {title}", columns, rows, notes)
    )
