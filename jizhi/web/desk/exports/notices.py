"""A notice as a print for the board and as a workbook; an objection's answer as a letter. Names stay masked."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.notices.rules import ObjectionState
from jizhi.notices.selectors import NoticePage, ObjectionLine
from jizhi.people import selectors as people
from jizhi.prints import forms, pdf
from jizhi.schemes import selectors as schemes
from jizhi.sheets import writing
from jizhi.sheets.writing import Column, Kind, Table
from jizhi.web import printouts
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi


def print_(page: NoticePage, *, link: str, paper: str) -> HttpResponse:
    """The sheet for the board."""
    days = schemes.clocks(page.village).answer_days
    return files.print_(_name(page), printouts.notice(page, answer_days=days, link=link, paper=paper))


def _name(page: NoticePage) -> str:
    return f"{gettext('积分公示')}-{jizhi.named(page.village)}-{page.period}"


def workbook(page: NoticePage) -> HttpResponse:
    """Two sheets: one row a household, one row an entry."""
    title = f"{jizhi.named(page.village)} {words.period(page.period)} {gettext('积分公示')}"
    households = Table(
        title,
        [
            Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12),
            Column(gettext("加分合计"), Kind.POINTS, 10), Column(gettext("扣分合计"), Kind.POINTS, 10),
            Column(gettext("超限未计"), Kind.POINTS, 10), Column(gettext("本月得分"), Kind.POINTS, 12),
            Column(gettext("总分"), Kind.POINTS, 12),
        ],
        [(r.no, r.head, r.merits, r.faults, r.held_back, r.awarded, r.total) for r in page.rows],
        sheet_name=gettext("各户"),
    )  # fmt: skip
    entries = Table(
        title,
        [
            Column(gettext("户编号"), Kind.ID, 10), Column(gettext("户主"), Kind.TEXT, 12),
            Column(gettext("日期"), Kind.DATE, 12), Column(gettext("事项"), Kind.TEXT, 26),
            Column(gettext("记分"), Kind.POINTS, 10), Column(gettext("超限未计"), Kind.POINTS, 10),
        ],
        [
            (r.no, r.head, e.date, e.item_en if jizhi.in_english() else e.item, e.points, e.held_back)
            for r in page.rows
            for e in r.entries
        ],
        sheet_name=gettext("明细"),
    )  # fmt: skip
    return files.workbook(_name(page), writing.write_tables([households, entries]))


def reply(line: ObjectionLine) -> HttpResponse:
    """The answer to an objection, to hand over to whoever objected."""
    upheld = line.state is ObjectionState.UPHELD
    household = people.household_of_subject(line.subject_id)
    answered = localdate(line.answered_at) if line.answered_at else localdate(line.filed_at)
    form = forms.ObjectionReply(
        lang="en" if jizhi.in_english() else "zh",
        code=f"YY-{line.id}",
        issuer=gettext("%(village)s村（居）民委员会") % {"village": line.village},
        number=str(line.id),
        addressee=line.subject_label,
        household_no=household.no if household else "",
        filed_date=localdate(line.filed_at),
        objection=f"{_about(line)}\n{line.grounds}",
        decision=jizhi.label(line.state),
        reasons=line.answer,
        answered_date=answered,
        answered_by=line.answered_by,
        effect=gettext("这一条已经撤销，积分随之更正。") if upheld else gettext("这一条维持不变。"),
        appeal=gettext("对答复不服的，可以向乡镇反映。"),
    )
    return files.print_(f"{gettext('异议答复')}-{line.id}", pdf.render("objection_reply", form))


def _about(line: ObjectionLine) -> str:
    title = line.item_title_en if jizhi.in_english() else line.item_title
    return f"{words.period(line.period)} · {jizhi.day(line.act_date)} · {title} · {jizhi.signed_points(line.points)}"
