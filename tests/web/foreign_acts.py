"""One row each of what fair process leaves behind, so that no protected table of the home village is empty.

Claims of their own, so that what the walk opens stays as it is. Asserts nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PIL import Image

from jizhi.channels import services as channels
from jizhi.claims import services as claims
from jizhi.claims.rules import Verdict
from jizhi.matters import services as matters
from jizhi.matters.rules import Channel, ToldHow
from jizhi.notices import services as notices
from jizhi.notices.rules import ObjectionChannel, OrderKind
from jizhi.notices.rules import Outcome as HearingOutcome
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import Role
from jizhi.oversight import services as oversight
from jizhi.participants import services as participants
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.recognition import services as recognition
from jizhi.recognition.rules import Score
from jizhi.reviews import services as reviews
from jizhi.reviews.rules import Choice, Outcome, SeatRole, Voting
from jizhi.schemes import selectors as schemes
from jizhi.schemes import services as scheme_services
from tests import scored
from tests.web import shiqiao

ITEM = "public-cleaning"


def fill(home: shiqiao.Village, today: dt.date) -> None:
    """Everything, through the services."""
    _withheld(home, today)
    _notices(home, today)
    _channels(home, today)
    _derived(home, today)
    _panel(home, today)
    _recognition(home, today)
    _participant(home, today)
    _witnessed(home, today)


def _draft(home: shiqiao.Village, no: str, day: dt.date, key: str) -> claims.Draft:
    return claims.Draft(home.households[no].subject, ITEM, day, key)


def _participant(home: shiqiao.Village, today: dt.date) -> None:
    """Somebody of the home village who is scored as a worker: the household's card and the own account act for them."""
    root, at = home.users["root"], shiqiao.moment(today)
    scored.adopt(home.village, "worker", root)
    person = home.households["003"].memberships.order_by("id").first().person
    made = participants.enrol_by_hand(
        village=home.village, scheme="worker", person=person, from_date=today, by=root, at=at
    )
    home.made["participant"] = made
    organisations.link_staff_person(user=home.users["worker"], person=person, by=root, at=at)


def _witnessed(home: shiqiao.Village, today: dt.date) -> None:
    """A neighbour claimed for the branch that the head of household 003 leads."""
    root, at, made = home.users["root"], shiqiao.moment(today), home.made
    scored.adopt(home.village, "branch", root)
    person = home.households["003"].memberships.order_by("id").first().person
    organisations.add_belonging(
        organisation=made["organisation"], person=person, role=Role.SECRETARY, from_date=today, by=root, at=at
    )
    (one,) = scored.follow(home.village, "branch", root, today)
    made["witnessed"] = channels.file_as_witness(
        neighbour=channels.Neighbour(no="0001", name=one.subject.label, consent="当面说好"),
        scheme="branch",
        draft=claims.Draft(home.households["002"].subject, "theme-day", today, "acts-witnessed"),
        by=home.household_user("002"),
        at=at,
    )


def _notices(home: shiqiao.Village, today: dt.date) -> None:
    """A longer window, clocks set by the county, and an order that takes points back which were credited."""
    root, at, notice = home.users["root"], shiqiao.moment(today), home.made["notice"]
    notices.extend_window(
        notice=notice,
        to_date=notice.window_to_date + dt.timedelta(days=2),
        reason="雨天少人看",
        by=root,
        at=at,
    )
    pack = schemes.pack_of(home.village)
    assert pack is not None
    longer = dataclasses.replace(schemes.clocks(home.village), window_days=12)
    scheme_services.change_clocks(pack=pack, clocks=longer, reason="县里统一", by=root, at=at)
    page = io.BytesIO()
    Image.new("RGB", (48, 64), "white").save(page, format="PNG")
    page.seek(0)
    old = home.households["006"].subject.facts.order_by("act_date").first()
    notices.enter_order(
        fact_id=old.pk, kind=OrderKind.TOWNSHIP, number="镇〔2026〕3号", issuer="柳河镇人民政府", order_date=today,
        upheld=True, words="当天不在村里", scan=page, by=root, at=at,
    )  # fmt: skip


def _withheld(home: shiqiao.Village, today: dt.date) -> None:
    """An entry of an earlier month whose points reached the wallet and are held again, since an appeal waits."""
    committee, month = home.users["committee"], shiqiao.first_of(today, 3)
    claim = shiqiao.file(home, "006", ITEM, month.replace(day=9))
    shiqiao.verify(home, [claim], shiqiao.moment(month.replace(day=12)))
    shiqiao.decide(home, [claim], month.replace(day=25))
    claim.refresh_from_db()
    days = [shiqiao.moment(today - dt.timedelta(days=back)) for back in (17, 16, 8, 5)]
    notice = notices.post_notice(
        village=home.village, scheme="household", period=f"{month:%Y-%m}", by=committee, at=days[0]
    )
    objection = notices.file_objection(
        notice=notice, fact_id=claim.fact_id, subject=home.households["005"].subject, grounds="没有来",
        channel=ObjectionChannel.PHONE_PAGE, request_key="acts-objection", by=home.household_user("005"), at=days[1],
    )  # fmt: skip
    notices.answer_objection(
        objection=objection, outcome=HearingOutcome.DISMISSED, answer="有照片", by=committee, at=days[2]
    )
    notices.finalise_notice(notice=notice, by=committee, at=days[3])
    notices.file_appeal(
        objection=objection, grounds="照片是别的日子", request_key="acts-appeal", by=home.household_user("005"),
        at=shiqiao.moment(today),
    )  # fmt: skip


def _channels(home: shiqiao.Village, today: dt.date) -> None:
    """A claim by each way in, and a pair of them compared."""
    root, at, day = home.users["root"], shiqiao.moment(today), today - dt.timedelta(days=2)
    (spoken,) = channels.file_spoken(
        village=home.village, scheme="household", drafts=[_draft(home, "005", day, "acts-spoken")],
        speaker="本人", spoken_at=at, read_back=True, by=root, at=at,
    )  # fmt: skip
    neighbour = channels.Neighbour(no="003", name=home.households["003"].head_name, consent="当面说好")
    channels.file_as_witness(
        neighbour=neighbour, scheme="household", draft=_draft(home, "002", day, "acts-witness"),
        by=home.household_user("002"), at=at,
    )  # fmt: skip
    subject = home.households["004"].subject
    sheet = channels.print_sheets(
        village=home.village,
        scheme="household",
        subjects=[subject],
        request_key="acts-papers",
        by=root,
        at=at,
    ).sheets.get()
    channels.key_in_sheet(
        code=sheet.code, subject=subject, drafts=[_draft(home, "004", day, "acts-paper")], by=root, at=at
    )
    _key, secret = channels.issue_key(system_id=home.made["system"].pk, by=root, at=at)
    push = channels.Push("acts-push", home.village.code, ITEM, day, household="005")
    pushed = channels.push_claim(system=channels.open_by_key(secret=secret, at=at), push=push, by=root, at=at)
    claims.compare_claims(
        claim_id=spoken.pk, other_id=pushed.pk, verdict=Verdict.DIFFERENT, by=home.users["worker"], at=at
    )


def _derived(home: shiqiao.Village, today: dt.date) -> None:
    """Dangers that households reported, found solved: one gives a claim, the other was claimed by hand before."""
    shiqiao.file(home, "004", "hazard-report", today, key="acts-by-hand")
    for no in ("002", "004"):
        _solved(home, no, today)
    channels.derive_claims(village=home.village, at=shiqiao.moment(today))


def _solved(home: shiqiao.Village, no: str, today: dt.date) -> None:
    at, committee = shiqiao.moment(today), home.users["committee"]
    report = matters.Report(
        village=home.village, kind="safety", words="井盖松了", request_key=f"acts-matter-{no}", area=home.grids[0],
        place="村口", household=home.households[no],
    )  # fmt: skip
    matter = matters.report_matter(
        report=report, channel=Channel.HOUSEHOLD, by=home.household_user(no), at=at
    )
    matters.dispatch_matter(matter_id=matter.pk, assignee=committee, words="请看", by=committee, at=at)
    matters.handle_matter(matter_id=matter.pk, words="已固定", by=committee, at=at)
    matters.recheck_matter(matter_id=matter.pk, solved=True, words="看过", by=home.users["worker"], at=at)
    matters.close_matter(
        matter_id=matter.pk, feedback="办好了", told_how=ToldHow.CALL, by=home.users["worker"], at=at
    )


def _panel(home: shiqiao.Village, today: dt.date) -> None:
    """A secret vote from which the chair steps aside, a supervisor's remark, an answer by circulation, a re-check."""
    root, chair, at = home.users["root"], home.users["chair"], shiqiao.moment(today)
    watcher = shiqiao._user("acts-supervisor", "韩监督", root, at)
    posts.assign_post(
        user=watcher, kind=PostKind.SUPERVISOR, area=home.village, from_date=today, by=root, at=at
    )
    seat = reviews.add_seat(
        panel=home.panel, user=watcher, role=SeatRole.SUPERVISOR, from_date=today, by=root, at=at
    )
    person = home.households["004"].memberships.order_by("id").first().person
    organisations.link_staff_person(user=chair, person=person, by=root, at=at)
    filed = [
        shiqiao.file(home, no, "voluntary-labour", today - dt.timedelta(days=1)) for no in ("004", "006")
    ]
    shiqiao.verify(home, filed, at)
    for claim in filed:
        claim.refresh_from_db()
    meeting = reviews.open_meeting(
        panel=home.panel, held_on_date=today, place="村委会", case_ids=[claim.case_id for claim in filed],
        seat_ids=list(home.panel.seats.values_list("pk", flat=True)), voting=Voting.SECRET, by=chair, at=at,
    )  # fmt: skip
    claims.decide_claims(
        meeting=meeting,
        rulings=[claims.ClaimRuling(claim.pk, Outcome.APPROVE) for claim in filed],
        by=chair,
        at=at,
    )
    reviews.record_remark(meeting=meeting, seat_id=seat.pk, words="程序合规", by=watcher, at=at)
    filed[1].refresh_from_db()
    oversight.return_decision(
        decision_id=filed[1].case.decisions.get().pk, reason="请写明地点", by=root, at=at
    )
    circulation = home.made["circulation"]
    claims.answer_circulation(
        meeting=circulation, case_id=circulation.agenda.get().case_id, choice=Choice.FOR,
        by=home.users["panel2"], at=at,
    )  # fmt: skip


def _recognition(home: shiqiao.Village, today: dt.date) -> None:
    """A sheet scored by the team and decided."""
    at, scores = shiqiao.moment(today), {ITEM: Score(Decimal(1))}
    sheet = home.made["round"].sheets.get(subject=home.households["006"].subject)
    recognition.score_team(sheet_id=sheet.pk, scores=scores, photos={}, by=home.users["worker2"], at=at)
    meeting = reviews.open_meeting(
        panel=home.panel, held_on_date=today, place="村委会", case_ids=[],
        seat_ids=list(home.panel.seats.values_list("pk", flat=True)), by=home.users["chair"], at=at,
    )  # fmt: skip
    recognition.decide_sheet(sheet_id=sheet.pk, meeting=meeting, scores=scores, by=home.users["chair"], at=at)


def _participant_id(home: shiqiao.Village) -> dict[str, Any]:
    return {"participant_id": home.made["participant"].pk}


def _scored(home: shiqiao.Village) -> dict[str, Any]:
    return {"subject_id": home.made["participant"].subject_id}


def _worker_scheme(home: shiqiao.Village) -> dict[str, Any]:
    return {"code": home.village.code, "scheme": "worker"}


# Addresses of whoever is scored as a person.
HOME: dict[str, Callable[[shiqiao.Village], dict[str, Any]]] = {
    **dict.fromkeys(["register:participant", "register:participant_end"], _participant_id),
    **dict.fromkeys(["register:participants_following", "register:participant_new"], _worker_scheme),
    **dict.fromkeys(
        [
            "resident:family_member",
            "resident:family_claim_new",
            "desk:own_subject",
            "desk:own_claim_new",
            "register:person_counter",
        ],
        _scored,
    ),
    **dict.fromkeys(
        ["resident:family_claim_form", "desk:own_claim_form"],
        lambda home: _scored(home) | {"item_id": "full-month"},
    ),
    "resident:witness_scheme": lambda home: {"scheme": "branch"},
    "resident:witness_scheme_form": lambda home: {"scheme": "branch", "item_id": "theme-day"},
    **dict.fromkeys(
        ["resident:witnessed", "resident:witnessed_refusal"],
        lambda home: {"claim_id": home.made["witnessed"].pk},
    ),
    "field:member_claim_new": lambda home: _scored(home) | {"household_id": home.households["003"].pk},
    "field:member_claim_form": lambda home: (
        _scored(home) | {"household_id": home.households["003"].pk, "item_id": "brings-others"}
    ),
}
