"""The draft of a meeting's minutes, written from what happened: who came, what was decided, who stepped aside."""

from __future__ import annotations

from django.utils.translation import gettext

from jizhi.reviews.rules import Choice, Outcome
from jizhi.reviews.selectors import MeetingFrame
from jizhi.web.templatetags import jizhi as words


def draft(frame: MeetingFrame) -> str:
    """A few plain sentences; whoever keeps the minutes may change them."""
    if frame.minutes:
        return frame.minutes
    return "\n".join(part for part in (_opening(frame), _outcomes(frame), _recusals(frame)) if part)


def quorum(frame: MeetingFrame) -> str:
    """Whether enough came, in words."""
    text = (
        gettext("应到%(seats)s人，实到%(present)s人，达到规定的%(quorum)s人。")
        if frame.has_quorum
        else gettext("应到%(seats)s人，实到%(present)s人，不足规定的%(quorum)s人。")
    )
    return text % {"seats": len(frame.seats), "present": frame.present, "quorum": frame.quorum}


def _opening(frame: MeetingFrame) -> str:
    text = gettext("%(day)s，%(panel)s在%(place)s召开评议会。")
    place = frame.place or words.named(frame.village)
    return text % {"day": words.day(frame.held_on_date), "panel": frame.panel, "place": place} + quorum(frame)


def _outcomes(frame: MeetingFrame) -> str:
    found = [decision.outcome for decision in frame.decisions.values()]
    text = gettext(
        "会议评议申报%(all)s条：认定%(approved)s条，不予认定%(rejected)s条，退回补充%(returned)s条。"
    )
    return text % {
        "all": len(found),
        "approved": found.count(Outcome.APPROVE),
        "rejected": found.count(Outcome.REJECT),
        "returned": found.count(Outcome.RETURN),
    }


def _recusals(frame: MeetingFrame) -> str:
    names = sorted(
        seat.name
        for seat in frame.seats
        if any(one.choices.get(seat.id) is Choice.RECUSED for one in frame.decisions.values())
    )
    return gettext("涉及本人或近亲属的事项，%(names)s已回避。") % {"names": "、".join(names)} if names else ""
