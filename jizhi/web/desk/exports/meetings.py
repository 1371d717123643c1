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
from jizhi.web.desk import minutes as drafts
from jizhi.web.desk.exports import files
from jizhi.web.desk.templatetags import desk as words
from jizhi.web.templatetags import jizhi


def minutes(frame: MeetingFrame, lines: Mapping[int, ClaimLine]) -> HttpResponse:
    """The whole record on paper; open cases are listed as such."""
    chair = next((seat.name for seat in frame.seats if seat.role is SeatRole.CHAIR), "")
    names = {seat.id: seat.name for seat in frame.seats}
    form = forms.Minutes(
        lang="en" if jizhi.in_english() else "zh",
        code=f"PY-{frame.id}",
        issuer=gettext("%(village)s村（居）民委员会") % {"village": jizhi.named(frame.village)},
        title=gettext("积分评议会纪要"),
        panel=frame.panel,
        held_at=localtime(frame.meeting.opened_at),
        venue=frame.place,
        chair=chair,
        clerk=frame.meeting.opened_by.display_name,
        attendees=tuple(
            forms.Attendee(seat.name, jizhi.label(seat.role), present=seat.present) for seat in frame.seats
        ),
        items=tuple(_item(lines[case], frame.decisions.get(case), names) for case in frame.case_ids),
        quorum=drafts.quorum(frame),
        remarks=drafts.draft(frame),
    )
    return files.print_(f"{form.title}-{frame.held_on_date:%Y%m%d}", pdf.render("minutes", form))


def _item(line: ClaimLine, decision: DecisionLine | None, names: Mapping[int, str]) -> forms.MinuteItem:
    subject = f"{line.subject_label}（{words.household_no(line.subject_key)}）"
    if decision is None:
        return forms.MinuteItem(
            subject, jizhi.say(line.item.title), gettext("未表决"), 0, 0, act_date=line.act_date
        )
    recused = [names[seat] for seat, choice in decision.choices.items() if choice is Choice.RECUSED]
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
        reason=decision.reason,
    )
