"""Other systems and their keys as a workbook; a key's secret is nowhere to be had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.channels.selectors import KeyLine, SystemLine
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind, Table
from jizhi.web.desk.exports import files


def workbook(
    systems: Sequence[SystemLine], keys: Sequence[tuple[str, KeyLine]], at: dt.datetime
) -> HttpResponse:
    """One sheet of systems, one of keys."""
    title = gettext("接入系统")
    columns = [
        Column(gettext("系统名称"), Kind.TEXT, 28), Column(gettext("推送范围"), Kind.TEXT, 16),
        Column(gettext("谁负责"), Kind.TEXT, 14), Column(gettext("在用密钥"), Kind.INTEGER, 10),
        Column(gettext("已推送"), Kind.INTEGER, 10), Column(gettext("最近使用"), Kind.DATETIME, 17),
    ]  # fmt: skip
    rows = [
        (one.name, one.area, one.owner, one.keys, one.pushed, _moment(one.last_used_at)) for one in systems
    ]
    key_columns = [
        Column(gettext("系统名称"), Kind.TEXT, 28), Column(gettext("密钥"), Kind.ID, 16),
        Column(gettext("发放人"), Kind.TEXT, 14), Column(gettext("签发时间"), Kind.DATETIME, 17),
        Column(gettext("最近使用"), Kind.DATETIME, 17), Column(gettext("停用时间"), Kind.DATETIME, 17),
    ]  # fmt: skip
    key_rows = [
        (
            name, f"jz.{key.prefix}.…", key.created_by, _moment(key.created_at), _moment(key.last_used_at),
            _moment(key.revoked_at),
        )
        for name, key in keys
    ]  # fmt: skip
    tables = [
        Table(title, columns, rows, sheet_name=title),
        Table(title, key_columns, key_rows, sheet_name=gettext("密钥")),
    ]
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", writing.write_tables(tables))


def _moment(value: dt.datetime | None) -> dt.datetime | None:
    return localtime(value) if value else None
