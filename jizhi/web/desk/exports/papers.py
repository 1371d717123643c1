"""Paper sheets as files: a batch to print, the list as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from jizhi.channels.selectors import BatchPage, SheetLine
from jizhi.prints import forms, pdf
from jizhi.sheets.writing import Column, Kind
from jizhi.web import printouts
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi, scheme_words


def batch(
    page: BatchPage, items: Sequence[tuple[int, Any]], link: Callable[[str], str], *, of_households: bool
) -> HttpResponse:
    """Every sheet of a batch on a page of its own, with its code as digits and as a QR code."""
    form = forms.ClaimSheet(
        lang="en" if jizhi.in_english() else "zh",
        code=f"SB-{page.batch.pk}",
        issuer=printouts.committee(page.batch.village),
        title=page.batch.title,
        items=tuple(
            forms.SheetItem(str(number), jizhi.say(item.title), scheme_words.points_words(item))
            for number, item in items
        ),
        of_households=of_households,
        hand_in=gettext("填好交给网格员或村里的记录员。写错了不要紧，把这张交回来换一张。"),
        copies=tuple(_copy(line, link) for line in page.sheets),
    )
    return files.print_(f"{gettext('积分申报表')}-{page.batch.pk}", pdf.render("claim_sheet", form))


def objection_forms(
    page: BatchPage, notice: str, notes: Sequence[str], link: Callable[[str], str]
) -> HttpResponse:
    """Every objection form of a batch on a page of its own, with its code as digits and as a QR code."""
    form = forms.ObjectionSheet(
        lang="en" if jizhi.in_english() else "zh",
        code=f"YY-{page.batch.pk}",
        issuer=printouts.committee(page.batch.village),
        title=page.batch.title,
        notice=notice,
        notes=tuple(notes),
        copies=tuple(_copy(line, link) for line in page.sheets),
    )
    return files.print_(f"{gettext('积分异议表')}-{page.batch.pk}", pdf.render("objection_sheet", form))


def _copy(line: SheetLine, link: Callable[[str], str]) -> forms.SheetCopy:
    number = words.household_no(line.subject_key) if line.subject_key else ""
    return forms.SheetCopy(line.written, link(line.code), number, line.subject_label)


def workbook(lines: Sequence[SheetLine], titles: Mapping[str, str], at: dt.datetime) -> HttpResponse:
    """Every sheet of the list, one a row; `titles` are those of the schemes."""
    columns = [
        Column(gettext("编码"), Kind.ID, 18), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("种类"), Kind.TEXT, 10), Column(gettext("状态"), Kind.TEXT, 12),
        Column(gettext("积分细则"), Kind.TEXT, 16), Column(gettext("编号"), Kind.ID, 10),
        Column(gettext("户主或名称"), Kind.TEXT, 16), Column(gettext("印发时间"), Kind.DATETIME, 17),
        Column(gettext("录入条数"), Kind.TEXT, 10), Column(gettext("办理人"), Kind.TEXT, 14),
        Column(gettext("办理时间"), Kind.DATETIME, 17), Column(gettext("原因"), Kind.TEXT, 28),
    ]  # fmt: skip
    rows = [
        [
            line.written, line.village, jizhi.label(line.kind), jizhi.label(line.state),
            titles.get(line.scheme, line.scheme), words.household_no(line.subject_key), line.subject_label,
            localtime(line.printed_at), str(line.claims), line.settled_by,
            localtime(line.settled_at) if line.settled_at else None, line.reason,
        ]
        for line in lines
    ]  # fmt: skip
    title = gettext("纸质表")
    return files.table(title, columns, rows, at)
