"""What follows a first answer in the demonstration: appeals, their decisions, and letters from the public page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors as notices
from jizhi.notices import services
from jizhi.notices.rules import LetterAbout, LetterState, ObjectionState, Outcome

if TYPE_CHECKING:
    from jizhi.demo.setup import VillageParts


def appeal(parts: VillageParts, period: str, at: dt.datetime) -> None:
    """The household whose objection was dismissed last asks the supervisors."""
    rows = notices.objections(parts.staff["committee"], on=at.date(), state=ObjectionState.DISMISSED.value)
    lines = [line for line in notices.lines(rows[:4]) if line.period == period]
    for line in lines[:1]:
        services.file_appeal(
            objection=line.objection,
            grounds="答复没有说明为什么不采信邻居的证言，请再查。",
            request_key=f"demo:appeal:{line.id}",
            by=parts.household_users[line.subject_id],
            at=at,
        )


def hear(parts: VillageParts, at: dt.datetime) -> None:
    """The supervisors decide what waits for them."""
    supervisor = parts.staff["supervisor"]
    for number, task in enumerate(notices.appeals_to_hear(supervisor, on=at.date())):
        upheld = (number == 0 and at.month % 2 == 0) or ledger.is_reversed(task.objection.fact_id)
        services.answer_appeal(
            appeal=task.appeal.appeal,
            outcome=Outcome.UPHELD if upheld else Outcome.DISMISSED,
            answer="走访了三户邻居，证言一致，原认定有误。" if upheld else "调看了签到表和照片，原答复正确。",
            by=supervisor,
            at=at,
        )


def write(parts: VillageParts, at: dt.datetime) -> None:
    """Somebody writes on the public page, and a household misses an entry."""
    services.receive_letter(
        village=parts.area,
        about=LetterAbout.TOTAL,
        name="在外务工的村民",
        contact="请打给我弟弟，他在村里",
        reference="上月公示",
        words="我家两次义务劳动都去了，合计好像只算了一次，请核对。",
        by=None,
        at=at,
    )
    subject = parts.all_subjects[0]
    services.receive_letter(
        village=parts.area,
        about=LetterAbout.MISSING,
        name=subject.label,
        contact="手机消息",
        words="上月修水渠我去了半天，公示里没有。",
        subject=subject,
        by=parts.household_users[subject.pk],
        at=at,
    )


def reply(parts: VillageParts, at: dt.datetime) -> None:
    """The committee answers the letters that wait."""
    committee = parts.staff["committee"]
    waiting = notices.letters(committee, on=at.date(), state=LetterState.RECEIVED.value)
    for line in notices.letter_lines(waiting):
        try:
            services.answer_letter(
                letter=line.letter,
                state=LetterState.DISMISSED,
                answer="逐条核对了签到表，合计无误；漏报的请带证明补申报。",
                by=committee,
                at=at,
            )
        except services.Conflicted as refusal:
            services.escalate_letter(letter=line.letter, words=str(refusal), by=committee, at=at)
