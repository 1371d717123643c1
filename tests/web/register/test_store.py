"""The store at the desk: finding a household, handing out once, opening days, receipts, undoing, goods and stock."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from uuid import uuid4

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from jizhi.demo.month import moment
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.participants.models import Participant
from jizhi.people.models import HouseholdCard
from jizhi.store import selectors
from jizhi.store.models import Redemption
from tests.county import County
from tests.scored import adopt, follow

OPEN = moment(dt.date(2026, 7, 1), 9)


@pytest.fixture
def rich(county: County, clock: Any) -> Any:
    """A household with 100 points on an opening day."""
    ledger_services.credit_wallets(
        village=county.home.area,
        period="household:2026-05",
        points={county.subject().pk: 100_00},
        expires_date=None,
        by=county.home.staff["committee"],
        at=moment(dt.date(2026, 6, 25), 9),
    )
    clock.move_to(OPEN)
    return county.subject().household


def soap(county: County) -> selectors.GoodsLine:
    return next(row for row in selectors.goods_of(county.home.area) if row.name == "肥皂")


def hand_out(client: Any, household: Any, goods: int, quantity: str = "2", key: str = "") -> Any:
    data = {"request_key": key or str(uuid4()), f"goods-{goods}": quantity, "picked_up_by": "女儿"}
    return client.post(reverse("register:counter", args=[household.pk]), data)


def test_card_number_and_number_lead_straight_to_the_counter(county: County, as_: Any, rich: Any) -> None:
    client, counter = as_("store"), reverse("register:counter", args=[rich.pk])
    code = HouseholdCard.objects.get(household=rich, blocked_at=None).code
    assert client.get(reverse("signin:card", args=[code])).url.startswith(reverse("register:store"))
    for scanned in (f"https://village.test/c/{code}/", code.lower(), rich.no, rich.no.lstrip("0")):
        assert client.get(reverse("register:store"), {"q": scanned}).url == counter
    names = client.get(reverse("register:store"), {"q": rich.head_name[:1]})
    assert rich.head_name in names.content.decode() or names.url == counter
    nobody = client.get(reverse("register:store"), {"q": "查无此人"})
    assert "没有找到这户" in nobody.content.decode()


def test_a_foreign_card_is_not_found_here(county: County, as_: Any, rich: Any) -> None:
    client = as_("store", "other")
    code = HouseholdCard.objects.get(household=rich, blocked_at=None).code
    page = client.get(reverse("register:store"), {"q": code}).content.decode()
    assert "没有这张卡" in page and rich.head_name not in page
    assert client.get(reverse("register:counter", args=[rich.pk])).status_code == 404
    assert hand_out(client, rich, soap(county).id).status_code == 404
    assert as_("recorder").get(reverse("register:store")).url == reverse("register:redemptions")
    assert as_("recorder").get(reverse("register:goods")).status_code == 403


def test_handing_out_twice_with_one_key_is_once(county: County, as_: Any, rich: Any) -> None:
    client, article, key = as_("store"), soap(county), str(uuid4())
    page = client.get(reverse("register:counter", args=[rich.pk])).content.decode()
    assert 'data-counter="10000"' in page
    first, second = (hand_out(client, rich, article.id, key=key) for _ in range(2))
    assert first.url == second.url
    assert Redemption.objects.count() == 1
    assert ledger.wallet_of(rich.subject_id).balance == 100_00 - 2 * article.price
    receipt = client.get(first.url).content.decode()
    assert "肥皂" in receipt
    assert "女儿" in receipt
    printed = client.get(reverse("register:receipt_print", args=[Redemption.objects.get().pk]))
    assert printed.content.startswith(b"%PDF")


def test_refusals_keep_what_was_typed(county: County, as_: Any, rich: Any) -> None:
    client, article = as_("store"), soap(county)
    too_much = hand_out(client, rich, article.id, "90")
    assert too_much.status_code == 422
    assert 'value="90"' in too_much.content.decode()
    assert hand_out(client, rich, article.id, "0").status_code == 422
    assert hand_out(client, rich, article.id, "-1").status_code == 422
    assert not Redemption.objects.exists()


def test_closed_today_opens_with_a_reason(county: County, as_: Any, rich: Any, clock: Any) -> None:
    clock.move_to(moment(dt.date(2026, 7, 2), 9))
    client, article = as_("store"), soap(county)
    assert hand_out(client, rich, article.id).status_code == 422
    assert "今天加开" in client.get(reverse("register:store")).content.decode()
    address = reverse("register:opening")
    assert client.post(address, {"date": "2026-07-02", "reason": ""}).status_code == 422
    client.post(address, {"date": "2026-07-02", "reason": "雨天补开"})
    assert "今天开放" in client.get(reverse("register:store")).content.decode()
    assert hand_out(client, rich, article.id).status_code == 302


def test_the_committee_looks_but_does_not_hand_out(county: County, as_: Any, rich: Any) -> None:
    client = as_("committee")
    assert "确认兑换" not in client.get(reverse("register:counter", args=[rich.pk])).content.decode()
    assert hand_out(client, rich, soap(county).id).status_code in (403, 422)
    assert not Redemption.objects.exists()


def test_undoing_needs_a_reason_and_gives_everything_back(county: County, as_: Any, rich: Any) -> None:
    client, before = as_("store"), soap(county)
    hand_out(client, rich, before.id)
    address = reverse("register:undoing", args=[Redemption.objects.get().pk])
    assert "撤销这笔兑换" in client.get(address).content.decode()
    client.post(address, {"reason": ""})
    assert soap(county).stock == before.stock - 2
    client.post(address, {"reason": "拿错了"})
    assert soap(county).stock == before.stock
    assert ledger.wallet_of(rich.subject_id).balance == 100_00
    listed = client.get(reverse("register:redemptions"), {"q": rich.no, "day": "2026-07-01"}).content.decode()
    assert "已撤销" in listed
    assert as_("committee", "other").get(reverse("register:undoing", args=[1])).status_code == 403


def test_redemptions_export_and_empty_day(county: County, as_: Any, rich: Any) -> None:
    client = as_("store")
    hand_out(client, rich, soap(county).id)
    content = client.get(reverse("register:redemptions_export"))
    assert as_("panel1").get(reverse("register:redemptions_export")).status_code == 403
    sheet = openpyxl.load_workbook(_stream(content)).active
    assert any("肥皂" in str(row) for row in sheet.values)
    assert (
        "没有符合条件" in client.get(reverse("register:redemptions"), {"day": "2020-01-01"}).content.decode()
    )
    assert client.get(reverse("register:redemptions"), {"day": "x", "page": "zz"}).status_code == 200


def _stream(answer: Any) -> Any:
    import io

    return io.BytesIO(answer.content)


def test_goods_from_new_to_counted(county: County, as_: Any) -> None:
    client = as_("store")
    new = {"name": "扫帚", "unit": "把", "price": "2.5", "on_sale": "on"}
    address = client.post(reverse("register:article_new"), new).url
    assert client.post(reverse("register:article_new"), new).status_code == 422
    assert (
        client.post(reverse("register:article_new"), new | {"name": "簸箕", "price": "x"}).status_code == 422
    )
    number = int(address.rstrip("/").rsplit("/", 1)[-1])
    client.post(reverse("register:receiving", args=[number]), {"quantity": 10, "donor": "供销社"})
    counting = reverse("register:counting", args=[number])
    assert client.post(counting, {"counted": 8, "note": ""}).status_code == 422
    client.post(counting, {"counted": 8, "note": "破损两把"})
    page = client.get(address).content.decode()
    assert "供销社" in page
    assert "破损两把" in page
    assert client.post(address, new | {"price": "3"}).status_code == 302
    assert as_("store", "other").get(address).status_code == 404
    assert len(openpyxl.load_workbook(_stream(client.get(reverse("register:goods_export")))).sheetnames) == 2


def test_queries_stay_flat(county: County, as_: Any, rich: Any, django_assert_max_num_queries: Any) -> None:
    client = as_("store")
    for _ in range(6):
        hand_out(client, rich, soap(county).id, "1")
    for name in ("store", "redemptions", "goods"):
        with django_assert_max_num_queries(22):
            assert client.get(reverse(f"register:{name}")).status_code == 200


@pytest.fixture
def resident(county: County, rich: Any) -> Any:
    """The head of that household, with 20 points of the residents' scheme."""
    adopt(county.home.area, "resident", county.operator)
    follow(county.home.area, "resident", county.operator, dt.date(2026, 6, 1))
    one = Participant.objects.select_related("subject").get(
        subject__person=rich.head, subject__scheme="resident"
    )
    ledger_services.credit_wallets(
        village=county.home.area, period="resident:2026-05", points={one.subject_id: 20_00}, expires_date=None,
        by=county.home.staff["committee"], at=moment(dt.date(2026, 6, 25), 9),
    )  # fmt: skip
    return one.subject


def test_the_household_s_card_serves_whoever_lives_there(
    county: County, as_: Any, rich: Any, resident: Any
) -> None:
    client, address = as_("store"), reverse("register:person_counter", args=[resident.pk])
    code = HouseholdCard.objects.get(household=rich, blocked_at=None).code
    scanned = client.get(reverse("register:store"), {"q": code}, follow=True).text
    assert address in scanned and "居民积分 20" in scanned
    page = client.get(address).text
    assert 'data-counter="2000"' in page and rich.head_name in page and "居民积分" in page
    data = {"request_key": str(uuid4()), f"goods-{soap(county).id}": "2", "picked_up_by": ""}
    receipt = client.get(client.post(address, data).url).text
    assert "姓名" in receipt and resident.label in receipt
    assert ledger.wallet_of(resident.pk).balance == 20_00 - 2 * soap(county).price
    assert ledger.wallet_of(rich.subject_id).balance == 100_00
    made = Redemption.objects.get()
    printed = client.get(reverse("register:receipt_print", args=[made.pk]))
    text = pypdf.PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    assert "个人" in text and resident.label not in text
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("register:redemptions_export")).content))
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert "个人" in cells and resident.key[-4:] in cells
    client.post(reverse("register:undoing", args=[made.pk]), {"reason": "拿错了"})
    assert ledger.wallet_of(resident.pk).balance == 20_00


def test_persons_are_found_by_number_and_name_beside_households(
    county: County, as_: Any, rich: Any, resident: Any
) -> None:
    client, address = as_("store"), reverse("register:person_counter", args=[resident.pk])
    by_name = client.get(reverse("register:store"), {"q": resident.label}).text
    assert address in by_name and reverse("register:counter", args=[rich.pk]) in by_name
    by_number = client.get(reverse("register:store"), {"q": resident.key[-4:]}, follow=True).text
    assert resident.label in by_number
    elsewhere = as_("store", "other")
    assert elsewhere.get(address).status_code == 404
    assert address not in elsewhere.get(reverse("register:store"), {"q": resident.label}, follow=True).text
    assert as_("recorder").get(address).status_code == 403


def test_the_family_sees_what_it_can_spend_and_what_was_fetched(
    county: County, as_: Any, rich: Any, resident: Any, client_as: Any, read_as: Any
) -> None:
    data = {"request_key": str(uuid4()), f"goods-{soap(county).id}": "1"}
    as_("store").post(reverse("register:person_counter", args=[resident.pk]), data)
    made = Redemption.objects.get()
    home = client_as(county.user(county.subject()))
    member = reverse("resident:family_member", args=[resident.pk])
    store = home.get(reverse("resident:store")).text
    assert "家人的可兑换积分" in store and member in store
    page = home.get(member).text
    assert reverse("resident:receipt", args=[made.pk]) in page and "可兑换积分的变动" in page
    assert home.get(reverse("resident:receipt", args=[made.pk])).status_code == 200
    neighbour = client_as(county.user(county.subject(1)))
    assert neighbour.get(reverse("resident:receipt", args=[made.pk])).status_code == 404
    assert neighbour.get(member).status_code == 404
    for place, seen in ((0, [made]), (1, [])):
        read_as(county.user(county.subject(place)))
        assert list(Redemption.objects.all()) == seen, "the database thinks so, too"
