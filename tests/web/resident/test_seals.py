"""Receipts and seals on the pages: a household's own, the desk's, and what anybody checks without signing in."""

from __future__ import annotations

import contextlib
import io
import json
import re
from typing import Any

import pypdf
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from jizhi.ledger.models import Entry
from jizhi.seals import rules, selectors, services
from jizhi.seals.rules import checking, receipts
from tests.web import shiqiao


def _own_entry(place: shiqiao.Village) -> Entry:
    return Entry.objects.filter(subject=place.households["001"].subject, noticed__isnull=False).earliest("pk")


def _page(entry: Entry, page: str, audience: str = "resident") -> str:
    return reverse(f"{audience}:{page}", args=[entry.fact_id, entry.pk])


def _text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def anybody(place: shiqiao.Village) -> Client:
    return Client()


def test_a_household_keeps_its_receipt(place: shiqiao.Village, mine: Client, anybody: Client) -> None:
    entry = _own_entry(place)
    act = _text(mine.get(reverse("resident:entry", args=[entry.fact_id])))
    assert _page(entry, "seal_receipt") in act
    page = _text(mine.get(_page(entry, "seal_receipt")))
    assert "凭证属实，台账没有被改动" in page and "<svg" in page and page.count("is-good") == 4
    kept = mine.get(_page(entry, "seal_file"))
    assert "attachment" in kept["Content-Disposition"]
    chain = rules.Chain.read(anybody.get(reverse("public:chain", args=[place.village.code])).json())
    answers = checking.check_receipt(receipts.read(kept.content), chain)
    assert [one.holds for one in answers] == [True, True, True]


def test_a_receipt_is_printed_with_seal_and_code(place: shiqiao.Village, mine: Client) -> None:
    answer = mine.get(_page(_own_entry(place), "seal_print"))
    assert answer["Content-Type"] == "application/pdf"
    text = re.sub(r"\s", "", pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text())
    sealed = selectors.receipt_of(_own_entry(place).pk)
    assert sealed is not None
    assert sealed.seal.root in text and sealed.seal.hash in text and "积分存证凭证" in text


def test_what_waits_for_the_night_has_no_receipt_yet(place: shiqiao.Village, mine: Client) -> None:
    sealed = selectors.sealed_entries(list(Entry.objects.values_list("pk", flat=True)))
    waiting = (
        Entry.objects.filter(subject=place.households["001"].subject).exclude(pk__in=sealed).earliest("pk")
    )
    assert "今晚存证" in _text(mine.get(reverse("resident:entry", args=[waiting.fact_id])))
    assert mine.get(_page(waiting, "seal_receipt")).status_code == 404
    assert services.seal_village(village=place.village, by=None, at=shiqiao.moment(place.today)) is not None
    assert mine.get(_page(waiting, "seal_receipt")).status_code == 200


def test_a_neighbour_gets_nothing_of_it(place: shiqiao.Village, client_as: Any) -> None:
    entry = _own_entry(place)
    neighbour = client_as(place.household_user("002"))
    own = Entry.objects.filter(subject=place.households["002"].subject).earliest("pk")
    for page in ("seal_receipt", "seal_file", "seal_print"):
        assert neighbour.get(_page(entry, page)).status_code == 404
        crossed = reverse(f"resident:{page}", args=[own.fact_id, entry.pk])
        assert neighbour.get(crossed).status_code == 404


def test_the_desk_hands_receipts_to_households_without_a_phone(
    place: shiqiao.Village, client_as: Any
) -> None:
    entry, desk = _own_entry(place), client_as(place.users["recorder"])
    assert _page(entry, "seal_receipt", "desk") in _text(desk.get(reverse("desk:fact", args=[entry.fact_id])))
    assert "凭证属实" in _text(desk.get(_page(entry, "seal_receipt", "desk")))
    assert receipts.read(desk.get(_page(entry, "seal_file", "desk")).content).leaf["number"] == entry.pk
    assert desk.get(_page(entry, "seal_print", "desk")).content.startswith(b"%PDF")


def test_anybody_reads_the_seals_and_finds_one(place: shiqiao.Village, anybody: Client) -> None:
    address = reverse("public:seals", args=[place.village.code])
    line = selectors.lines(selectors.seals_of(place.village))[-1]
    page = _text(anybody.get(address))
    assert " ".join(re.findall("." * 8, line.root)) in page
    assert line.root[:8] in _text(anybody.get(address, {"q": line.root[:12]}))
    assert f'id="seal-{line.number}"' in _text(anybody.get(address, {"q": str(line.number)}))
    assert f'id="seal-{line.number}"' in _text(anybody.get(address, {"q": f"{line.day:%Y-%m}"}))
    assert "没有符合的存证" in _text(anybody.get(address, {"q": "1999"}))
    assert anybody.get(reverse("public:seals", args=["nowhere"])).status_code == 404
    whole = anybody.get(reverse("public:chain", args=[place.village.code]), {"leaves": "1"}).json()
    found = rules.Chain.read(whole)
    assert len(found.leaves[1]) == found.seals[0].count and checking.check_chain(found) == []
    assert "salt" not in json.dumps(whole)


def test_anybody_has_the_whole_ledger_checked(place: shiqiao.Village, anybody: Client) -> None:
    address, entry = reverse("public:seal_check", args=[place.village.code]), _own_entry(place)
    cache.clear()
    assert "整本台账与全部存证相符" in _text(anybody.get(address))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET points = points + 1 WHERE id = %s", [entry.pk])
    cache.clear()
    page = _text(anybody.get(address))
    assert "台账与存证不符" in page and f"积分明细 {entry.pk}：内容与存证时不同" in page
    assert not any(head in page for _no, head, _size in shiqiao.HEADS)
    cache.clear()


def test_one_stranger_at_a_time_has_a_whole_chain_read(
    place: shiqiao.Village, anybody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    check = reverse("public:seal_check", args=[place.village.code])
    leaves = reverse("public:chain", args=[place.village.code])
    monkeypatch.setattr(selectors, "alone", lambda: contextlib.nullcontext(False))
    for answer in (anybody.get(check), anybody.get(leaves, {"leaves": "1"})):
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert anybody.get(leaves).status_code == 200
    monkeypatch.undo()
    whole = anybody.get(leaves, {"leaves": "1"}).content
    assert "整本台账与全部存证相符" in _text(anybody.get(check))
    for name in ("chain_of", "check_village"):
        monkeypatch.setattr(selectors, name, lambda *_about, **_more: pytest.fail("read twice"))
    assert anybody.get(leaves, {"leaves": "1"}).content == whole
    assert anybody.get(check).status_code == 200
    cache.clear()


def test_the_lock_of_a_reader_is_seen_by_the_next(place: shiqiao.Village) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('jizhi.seals.public'))")
            with selectors.alone() as mine:
                assert not mine
            cursor.execute("SELECT pg_advisory_unlock(hashtext('jizhi.seals.public'))")
        with selectors.alone() as mine:
            assert mine
    finally:
        other.close()


def test_a_village_without_a_seal_says_so(place: shiqiao.Village, anybody: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("seals_sealedleaf", "seals_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"DELETE FROM {table}")
    assert "还没有存证" in _text(anybody.get(reverse("public:seals", args=[place.village.code])))
    notice = _text(anybody.get(reverse("public:notice", args=[place.village.code, place.made["notice"].pk])))
    assert "本公示的积分已存证" not in notice


def test_a_notice_shows_its_seal(
    place: shiqiao.Village, anybody: Client, client_as: Any, mine: Client
) -> None:
    notice = place.made["notice"]
    line = selectors.seal_on_notice(place.village, notice.posted_at)
    assert line is not None
    wanted = " ".join(re.findall("." * 8, line.root))
    desk = client_as(place.users["committee"])
    for client, address in (
        (anybody, reverse("public:notice", args=[place.village.code, notice.pk])),
        (mine, reverse("resident:notice", args=[notice.pk])),
        (desk, reverse("desk:notice", args=[notice.pk])),
    ):
        assert wanted in _text(client.get(address)), address
    pdf = anybody.get(reverse("public:notice_pdf", args=[place.village.code, notice.pk])).content
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert line.root in re.sub(r"\s", "", text)


def test_anybody_checks_a_receipt_pasted_uploaded_or_scanned(place: shiqiao.Village, anybody: Client) -> None:
    sealed = selectors.receipt_of(_own_entry(place).pk)
    assert sealed is not None
    address, file = reverse("public:verify"), sealed.receipt.file()
    pasted = anybody.post(address, {"text": file.decode()})
    uploaded = anybody.post(address, {"file": SimpleUploadedFile("r.json", file, "application/json")})
    scanned = anybody.get(reverse("public:scanned", args=[sealed.receipt.short()]))
    typed = anybody.post(
        address, {"text": f"http://testserver{receipts.MARK}{sealed.receipt.short().lower()}"}
    )
    for answer in (pasted, uploaded, scanned, typed):
        page = _text(answer)
        assert answer.status_code == 200 and "凭证属实，台账没有被改动" in page and page.count("is-good") == 4
        assert str(sealed.number) in page and "欧阳晓芸" not in page
    english = Client()
    english.cookies["django_language"] = "en"
    assert "The receipt holds" in _text(english.post(address, {"text": file.decode()}))


def test_what_does_not_hold_is_said_in_plain_words(place: shiqiao.Village, anybody: Client) -> None:
    entry = _own_entry(place)
    sealed = selectors.receipt_of(entry.pk)
    assert sealed is not None
    address, document = reverse("public:verify"), sealed.receipt.document()
    forged = json.dumps(document | {"leaf": document["leaf"] | {"points": 99_900}})
    page = _text(anybody.post(address, {"text": forged}))
    assert "核验不通过" in page and "凭证被改过" in page and "有人动过台账" in page
    for text in ("", "你好", "{}", '{"format": "jizhi-receipt-1"}'):
        assert anybody.post(address, {"text": text}).status_code == 422
    assert "这个二维码不完整" in _text(
        anybody.get(reverse("public:scanned", args=[sealed.receipt.short()[:99]]))
    )
    elsewhere = json.dumps(document | {"seal": document["seal"] | {"village": "110000000000"}})
    assert "核验不通过" in _text(anybody.post(address, {"text": elsewhere}))
    odd = document["leaf"] | {
        "cause": 5,
        "act_date": "x",
        "points": "x",
        "fact": [],
        "subject": None,
        "number": 2**70,
    }
    assert "核验不通过" in _text(anybody.post(address, {"text": json.dumps(document | {"leaf": odd})}))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET points = points + 1 WHERE id = %s", [entry.pk])
    answer = anybody.post(address, {"text": json.dumps(document)})
    page = _text(answer)
    assert "核验不通过" in page and page.count("is-good") == 3 and "有人动过台账" in page
