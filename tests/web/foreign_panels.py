"""What the two villages' tests need of panels: kin, a signed sheet, a circulation, a weekly report. Asserts nothing."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PIL import Image

from jizhi.organisations import services as organisations
from jizhi.oversight import services as oversight
from jizhi.people import services as people
from jizhi.people.rules import Kin, KinSource
from jizhi.recognition import services as recognition
from jizhi.recognition.rules import Score
from jizhi.reviews import services as reviews
from tests.web import shiqiao


def fill(home: shiqiao.Village, today: dt.date) -> None:
    """Everything, through the services; the circulated claim is one the panel has not seen."""
    root, at, made = home.users["root"], shiqiao.moment(today), home.made
    heads = [home.households[no].memberships.order_by("id").first().person for no in ("001", "002")]
    made["kin_person"] = heads[0]
    made["kinship"] = people.declare_kin(
        person=heads[0], relative=heads[1], kin=Kin.SIBLING, source=KinSource.VILLAGE, from_date=today,
        by=root, at=at,
    )  # fmt: skip
    claim = shiqiao.file(home, "006", "public-cleaning", today - dt.timedelta(days=1))
    shiqiao.verify(home, [claim], at)
    claim.refresh_from_db()
    made["circulation"] = reviews.start_circulation(
        panel=home.panel, case_ids=[claim.case_id], due_date=today, by=home.users["chair"], at=at
    )
    closed = home.panel.meetings.filter(state="closed").first()
    photo = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(photo, format="PNG")
    photo.seek(0)
    (made["signed_sheet"],) = reviews.attach_signed_sheet(meeting=closed, photos=[photo], by=root, at=at)
    made["decision"] = closed.decisions.exclude(outcome="return").first()
    made["beyond"] = _beyond(home, today)
    made["beyond_sheet"] = _scored(home, today)
    made["weekly"] = oversight.send_report(village=home.village, by=root, at=at)


def _beyond(home: shiqiao.Village, today: dt.date) -> Any:
    """A claim that waits for the township: two of the three who vote live in its household."""
    root, at = home.users["root"], shiqiao.moment(today)
    members = home.households["005"].memberships.order_by("id")[1:3]
    for name, member in zip(("panel2", "panel3"), members, strict=True):
        organisations.link_staff_person(user=home.users[name], person=member.person, by=root, at=at)
    claim = shiqiao.file(home, "005", "public-cleaning", today - dt.timedelta(days=1), key="beyond")
    shiqiao.verify(home, [claim], at)
    claim.refresh_from_db()
    return claim


def _scored(home: shiqiao.Village, today: dt.date) -> Any:
    """The sheet of the same household, scored by the team: it waits for the township as well."""
    sheet = home.made["round"].sheets.get(subject=home.households["005"].subject)
    scores = {"public-cleaning": Score(Decimal(1))}
    return recognition.score_team(
        sheet_id=sheet.pk, scores=scores, photos={}, by=home.users["root"], at=shiqiao.moment(today)
    )


def _seat(home: shiqiao.Village) -> dict[str, Any]:
    return _panel(home) | {"seat_id": home.panel.seats.first().pk}


def _panel(home: shiqiao.Village) -> dict[str, Any]:
    return {"panel_id": home.panel.pk}


def _meeting(home: shiqiao.Village) -> dict[str, Any]:
    return {"meeting_id": home.made["meeting"].pk}


def _circulation(home: shiqiao.Village) -> dict[str, Any]:
    return {"meeting_id": home.made["circulation"].pk}


def _kin(home: shiqiao.Village) -> dict[str, Any]:
    return {"person_id": home.made["kin_person"].pk}


HOME: dict[str, Callable[[shiqiao.Village], dict[str, Any]]] = {
    **dict.fromkeys(["desk:panel", "desk:panel_end", "desk:seat_new"], _panel),
    **dict.fromkeys(["desk:seat_end", "desk:seat_person"], _seat),
    **dict.fromkeys(
        [
            "desk:meeting_code", "desk:meeting_code_picture", "desk:meeting_sign_in", "desk:meeting_remark",
            "desk:meeting_sheets",
        ],
        _meeting,
    ),
    "desk:meeting_sheet": lambda home: {"sheet_id": home.made["signed_sheet"].pk},
    **dict.fromkeys(["desk:circulation_answers", "desk:circulation_conclusion"], _circulation),
    **dict.fromkeys(["desk:report", "desk:report_print"], lambda home: {"report_id": home.made["weekly"].pk}),
    "desk:ruling": lambda home: {"claim_id": home.made["beyond"].pk},
    "desk:sheet_ruling": lambda home: {"sheet_id": home.made["beyond_sheet"].pk},
    "desk:decision_return": lambda home: {"decision_id": home.made["decision"].pk},
    "register:kin_new": _kin,
    "register:kin_end": lambda home: _kin(home) | {"kinship_id": home.made["kinship"].pk},
}  # fmt: skip


def sent(home: shiqiao.Village) -> dict[str, Any]:
    """What the forms of these pages ask for, pointing at the home village."""
    seat = home.panel.seats.first()
    return {
        "user": seat.user_id, "role": "member", "last_day": "2026-06-15", "quorum": 3,
        "person": home.made["kin_person"].pk, "relative": home.made["kin_person"].pk, "kin": "sibling",
        "source": "village", "seat": seat.pk, "voting": "open",
    }  # fmt: skip
