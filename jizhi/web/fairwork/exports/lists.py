"""Records, funds, shares and pledges as workbooks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from jizhi.assemblies.selectors import AssemblyLine, EntryLine, FundLine, PledgeLine, PledgeRow, ShareLine
from jizhi.claims.selectors import ClaimLine
from jizhi.fairness.selectors import FairnessPage, Rate
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind, Table
from jizhi.web.desk.exports import files
from jizhi.web.templatetags import jizhi


def assemblies(lines: Sequence[AssemblyLine], at: dt.datetime) -> HttpResponse:
    """One record a row."""
    columns = [
        Column(gettext("会议日期"), Kind.DATE, 12), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("议题"), Kind.TEXT, 12), Column(gettext("议题名称"), Kind.TEXT, 28),
        Column(gettext("会议"), Kind.TEXT, 20), Column(gettext("应到人数"), Kind.INTEGER, 10),
        Column(gettext("到会人数"), Kind.INTEGER, 10), Column(gettext("赞成票"), Kind.INTEGER, 9),
        Column(gettext("反对票"), Kind.INTEGER, 9), Column(gettext("弃权票"), Kind.INTEGER, 9),
        Column(gettext("结果"), Kind.TEXT, 10), Column(gettext("状态"), Kind.TEXT, 14),
        Column(gettext("报送编号"), Kind.TEXT, 18), Column(gettext("乡镇备案编号"), Kind.TEXT, 18),
        Column(gettext("金额（元）"), Kind.FEN, 14),
    ]  # fmt: skip
    rows = [
        [
            one.held_on_date, one.village, jizhi.label(one.about), one.title, jizhi.label(one.kind), one.members,
            one.present, one.votes_for, one.against, one.abstain,
            gettext("通过") if one.carried else gettext("未通过"), jizhi.label(one.state), one.filing_number,
            one.receipt, one.fen,
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("会议决议"), columns, rows, at)


def funds(lines: Sequence[FundLine], at: dt.datetime) -> HttpResponse:
    """One fund a row."""
    columns = [
        Column(gettext("资金"), Kind.TEXT, 28), Column(gettext("村（社区）"), Kind.TEXT, 14),
        Column(gettext("资金来源"), Kind.TEXT, 24), Column(gettext("使用期从"), Kind.DATE, 12),
        Column(gettext("使用期到"), Kind.DATE, 12), Column(gettext("决议金额"), Kind.FEN, 14),
        Column(gettext("收入"), Kind.FEN, 14), Column(gettext("支出"), Kind.FEN, 14),
        Column(gettext("余额"), Kind.FEN, 14), Column(gettext("乡镇备案编号"), Kind.TEXT, 18),
    ]  # fmt: skip
    rows = [
        [
            one.title, one.village, one.source, one.from_date, one.to_date, one.fen, one.received,
            one.spent, one.balance, one.receipt,
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("积分资金"), columns, rows, at)


def entries(fund: FundLine, lines: Sequence[EntryLine], at: dt.datetime) -> HttpResponse:
    """A fund's register."""
    columns = [
        Column(gettext("日期"), Kind.DATE, 12), Column(gettext("收支"), Kind.TEXT, 8),
        Column(gettext("金额（元）"), Kind.FEN, 14), Column(gettext("余额"), Kind.FEN, 14),
        Column(gettext("用途或来源"), Kind.TEXT, 40), Column(gettext("经办人"), Kind.TEXT, 16),
        Column(gettext("登记时间"), Kind.DATETIME, 17),
    ]  # fmt: skip
    rows = [
        [
            one.date, jizhi.label(one.kind), one.fen, one.balance, one.text, one.entered_by,
            localtime(one.entered_at),
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(fund.title, columns, rows, at)


def shares(title: str, lines: Sequence[ShareLine], at: dt.datetime) -> HttpResponse:
    """One household a row."""
    columns = [
        Column(gettext("户编号"), Kind.ID, 12), Column(gettext("户主"), Kind.TEXT, 12),
        Column(gettext("积分"), Kind.TEXT, 10), Column(gettext("金额（元）"), Kind.FEN, 14),
        Column(gettext("发放时间"), Kind.DATETIME, 17), Column(gettext("领取人"), Kind.TEXT, 14),
    ]  # fmt: skip
    rows = [
        [
            one.no, one.head, jizhi.points(one.points), one.fen,
            localtime(one.paid_at) if one.paid_at else None, one.received_by,
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(title, columns, rows, at)


def pledge_texts(lines: Sequence[PledgeLine], at: dt.datetime) -> HttpResponse:
    """One text a row, with how many have signed it."""
    columns = [
        Column(gettext("积分细则"), Kind.TEXT, 28), Column(gettext("适用日期"), Kind.DATE, 12),
        Column(gettext("村（社区）"), Kind.TEXT, 14), Column(gettext("发出时间"), Kind.DATETIME, 17),
        Column(gettext("已签"), Kind.INTEGER, 9), Column(gettext("户数"), Kind.INTEGER, 9),
        Column(gettext("比例（%）"), Kind.INTEGER, 10),
    ]  # fmt: skip
    rows = [
        [
            one.scheme_en if jizhi.in_english() and one.scheme_en else one.scheme, one.applies_from_date,
            one.village, localtime(one.asked_at), one.signed, one.households, one.percent,
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("承诺书"), columns, rows, at)


def pledges(lines: Sequence[PledgeRow], at: dt.datetime) -> HttpResponse:
    """One household a row, with what it said."""
    columns = [
        Column(gettext("网格"), Kind.TEXT, 14), Column(gettext("户编号"), Kind.ID, 12),
        Column(gettext("户主"), Kind.TEXT, 12), Column(gettext("状态"), Kind.TEXT, 10),
        Column(gettext("方式"), Kind.TEXT, 16), Column(gettext("签字人"), Kind.TEXT, 12),
        Column(gettext("时间"), Kind.DATETIME, 17), Column(gettext("说明"), Kind.TEXT, 30),
    ]  # fmt: skip
    rows = [
        [
            one.grid, one.no, one.head, jizhi.label(one.answer) if one.answer else gettext("还没签"),
            jizhi.label(one.how) if one.how else "", one.signer,
            localtime(one.answered_at) if one.answered_at else None, one.note,
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("承诺书"), columns, rows, at)


def claims(lines: Sequence[ClaimLine], at: dt.datetime) -> HttpResponse:
    """One claim a row."""
    columns = [
        Column(gettext("提交时间"), Kind.DATETIME, 17), Column(gettext("户编号"), Kind.ID, 24),
        Column(gettext("户主"), Kind.TEXT, 14), Column(gettext("事项"), Kind.TEXT, 24),
        Column(gettext("日期"), Kind.DATE, 12), Column(gettext("申报人"), Kind.TEXT, 16),
        Column(gettext("状态"), Kind.TEXT, 12),
    ]  # fmt: skip
    rows = [
        [
            localtime(one.filed_at), one.subject_key, one.subject_label, jizhi.say(one.item.title), one.act_date,
            one.filed_by, jizhi.label(one.state),
        ]
        for one in lines
    ]  # fmt: skip
    return files.table(gettext("公平性分析"), columns, rows, at)


def fairness(page: FairnessPage, at: dt.datetime) -> HttpResponse:
    """The figures in three sheets: patterns, members, verifiers."""
    title, span, share = gettext("公平性分析"), page.span, page.share
    where = f"{jizhi.named(span.area)} {jizhi.day(span.from_date)}—{jizhi.day(span.to_date)}"
    notes = [where, gettext("这些数字只说明哪里值得看一看，不说明谁做错了什么。")]
    figures = [
        (gettext("提交的申报"), page.claims, None), (gettext("全部农户"), share.households, None),
        (gettext("其中评议成员或核实人的家"), share.close, share.households),
        *((jizhi.label(one.figure), one.count, one.of) for one in page.counts),
    ]  # fmt: skip
    columns = [
        Column(gettext("情形"), Kind.TEXT, 40), Column(gettext("件数"), Kind.INTEGER, 10),
        Column(gettext("全部"), Kind.INTEGER, 10),
    ]  # fmt: skip
    sheets = [Table(title, columns, figures, notes, sheet_name=gettext("几种情形"))]
    sheets += [
        _rates(title, gettext("评议成员"), page.seats, notes),
        _rates(title, gettext("核实人"), page.verifiers, notes),
    ]
    return files.workbook(f"{title}-{localdate(at):%Y%m%d}", writing.write_tables(sheets))


def _rates(title: str, name: str, rates: Sequence[Rate], notes: Sequence[str]) -> Table:
    columns = [
        Column(gettext("姓名"), Kind.TEXT, 14), Column(gettext("同意"), Kind.INTEGER, 10),
        Column(gettext("全部"), Kind.INTEGER, 10), Column(gettext("比例（%）"), Kind.INTEGER, 10),
        Column(gettext("区间下限（%）"), Kind.INTEGER, 12), Column(gettext("区间上限（%）"), Kind.INTEGER, 12),
        Column(gettext("与大家相比"), Kind.TEXT, 24),
    ]  # fmt: skip
    rows = [(r.name, r.yes, r.trials, r.percent, r.low, r.high, jizhi.label(r.reading)) for r in rates]
    return Table(title, columns, rows, notes, sheet_name=name)
