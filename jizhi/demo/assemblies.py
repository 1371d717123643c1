"""What a demonstration village resolved: a fund in use, one with the township, one that failed; and its pledges."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import io
import random
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from jizhi.assemblies import services
from jizhi.assemblies.rules import PLEDGE_TEXT, About, Answer, Counts, EntryKind
from jizhi.demo import setup
from jizhi.demo.month import moment
from jizhi.people import selectors as people
from jizhi.schemes import selectors as schemes
from jizhi.schemes.rules import MeetingKind

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.assemblies.models import Assembly

CARRIED, LOST = Counts(45, 41, 36, 3, 2), Counts(45, 27, 25, 1, 1)
SPENT = ((32_000, "采购洗衣粉、毛巾"), (18_650, "采购食用油"), (9_800, "积分存折印制"))


def play(part: setup.VillageParts, operator: User, first: dt.date, now: dt.datetime) -> None:
    """From the first month on: the fund, what was bought, the pledges; what waits for the visitor comes last."""
    begin = moment(first + dt.timedelta(days=2), 19)
    _fund(part, operator, begin, now)
    recent = now - dt.timedelta(days=3)
    waiting = _record(part, _money("下半年积分超市资金", recent, recent), CARRIED, recent)
    services.file_assembly(
        assembly_id=waiting.pk,
        filing_number=f"{part.cast.name}〔{recent.year}〕12号",
        by=part.staff["recorder"],
        at=recent,
    )
    lost = services.Motion(About.OTHER, "调整积分超市开放日", "每月开放日由1日改为15日。")
    _record(part, lost, LOST, recent)
    _split(part, operator, first, recent)
    _pledges(part, begin, now)


def _money(title: str, begin: dt.datetime, end: dt.datetime) -> services.Motion:
    last = max(end.date(), begin.date()) + dt.timedelta(days=180)
    return services.Motion(
        About.FUND, title, "从村集体经营收入中列支人民币六千元，专用于积分超市采购，收支按季公布。", fen=600_000,
        source="村集体经营收入", from_date=begin.date(), to_date=last,
    )  # fmt: skip


def _record(part: setup.VillageParts, motion: services.Motion, counts: Counts, at: dt.datetime) -> Assembly:
    return services.record_assembly(
        village=part.area, motion=motion, kind=MeetingKind.REPRESENTATIVES,
        announced_date=at.date() - dt.timedelta(days=5), held_on_date=at.date(), place="村委会会议室",
        chair=part.staff["committee"].display_name.partition("（")[0],
        recorder=part.staff["recorder"].display_name.partition("（")[0],
        counts=counts, by=part.staff["recorder"], at=at,
    )  # fmt: skip


def _on_file(row: Assembly, part: setup.VillageParts, operator: User, at: dt.datetime) -> None:
    services.file_assembly(
        assembly_id=row.pk,
        filing_number=f"{part.cast.name}〔{at.year}〕{row.pk}号",
        by=part.staff["recorder"],
        at=at,
    )
    services.acknowledge_assembly(
        assembly_id=row.pk, receipt=f"青禾镇备〔{at.year}〕{100 + row.pk}号", by=operator, at=at
    )


def _fund(part: setup.VillageParts, operator: User, begin: dt.datetime, now: dt.datetime) -> None:
    row = _record(part, _money("积分超市资金", begin, now), CARRIED, begin)
    _on_file(row, part, operator, begin)
    committee = part.staff["committee"]
    fund = services.activate_fund(assembly_id=row.pk, by=committee, at=begin)
    moves = [(EntryKind.IN, 300_000, "村集体拨入"), *((EntryKind.OUT, fen, text) for fen, text in SPENT)]
    for number, (kind, fen, text) in enumerate(moves):
        at = begin + dt.timedelta(days=10 * number)
        if at <= now:
            services.enter_money(
                fund_id=fund.pk, kind=kind, fen=fen, date=at.date(), text=text,
                request_key=f"demo:fund:{fund.pk}:{number}", by=committee, at=at,
            )  # fmt: skip


def _split(part: setup.VillageParts, operator: User, first: dt.date, at: dt.datetime) -> None:
    """A dividend by the first month's points, on file; where that month is final, shared out."""
    motion = services.Motion(
        About.DIVIDEND, "积分分红", "从单列的积分奖励资金中拿出两千元，按当月积分分配。", fen=200_000,
        source="积分奖励专项资金", period=f"{first:%Y-%m}", own_pool=True,
    )  # fmt: skip
    row = _record(part, motion, CARRIED, at)
    _on_file(row, part, operator, at)
    try:
        services.activate_dividend(assembly_id=row.pk, scheme=setup.SCHEME, by=part.staff["committee"], at=at)
    except services.NoDividend:
        return  # the visitor sees the resolution and why nothing can be shared out yet


def _pledges(part: setup.VillageParts, begin: dt.datetime, now: dt.datetime) -> None:
    """Two households of three have signed with the finger, one in nine was not met, the others are open.

    The year has been lived by now: whoever was merged or moved away meanwhile holds no card here and is passed over.
    """
    found = schemes.activation_on(part.area, setup.SCHEME, now.date())
    if found is None:
        return
    pledge = services.ask_pledges(
        village=part.area, version=found.version, text=PLEDGE_TEXT, by=part.staff["committee"], at=begin
    )
    users = people.users_of_village(part.area)
    for number, subject in enumerate(part.all_subjects):
        if subject.pk not in users:
            continue
        key, at = f"demo:pledge:{pledge.pk}:{subject.pk}", begin + dt.timedelta(minutes=number)
        if number % 9 == 8:
            services.record_answer(
                pledge_id=pledge.pk, subject=subject, answer=Answer.ABSENT, note="外出务工，春节返乡后再签。",
                request_key=key, by=part.staff["recorder"], at=at,
            )  # fmt: skip
        elif number % 3 != 2:
            services.sign_pledge(
                pledge_id=pledge.pk, subject=subject, signer=subject.household.head_name, drawing=_drawing(number),
                request_key=key, by=users[subject.pk], at=at,
            )  # fmt: skip


@functools.cache
def _picture(stroke: int) -> str:
    picture, buffer = Image.new("RGBA", (640, 300)), io.BytesIO()
    pen, rng = ImageDraw.Draw(picture), random.Random(stroke)
    points = [(60 + 65 * n, rng.randrange(50, 250)) for n in range(9)]
    pen.line(points, fill="black", width=6, joint="curve")
    picture.save(buffer, format="PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def _drawing(number: int) -> str:
    """A scribble as a phone sends it; twenty different ones are enough."""
    return f"data:image/png;base64,{_picture(number % 20)}"
