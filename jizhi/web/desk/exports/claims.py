"""Claims as files: the queue as a workbook, the slip that tells of a deduction, the empty sheet to fill in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.claims.selectors import ClaimLine, ClaimPage
from jizhi.prints import forms, pdf
from jizhi.schemes import selectors as schemes
from jizhi.sheets import templates, writing
from jizhi.sheets.claims import ItemName
from jizhi.sheets.writing import Column, Kind
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi, scheme_words


def workbook(lines: Sequence[ClaimLine], at: dt.datetime) -> HttpResponse:
    """Every claim of the list, one a row."""
    columns = [
        Column(gettext("编号"), Kind.ID, 9), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("网格"), Kind.TEXT, 14), Column(gettext("户编号"), Kind.ID, 10),
        Column(gettext("户主"), Kind.TEXT, 12), Column(gettext("日期"), Kind.DATE, 12),
        Column(gettext("申报事项"), Kind.TEXT, 24), Column(gettext("数量"), Kind.TEXT, 12),
        Column(gettext("说明"), Kind.TEXT, 28), Column(gettext("来源"), Kind.TEXT, 14),
        Column(gettext("状态"), Kind.TEXT, 12), Column(gettext("意见"), Kind.TEXT, 28),
        Column(gettext("申报人"), Kind.TEXT, 14), Column(gettext("申报时间"), Kind.DATETIME, 17),
    ]  # fmt: skip
    rows = [
        [
            str(line.id), line.village, line.area, words.household_no(line.subject_key), line.subject_label,
            line.act_date, jizhi.say(line.item.title), words.amount(line), line.words,
            jizhi.label(line.channel), jizhi.label(line.state), line.note, line.filed_by, localtime(line.filed_at),
        ]
        for line in lines
    ]  # fmt: skip
    title = gettext("积分申报")
    return files.workbook(
        f"{title}-{localdate(at):%Y%m%d}", writing.write_table(title, columns, rows, [_count(len(rows))])
    )


def _count(rows: int) -> str:
    return gettext("共 %(count)s 条") % {"count": rows}


def slip(found: ClaimPage, *, teller: str, today: dt.date) -> HttpResponse:
    """The deduction in writing, with a stub to sign."""
    line, village = found.line, found.claim.village
    form = forms.FaultSlip(
        lang="en" if jizhi.in_english() else "zh",
        code=f"SB-{line.id}",
        issuer=gettext("%(village)s村（居）民委员会") % {"village": jizhi.named(village)},
        number=f"{line.id}",
        household_no=words.household_no(line.subject_key),
        head=line.subject_label,
        item=jizhi.say(line.item.title),
        act_date=line.act_date,
        what=line.words or line.note,
        points=scheme_words.points_words(line.item),
        reference=scheme_words.basis(line.item.reference) if line.item.reference else "",
        told_by=teller,
        told_date=today,
        object_until=today + dt.timedelta(days=schemes.clocks(village).window_days),
    )
    return files.print_(f"{gettext('扣分告知单')}-{line.id}", pdf.render("fault_slip", form))


def template(items: Sequence[Any]) -> HttpResponse:
    """The workbook to fill in, with the items that may stand in it."""
    names = [ItemName(item.id, item.title.zh, item.aliases, words.unit(item)) for item in items]
    return files.workbook(gettext("积分申报登记表"), templates.claims_template(names))


def paper_sheet(village: Any, items: Sequence[tuple[int, Any]]) -> HttpResponse:
    """The paper sheet to hand out, with the village's items and their numbers below."""
    form = forms.ClaimSheet(
        lang="en" if jizhi.in_english() else "zh",
        code=f"SB-{village.code}",
        issuer=gettext("%(village)s村（居）民委员会") % {"village": jizhi.named(village)},
        items=tuple(
            forms.SheetItem(str(number), jizhi.say(item.title), scheme_words.points_words(item))
            for number, item in items
        ),
        hand_in=gettext("填好交给网格员或村里的记录员。"),
    )
    return files.print_(gettext("积分申报表"), pdf.render("claim_sheet", form))
