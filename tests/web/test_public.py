"""The public pages: a village's front, its scheme in words, its notices while they are posted and after."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jizhi.ledger.rules import Cause
from jizhi.notices.models import Notice
from jizhi.schemes import services as schemes
from jizhi.schemes.rules import MeetingKind

VILLAGE = "/v/130699101201/"
SCHEME = """
scheme: household
title: {zh: 村民积分制, en: Household points}
base: 100
limits: [{points: 300, per: year}]
sections: [{id: good, title: {zh: 公益美德, en: Public good}, limits: [{points: 60, per: year}]}]
items:
  - {id: volunteering, section: good, kind: merit, title: {zh: 志愿服务, en: Volunteering},
     points: {each: 2, per: {zh: 小时, en: hour}}, limits: [{points: 20, per: month}], claim: [self, worker],
     evidence: [photo, witness], spendable: true, reference: {zh: 村规民约第三条, en: Article 3}}
  - {id: volunteering-award, section: good, kind: merit, title: {zh: 志愿表彰, en: Volunteer award},
     points: {grades: {county: {points: 20, title: {zh: 县级, en: County}},
                       town: {points: 10, title: {zh: 镇级, en: Town}}}},
     reference: 村规民约第三条}
  - {id: litter, kind: fault, title: {zh: 乱倒垃圾, en: Littering}, points: {ladder: [5, 10]},
     repeat: {factor: 2, within: 1 year}, reference: 村规民约第五条}
  - {id: forged, kind: veto, title: {zh: 弄虚作假, en: Forged claims},
     effect: {zero: quarter, bar: [awards], for: 1 year},
     reference: 村规民约第九条}
levels: {period: year, steps: [{level: {zh: 五星, en: Five stars}, over: 180}, {level: {zh: 无星, en: No star}}]}
"""


@pytest.fixture
def client(clock: Any, db: None) -> Client:
    return Client()


@pytest.fixture
def scheme(clock: Any, village: Any, superuser: Any, now: dt.datetime, tmp_path: Path) -> Any:
    file = tmp_path / "2022-03-01.yaml"
    file.write_text(SCHEME, encoding="utf-8")
    version = schemes.load_version(area=village.parent.parent, path=file, by=superuser, at=now)
    resolution = schemes.record_resolution(
        version=version, village=village, kind=MeetingKind.REPRESENTATIVES, held_on_date=dt.date(2022, 2, 20),
        members=42, present=38, votes_for=36, filing_number="石桥〔2022〕3号", by=superuser, at=now,
    )  # fmt: skip
    return schemes.activate_version(
        resolution=resolution, effective_from_date=dt.date(2022, 3, 1), by=superuser, at=now
    )


def _row(no: str, head: str, *points: int) -> dict[str, Any]:
    entries = [
        {"fact": n, "date": "2026-05-03", "item": "志愿服务", "item_en": "Volunteering", "points": value,
         "held_back": 0, "cause": next(iter(Cause)).value, "note": ""}
        for n, value in enumerate(points)
    ]  # fmt: skip
    merits, faults = sum(p for p in points if p > 0), sum(p for p in points if p < 0)
    return {"no": no, "head": head, "total": 10000 + sum(points), "awarded": sum(points), "merits": merits,
            "faults": faults, "held_back": 0, "entries": entries}  # fmt: skip


@pytest.fixture
def notice(clock: Any, village: Any, superuser: Any, now: dt.datetime) -> Notice:
    rows = [_row("001-01", "王**", 400, -500), _row("001-02", "欧阳**"), _row("002-01", "李*", 120)]
    return Notice.objects.create(
        village=village, scheme="household", period="2026-05", digest="c0ffee" * 10, posted_by=superuser,
        content={"title": "村民积分制", "title_en": "Household points", "rows": rows},
        window_to_date=now.date() + dt.timedelta(days=10), posted_at=now,
        public_to_date=now.date() + dt.timedelta(days=180),
    )  # fmt: skip


def test_with_one_village_the_front_is_its_page(client: Client, village: Any) -> None:
    assert client.get("/")["Location"] == VILLAGE


def test_villages_are_found_by_pinyin_and_name(client: Client, village: Any) -> None:
    assert VILLAGE in client.get("/?q=sqc").content.decode()
    assert VILLAGE in client.get("/?q=石桥").content.decode()
    assert "没有找到" in client.get("/?q=nowhere").content.decode()


def test_a_village_without_anything_says_what_will_come(client: Client, village: Any) -> None:
    page = client.get(VILLAGE).content.decode()
    assert "还没有公示" in page
    assert "下次开放日" in page
    assert "还没有通过积分细则" in client.get(f"{VILLAGE}scheme/").content.decode()


def test_unknown_places_are_not_found(client: Client, village: Any) -> None:
    for address in ("/v/000/", "/v/130699101/", f"{VILLAGE}notices/99/"):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "没有找到这一页" in answer.content.decode()


def test_the_scheme_reads_as_words(client: Client, scheme: Any) -> None:
    page = client.get(f"{VILLAGE}scheme/").content.decode()
    for words in (
        "每小时2分", "例：3 小时，2 × 3 = 6 分", "每月最多20分", "县级 20、镇级 10分", "按轻重5、10分",
        "1 年内再次发生，按 2 倍计", "当季度积分清零", "1年内取消评优资格", "超过 180 分", "应到 42 人，实到 38 人",
        "村规民约第三条", "本户申报、网格员", "照片或证人",
    ):  # fmt: skip
        assert words in page, words


def test_the_scheme_in_english(client: Client, scheme: Any) -> None:
    client.cookies["django_language"] = "en"
    page = client.get(f"{VILLAGE}scheme/").content.decode()
    for words in (
        "2 points per hour",
        "at most 20 a month",
        "Article 3",
        "all points of the quarter become zero",
    ):
        assert words in page, words


def test_items_are_searched(client: Client, scheme: Any) -> None:
    page = client.get(f"{VILLAGE}scheme/?q=垃圾").content.decode()
    assert "乱倒垃圾" in page
    assert "志愿服务" not in page
    assert "没有找到这样的条目" in client.get(f"{VILLAGE}scheme/?q=xyz").content.decode()


def test_a_posted_notice_is_read_by_anybody(client: Client, notice: Notice) -> None:
    page = client.get(f"{VILLAGE}notices/{notice.pk}/").content.decode()
    assert "王**" in page
    assert "志愿服务" in page
    assert "2026年6月25日" in page
    narrowed = client.get(f"{VILLAGE}notices/{notice.pk}/?q=002").content.decode()
    assert "李*" in narrowed
    assert "欧阳**" not in narrowed
    with_entries = client.get(f"{VILLAGE}notices/{notice.pk}/?shown=entries").content.decode()
    assert "欧阳**" not in with_entries


def test_htmx_gets_the_same_rows_without_the_shell(client: Client, notice: Notice) -> None:
    answer = client.get(f"{VILLAGE}notices/{notice.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "王**" in answer
    assert "<html" not in answer
    assert 'id="messages"' in answer


def test_the_notice_prints(client: Client, notice: Notice) -> None:
    answer = client.get(f"{VILLAGE}notices/{notice.pk}/notice.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_an_ended_notice_is_taken_down_for_strangers(
    client: Client, notice: Notice, superuser: Any, clock: Any
) -> None:
    clock.shift(dt.timedelta(days=11))
    page = client.get(f"{VILLAGE}notices/{notice.pk}/").content.decode()
    assert "名单已经撤下" in page
    assert "王**" not in page
    assert client.get(f"{VILLAGE}notices/{notice.pk}/notice.pdf").status_code == 404
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    assert "王**" in client.get(f"{VILLAGE}notices/{notice.pk}/").content.decode()


def test_an_expired_notice_is_gone_for_strangers_alone(
    client: Client, notice: Notice, superuser: Any, clock: Any
) -> None:
    address = f"{VILLAGE}notices/{notice.pk}/"
    assert "noindex" in client.get(address)["X-Robots-Tag"]
    clock.shift(dt.timedelta(days=180))
    assert client.get(address).status_code == 200
    clock.shift(dt.timedelta(days=1))
    for gone in (address, f"{address}notice.pdf"):
        answer = client.get(gone)
        assert answer.status_code == 410
        page = answer.content.decode()
        assert "公开页面已经到期" in page
        assert notice.digest in page
        assert "王**" not in page
        assert "noindex" in answer["X-Robots-Tag"]
    assert address not in client.get(f"{VILLAGE}notices/").content.decode()
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    assert "王**" in client.get(address).content.decode()


def test_a_withdrawn_notice_shows_its_reason_and_nothing_else(
    client: Client, notice: Notice, superuser: Any, now: dt.datetime
) -> None:
    Notice.objects.filter(pk=notice.pk).update(
        state="withdrawn", withdrawn_at=now, withdrawn_by=superuser, withdrawn_reason="有一户漏登"
    )
    page = client.get(f"{VILLAGE}notices/{notice.pk}/").content.decode()
    assert "有一户漏登" in page
    assert "已撤下" in page
    assert "王**" not in page
    assert client.get(f"{VILLAGE}notices/{notice.pk}/notice.pdf").status_code == 404


def test_how_to_object_names_the_clocks(client: Client, notice: Notice) -> None:
    page = client.get(f"{VILLAGE}objections/").content.decode()
    assert "书面答复" in page
    assert "2026年5月积分公示" in page
