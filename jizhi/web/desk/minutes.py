"""The draft of a meeting's minutes, written from what happened: who came, what was decided, who stepped aside.

Minutes are kept and signed, so they are in Chinese whichever language the desk is read in.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from jizhi.accounts.rules import Language
from jizhi.reviews.rules import Outcome, SeatRole
from jizhi.reviews.selectors import MeetingFrame
from jizhi.web.templatetags import jizhi as words


def draft(frame: MeetingFrame) -> str:
    """A few plain sentences; whoever keeps the minutes may change them."""
    if frame.minutes:
        return frame.minutes
    with translation.override(Language.CHINESE.value):
        parts = (_opening(frame), _outcomes(frame), _recusals(frame), _remarks(frame))
    return "\n".join(part for part in parts if part)


def printed(frame: MeetingFrame) -> str:
    """The minutes as they are signed: what was written, and the supervisors' words even where it leaves them out."""
    with translation.override(Language.CHINESE.value):
        text, remarks = draft(frame), _remarks(frame)
    missing = [one for one in frame.remarks if one.words not in text]
    return f"{text}\n{remarks}" if missing else text


def quorum(frame: MeetingFrame) -> str:
    """Whether enough came, in words."""
    if frame.is_ruling:
        return gettext("须回避的成员太多，评议小组无法表决，由乡镇裁定。")
    text = (
        gettext("应到%(seats)s人，实到%(present)s人，达到规定的%(quorum)s人。")
        if frame.has_quorum
        else gettext("应到%(seats)s人，实到%(present)s人，不足规定的%(quorum)s人。")
    )
    return text % {"seats": len(frame.voters), "present": frame.present, "quorum": frame.quorum}


def _opening(frame: MeetingFrame) -> str:
    text = gettext("%(day)s，%(panel)s在%(place)s召开评议会。")
    place = frame.place or words.named(frame.village)
    said = text % {"day": words.day(frame.held_on_date), "panel": frame.panel, "place": place} + quorum(frame)
    watching = [seat.name for seat in frame.observers if seat.present and seat.role is SeatRole.SUPERVISOR]
    if watching:
        said += gettext("监督员%(names)s到会监督。") % {"names": "、".join(watching)}
    return said + (gettext("本次会议无记名表决。") if frame.is_secret else "")


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
    """Everybody who stepped aside, with the grounds."""
    found: dict[int, list[str]] = {}
    for decision in frame.decisions.values():
        for seat, ground in decision.recusals.items():
            word = gettext(ground.label)
            if word not in found.setdefault(seat, []):
                found[seat].append(word)
    names = [
        gettext("%(name)s（%(grounds)s）") % {"name": seat.name, "grounds": "、".join(found[seat.id])}
        for seat in frame.seats
        if seat.id in found
    ]
    return gettext("%(names)s已回避。") % {"names": "、".join(names)} if names else ""


def _remarks(frame: MeetingFrame) -> str:
    text = gettext("监督员%(name)s的意见：%(words)s")
    return "\n".join(text % {"name": one.name, "words": one.words} for one in frame.remarks)
