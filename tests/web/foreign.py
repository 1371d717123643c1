"""Two villages that must see nothing of each other: Shiqiao with months behind it, and Liuwan with every kind of post.

`HOME` fills the addresses of pages with what belongs to Shiqiao. Nothing here asserts anything.
"""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
from PIL import Image

from jizhi.areas import services as areas
from jizhi.channels import services as papers
from jizhi.claims import selectors as claim_pages
from jizhi.claims import services as claims
from jizhi.claims.rules import ToldHow
from jizhi.drafting import services as drafting
from jizhi.drafting.rules import Part
from jizhi.notices import services as notices
from jizhi.notices.rules import LetterAbout, LetterState, ObjectionChannel, OrderKind, Outcome
from jizhi.people import services as people
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.recognition import services as recognition
from jizhi.recognition.rules import Score
from jizhi.reviews import services as reviews
from jizhi.seals import selectors as seals
from tests import factories
from tests.web import foreign_acts, foreign_fair, foreign_grid, foreign_panels, shiqiao

TODAY = dt.date(2026, 6, 15)
ABOVE_THE_VILLAGE = {PostKind.TOWNSHIP, PostKind.COUNTY, PostKind.AUDITOR}
MEMBER, MEMBER_ID, MEMBER_PHONE = "潘独一", factories.id_number(771, dt.date(1988, 3, 9)), "19912345678"
DRAFT = "石桥私拟细则"
GROUNDS, ANSWER, PLACE, ROSTER, IMPORT = (
    "那天并没有来",
    "核对了签到表",
    "祠堂东屋",
    "石桥花名册.xlsx",
    "石桥六月.xlsx",
)


@dataclass
class Two:
    """The home village with its people, and the foreign one with one user for each kind of post."""

    home: shiqiao.Village
    village: Any
    staff: dict[PostKind, Any]
    household: Any
    household_user: Any
    everything: Any  # a user who holds all these posts at once
    nobody: None = None

    @property
    def markers(self) -> tuple[str, ...]:
        """Words that occur in the home village's data alone."""
        heads = [head for _no, head, _size in shiqiao.HEADS]
        phones = [f"1390000{number:04d}" for number in range(len(heads))]
        lots = [
            MEMBER,
            MEMBER_ID,
            MEMBER_PHONE,
            GROUNDS,
            ANSWER,
            PLACE,
            ROSTER,
            IMPORT,
            DRAFT,
            "欧家人1",
            "欧阳家人",
        ]
        return (
            *heads,
            *phones,
            *lots,
            *foreign_grid.MARKERS,
            *foreign_fair.MARKERS,
            "洗洁精",
            "食用油 5升",
            "石桥路",
            "石桥村积分评议小组",
            "照片看不清是哪一天",
        )

    @property
    def officials(self) -> tuple[str, ...]:
        """Who serves in the home village: named on its public pages, and nowhere else to strangers."""
        return tuple(user.display_name for key, user in self.home.users.items() if key != "root")


def build() -> Two:
    """Everything, through the services."""
    home = shiqiao.stock_the_store(shiqiao.run_months(shiqiao.build(TODAY), TODAY), TODAY)
    _fill(home)
    root, at, start = home.users["root"], shiqiao.moment(TODAY), shiqiao.first_of(TODAY, 12)
    county = home.village.parent.parent

    def area(code: str, name: str, level: str, parent: Any) -> Any:
        return areas.create_area(
            code=code, name=name, name_en="", level=level, parent=parent, from_date=start, by=None, at=at
        )

    township = area("130699102", "柳湾镇", "township", county)
    village = area("130699102201", "柳湾村", "village", township)
    shiqiao.schemes.load_pack(folder=shiqiao.PACK, area=township, by=root, at=at)
    shiqiao._adopt(township, village, start, root, at)
    staff, everything = {}, shiqiao._user("liuwan.everything", "柳湾全能", root, at)
    for kind in PostKind:
        user = shiqiao._user(f"liuwan.{kind.value}", f"柳湾{kind.value}", root, at)
        place = township if kind in ABOVE_THE_VILLAGE else village
        for holder in (user, everything):
            posts.assign_post(user=holder, kind=kind, area=place, from_date=start, by=root, at=at)
        staff[kind] = user
    household = people.create_household(
        no="001", head_name="柳湾某", village=village, size=2, from_date=start, by=root, at=at
    )
    (card,) = people.issue_cards(households=[household], by=root, at=at, pin=shiqiao.PIN)
    return Two(home, village, staff, household, shiqiao.user_by_username(card.code), everything)


def _fill(home: shiqiao.Village) -> None:
    """What the months leave out: a member with an ID, a photo, objections, an open meeting, two uploads."""
    root, at, made = home.users["root"], shiqiao.moment(TODAY), home.made
    made["membership"] = people.add_member(
        household=home.households["001"],
        member=people.NewMember(MEMBER, "女婿", MEMBER_ID, dt.date(1988, 3, 9), MEMBER_PHONE),
        from_date=TODAY, by=root, at=at,
    )  # fmt: skip
    photo = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(photo, format="JPEG")
    photo.seek(0)
    (made["photo"],) = claims.attach_photos(
        claim=made["filed"], photos=[photo], by=home.household_user("001"), at=at
    )
    _channels(home)
    made["objection"], made["answered"] = (_objection(home, no) for no in ("002", "003"))
    notices.answer_objection(
        objection=made["answered"],
        outcome=Outcome.DISMISSED,
        answer=ANSWER,
        by=home.users["committee"],
        at=at,
    )
    _hear(home)
    (line,) = claim_pages.lines(claim_pages.queue(root, on=TODAY).filter(pk=made["waiting"].pk))
    made["case"] = line.case_id
    made["meeting"] = reviews.open_meeting(
        panel=home.panel, held_on_date=TODAY, place=PLACE, case_ids=[line.case_id],
        seat_ids=list(home.panel.seats.values_list("pk", flat=True)), by=home.users["chair"], at=at,
    )  # fmt: skip
    made["roster"] = people.stage_roster(
        village=home.village, filename=ROSTER, by=root, at=at,
        content=_book(["户编号", "所属网格", "户主姓名", "家庭人口", "联系电话"], ["901", "第1网格", MEMBER, 3, ""]),
    )  # fmt: skip
    made["claim_import"] = claims.upload_claims(
        village=home.village, scheme="household", file_name=IMPORT, by=root, at=at,
        content=_book(["日期", "户编号", "户主", "申报事项", "数量"], ["2026-06-02", "001", "欧阳", "义务劳动", ""]),
    )  # fmt: skip
    foreign_grid.fill(home, TODAY)
    foreign_panels.fill(home, TODAY)
    foreign_fair.fill(home, TODAY)
    _draft(home)
    foreign_acts.fill(home, TODAY)


def _channels(home: shiqiao.Village) -> None:
    """A document, a printed sheet, a signed slip, a recognition sheet with its photo, another system with its key."""
    root, at, made = home.users["root"], shiqiao.moment(TODAY), home.made
    writer = pypdf.PdfWriter()
    writer.add_blank_page(72, 72)
    paper = io.BytesIO()
    writer.write(paper)
    paper.seek(0)
    paper.name = "证明.pdf"
    (made["document"],) = claims.attach_documents(
        claim=made["filed"], documents=[paper], by=home.household_user("001"), at=at
    )
    signed = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(signed, format="JPEG")
    signed.seek(0)
    claims.tell_faults(
        claim_ids=[made["ladder"].pk], how=ToldHow.SLIP, proof=claims.Proof(person="本人", photo=signed),
        by=home.users["worker"], at=at,
    )  # fmt: skip
    made["round"] = recognition.open_round(
        village=home.village, scheme="household", title="石桥认定", from_date=shiqiao.first_of(TODAY, 5), to_date=TODAY,
        self_until_date=TODAY, by=root, at=at,
    )  # fmt: skip
    made["sheet"] = made["round"].sheets.get(subject=home.households["001"].subject)
    picture = io.BytesIO()
    Image.new("RGB", (80, 60), "olive").save(picture, format="JPEG")
    picture.seek(0)
    scores = {"public-cleaning": Score(Decimal(1))}
    recognition.score_team(
        sheet_id=made["sheet"].pk,
        scores=scores,
        photos={"public-cleaning": [picture]},
        by=home.users["worker"],
        at=at,
    )
    made["line_photo"] = made["sheet"].lines.get().photos.get()
    made["signed"] = made["ladder"].tellings.get()
    made["system"] = papers.register_system(
        name="石桥签到", area=home.village, items=[("household", "public-cleaning")], by=root, at=at
    )
    papers.issue_key(system_id=made["system"].pk, by=root, at=at)
    made["paper"] = papers.print_sheets(
        village=home.village, scheme="household", subjects=[home.households["001"].subject],
        request_key="foreign-papers", by=root, at=at,
    ).sheets.get()  # fmt: skip


def _draft(home: shiqiao.Village) -> None:
    """A draft with a simulation."""
    by, at, made = home.users["committee"], shiqiao.moment(TODAY), home.made
    version = home.village.parent.scheme_versions.get(scheme="household")
    draft = drafting.start_draft(area=home.village, applies_from_date=TODAY, base=version, by=by, at=at)
    drafting.change_keys(draft_id=draft.pk, number=1, part=Part.FRAME, values={"title": DRAFT}, by=by, at=at)
    asked = drafting.ask_simulation(
        draft_id=draft.pk, villages=[home.village], from_date=TODAY.replace(month=1, day=1), to_date=TODAY,
        fen_per_point=100, by=by, at=at,
    )  # fmt: skip
    drafting.run_simulation(simulation_id=asked.pk, now=lambda: at)
    made["draft"], made["simulation"] = draft, asked


def _hear(home: shiqiao.Village) -> None:
    """What follows a first answer: an appeal, a judgement about another entry, and a letter from outside."""
    made, at = home.made, shiqiao.moment(TODAY)
    made["appeal"] = notices.file_appeal(
        objection=made["answered"], grounds=GROUNDS, request_key="foreign-appeal", by=home.household_user("003"),
        at=at,
    )  # fmt: skip
    page = io.BytesIO()
    Image.new("RGB", (48, 64), "white").save(page, format="PNG")
    page.seek(0)
    made["order"] = notices.enter_order(
        fact_id=home.households["001"].subject.facts.exclude(pk=made["answered"].fact_id).first().pk,
        kind=OrderKind.COURT, number="民初1号", issuer="县人民法院", order_date=TODAY, upheld=False,
        words=ANSWER, scan=page, by=home.users["root"], at=at,
    )  # fmt: skip
    made["letter"], made["token"] = notices.receive_letter(
        village=home.village, about=LetterAbout.TOTAL, name=MEMBER, contact=MEMBER_PHONE, words=GROUNDS, by=None,
        at=at,
    )  # fmt: skip
    _answer_both(home)
    _print_forms(home)


def _answer_both(home: shiqiao.Village) -> None:
    """An appeal and a letter that have their answers, to print."""
    made, at, root = home.made, shiqiao.moment(TODAY), home.users["root"]
    heard = _objection(home, "004")
    notices.answer_objection(
        objection=heard, outcome=Outcome.DISMISSED, answer=ANSWER, by=home.users["committee"], at=at
    )
    made["heard"] = notices.file_appeal(
        objection=heard, grounds=GROUNDS, request_key="foreign-heard", by=home.household_user("004"), at=at
    )
    notices.answer_appeal(appeal=made["heard"], outcome=Outcome.DISMISSED, answer=ANSWER, by=root, at=at)
    made["replied"], _token = notices.receive_letter(
        village=home.village, about=LetterAbout.TOTAL, name=MEMBER, contact=MEMBER_PHONE, words=GROUNDS, by=None,
        at=at,
    )  # fmt: skip
    notices.answer_letter(letter=made["replied"], state=LetterState.DISMISSED, answer=ANSWER, by=root, at=at)


def _print_forms(home: shiqiao.Village) -> None:
    """Printed objection forms, and a reminder of the appeal's last day."""
    made, at = home.made, shiqiao.moment(TODAY)
    made["forms"] = notices.print_objection_forms(
        notice=made["notice"], count=1, request_key="foreign-forms", by=home.users["root"], at=at
    )
    notices.remind_of_answers(at=shiqiao.moment(made["objection"].due_date))
    made["reminder"] = made["objection"].reminders.get(user=home.users["committee"])
    subject = home.households["003"].subject
    made["own_letter"], _secret = notices.receive_letter(
        village=home.village, about=LetterAbout.MISSING, name=MEMBER, contact=MEMBER_PHONE, words=GROUNDS,
        subject=subject, by=home.household_user("003"), at=at,
    )  # fmt: skip


def _objection(home: shiqiao.Village, no: str) -> Any:
    fact = home.households["001"].subject.facts.filter(entries__noticed__notice=home.made["notice"]).first()
    return notices.file_objection(
        notice=home.made["notice"], fact_id=fact.pk, subject=home.households[no].subject, grounds=GROUNDS,
        channel=ObjectionChannel.PHONE_PAGE, request_key=f"foreign-{no}", by=home.household_user(no),
        at=shiqiao.moment(TODAY),
    )  # fmt: skip


def _book(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _made(name: str, what: str = "") -> Callable[[shiqiao.Village], dict[str, Any]]:
    return lambda home: {name: home.made[what or name.removesuffix("_id")].pk}


def _claim(home: shiqiao.Village) -> dict[str, Any]:
    return {"claim_id": home.made["filed"].pk}


def _fault(home: shiqiao.Village) -> dict[str, Any]:
    return {"claim_id": home.made["fault"].pk}


def _returned(home: shiqiao.Village) -> dict[str, Any]:
    return {"claim_id": home.made["returned"].pk}


def _draft_of(home: shiqiao.Village) -> dict[str, Any]:
    return {"draft_id": home.made["draft"].pk}


def _simulation(home: shiqiao.Village) -> dict[str, Any]:
    return _draft_of(home) | {"simulation_id": home.made["simulation"].pk}


def _household(home: shiqiao.Village) -> dict[str, Any]:
    return {"household_id": home.households["001"].pk}


def _membership(home: shiqiao.Village) -> dict[str, Any]:
    return _household(home) | {"membership_id": home.made["membership"].pk}


def _item(home: shiqiao.Village) -> dict[str, Any]:
    return {"item_id": "public-cleaning"}


def _code(home: shiqiao.Village) -> dict[str, Any]:
    return {"code": home.village.code}


def _month(home: shiqiao.Village) -> dict[str, Any]:
    return _code(home) | {"kind": "month", "period": "2026-06"}


def _notice(home: shiqiao.Village) -> dict[str, Any]:
    return {"notice_id": home.made["notice"].pk}


def _noticed(home: shiqiao.Village) -> dict[str, Any]:
    return _notice(home) | _fact(home)


def _fact(home: shiqiao.Village) -> dict[str, Any]:
    return {"fact_id": home.made["objection"].fact_id}


def _sealed(home: shiqiao.Village) -> dict[str, Any]:
    fact = home.made["objection"].fact
    return {"fact_id": fact.pk, "entry_id": fact.entries.earliest("pk").pk}


def _settlement(home: shiqiao.Village) -> dict[str, Any]:
    return {"settlement_id": home.village.settlements.first().pk}


def _meeting(home: shiqiao.Village) -> dict[str, Any]:
    return {"meeting_id": home.made["meeting"].pk}


def _version(home: shiqiao.Village) -> dict[str, Any]:
    return {"version_id": home.village.parent.scheme_versions.first().pk}


def _area(home: shiqiao.Village) -> dict[str, Any]:
    return {"area_id": home.village.pk}


def _staff(home: shiqiao.Village) -> dict[str, Any]:
    return {"user_id": home.users["recorder"].pk}


def _message(home: shiqiao.Village) -> dict[str, Any]:
    return {"message_id": home.households["001"].subject.messages.first().pk}


_REDEMPTION = _made("redemption_id")
_GOODS = _made("goods_id")
_OBJECTION = _made("objection_id")
_APPEAL = _made("appeal_id")
_LETTER = _made("letter_id")
_PHOTO = _made("photo_id")
_ROSTER = _made("roster_id")
_DOCUMENT = _made("document_id")

# A page with an argument must be here, filled with what belongs to the home village.
HOME: dict[str, Callable[[shiqiao.Village], dict[str, Any]]] = {
    "web:style_in": lambda home: {"shell": "desk"},
    "signin:card": lambda home: {"code": home.cards["001"].code},
    **dict.fromkeys(
        ["public:village", "public:scheme", "public:notices", "public:how_to_object", "public:letter_new",
            "public:seals", "public:chain", "public:seal_check"],
        _code,
    ),
    **dict.fromkeys(["public:notice", "public:notice_pdf"], lambda home: _code(home) | _notice(home)),
    "public:scanned": lambda home: {"short": seals.receipt_of(_sealed(home)["entry_id"]).receipt.short()},
    "public:letter": lambda home: _code(home) | {"token": home.made["token"]},
    # a household's own pages
    **dict.fromkeys(["resident:claim_form", "resident:witness_form"], _item),
    **dict.fromkeys(
        ["resident:claim", "resident:claim_withdrawal", "resident:claim_photos", "resident:claim_telling"], _claim
    ),
    "resident:claim_amendment": _returned,
    "resident:photo": _PHOTO,
    **dict.fromkeys(["resident:document", "field:document", "desk:document"], _DOCUMENT),
    "resident:message": _message,
    **dict.fromkeys(["resident:entry", "resident:entry_objection"], _fact),
    **dict.fromkeys(
        [f"{who}:{page}" for who in ("resident", "desk") for page in ("seal_receipt", "seal_file", "seal_print")],
        _sealed,
    ),
    "resident:notice": _notice,
    "resident:notice_objection": _noticed,
    **dict.fromkeys(["resident:objection", "resident:objection_withdrawal"], _OBJECTION),
    "resident:objection_escalation": _OBJECTION,
    "resident:letter_appeal": _made("letter_id", "own_letter"),
    "desk:objection_forms": _notice,
    "desk:objection_forms_print": _made("batch_id", "forms"),
    "desk:objection_form": lambda home: {"code": home.made["forms"].sheets.get().code},
    "desk:reminder": _made("reminder_id"),
    "resident:objection_appeal": _made("objection_id", "answered"),
    "resident:appeal_withdrawal": _APPEAL,
    "resident:period": lambda home: {"key": "2026-04"},
    "resident:receipt": _REDEMPTION,
    # the grid worker's
    **dict.fromkeys(
        ["field:claim", "field:claim_return", "field:claim_withdrawal", "field:claim_photos"], _claim
    ),
    "field:claim_amendment": _returned,
    "field:photo": _PHOTO,
    **dict.fromkeys(
        ["field:deduction", "field:slip", "field:deduction_attempt", "field:correction"], _fault
    ),
    **dict.fromkeys(["field:household", "field:household_phone", "field:claim_new", "field:objection_new"], _household),
    "field:claim_form": lambda home: _household(home) | _item(home),
    # the desk's
    "desk:claim_import": lambda home: {"import_id": home.made["claim_import"].pk},
    **dict.fromkeys(
        ["desk:claim", "desk:claim_verification", "desk:claim_return", "desk:claim_withdrawal", "desk:claim_evidence"],
        _claim,
    ),
    "desk:claim_comparison": lambda home: _claim(home) | {"other_id": home.made["waiting"].pk},
    **dict.fromkeys(
        ["desk:claim_telling", "desk:claim_slip", "desk:claim_attempt", "desk:claim_correction"], _fault
    ),
    **dict.fromkeys(
        ["desk:recognition_round", "desk:recognition_export", "desk:recognition_print"], _made("round_id")
    ),
    **dict.fromkeys(
        [
            "desk:recognition_sheet", "desk:recognition_self", "desk:recognition_team", "desk:recognition_decision",
            "resident:recognition",
        ],
        _made("sheet_id"),
    ),
    **dict.fromkeys(
        ["desk:recognition_photo", "resident:recognition_photo"], _made("photo_id", "line_photo")
    ),
    "api:claim": lambda home: {"request_key": "acts-push"},
    **dict.fromkeys(["desk:system", "desk:system_key_new", "desk:system_taking_over"], _made("system_id")),
    "desk:system_key_revocation": lambda home: {
        "system_id": home.made["system"].pk, "key_id": home.made["system"].keys.first().pk
    },
    "desk:signed_slip": lambda home: {"telling_id": home.made["signed"].pk},
    "desk:claim_refiling": _returned,
    "desk:photo": _PHOTO,
    **dict.fromkeys(
        [
            "desk:meeting", "desk:meeting_minutes", "desk:meeting_attendance", "desk:meeting_agenda",
            "desk:meeting_approval", "desk:meeting_closing",
        ],
        _meeting,
    ),
    "desk:meeting_decision": lambda home: _meeting(home) | {"case_id": home.made["case"]},
    "desk:fact": _fact,
    **dict.fromkeys(["desk:notice_new", "desk:notice_posting", "desk:notice_draft"], _month),
    **dict.fromkeys(
        [
            "desk:notice", "desk:notice_finalisation", "desk:notice_print", "desk:notice_export",
            "desk:notice_extension", "desk:notice_withdrawal",
        ],
        _notice,
    ),
    "desk:objection_new": _noticed,
    "desk:objection": _OBJECTION,
    "desk:objection_escalation": _OBJECTION,
    "desk:appeal_new": _made("objection_id", "answered"),
    "desk:appeal": _APPEAL,
    "desk:appeal_reply": _made("appeal_id", "heard"),
    "desk:letter_reply": _made("letter_id", "replied"),
    "desk:order_new": _fact,
    "desk:order_scan": _made("order_id"),
    **dict.fromkeys(["desk:letter", "desk:letter_admission"], _LETTER),
    "desk:objection_reply": _made("objection_id", "answered"),
    **dict.fromkeys(
        ["desk:settlement", "desk:settlement_export", "desk:settlement_recalculation"], _settlement
    ),
    "desk:explanation": lambda home: _settlement(home) | {"subject_id": home.households["001"].subject.pk},
    **dict.fromkeys(["desk:paper", "desk:paper_spoiling"], lambda home: {"code": home.made["paper"].code}),
    "desk:paper_batch_print": lambda home: {"batch_id": home.made["paper"].batch_id},
    # the registers'
    "register:counter": _household,
    **dict.fromkeys(["register:redemption", "register:receipt_print", "register:undoing"], _REDEMPTION),
    **dict.fromkeys(["register:article", "register:receiving", "register:counting"], _GOODS),
    **dict.fromkeys(
        [
            "register:household", "register:household_edit", "register:household_phone",
            "register:card_replacement", "register:card_block", "register:card_pin",
        ],
        _household,
    ),
    "register:member_numbers": _membership,
    **dict.fromkeys(["register:roster", "register:roster_confirmation"], _ROSTER),
    "register:roster_report": lambda home: _ROSTER(home) | {"kind": "xlsx"},
    **dict.fromkeys(
        ["register:version", "register:version_source", "register:version_export"], _version
    ),
    "register:activation": lambda home: {"resolution_id": home.village.resolutions.first().pk},
    **dict.fromkeys(["register:area", "register:area_new", "register:area_closing"], _area),
    **dict.fromkeys(
        ["register:account", "register:account_password", "register:account_closing", "register:account_person"], _staff
    ),
    "register:post_end": lambda home: {"post_id": home.users["recorder"].posts.first().pk},
    # the scheme editor's
    **{
        f"schemework:{name}": _draft_of
        for name in (
            "draft", "day", "discarding", "reopening", "publication", "source", "source_file", "saves", "differences",
            "items", "item_new", "item", "copying", "moving", "removal", "items_export", "items_import", "items_print",
            "guard", "reason", "cases", "badge", "case_new", "cases_text", "simulations",
            "outcome_new", "outcome", "outcome_moving", "outcome_removal", "saves_export", "simulations_export",
        )
    },
    "schemework:undoing": lambda home: _draft_of(home) | {"to_number": 1},
    "schemework:part": lambda home: _draft_of(home) | {"part": "frame"},
    "schemework:case_removal": lambda home: _draft_of(home) | {"place": 0},
    **dict.fromkeys(
        [f"schemework:simulation{one}" for one in ("", "_again", "_export", "_sheet")], _simulation
    ),
    "schemework:why": lambda home: _simulation(home) | {"subject_id": home.households["001"].subject.pk},
    **foreign_grid.HOME,
    **foreign_panels.HOME,
    **foreign_fair.HOME,
    **foreign_acts.HOME,
}  # fmt: skip


def sent(home: shiqiao.Village) -> dict[str, Any]:
    """Whatever a form of any page may ask for, pointing at the home village; no value is one of the markers."""
    village, day = home.village.code, TODAY.isoformat()
    seats = list(home.panel.seats.values_list("pk", flat=True))
    every = {name: row.pk for name, row in home.made.items() if hasattr(row, "pk")}
    return foreign_grid.sent(home) | foreign_panels.sent(home) | {
        "q": "欧阳", "village": village, "area": village, "month": "", "period": "2026-05", "no": "001",
        "claim": [every["filed"], every["fault"], every["waiting"]], "case": [home.made["case"]], "seats": seats,
        "household": [row.pk for row in home.households.values()], "goods": every["goods"],
        f"goods-{every['goods']}": 1, "request_key": str(uuid.uuid4()), "note": "无", "reason": "试一试",
        "how": "call", "sure": "on", "outcome": "approve", "grounds": "试一试", "answer": "试一试",
        "channel": "written",        "act_date": day, "item": "public-cleaning", "quantity": "1", "words": "试一试",
        "from_date": day, "to_date": day,
        "held_on_date": day, "effective_from_date": day, "date": day, "day": day, "kind": "recorder", "which": "new",
        "name": "改名", "name_en": "", "head_name": "改名", "relation": "子", "grid": "", "address": "", "phone": "",
        "declared_size": "3", "level": "grid", "code": f"{village}099", "pin": "739204", "password": "meadow 2026 x",
        "display_name": "改名", "username": f"liuwan.{uuid.uuid4().hex[:8]}", "members": 30, "present": 28,
        "votes_for": 27, "filing_number": "柳备1号", "summary": "", "minutes": "试一试", "picked_up_by": "某",
        "unit": "个",
        "price": "5", "counted": "1", "donor": "", "place": "某处", "old": "x", "new": "y", "again": "y",
    }  # fmt: skip
