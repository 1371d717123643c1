"""A motion from the meeting to the money; a pledge by finger, by PIN and on paper; the pages that show them."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pypdf
import pytest
from django.urls import reverse
from PIL import Image

from jizhi.assemblies import models, selectors, services
from jizhi.assemblies.rules import About, Answer, How
from jizhi.engine.dividends import Part
from tests.web import foreign_fair, shiqiao

TODAY = dt.date(2026, 6, 15)


def at(name: str, *args: Any) -> str:
    return reverse(f"fairwork:{name}", args=args)


FORM = {
    "title": "超市资金", "text": "列支三千元。", "fen": "3000", "source": "经营收入", "from_date": "2026-06-15",
    "to_date": "2026-12-31", "kind": "representatives", "announced_date": "2026-06-10",
    "held_on_date": "2026-06-15", "chair": "甲", "recorder": "乙", "members": "45", "present": "40",
    "votes_for": "30", "against": "6", "abstain": "4",
}  # fmt: skip


def test_a_motion_goes_from_the_meeting_to_the_township_to_the_money(home: Any, as_: Any) -> None:
    recorder, township, committee = as_("recorder"), as_("root"), as_("committee")
    form = FORM | {"village": home.village.code}
    refused = recorder.post(at("assembly_new", "fund"), form | {"votes_for": "44"})
    assert refused.status_code == 422 and "合计不能多于到会人数" in refused.text
    lost = recorder.post(at("assembly_new", "fund"), form | {"votes_for": "20"}, follow=True)
    assert "没有超过到会人员的半数" in lost.text
    assert recorder.post(at("assembly_new", "fund"), form).status_code == 302
    row = models.Assembly.objects.get(title="超市资金", carried=True)
    assert committee.post(at("fund_activation", row.pk)).status_code == 200
    assert not hasattr(models.Assembly.objects.get(pk=row.pk), "fund")
    recorder.post(at("assembly_filing", row.pk), {"filing_number": "石村1号"})
    assert recorder.post(at("assembly_acknowledgement", row.pk), {"receipt": "1"}).status_code == 403
    township.post(at("assembly_return", row.pk), {"reason": "缺照片"})
    recorder.post(at("assembly_filing", row.pk), {"filing_number": "石村2号"})
    township.post(at("assembly_acknowledgement", row.pk), {"receipt": "柳备8号"})
    page = committee.get(at("assembly", row.pk)).text
    assert "柳备8号" in page and "缺照片" in page and at("fund_activation", row.pk) in page
    committee.post(at("fund_activation", row.pk))
    fund = models.Fund.objects.get(assembly=row)
    entry = {"kind": "in", "fen": "3000.01", "date": "2026-06-15", "text": "到账", "request_key": "k1"}
    assert "超过了决议的金额" in committee.post(at("fund_entry_new", fund.pk), entry).text
    committee.post(at("fund_entry_new", fund.pk), entry | {"fen": "2999.99"})
    assert "¥2,999.99" in committee.get(at("fund", fund.pk)).text
    assert "¥2,999.99" in committee.get(reverse("public:village", args=[home.village.code])).text


def test_the_record_and_the_lists_print_and_export(home: Any, as_: Any) -> None:
    committee, made = as_("committee"), home.made
    sheet = pypdf.PdfReader(io.BytesIO(committee.get(at("assembly_sheet", made["resolved"].pk)).content))
    assert foreign_fair.CHAIR in sheet.pages[0].extract_text()
    for address in (
        at("assemblies_export"),
        at("funds_export"),
        at("fund_export", made["fund"].pk),
        at("dividend_export", made["dividend"].pk),
        at("pledge_export", made["pledge"].pk),
    ):
        assert committee.get(address)["Content-Type"].endswith("sheet"), address
    assert committee.get(at("assembly_photo", made["minutes"].pk))["Content-Type"] == "image/jpeg"
    found = committee.get(at("assemblies"), {"about": "dividend"}).text
    assert foreign_fair.DIVIDEND in found and at("assembly", made["resolved"].pk) not in found


def test_a_dividend_is_exact_paid_once_and_masked_outside(home: Any, as_: Any, client: Any) -> None:
    committee, made = as_("committee"), home.made["dividend"]
    shares = selectors.share_lines(selectors.shares(made.pk))
    assert sum(one.fen for one in shares) == made.fen == 100_001
    preview = committee.get(at("dividend_preview", home.made["unsplit"].pk))
    parts: list[tuple[Any, Part]] = preview.context["parts"]
    assert {part.subject: part.fen for _household, part in parts} == {
        row.subject.key: row.fen for row in made.shares.select_related("subject")
    }
    committee.post(at("dividend_payment", made.pk), {"share": [shares[0].id]})
    again = committee.post(at("dividend_payment", made.pk), {"share": [shares[0].id, shares[1].id]})
    assert "已经登记发放" in again.text
    assert f'value="{shares[1].id}" checked' in again.text, "what was ticked stays ticked"
    exported = committee.get(at("dividend_export", made.pk), {"paid": "yes"})
    cells = [row[1] for row in openpyxl.load_workbook(io.BytesIO(exported.content)).active.values]
    assert shares[0].head in cells and shares[1].head not in cells
    assert models.DividendShare.objects.filter(paid_at__isnull=False).count() == 1
    text = pypdf.PdfReader(io.BytesIO(committee.get(at("dividend_sheet", made.pk)).content)).pages[0]
    assert shares[0].head in text.extract_text()
    outside = client.get(reverse("public:village", args=[home.village.code])).text
    assert foreign_fair.DIVIDEND in outside and shares[0].head not in outside


def test_no_dividend_while_a_notice_is_open(home: Any) -> None:
    period = f"{shiqiao.first_of(TODAY, 1):%Y-%m}"
    motion = services.Motion(
        About.DIVIDEND, "早了", "按积分。", fen=100, source="单列", own_pool=True, period=period
    )
    row = foreign_fair.on_file(home, foreign_fair.record(home, motion, TODAY), TODAY)
    with pytest.raises(services.NoDividend):
        services.activate_dividend(
            assembly_id=row.pk, scheme="household", by=home.users["committee"], at=shiqiao.moment(TODAY)
        )
    with pytest.raises(services.NoResolution):
        services.activate_fund(assembly_id=row.pk, by=home.users["committee"], at=shiqiao.moment(TODAY))


def test_a_household_signs_with_the_finger_or_the_pin_and_takes_it_back(home: Any, client_as: Any) -> None:
    phone, subject = client_as(home.household_user("002")), home.households["002"].subject
    form = {"signer": "王示例", "request_key": "a"}
    assert phone.post(reverse("resident:pledge"), form | {"secret": "000000"}).status_code == 422
    blank = foreign_fair.drawing().split(",")[0] + ",AAAA"
    assert phone.post(reverse("resident:pledge"), form | {"drawing": blank}).status_code == 422
    assert phone.post(reverse("resident:pledge"), form | {"secret": shiqiao.PIN}).status_code == 302
    phone.post(reverse("resident:pledge_withdrawal"))
    phone.post(reverse("resident:pledge"), form | {"drawing": foreign_fair.drawing(), "request_key": "b"})
    asked = selectors.own_pledge(subject.pk, home.village)
    assert asked is not None
    assert [row.answer for row in asked.answers] == [Answer.SIGNED, Answer.WITHDRAWN, Answer.SIGNED]
    assert asked.answers[-1].how is How.SCREEN
    picture = phone.get(reverse("resident:signature", args=[asked.answers[-1].pk]))
    assert picture["Content-Type"] == "image/png"
    other = home.made["pledged"].pk
    assert phone.get(reverse("resident:signature", args=[other])).status_code == 404
    assert "已签" in phone.get(reverse("resident:pledge")).text


def _photo(name: str) -> io.BytesIO:
    photo = io.BytesIO()
    Image.new("RGB", (50, 60), "beige").save(photo, format="JPEG")
    photo.seek(0)
    photo.name = name
    return photo


def test_paper_sheets_come_in_at_once_and_the_rest_is_noted(home: Any, as_: Any) -> None:
    recorder, pledge = as_("recorder"), home.made["pledge"].pk
    address = at("pledge_papers", pledge)
    refused = recorder.post(address, {"photos": [_photo("003.jpg"), _photo("999.jpg")], "request_key": "p"})
    assert refused.status_code == 422 and "999" in refused.text
    recorder.post(address, {"photos": [_photo("003.jpg"), _photo("004.jpg")], "request_key": "p"})
    one = at("pledge_answer", pledge, home.households["005"].subject.pk)
    assert recorder.post(one, {"answer": "absent", "note": "", "request_key": "q"}).status_code == 422
    recorder.post(one, {"answer": "absent", "note": "外出务工", "request_key": "q"})
    page = recorder.get(at("pledge", pledge), {"answer": "open"}).text
    assert "外出务工" in page and "孙假设" in page and "李样本" not in page
    sheet = recorder.get(at("pledge_sheet", pledge))
    text = pypdf.PdfReader(io.BytesIO(sheet.content)).pages[0].extract_text()
    assert "孙假设" in text and "李样本" not in text
