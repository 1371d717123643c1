"""Persons and organisations that are scored, on pages: enrolling, keying in, posting, settling, own points."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import UserKind
from jizhi.channels import services as channels
from jizhi.channels.models import PaperSheet
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel, ClaimState
from jizhi.demo.month import moment
from jizhi.notices.models import Dispute, Notice
from jizhi.organisations import services as organisations
from jizhi.organisations.rules import OrganisationKind
from jizhi.organisations.services import OrganisationData
from jizhi.participants.models import Participant
from jizhi.people import services as people
from jizhi.people.models import Membership, Person
from jizhi.people.rules import PartyStanding
from jizhi.posts import services as posts
from jizhi.posts.rules import PostKind
from jizhi.settlement.models import Settlement
from tests.county import County, decide, file
from tests.domain.channels.test_deriving import solved
from tests.scored import BEGIN, adopt, follow

MAY = dt.date(2026, 5, 6)


@pytest.fixture
def person(county: County) -> Person:
    """Somebody of the first household, a member of the party since last year."""
    rows = Membership.objects.filter(household=county.subject().household, to_date=None).order_by("id")
    people.record_party(
        person_id=rows[0].person_id, standing=PartyStanding.FULL, from_date=dt.date(2025, 7, 1),
        by=county.operator, at=moment(MAY, 7),
    )  # fmt: skip
    adopt(county.home.area, "member", county.operator)
    return rows[0].person


def page(client: Any, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_follow_the_registers_then_see_who_takes_part(county: County, person: Person, as_: Any) -> None:
    recorder, code = as_("recorder"), county.home.area.code
    assert "还没有登记积分主体" in page(recorder, "register:participants")
    assert "没有符合条件的记录" in page(recorder, "register:participants", q="查无此人")
    shown = page(recorder, "register:participants_following", code, "member")
    assert person.name in shown
    address = reverse("register:participants_following", args=[code, "member"])
    assert recorder.post(address).status_code == 302
    assert "与登记一致" in page(recorder, "register:participants_following", code, "member")
    one = Participant.objects.get()
    assert person.name in page(
        recorder, "register:participants", q=person.name, standing="now", source="party"
    )
    assert person.name not in page(recorder, "register:participants", standing="past")
    assert "0001" in page(recorder, "register:participant", one.pk)
    answer = recorder.get(reverse("register:participants_export"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert person.name in {cell.value for row in sheet.iter_rows() for cell in row}
    assert as_("recorder", "other").get(reverse("register:participant", args=[one.pk])).status_code == 404
    assert as_("store").post(address).status_code == 403


def test_enrol_an_organisation_by_hand_and_end_it(county: County, as_: Any) -> None:
    adopt(county.home.area, "branch", county.operator)
    organisations.create_organisation(
        data=OrganisationData(kind=OrganisationKind.BRANCH, name="石桥村党支部", area=county.home.area),
        from_date=BEGIN, by=county.operator, at=moment(MAY, 8),
    )  # fmt: skip
    recorder = as_("recorder")
    address = reverse("register:participant_new", args=[county.home.area.code, "branch"])
    found = recorder.get(address, {"q": "党支部"})
    (holder,) = found.context["found"]
    sent = {"holder": str(holder), "from_date": "2026-06-01"}
    assert recorder.post(f"{address}?q=党支部", sent | {"from_date": "2025-06-01"}).status_code == 422
    assert recorder.post(f"{address}?q=党支部", sent).status_code == 302
    one = Participant.objects.get()
    end = reverse("register:participant_end", args=[one.pk])
    assert recorder.post(end, {"to_date": "2026-06-10", "reason": ""}).status_code == 200
    assert recorder.post(end, {"to_date": "2026-06-10", "reason": "已撤并"}).status_code == 302
    assert "已撤并" in page(recorder, "register:participant", one.pk)


def test_paper_excel_and_the_way_to_notice_and_settlement(county: County, person: Person, as_: Any) -> None:
    (one,) = follow(county.home.area, "member", county.operator, MAY)
    recorder, committee, code = as_("recorder"), as_("committee"), county.home.area.code
    shown = page(recorder, "desk:claim_new", scheme="member", no="0001")
    assert "党员积分" in shown and 'value="0001"' in shown and "户编号" not in shown
    sent: dict[str, Any] = {
        "village": code, "scheme": "member", "no": "1", "channel": "paper",
        "request_key": "5f0c1b9e-0000-4000-8000-000000000001",
        "row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0", "row-0-act_date": "2026-05-06",
        "row-0-item": "volunteering", "row-0-quantity": "3", "row-0-words": "清河",
    }  # fmt: skip
    assert recorder.post(reverse("desk:claim_new"), sent | {"no": "9"}).status_code == 422
    assert recorder.post(reverse("desk:claim_new"), sent).status_code == 302
    claim = Claim.objects.get()
    assert (claim.subject, claim.scheme, claim.channel) == (one.subject, "member", Channel.PAPER)

    csv = f"日期,户编号,姓名,申报事项,数量\n2026-05-07,0001,{person.name},宣讲政策,\n".encode()
    upload = {"village": code, "scheme": "member", "file": SimpleUploadedFile("五月.csv", csv)}
    done = recorder.post(reverse("desk:claim_import_new"), upload)
    assert done.status_code == 302
    assert "宣讲政策" in recorder.get(done.url).content.decode()
    recorder.post(done.url)
    assert Claim.objects.get(item="policy-talk").subject == one.subject

    claims.verify_claims(claim_ids=[claim.pk], by=county.worker(county.subject(1)), at=moment(MAY, 21))
    decide(county, claim, day=MAY)
    assert person.name in page(recorder, "desk:ledger", scheme="member")
    assert person.name not in page(recorder, "desk:ledger", scheme="household")
    choice = page(committee, "desk:notice_choice", scheme="member")
    assert "党员积分" in choice
    preview = reverse("desk:notice_new", args=[code, "month", "2026-01"])
    assert "党员积分" in committee.get(preview, {"scheme": "member"}).content.decode()
    assert committee.get(preview, {"scheme": "nothing"}).status_code == 404
    posting = reverse("desk:notice_posting", args=[code, "month", "2026-01"])
    assert committee.post(f"{posting}?scheme=member").status_code == 302
    notice = Notice.objects.get()
    assert notice.scheme == "member" and notice.content["subject"] == "person"
    assert "党员积分 · 2026年1月积分公示" in page(committee, "desk:notices")
    settle = {"village": code, "scheme": "member", "period": "2026-05"}
    done = committee.post(reverse("desk:settlement_new"), settle)
    settled = Settlement.objects.get()
    assert (settled.scheme, settled.subjects, settled.awarded) == ("member", 1, 600)
    shown = committee.get(done.url, {"first": "3"}).content.decode()
    assert person.name in shown and "积分主体数" in shown
    assert "志愿服务" in page(committee, "desk:explanation", settled.pk, one.subject_id)
    assert "1/1" in page(committee, "register:participant", one.pk)


def test_the_familys_phone_shows_and_claims_for_its_member(
    county: County, person: Person, client_as: Any
) -> None:
    (one,) = follow(county.home.area, "member", county.operator, MAY)
    phone = client_as(county.user(county.subject()))
    assert person.name in page(phone, "resident:passbook")
    assert person.name in page(phone, "resident:family") and "家人的积分" in page(phone, "resident:me")
    assert "党员志愿服务" in page(phone, "resident:family_claim_new", one.subject_id)
    address = reverse("resident:family_claim_form", args=[one.subject_id, "volunteering"])
    key = phone.get(address).context["form"]["request_key"].value()
    sent = {"act_date": "2026-06-14", "quantity": "2", "words": "", "request_key": str(key)}
    assert phone.post(address, sent | {"quantity": "-1"}).status_code == 422
    assert phone.post(address, sent).status_code == 302
    claim = Claim.objects.get()
    assert claim.subject == one.subject and claim.channel == Channel.SELF
    assert "党员志愿服务" in page(phone, "resident:family_member", one.subject_id)
    assert phone.get(reverse("resident:claim", args=[claim.pk])).status_code == 200
    neighbour = client_as(county.user(county.subject(1)))
    for name in ("family_member", "family_claim_new"):
        assert neighbour.get(reverse(f"resident:{name}", args=[one.subject_id])).status_code == 404
    assert "家里还没有人单独参加积分" in page(neighbour, "resident:family")


def test_staff_see_their_own_points_and_claim(county: County, person: Person, client_as: Any) -> None:
    worker = county.worker(county.subject())
    client = client_as(worker)
    assert "还没有对应到名册上的人" in page(client, "desk:own_points")
    organisations.link_staff_person(user=worker, person=person, by=county.operator, at=moment(MAY, 6))
    assert "没有参加按个人计分的积分" in page(client, "desk:own_points")
    (one,) = follow(county.home.area, "member", county.operator, MAY)
    assert person.name in page(client, "desk:own_points")
    assert "党员志愿服务" in page(client, "desk:own_claim_new", one.subject_id, q="志愿")
    address = reverse("desk:own_claim_form", args=[one.subject_id, "volunteering"])
    key = client.get(address).context["form"]["request_key"].value()
    sent = {"act_date": "2026-06-14", "quantity": "2", "words": "", "request_key": str(key)}
    assert client.post(address, sent | {"quantity": ""}).status_code == 422
    assert client.post(address, sent).status_code == 302
    assert "党员志愿服务" in page(client, "desk:own_subject", one.subject_id)
    assert (
        client_as(county.home.staff["recorder"])
        .get(reverse("desk:own_subject", args=[one.subject_id]))
        .status_code
        == 404
    )


def test_anybody_reads_every_scheme_in_force(county: County, person: Person, client: Any) -> None:
    code = county.home.area.code
    assert "党员积分" in page(client, "public:village", code)
    assert "无职党员履行设岗职责" in page(client, "public:scheme", code, scheme="member")
    assert client.get(reverse("public:scheme", args=[code]), {"scheme": "cadre"}).status_code == 404


def test_what_follows_from_records_is_shown(county: County, as_: Any) -> None:
    shown = page(as_("recorder"), "desk:derived")
    assert "安全隐患" in shown and ">safety" not in shown
    assert "反映的事件办结" in shown and "报告安全隐患" in shown
    assert "还没有从记录生成的申报" in shown
    assert as_("recorder").get(reverse("desk:derived_export")).status_code == 200
    assert channels.derive_claims(village=county.home.area, at=moment(MAY, 23)) == 0


def test_a_building_leader_opens_the_own_claim(county: County, person: Person, client_as: Any) -> None:
    """A post that reads no ledger: the own claim opens with its photos and way, anybody else's does not."""
    leader = accounts.create_user(
        username="leader", display_name="楼长甲", password="a-long-secret-1", kind=UserKind.STAFF,
        by=county.operator, at=moment(BEGIN, 9),
    )  # fmt: skip
    posts.assign_post(
        user=leader, kind=PostKind.BUILDING_LEADER, area=county.subject().household.area, from_date=BEGIN,
        by=county.operator, at=moment(BEGIN, 9),
    )  # fmt: skip
    organisations.link_staff_person(user=leader, person=person, by=county.operator, at=moment(MAY, 6))
    (one,) = follow(county.home.area, "member", county.operator, MAY)
    client = client_as(leader)
    address = reverse("desk:own_claim_form", args=[one.subject_id, "volunteering"])
    key = client.get(address).context["form"]["request_key"].value()
    sent = {"act_date": "2026-06-14", "quantity": "2", "words": "", "request_key": str(key)}
    assert client.post(address, sent).status_code == 302
    claim = Claim.objects.get()
    own = reverse("desk:claim", args=[claim.pk])
    assert own in page(client, "desk:own_subject", one.subject_id)
    shown = page(client, "desk:claim", claim.pk)
    assert "党员志愿服务" in shown and reverse("desk:ledger") not in shown
    assert client.get(reverse("desk:ledger")).status_code == 403
    other = file(county, "voluntary-labour", MAY)
    assert client.get(reverse("desk:claim", args=[other.pk])).status_code == 409
    assert client.post(reverse("desk:claim_withdrawal", args=[claim.pk])).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.WITHDRAWN


def test_a_grid_worker_reads_whoever_lives_in_the_grid(
    county: County, person: Person, client_as: Any
) -> None:
    worker = county.worker(county.subject())
    assert "还没有登记积分主体" in page(client_as(worker), "register:participants")
    (one,) = follow(county.home.area, "member", county.operator, MAY)
    shown = page(client_as(worker), "register:participants")
    assert person.name in shown and "党员积分" in shown
    assert person.name in page(client_as(worker), "register:participant", one.pk)
    others = [user for user in county.home.workers.values() if user != worker]
    for other in others:
        assert person.name not in page(client_as(other), "register:participants")
        assert client_as(other).get(reverse("register:participant", args=[one.pk])).status_code == 404
    assert others


def test_what_followed_from_records_is_found_by_name_number_and_item(county: County, client_as: Any) -> None:
    solved(county)
    assert channels.derive_claims(village=county.home.area, at=moment(MAY, 23)) == 1
    claim = Claim.objects.get()
    worker = client_as(county.worker(county.subject()))
    for words in ("", claim.subject.label, claim.subject.key[-4:], "安全隐患"):
        assert claim.subject.label in page(worker, "desk:derived", q=words), words
    shown = page(worker, "desk:derived", q="查无此事")
    assert "没有符合条件的记录" in shown and "还没有从记录生成的申报" not in shown


def test_an_open_objection_marks_the_entry(county: County, person: Person, client_as: Any) -> None:
    (one,) = follow(county.home.area, "member", county.operator, MAY)
    worker = county.worker(county.subject())
    draft = claims.Draft(one.subject, "volunteering", MAY, "volunteered", Decimal(2))
    (claim,) = claims.file_claims(
        village=county.home.area, scheme="member", drafts=[draft], channel=Channel.RECORDER,
        by=county.home.staff["recorder"], at=moment(MAY, 20),
    )  # fmt: skip
    claims.verify_claims(claim_ids=[claim.pk], by=county.worker(county.subject(1)), at=moment(MAY, 21))
    decide(county, claim, day=MAY)
    claim.refresh_from_db()
    organisations.link_staff_person(user=worker, person=person, by=county.operator, at=moment(MAY, 22))
    pages = (
        (client_as(worker), "desk:own_subject", one.subject_id),
        (client_as(county.home.staff["recorder"]), "register:participant", one.pk),
        (client_as(county.user(county.subject())), "resident:family_member", one.subject_id),
    )
    for client, name, number in pages:
        assert "异议办理中" not in page(client, name, number)
    Dispute.objects.create(fact=claim.fact, village=county.home.area, begun_at=moment(MAY, 23))
    for client, name, number in pages:
        assert "异议办理中" in page(client, name, number), name


def test_the_lists_of_who_joins_and_leaves_say_where_they_stop(
    county: County, person: Person, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(county.home.area, "member", county.operator, MAY)
    people.end_party(person_id=person.pk, to_date=MAY, by=county.operator, at=moment(MAY, 9))
    monkeypatch.setattr("jizhi.web.register.views.participants.SHOWN", 0)
    shown = page(as_("recorder"), "register:participants_following", county.home.area.code, "member")
    assert "只列出前 0 个" in shown


def test_sheets_of_paper_are_printed_and_keyed_in_for_a_scheme_of_persons(
    county: County, person: Person, as_: Any
) -> None:
    (one,) = follow(county.home.area, "member", county.operator, MAY)
    recorder = as_("recorder")
    assert "参加的每一个" in page(recorder, "desk:paper_new", scheme="member")
    assert "参加的每一个" not in page(recorder, "desk:paper_new", scheme="household")
    code = county.home.area.code
    sent = {"village": code, "scheme": "member", "households": code, "count": "1", "title": ""}
    key = {"request_key": "5f0c1b9e-0000-4000-8000-000000000002"}
    printed = recorder.post(reverse("desk:paper_new"), sent | key)
    pages = pypdf.PdfReader(io.BytesIO(recorder.get(printed.url).content)).pages
    text = pages[0].extract_text()
    assert len(pages) == 2 and person.name in text and "户号" not in text and "党员志愿服务" in text
    sheet = PaperSheet.objects.get(subject=one.subject)
    scanned = recorder.get(reverse("desk:paper_scan"), {"code": sheet.code})
    form = recorder.get(scanned.url)
    assert form.context["scheme"].id == "member" and 'value="0001"' in form.content.decode()
    filled = {
        "village": code, "scheme": "member", "no": "0001", "code": sheet.code, "channel": "paper",
        "request_key": "5f0c1b9e-0000-4000-8000-000000000003",
        "row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0", "row-0-act_date": "2026-05-06",
        "row-0-item": "volunteering", "row-0-quantity": "3", "row-0-words": "清河",
    }  # fmt: skip
    assert recorder.post(reverse("desk:claim_new"), filled).status_code == 302
    claim = Claim.objects.get()
    assert (claim.subject, claim.scheme, claim.channel) == (one.subject, "member", Channel.PAPER)
