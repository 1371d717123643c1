"""The minutes of a meeting as a print: members, agenda, votes and decisions, places to sign."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from jizhi.claims.selectors import ClaimLine
from jizhi.prints import forms, pdf
from jizhi.reviews.rules import Choice, SeatRole
from jizhi.reviews.selectors import DecisionLine, MeetingFrame
from jizhi.web import printouts
from jizhi.web.desk import minutes as drafts
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi


def minutes(frame: MeetingFrame, lines: Mapping[int, ClaimLine]) -> HttpResponse:
    """The whole record on paper; open cases are listed as such."""
    chairs = [seat.name for seat in frame.seats if seat.role is SeatRole.CHAIR and not frame.is_ruling]
    names = {seat.id: seat.name for seat in frame.seats}
    form = forms.Minutes(
        lang="en" if jizhi.in_english() else "zh",
        code=f"PY-{frame.id}",
        issuer=printouts.committee(frame.village),
        title=_title(frame),
        panel=frame.panel,
        held_at=localtime(frame.meeting.opened_at),
        venue=frame.place,
        chair=next(iter(chairs), ""),
        clerk=frame.meeting.opened_by.display_name,
        attendees=tuple(
            forms.Attendee(seat.name, jizhi.label(seat.role), present=seat.present)
            for seat in frame.seats
            if not frame.is_ruling
        ),
        items=tuple(_item(lines[case], frame.decisions.get(case), names) for case in frame.case_ids),
        quorum=drafts.quorum(frame),
        voting=gettext(frame.procedure.label if frame.is_ruling else frame.voting.label),
        remarks=drafts.printed(frame),
    )
    return files.print_(f"{form.title}-{frame.held_on_date:%Y%m%d}", pdf.render("minutes", form))


def _title(frame: MeetingFrame) -> str:
    if frame.is_ruling:
        return gettext("乡镇裁定书")
    return gettext("积分书面传签记录") if frame.is_circulation else gettext("积分评议会纪要")


def _item(line: ClaimLine, decision: DecisionLine | None, names: Mapping[int, str]) -> forms.MinuteItem:
    subject = f"{line.subject_label}（{words.household_no(line.subject_key)}）"
    if decision is None:
        return forms.MinuteItem(
            subject, jizhi.say(line.item.title), gettext("未表决"), 0, 0, act_date=line.act_date
        )
    recused = [
        gettext("%(name)s（%(grounds)s）") % {"name": names[seat], "grounds": gettext(ground.label)}
        for seat, ground in decision.recusals.items()
    ]
    return forms.MinuteItem(
        subject=subject,
        title=jizhi.say(line.item.title),
        decision=jizhi.label(decision.outcome),
        votes_for=decision.tally.votes_for,
        votes_against=decision.tally.against,
        votes_abstained=decision.tally.abstain,
        act_date=line.act_date,
        quantity=words.amount(line),
        recused="、".join(recused),
        voters=_voters(decision, names),
        reason=decision.reason,
    )


def _voters(decision: DecisionLine, names: Mapping[int, str]) -> str:
    """Who voted otherwise than for it, by name; nothing where the vote was secret."""
    if decision.ruled_by:
        return gettext("未经评议小组表决，由乡镇%(name)s裁定。") % {"name": decision.ruled_by}
    other = {Choice.AGAINST, Choice.ABSTAIN}
    said = [
        f"{names[seat]} {gettext(choice.label)}"
        for seat, choice in decision.choices.items()
        if choice in other
    ]
    return "、".join(said)
