"""The room's printed sheets: a record, a dividend and a pledge to sign, a fund's register, the look at fairness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from jizhi.assemblies.selectors import AssemblyPage, EntryLine, FundLine, PledgePage, PledgeRow, ShareLine
from jizhi.fairness.selectors import FairnessPage, Rate
from jizhi.prints import forms
from jizhi.prints.reports import ReportTable
from jizhi.web import printouts
from jizhi.web.templatetags import jizhi


def assembly(page: AssemblyPage) -> bytes:
    """The record of one motion, with room for the signatures."""
    row, line = page.row, page.line
    votes = gettext("赞成 %(yes)s，反对 %(no)s，弃权 %(abstain)s") % {
        "yes": line.votes_for,
        "no": line.against,
        "abstain": line.abstain,
    }
    outcome = gettext("通过") if line.carried else gettext("未通过")
    rows = [
        (gettext("议题"), line.title),
        (gettext("会议"), jizhi.label(line.kind)),
        (gettext("通知日期"), jizhi.day(row.announced_date)),
        (gettext("会议日期"), jizhi.day(line.held_on_date)),
        (gettext("地点"), row.place or "—"),
        (gettext("应到人数"), str(line.members)),
        (gettext("到会人数"), str(line.present)),
        (gettext("表决的内容"), row.motion),
        *([(gettext("金额"), jizhi.fen(line.fen)), (gettext("资金来源"), row.source)] if line.fen else []),
        (gettext("表决"), f"{votes} · {outcome}"),
        *[(gettext("未通过的原因"), jizhi.label(one)) for one in page.failings],
        (gettext("报送编号"), line.filing_number or "—"),
        (gettext("乡镇备案编号"), line.receipt or "—"),
        (gettext("主持人签字"), f"{row.chair}　　　　　　　　　　"),
        (gettext("记录人签字"), f"{row.recorder}　　　　　　　　　　"),
        (gettext("监督人签字"), ""),
    ]
    columns = (forms.Column(gettext("项目")), forms.Column(gettext("内容"), width=1))
    return printouts.table(
        printouts.committee(row.village), gettext("会议决议记录"), columns, rows, code=f"JY-{line.id}"
    )


def dividend(village: Any, title: str, lines: Sequence[ShareLine], fen: int, code: str) -> bytes:
    """One household a line, to sign on receipt."""
    columns = (
        forms.Column(gettext("户编号"), "center"),
        forms.Column(gettext("户主"), width=1),
        forms.Column(gettext("积分"), "right"),
        forms.Column(gettext("金额"), "right"),
        forms.Column(gettext("领取人签字"), width=1),
        forms.Column(gettext("日期"), width=1),
    )
    rows = [(one.no, one.head, jizhi.points(one.points), jizhi.fen(one.fen), "", "") for one in lines]
    foot = (gettext("合计"), "", "", jizhi.fen(sum(one.fen for one in lines)), "", "")
    note = gettext("资金%(fen)s单列，不动用、不改变集体收益分配份额。") % {"fen": jizhi.fen(fen)}
    return printouts.table(
        printouts.committee(village), title, columns, rows, foot=foot, note=note, code=code
    )


def pledge(page: PledgePage, rows: Sequence[PledgeRow], on: dt.date) -> bytes:
    """The text on top, the households that have not signed below it."""
    columns = (
        forms.Column(gettext("网格")),
        forms.Column(gettext("户编号"), "center"),
        forms.Column(gettext("户主"), width=1),
        forms.Column(gettext("签字"), width=2),
        forms.Column(gettext("日期"), width=1),
    )
    lines = [(one.grid, one.no, one.head, "", "") for one in rows]
    return printouts.table(
        printouts.committee(page.row.village),
        gettext("积分管理承诺书"),
        columns,
        lines,
        subtitle=page.row.text,
        note=gettext("打印日期 %(day)s。签与不签都不影响积分。") % {"day": jizhi.day(on)},
        code=f"CN-{page.row.pk}",
    )


def fund(village: Any, line: FundLine, entries: Sequence[EntryLine], on: dt.date) -> bytes:
    """The register of a fund, the oldest line first, with its sums."""
    columns = (
        forms.Column(gettext("日期"), "center"),
        forms.Column(gettext("收支"), "center"),
        forms.Column(gettext("金额"), "right"),
        forms.Column(gettext("余额"), "right"),
        forms.Column(gettext("用途或来源"), width=2),
        forms.Column(gettext("经办人"), width=1),
    )
    rows = [
        (
            jizhi.day(one.date), jizhi.label(one.kind), jizhi.fen(one.fen), jizhi.fen(one.balance), one.text,
            one.entered_by,
        )
        for one in entries
    ]  # fmt: skip
    sums = gettext("收入%(received)s，支出%(spent)s，余额%(balance)s。打印日期 %(day)s。")
    said = {
        "received": jizhi.fen(line.received),
        "spent": jizhi.fen(line.spent),
        "balance": jizhi.fen(line.balance),
        "day": jizhi.day(on),
    }
    about = gettext(
        "决议金额%(fen)s，来源：%(source)s，使用期%(first)s至%(last)s，乡镇备案编号%(receipt)s。"
    ) % {
        "fen": jizhi.fen(line.fen),
        "source": line.source,
        "first": jizhi.day(line.from_date),
        "last": jizhi.day(line.to_date),
        "receipt": line.receipt,
    }
    return printouts.table(
        printouts.committee(village),
        gettext("%(title)s台账") % {"title": line.title},
        columns,
        rows,
        subtitle=about,
        note=sums % said,
        code=f"ZJ-{line.id}",
    )


def fairness(page: FairnessPage) -> bytes:
    """The figures, with the words that keep them from being read as an accusation."""
    span, share = page.span, page.share
    facts = (
        (gettext("时段"), f"{jizhi.day(span.from_date)}—{jizhi.day(span.to_date)}"),
        (gettext("提交的申报"), str(page.claims)),
        (gettext("全部农户"), str(share.households)),
        (gettext("其中评议成员或核实人的家"), f"{share.close}（{share.percent_of_households}%）"),
        (
            gettext("这些家的加分"),
            f"{jizhi.points(share.close_points)}／{jizhi.points(share.points)}（{share.percent_of_points}%）",
        ),
        (
            gettext("随意另选同样多的户"),
            gettext("%(draws)s次中有%(n)s次不低于它们")
            % {"draws": share.chance.draws, "n": share.chance.at_least},
        ),
        (gettext("怎么看"), jizhi.label(share.reading)),
    )
    tallies = ReportTable(
        gettext("几种情形"),
        (forms.Column(gettext("情形"), width=2), forms.Column(gettext("件数"), "right")),
        tuple((jizhi.label(one.figure), f"{one.count}／{one.of}") for one in page.counts),
    )
    return printouts.report(
        jizhi.named(span.area),
        gettext("公平性分析"),
        (
            tallies,
            _rates(gettext("各评议成员投同意票的比例"), page.seats),
            _rates(gettext("各核实人核实后获认定的比例"), page.verifiers),
        ),
        facts=facts,
        note=gettext("这些数字只说明哪里值得看一看，不说明谁做错了什么。"),
    )


def _rates(title: str, rates: Sequence[Rate]) -> ReportTable:
    columns = (
        forms.Column(gettext("姓名"), width=1),
        forms.Column(gettext("同意／全部"), "right"),
        forms.Column(gettext("比例"), "right"),
        forms.Column(gettext("置信区间"), "right"),
        forms.Column(gettext("与大家相比"), width=1),
    )
    rows = (
        (
            one.name, f"{one.yes}／{one.trials}", f"{one.percent}%", f"{one.low}–{one.high}%",
            jizhi.label(one.reading),
        )
        for one in rates
    )  # fmt: skip
    return ReportTable(title, columns, tuple(rows))
