"""The register at the desk: search, masked export, one household, numbers against a reason, members, cards."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
from django.urls import reverse

from jizhi.core.models import AuditEvent
from jizhi.people.models import Household, HouseholdCard, Membership
from tests.county import County
from tests.web.register.test_changes import change


def page(client: Any, name: str, *args: Any, **query: Any) -> str:
    return client.get(reverse(f"register:{name}", args=args), query).content.decode()


def test_search_filters_and_foreign_households(county: County, as_: Any) -> None:
    client, household = as_("recorder"), county.subject().household
    assert household.head_name in page(client, "households", q=household.no)
    assert household.head_name in page(client, "households", area=household.area.code)
    assert "没有符合条件的农户" in page(client, "households", q="查无此人")
    assert client.get(reverse("register:households"), {"page": "x", "card": "?"}).status_code == 200
    foreign = county.other.all_subjects[0].household
    for name in ("household", "household_edit", "card_pin", "household_phone"):
        assert client.get(reverse(f"register:{name}", args=[foreign.pk])).status_code == 404


def test_export_is_masked(county: County, as_: Any) -> None:
    household = county.subject().household
    content = as_("recorder").get(reverse("register:households_export")).content
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.values)
    assert any(household.no in row for row in rows)
    assert household.phone
    assert household.phone not in str(rows)
    assert as_("store").get(reverse("register:households_export")).status_code == 403


def test_whole_numbers_need_a_reason_and_leave_a_trace(county: County, as_: Any) -> None:
    client, household = as_("recorder"), county.subject().household
    membership = Membership.objects.filter(household=household, person__id_number__isnull=False).first()
    assert membership is not None
    whole = membership.person.id_number
    assert whole not in page(client, "household", household.pk)
    address = reverse("register:member_numbers", args=[household.pk, membership.pk])
    assert whole not in client.get(address).content.decode()
    assert whole not in client.post(address, {"reason": ""}).content.decode()
    shown = client.post(address, {"reason": "核对参保信息"})
    assert whole in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditEvent.objects.filter(verb="person.reveal", detail__reason="核对参保信息").count() == 1
    assert as_("store").get(address).status_code == 403


def test_edit_member_and_leaving(county: County, as_: Any) -> None:
    client, household = as_("recorder"), county.subject().household
    edit = reverse("register:household_edit", args=[household.pk])
    data = {"head_name": household.head_name, "grid": household.area.code, "address": "3组9号", "phone": ""}
    assert client.post(edit, data | {"declared_size": "0"}).status_code == 422
    assert client.post(edit, data | {"declared_size": "7"}).status_code == 302
    changed = Household.objects.select_related("subject").get(pk=household.pk)
    assert (changed.address, changed.subject.size, changed.phone) == ("3组9号", 7, household.phone)
    new = {
        "name": "小满", "relation": "女儿", "id_number": "12", "residence": "resident", "day": "2026-06-01",
    }  # fmt: skip
    assert reverse("register:change_new", args=[household.pk, "joining"]) in page(
        client, "household", household.pk
    )
    assert change(client, household, "joining", **new).status_code == 422
    assert change(client, household, "joining", **new | {"id_number": ""}).status_code == 302
    membership = Membership.objects.get(household=household, person__name="小满")
    leaving = reverse("register:change_new", args=[household.pk, "member_leaving"])
    assert f"{leaving}?person={membership.person_id}" in page(client, "household", household.pk)
    asked = page(client, "change_new", household.pk, "member_leaving", person=membership.person_id)
    assert f'<option value="{membership.person_id}" selected>' in asked
    change(client, household, "member_leaving", person=membership.person_id, day="2026-06-15", reason="出嫁")
    membership.refresh_from_db()
    assert str(membership.to_date) == "2026-06-14"


def test_register_and_close_a_household(county: County, as_: Any) -> None:
    client = as_("recorder")
    data = {"no": "8001", "head_name": "新户主", "grid": county.home.area.code, "from_date": "2026-06-01"}
    client.cookies["django_language"] = "en"
    address = client.post(reverse("register:household_new"), data).url
    client.cookies["django_language"] = "zh-hans"
    assert Membership.objects.get(household__no="8001").relation == "户主"
    assert client.post(reverse("register:household_new"), data).status_code == 422
    household = Household.objects.get(no="8001")
    closing = reverse("register:change_new", args=[household.pk, "leaving"])
    assert closing in client.get(address).content.decode()
    assert closing not in as_("supervisor").get(address).content.decode()
    change(client, household, "leaving", until="2026-12-31")
    household.refresh_from_db()
    assert str(household.to_date) == "2026-06-14"
    assert as_("supervisor").get(closing).status_code == 403


def test_cards_replace_block_and_pin(county: County, as_: Any) -> None:
    client, household = as_("recorder"), county.subject().household
    old = HouseholdCard.objects.get(household=household, blocked_at=None).code
    assert old not in page(client, "household", household.pk)
    shown = client.post(reverse("register:card_replacement", args=[household.pk]), {"reason": "丢失"})
    new = HouseholdCard.objects.get(household=household, blocked_at=None)
    assert new.code != old
    assert new.code in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    pin = reverse("register:card_pin", args=[household.pk])
    assert "太容易" in client.post(pin, {"pin": "111111"}).content.decode()
    assert "402917" in client.post(pin, {"pin": "402917"}).content.decode()
    client.post(reverse("register:card_block", args=[household.pk]), {"reason": "挂失"})
    assert not HouseholdCard.objects.filter(household=household, blocked_at=None).exists()


def test_print_cards_and_pin_letters(county: County, as_: Any) -> None:
    client, household = as_("recorder"), county.subject().household
    client.post(reverse("register:card_block", args=[household.pk]), {"reason": "挂失"})
    code = county.home.area.code
    fresh = client.post(reverse("register:cards"), {"area": code, "which": "new"})
    packed = zipfile.ZipFile(io.BytesIO(fresh.content))
    assert [packed.read(name)[:4] for name in packed.namelist()] == [b"%PDF", b"%PDF"]
    again = client.post(reverse("register:cards"), {"area": code, "which": "new"})
    assert "都已经有卡了" in again.content.decode()
    present = client.post(reverse("register:cards"), {"area": code, "which": "present"})
    assert present.content.startswith(b"%PDF")
    ticked = client.post(reverse("register:ticked_cards"), {"household": [household.pk, "x", "99999999"]})
    assert ticked.content.startswith(b"%PDF")
    other = county.other.area.code
    assert client.post(reverse("register:cards"), {"area": other, "which": "new"}).status_code == 422


def test_queries_stay_flat(county: County, as_: Any, django_assert_max_num_queries: Any) -> None:
    client = as_("recorder")
    with django_assert_max_num_queries(20):
        assert client.get(reverse("register:households")).status_code == 200
    with django_assert_max_num_queries(32):
        client.get(reverse("register:household", args=[county.subject().household.pk]))
