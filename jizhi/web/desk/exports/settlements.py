"""A settlement as a workbook, and the plain tables from which anybody can calculate it again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.http import HttpResponse
from django.utils.translation import gettext

from jizhi.participants.selectors import HOUSEHOLD_SCHEME
from jizhi.settlement.selectors import SettlementLine, StandingLine
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words


def workbook(
    line: SettlementLine, standings: Sequence[StandingLine], levels: Mapping[str, str]
) -> HttpResponse:
    """The standings by rank."""
    ours = line.scheme == HOUSEHOLD_SCHEME
    columns = [
        Column(gettext("名次"), Kind.INTEGER, 8), Column(gettext("户编号") if ours else gettext("编号"), Kind.ID, 10),
        Column(gettext("户主") if ours else gettext("名称"), Kind.TEXT, 14), Column(gettext("基础分"), Kind.POINTS, 11),
        Column(gettext("得分"), Kind.POINTS, 11), Column(gettext("总分"), Kind.POINTS, 11),
        Column(gettext("等级"), Kind.TEXT, 12), Column(gettext("一票否决"), Kind.TEXT, 12),
    ]  # fmt: skip
    rows = [
        [
            one.rank, words.household_no(one.subject_key), one.subject_label, one.base, one.awarded, one.total,
            levels.get(one.level, one.level), gettext("是") if one.vetoed else "",
        ]
        for one in standings
    ]  # fmt: skip
    title = f"{line.village} {words.period(line.period)} {gettext('积分结算')}"
    notes = [f"{gettext('结果校验码')} {line.digest}"]
    return files.workbook(_name(line), writing.write_table(title, columns, rows, notes))


def recalculation(line: SettlementLine, folder: Path) -> HttpResponse:
    """The engine's own files in one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return files.archive(_name(line), buffer.getvalue())


def _name(line: SettlementLine) -> str:
    return f"{gettext('积分结算')}-{line.village}-{line.period}"
