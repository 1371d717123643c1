"""Shiqiao's resolutions, fund, dividend and pledge: one of each through the services, and the addresses of their pages.

Nothing here asserts anything.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pypdf
from PIL import Image, ImageDraw

from jizhi.assemblies import selectors, services
from jizhi.assemblies.rules import PLEDGE_TEXT, About, Counts, EntryKind
from jizhi.schemes.rules import MeetingKind
from tests.web import shiqiao

CHAIR, FUND, DIVIDEND, SPENT, SIGNER = "祁主持", "古槐积分资金", "古槐积分分红", "买古槐牌洗衣粉", "欧阳签字"
MARKERS = (CHAIR, SPENT, SIGNER)
COUNTS = Counts(30, 27, 25, 1, 1)


def drawing() -> str:
    """A signature as the canvas sends it."""
    picture, buffer = Image.new("RGBA", (640, 300)), io.BytesIO()
    ImageDraw.Draw(picture).line([(50, 250), (300, 40), (600, 250)], fill="black", width=6)
    picture.save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def record(home: shiqiao.Village, motion: services.Motion, day: dt.date, **changed: Any) -> Any:
    """One carried record."""
    about = {
        "village": home.village, "kind": MeetingKind.REPRESENTATIVES, "announced_date": day, "held_on_date": day,
        "chair": CHAIR, "recorder": "孙记录", "counts": COUNTS, "by": home.users["recorder"],
        "at": shiqiao.moment(day),
    }  # fmt: skip
    return services.record_assembly(motion=motion, **(about | changed))


def on_file(home: shiqiao.Village, row: Any, day: dt.date) -> Any:
    """The same after the township's answer."""
    at, root = shiqiao.moment(day), home.users["root"]
    services.file_assembly(
        assembly_id=row.pk, filing_number=f"石村{row.pk}号", by=home.users["recorder"], at=at
    )
    return services.acknowledge_assembly(assembly_id=row.pk, receipt=f"柳备{row.pk}号", by=root, at=at)


def fill(home: shiqiao.Village, today: dt.date) -> None:
    """One of everything; whatever has a page of its own is remembered in `made`."""
    at, made, committee = shiqiao.moment(today), home.made, home.users["committee"]
    motion = services.Motion(
        About.FUND, FUND, "从经营收入列支。", fen=300_000, source="村集体经营收入", from_date=today,
        to_date=today + dt.timedelta(days=180),
    )  # fmt: skip
    made["recorded"] = record(home, motion, today)
    made["filed_record"] = record(home, motion, today)
    services.file_assembly(assembly_id=made["filed_record"].pk, filing_number="石村9号", by=committee, at=at)
    made["unused_fund"] = on_file(home, record(home, motion, today), today)
    made["resolved"] = on_file(home, record(home, motion, today), today)
    photo = io.BytesIO()
    Image.new("RGB", (60, 80), "ivory").save(photo, format="JPEG")
    photo.seek(0)
    paper, sheets = io.BytesIO(), pypdf.PdfWriter()
    sheets.add_blank_page(width=200, height=280)
    sheets.write(paper)
    paper.seek(0)
    paper.name = "会议记录.pdf"
    made["minutes"], made["minutes_paper"] = services.attach_minutes(
        assembly_id=made["resolved"].pk, photos=[photo], documents=[paper], by=committee, at=at
    )
    made["fund"] = services.activate_fund(assembly_id=made["resolved"].pk, by=committee, at=at)
    for kind, fen, text in ((EntryKind.IN, 200_000, "到账"), (EntryKind.OUT, 45_000, SPENT)):
        services.enter_money(
            fund_id=made["fund"].pk, kind=kind, fen=fen, date=today, text=text, request_key=f"fair-{fen}",
            by=committee, at=at,
        )  # fmt: skip
    split = services.Motion(
        About.DIVIDEND, DIVIDEND, "按积分分配。", fen=100_001, source="单列资金", own_pool=True,
        period=f"{shiqiao.first_of(today, 2):%Y-%m}",
    )  # fmt: skip
    made["unsplit"] = on_file(home, record(home, split, today), today)
    made["dividend"] = services.activate_dividend(
        assembly_id=on_file(home, record(home, split, today), today).pk,
        scheme="household",
        by=committee,
        at=at,
    )
    made["pledge"] = services.ask_pledges(
        village=home.village,
        version=home.village.activations.get().version,
        text=PLEDGE_TEXT,
        by=committee,
        at=at,
    )
    made["pledged"] = services.sign_pledge(
        pledge_id=made["pledge"].pk, subject=home.households["001"].subject, signer=SIGNER, drawing=drawing(),
        request_key="fair-signed", by=home.household_user("001"), at=at,
    )  # fmt: skip
    assert selectors.own_pledge(home.households["001"].subject.pk, home.village)


def _made(name: str, what: str) -> Callable[[shiqiao.Village], dict[str, Any]]:
    return lambda home: {name: home.made[what].pk}


HOME: dict[str, Callable[[shiqiao.Village], dict[str, Any]]] = {
    "fairwork:assembly_new": lambda home: {"about": "fund"},
    **dict.fromkeys(
        ["fairwork:assembly", "fairwork:assembly_sheet", "fairwork:assembly_photos"],
        _made("assembly_id", "resolved"),
    ),
    "fairwork:assembly_filing": _made("assembly_id", "recorded"),
    **dict.fromkeys(
        ["fairwork:assembly_acknowledgement", "fairwork:assembly_return"], _made("assembly_id", "filed_record")
    ),
    "fairwork:fund_activation": _made("assembly_id", "unused_fund"),
    "fairwork:dividend_preview": _made("assembly_id", "unsplit"),
    "fairwork:assembly_photo": _made("photo_id", "minutes"),
    "fairwork:assembly_document": _made("document_id", "minutes_paper"),
    **dict.fromkeys(
        ["fairwork:fund", "fairwork:fund_export", "fairwork:fund_sheet", "fairwork:fund_entry_new"],
        _made("fund_id", "fund"),
    ),
    **dict.fromkeys(
        [
            "fairwork:dividend", "fairwork:dividend_payment", "fairwork:dividend_sheet",
            "fairwork:dividend_export",
        ],
        _made("dividend_id", "dividend"),
    ),
    **dict.fromkeys(
        ["fairwork:pledge", "fairwork:pledge_export", "fairwork:pledge_sheet", "fairwork:pledge_papers"],
        _made("pledge_id", "pledge"),
    ),
    "fairwork:pledge_answer": lambda home: {
        "pledge_id": home.made["pledge"].pk, "subject_id": home.households["002"].subject.pk
    },
    **dict.fromkeys(["fairwork:signature", "resident:signature"], _made("answer_id", "pledged")),
}  # fmt: skip
