"""The demonstration's panels: who they are in the register, kin, signed sheets, reports, a circulation, a re-check.

Everything goes through the services, at the moment at which it would have happened.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from jizhi import prints
from jizhi.accounts.selectors import user_by_username
from jizhi.claims import selectors as claims
from jizhi.claims import services as claim_services
from jizhi.demo.month import Event, moment
from jizhi.organisations import services as organisations
from jizhi.oversight import selectors as oversight
from jizhi.oversight import services as oversight_services
from jizhi.people import services as people_services
from jizhi.people.rules import Kin, KinSource
from jizhi.reviews import selectors as reviews
from jizhi.reviews import services as review_services
from jizhi.reviews.rules import Choice, SeatRole

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.demo.setup import VillageParts
    from jizhi.people.models import Person, Subject

FONT = Path(prints.__file__).parent / "fonts" / "NotoSansSC_400Regular.ttf"
PANEL = ("panel1", "panel2", "panel3", "panel4", "panel5")
WEEKS = 8
# Whose relatives live where: member, household by place in the village, what they are to the member, known from.
KIN = (
    ("panel1", 5, Kin.SIBLING, KinSource.PERSON),
    ("panel1", 17, Kin.PARENT_IN_LAW, KinSource.PERSON),
    ("panel2", 23, Kin.CHILD, KinSource.VILLAGE),
    ("panel3", 40, Kin.NEPHEW, KinSource.FAMILY),
)


def _head(subject: Subject) -> Person | None:
    head: Person | None = subject.household.head
    return head


def prepare(part: VillageParts, operator: User, first: dt.date) -> None:
    """Recorder and supervisor get their seats, the members are told to be who they are, kin are declared."""
    at = moment(first, 9)
    for name, role in (("recorder", SeatRole.RECORDER), ("supervisor", SeatRole.SUPERVISOR)):
        review_services.add_seat(
            panel=part.panel, user=part.staff[name], role=role, from_date=at.date(), by=operator, at=at
        )
    heads = {head.name: head for head in map(_head, part.all_subjects) if head is not None}
    members: dict[str, Person] = {}
    for name in PANEL:
        person = heads.get(part.staff[name].display_name.split("（")[0])
        if person is not None:
            organisations.link_staff_person(user=part.staff[name], person=person, by=operator, at=at)
            members[name] = person
    for name, place, kin, source in KIN:
        relative = _head(part.all_subjects[place]) if place < len(part.all_subjects) else None
        if name in members and relative is not None and relative.pk != members[name].pk:
            people_services.declare_kin(
                person=members[name], relative=relative, kin=kin, source=source, from_date=at.date(),
                by=part.staff["recorder"], at=at,
            )  # fmt: skip


def weekly(part: VillageParts, now: dt.datetime) -> Iterator[Event]:
    """The reports of the last weeks, sent in the night; one village owes the last one."""
    day = now.date() - dt.timedelta(days=now.isoweekday() - 1)
    owed = part.cast.shows == "notice-due"
    for number in range(1 if owed else 0, WEEKS):

        def send(at: dt.datetime) -> None:
            oversight_services.send_report(village=part.area, by=None, at=at)

        yield moment(day - dt.timedelta(weeks=number), 0, 30), send


def sign(part: VillageParts, now: dt.datetime) -> None:
    """The signed minutes of the recent meetings, but for the last: that one is still to be done."""
    recorder, since = part.staff["recorder"], now.date() - dt.timedelta(days=62)
    found = reviews.unsigned_meetings(recorder, on=now.date(), since=since)
    for line in found[:-1]:
        frame = reviews.meeting_frame(recorder, line.id, on=now.date())
        names = [seat.name.split("（")[0] for seat in frame.seats if seat.present]
        photo = _sheet(f"{line.panel}  {line.held_on_date:%Y-%m-%d}", names)
        at = min(moment(line.held_on_date + dt.timedelta(days=1), 9), now)
        review_services.attach_signed_sheet(meeting=frame.meeting, photos=[photo], by=recorder, at=at)


def _sheet(title: str, names: list[str]) -> io.BytesIO:
    """A page as somebody would photograph it: a title, and a name on each line."""
    page = Image.new("RGB", (900, 1200), "#f4f1e8")
    pen, large, small = ImageDraw.Draw(page), ImageFont.truetype(FONT, 34), ImageFont.truetype(FONT, 30)
    pen.text((70, 80), title, fill="#222222", font=large)
    pen.text((70, 160), "到会成员签字", fill="#222222", font=small)
    for number, name in enumerate(names):
        y = 260 + number * 110
        pen.line((70, y + 60, 520, y + 60), fill="#999999", width=2)
        pen.text((90, y + 8), name, fill="#1b2f6b", font=large)
    content = io.BytesIO()
    page.save(content, "JPEG", quality=80)
    content.seek(0)
    return content


def circulate(part: VillageParts, now: dt.datetime) -> None:
    """Some small merits go round since this morning; two members have answered."""
    cases = claims.cases_to_circulate(part.area)[:3]
    if not cases or part.cast.shows == "notice-due":
        return
    at = now - dt.timedelta(hours=2)
    meeting = claim_services.circulate_claims(
        village=part.area, case_ids=cases, by=part.staff["recorder"], at=at
    )
    answering = PANEL if part.cast.shows == "finalised" else PANEL[2:4]
    for name in answering:
        mine = next(
            (
                one
                for one in claims.circulations_to_answer(part.staff[name], on=at.date())
                if one.meeting == meeting
            ),
            None,
        )
        for case in mine.case_ids if mine else ():
            claim_services.answer_circulation(
                meeting=meeting, case_id=case, choice=Choice.FOR, words="看过照片，情况属实。",
                by=part.staff[name], at=at + dt.timedelta(minutes=40),
            )  # fmt: skip


def recheck(part: VillageParts, now: dt.datetime) -> None:
    """The township returned one of the last decisions of a village."""
    town = user_by_username("town")
    if town is None or part.cast.shows != "notice-due":
        return
    rows = oversight.decided_cases(town, on=now.date(), village_code=part.area.code)[:40]
    for line in oversight.decided_lines(rows, now.date()):
        if line.may_return and not line.claim.is_fault:
            oversight_services.return_decision(
                decision_id=line.id, reason="佐证照片看不出日期，请评议小组核实后重新评议。", by=town,
                at=now - dt.timedelta(hours=3),
            )  # fmt: skip
            return


def play(part: VillageParts, now: dt.datetime) -> None:
    """What the visitor finds under way."""
    sign(part, now)
    circulate(part, now)
    recheck(part, now)
