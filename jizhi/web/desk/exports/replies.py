"""Written answers on paper: to an objection, to an appeal, to a letter."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.notices.rules import (
    LETTER_MAY_BE_APPEALED,
    MAY_BE_APPEALED,
    AppealBody,
    AppealState,
    ObjectionState,
)
from jizhi.notices.selectors import AppealTask, LetterLine, ObjectionLine
from jizhi.people import selectors as people
from jizhi.prints import forms, pdf
from jizhi.schemes import selectors as schemes
from jizhi.web import printouts
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi


def objection(line: ObjectionLine) -> HttpResponse:
    """The answer to an objection, to hand over to whoever objected."""
    household = people.household_of_subject(line.subject_id)
    answered = localdate(line.answered_at) if line.answered_at else localdate(line.filed_at)
    form = forms.ObjectionReply(
        lang="en" if jizhi.in_english() else "zh",
        code=f"YY-{line.id}",
        issuer=gettext("乡镇人民政府") if line.escalated_at else printouts.committee(line.objection.village),
        number=str(line.id),
        addressee=line.subject_label,
        household_no=household.no if household else "",
        filed_date=line.received_date,
        objection=f"{_about(line)}\n{line.grounds}",
        decision=jizhi.label(line.state),
        reasons=line.answer,
        answered_date=answered,
        answered_by=line.answered_by,
        effect=_effect(line.state),
        appeal=_next_step(line),
    )
    return files.print_(f"{gettext('异议答复')}-{line.id}", pdf.render("objection_reply", form))


def appeal(task: AppealTask) -> HttpResponse:
    """What was decided on an appeal, to hand over to whoever appealed."""
    line, one = task.objection, task.appeal
    household = people.household_of_subject(line.subject_id)
    village = line.objection.village
    issuer = (
        gettext("乡镇人民政府")
        if one.body is AppealBody.TOWNSHIP
        else gettext("%(village)s村务监督委员会") % {"village": line.village}
    )
    form = forms.ObjectionReply(
        lang="en" if jizhi.in_english() else "zh",
        code=f"FY-{one.id}",
        issuer=issuer,
        title=gettext("积分异议复核决定书"),
        number=str(one.id),
        addressee=line.subject_label,
        household_no=household.no if household else "",
        filed_date=localdate(one.filed_at),
        objection=f"{_about(line)}\n{one.grounds}",
        decision=jizhi.label(one.state),
        reasons=one.answer,
        answered_date=localdate(one.answered_at) if one.answered_at else localdate(one.filed_at),
        answered_by=one.answered_by,
        effect=_effect(one.state),
        appeal=_after_appeal(one.body, one.state, schemes.clocks(village).appeal_days),
    )
    return files.print_(f"{gettext('复核决定')}-{one.id}", pdf.render("objection_reply", form))


def letter(line: LetterLine) -> HttpResponse:
    """The answer to a letter, to hand over or send to whoever wrote."""
    form = forms.ObjectionReply(
        lang="en" if jizhi.in_english() else "zh",
        code=line.number,
        issuer=gettext("乡镇人民政府") if line.letter.escalated_at else printouts.committee(line.village),
        title=gettext("来件答复书"),
        number=line.number,
        addressee=line.name,
        filed_date=localdate(line.received_at),
        objection=f"{jizhi.label(line.about)}\n{line.words}",
        decision=jizhi.label(line.state),
        reasons=line.answer,
        answered_date=localdate(line.answered_at) if line.answered_at else localdate(line.received_at),
        answered_by=line.answered_by,
        appeal=_after_letter(line),
    )
    return files.print_(f"{gettext('来件答复')}-{line.number}", pdf.render("objection_reply", form))


def _after_appeal(body: AppealBody, state: AppealState, days: int) -> str:
    if state is not AppealState.DISMISSED:
        return ""
    if body is AppealBody.TOWNSHIP:
        return gettext("对答复不服的，可以依法申请救济。")
    return gettext("对复核不服的，可以在%(days)s天内向乡镇申请复核。") % {"days": days}


def _after_letter(line: LetterLine) -> str:
    if line.state not in LETTER_MAY_BE_APPEALED:
        return ""
    if line.letter.escalated_at:
        return gettext("对答复不服的，可以依法申请救济。")
    days = schemes.clocks(line.village).appeal_days
    return gettext("对答复不服的，可以在%(days)s天内向乡镇申请复核。") % {"days": days}


def _effect(state: ObjectionState | AppealState) -> str:
    return {
        ObjectionState.UPHELD.value: gettext("这一条已经撤销，积分随之更正。"),
        ObjectionState.PARTLY.value: gettext("这一条已经撤销，按更正的内容重新记分。"),
    }.get(state.value, gettext("这一条维持不变。"))


def _next_step(line: ObjectionLine) -> str:
    if line.state not in MAY_BE_APPEALED:
        return ""
    if line.escalated_at:
        return gettext("对答复不服的，可以依法申请救济。")
    days = schemes.clocks(line.objection.village).appeal_days
    return gettext(
        "对答复不服的，可以在%(days)s天内向村务监督委员会申请复核；仍不服的，再向乡镇申请复核。"
    ) % {"days": days}


def _about(line: ObjectionLine) -> str:
    title = line.item_title_en if jizhi.in_english() else line.item_title
    return f"{words.period(line.period)} · {jizhi.day(line.act_date)} · {title} · {jizhi.signed_points(line.points)}"
