"""Every channel in one village: sheets of paper, look-alike claims, tellings, a round of recognition, another system.

It stands at the visitor's day, so that each page of these has something to show. All invented.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from decimal import Decimal
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from jizhi.accounts.selectors import user_by_username
from jizhi.areas import selectors as areas
from jizhi.channels import services as channels
from jizhi.channels.rules import SheetState
from jizhi.claims import services as claims
from jizhi.claims.rules import Channel, ToldHow
from jizhi.demo import setup
from jizhi.people import selectors as people
from jizhi.recognition import services as recognition
from jizhi.recognition.rules import Score, SelfChannel
from jizhi.reviews import selectors as reviews
from jizhi.reviews import services as review_services
from jizhi.reviews.rules import Outcome

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.claims.models import Claim
    from jizhi.people.models import Subject


def play(parts: setup.VillageParts, now: dt.datetime) -> None:
    """Everything of the village, in the days before `now`."""
    at = now - dt.timedelta(days=6)
    homes = people.household_subjects(parts.area, at.date())[:24]
    _papers(parts, homes, at)
    _alike(parts, homes, now - dt.timedelta(hours=30))
    _told(parts, homes, now)
    _recognition(parts, homes, now - dt.timedelta(days=2))
    _system(parts, homes, now - dt.timedelta(days=3))


def picture(seed: int, size: tuple[int, int] = (960, 720)) -> io.BytesIO:
    """A drawn photo with many edges, so that look-alikes are found by their fingerprints."""
    rng, image = random.Random(seed), Image.new("RGB", (960, 720), (205, 215, 200))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 480, 960, 720), fill=(150, 135, 110))
    for _n in range(26):
        x, y = rng.randrange(900), rng.randrange(660)
        colour = (rng.randrange(60, 230), rng.randrange(60, 230), rng.randrange(60, 230))
        draw.rectangle((x, y, x + rng.randrange(60, 260), y + rng.randrange(40, 200)), fill=colour)
    stream = io.BytesIO()
    image.resize(size).save(stream, format="JPEG", quality=85)
    stream.seek(0)
    return stream


def _papers(parts: setup.VillageParts, homes: list[Subject], at: dt.datetime) -> None:
    """A batch with names and blanks: some keyed in, one spoiled, two that never came back."""
    by = parts.staff["recorder"]
    batch = channels.print_sheets(
        village=parts.area, scheme=setup.SCHEME, subjects=homes[:12], count=8, title="本月积分申报表",
        request_key=f"demo:papers:{parts.cast.code}", by=by, at=at,
    )  # fmt: skip
    sheets = list(batch.sheets.order_by("number"))
    day = at.date() - dt.timedelta(days=1)
    for number, subject in enumerate(homes[:5]):
        draft = claims.Draft(
            subject, "voluntary-labour" if number % 2 else "public-cleaning", day, "", words="纸质申报"
        )
        channels.key_in_sheet(
            code=sheets[number].code, subject=subject, drafts=[draft], by=by, at=at + dt.timedelta(days=2)
        )
    later = at + dt.timedelta(days=3)
    channels.settle_sheets(
        codes=[sheets[12].code], target=SheetState.SPOILED, reason="写错了，换了一张", by=by, at=later
    )
    missing = [sheet.code for sheet in sheets[13:15]]
    channels.settle_sheets(codes=missing, target=SheetState.MISSING, by=by, at=later)


def _alike(parts: setup.VillageParts, homes: list[Subject], at: dt.datetime) -> None:
    """One photo at two households' claims, smaller the second time; one act claimed by two mouths."""
    for number, size in ((6, (960, 720)), (7, (480, 360))):
        claim = _self(parts, homes[number], "public-cleaning", at, f"alike-{number}")
        by = parts.household_users[homes[number].pk]
        claims.attach_photos(claim=claim, photos=[picture(7, size)], by=by, at=at)
    _self(parts, homes[8], "voluntary-labour", at, "twice-self", words="修村口的路")
    draft = claims.Draft(
        homes[8], "voluntary-labour", at.date(), f"demo:spoken:{parts.cast.code}", words="修路（本人口述）"
    )
    channels.file_spoken(
        village=parts.area, scheme=setup.SCHEME, drafts=[draft], speaker="户主的父亲",
        spoken_at=at - dt.timedelta(hours=2), read_back=True, by=parts.staff["recorder"], at=at,
    )  # fmt: skip
    meant = homes[9].household
    neighbour = channels.Neighbour(meant.no, meant.head_name, "当面请我代报，他不会用手机")
    draft = claims.Draft(
        homes[10], "public-cleaning", at.date(), f"demo:{parts.cast.code}", words="一起扫的街"
    )
    channels.file_as_witness(
        neighbour=neighbour, scheme=setup.SCHEME, draft=draft, photos=[picture(9)],
        by=parts.household_users[homes[10].pk], at=at,
    )  # fmt: skip


def _self(
    parts: setup.VillageParts, subject: Subject, item: str, at: dt.datetime, key: str, words: str = "早上扫的"
) -> Claim:
    draft = claims.Draft(subject, item, at.date(), f"demo:{key}:{parts.cast.code}", words=words)
    (claim,) = claims.file_claims(
        village=parts.area, scheme=setup.SCHEME, drafts=[draft], channel=Channel.SELF,
        by=parts.household_users[subject.pk], at=at,
    )  # fmt: skip
    return claim


def _worker(parts: setup.VillageParts, subject: Subject) -> User:
    return parts.workers[people.areas_of_subjects([subject.pk])[subject.pk].pk]


def _told(parts: setup.VillageParts, homes: list[Subject], now: dt.datetime) -> None:
    """Deductions in every stage: not told for days, tried in vain, told by slip, in time to mend, mended."""
    kinds = ("littering", "littering", "sewage", "blocking-roads", "littering")
    ago = (9, 5, 4, 6, 3)
    stages = []
    for number, (item, days) in enumerate(zip(kinds, ago, strict=True)):
        subject, at = homes[12 + number], now - dt.timedelta(days=days)
        stages.append(_decided(parts, subject, item, at, f"fault-{number}"))
    worker = _worker(parts, homes[12])
    claims.note_attempt(
        claim_id=stages[1].pk, how=ToldHow.CALL, answer="打了两次，无人接听", by=_worker(parts, homes[13]),
        at=now - dt.timedelta(days=2),
    )  # fmt: skip
    for place, days in ((2, 2), (3, 3)):
        claims.tell_faults(
            claim_ids=[stages[place].pk], how=ToldHow.VISIT, proof=claims.Proof(person="户主本人", answer="马上整改"),
            by=_worker(parts, homes[12 + place]), at=now - dt.timedelta(days=days),
        )  # fmt: skip
    claims.confirm_correction(
        claim_id=stages[3].pk,
        photos=[picture(31)],
        note="占道的柴草已搬走",
        by=worker,
        at=now - dt.timedelta(days=1),
    )
    proof = claims.Proof(person="户主本人", photo=picture(32))
    claims.tell_faults(
        claim_ids=[stages[4].pk], how=ToldHow.SLIP, proof=proof, by=_worker(parts, homes[16]),
        at=now - dt.timedelta(days=1),
    )  # fmt: skip


def _decided(parts: setup.VillageParts, subject: Subject, item: str, at: dt.datetime, key: str) -> Claim:
    """A fault that the panel decided in a small meeting of its own."""
    worker, recorder = _worker(parts, subject), parts.staff["recorder"]
    grade = "1" if item == "blocking-roads" else ""
    draft = claims.Draft(subject, item, at.date(), f"demo:{key}:{parts.cast.code}", words="巡查发现")
    (claim,) = claims.file_claims(
        village=parts.area, scheme=setup.SCHEME, drafts=[draft], channel=Channel.WORKER, by=worker, at=at
    )
    (claim,) = claims.verify_claims(claim_ids=[claim.pk], note="现场看过", by=worker, at=at)
    seats = [seat.id for seat in reviews.seats_of(parts.panel)]
    meeting = review_services.open_meeting(
        panel=parts.panel, held_on_date=at.date(), place="村委会会议室", case_ids=[claim.case_id or 0],
        seat_ids=seats, by=recorder, at=at,
    )  # fmt: skip
    (claim,) = claims.decide_claims(
        meeting=meeting,
        rulings=[claims.ClaimRuling(claim.pk, Outcome.APPROVE, grade=grade)],
        by=recorder,
        at=at,
    )
    review_services.close_meeting(meeting=meeting, minutes="逐项评议。", by=recorder, at=at)
    return claim


def _recognition(parts: setup.VillageParts, homes: list[Subject], at: dt.datetime) -> None:
    """A round under way: some scored by themselves, some by the team, one decided."""
    recorder, last = parts.staff["recorder"], at.date()
    row = recognition.open_round(
        village=parts.area, scheme=setup.SCHEME, title=f"{last.year}年三方认定", from_date=last.replace(month=1, day=1),
        to_date=last, self_until_date=last + dt.timedelta(days=14), by=recorder, at=at,
    )  # fmt: skip
    sheets = {sheet.subject_id: sheet for sheet in row.sheets.filter(subject__in=homes)}
    own = {"volunteering": Score(Decimal(4), words="河岸清理"), "voluntary-labour": Score(Decimal(2)),
           "neighbour-help": Score(Decimal(1), "with-machine", "帮隔壁收玉米")}  # fmt: skip
    team = {"volunteering": Score(Decimal(4)), "voluntary-labour": Score(Decimal(1), words="签到表上一次"),
            "neighbour-help": Score(Decimal(1), "with-machine")}  # fmt: skip
    for subject in homes[:6]:
        user = parts.household_users[subject.pk]
        recognition.score_self(
            sheet_id=sheets[subject.pk].pk, scores=own, channel=SelfChannel.PHONE, by=user, at=at
        )
    for number, subject in enumerate(homes[:3]):
        recognition.score_team(
            sheet_id=sheets[subject.pk].pk, scores=team, photos={"voluntary-labour": [picture(40 + number)]},
            by=_worker(parts, subject), at=at + dt.timedelta(hours=5),
        )  # fmt: skip
    later = at + dt.timedelta(days=1)
    meeting = review_services.open_meeting(
        panel=parts.panel, held_on_date=later.date(), place="村委会会议室", case_ids=[],
        seat_ids=[seat.id for seat in reviews.seats_of(parts.panel)], by=recorder, at=later,
    )  # fmt: skip
    recognition.decide_sheet(
        sheet_id=sheets[homes[0].pk].pk, meeting=meeting, scores=team | {"voluntary-labour": own["voluntary-labour"]},
        reason="村里劳动记录本上是两次", by=recorder, at=later,
    )  # fmt: skip
    review_services.close_meeting(meeting=meeting, minutes="三方认定，逐条表决。", by=recorder, at=later)


def _system(parts: setup.VillageParts, homes: list[Subject], at: dt.datetime) -> None:
    """The county's volunteering platform pushed two deeds of its own accord."""
    county = parts.area.parent.parent if parts.area.parent else None
    assert county is not None  # the demonstration has one
    staff = areas.area_by_code(county.code)
    owner = user_by_username("county")
    assert owner is not None
    system = channels.register_system(
        name="演示县志愿服务平台",
        area=staff,
        items=[(setup.SCHEME, one) for one in ("volunteering", "voluntary-labour")],
        by=owner,
        at=at,
    )
    channels.issue_key(system_id=system.pk, by=owner, at=at)
    for number, subject in enumerate(homes[18:20]):
        push = channels.Push(
            f"zy-{number + 1:06d}", parts.area.code, "volunteering", at.date(), household=subject.household.no,
            quantity=Decimal("2.5"), words="平台签到：河道清理",
        )  # fmt: skip
        channels.push_claim(system=system, push=push, by=owner, at=at)
