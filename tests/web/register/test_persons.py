"""The register of persons: search by name, pinyin and whole numbers, masked export, correcting, party, duplicates."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from django.urls import reverse

from jizhi.core.models import AuditEvent
from jizhi.people import services
from jizhi.people.models import ClassSpell, Membership, NotDuplicate, Person
from jizhi.people.rules import PartyClass
from tests import factories
from tests.county import County


def someone(county: County) -> Person:
    rows = Membership.objects.filter(household__village=county.home.area, to_date=None)
    membership = rows.filter(person__id_number__isnull=False).select_related("person").order_by("id").first()
    assert membership is not None
    person: Person = membership.person
    return person


def edit(client: Any, person: Person, **data: Any) -> Any:
    wanted = {
        "name": person.name, "sex": person.sex, "birth_date": person.birth_date, "residence": person.residence,
        "registered_place": "", "id_number": "", "phone": "", "version": person.version,
    }  # fmt: skip
    return client.post(reverse("register:person_edit", args=[person.pk]), wanted | data)


def test_search_by_name_pinyin_and_whole_number(county: County, as_: Any) -> None:
    client, person = as_("recorder"), someone(county)
    address = reverse("register:persons")
    link = reverse("register:person", args=[person.pk])
    for words in (person.name, person.pinyin.split()[0], person.pinyin.split()[1], person.id_number):
        assert link in client.get(address, {"q": words}).content.decode(), words
    assert person.id_number not in client.get(link).content.decode()
    assert link not in as_("recorder", "other").get(address, {"q": person.id_number}).content.decode()
    assert as_("recorder", "other").get(link).status_code == 404
    narrowed = client.get(address, {"sex": person.sex, "age": "75-", "residence": "resident", "party": "no"})
    assert narrowed.status_code == 200
    assert "没有符合条件的人员" in client.get(address, {"letter": "F"}).content.decode()


def test_correcting_needs_the_version_and_heads_follow(county: County, as_: Any) -> None:
    client = as_("recorder")
    household = county.subject().household
    person = household.head
    assert edit(client, person, name="新名字", phone="19900001111").status_code == 302
    household.refresh_from_db()
    household.subject.refresh_from_db()
    assert (household.head_name, household.subject.label) == ("新名字", "新名字")
    stale = edit(client, person, name="又改")
    assert "刚被别人改过" in stale.content.decode()
    other = Membership.objects.filter(household__village=county.home.area).exclude(person=person)
    taken = other.filter(person__id_number__isnull=False).first()
    assert taken is not None
    person.refresh_from_db()
    refused = edit(client, person, id_number=taken.person.id_number)
    assert "已登记在另一人名下" in refused.content.decode()


def test_party_membership_and_class_over_time(county: County, as_: Any) -> None:
    client, person = as_("recorder"), someone(county)
    party, letter = (
        reverse("register:person_party", args=[person.pk]),
        reverse("register:person_class", args=[person.pk]),
    )
    services_refused = client.post(letter, {"letter": "C", "from_date": "2026-02-01"})
    if not person.party_member:
        assert "只有党员才分类" in services_refused.content.decode()
    client.post(party, {"standing": "probationary", "from_date": "2025-03-01"})
    client.post(party, {"standing": "full", "from_date": "2026-03-01"})
    ClassSpell.objects.filter(person=person).delete()
    client.post(letter, {"letter": "C", "from_date": "2026-03-01"})
    client.post(letter, {"letter": "F", "from_date": "2026-05-01"})
    spells = ClassSpell.objects.filter(person=person).order_by("from_date")
    assert [(s.letter, str(s.to_date)) for s in spells] == [("C", "2026-04-30"), ("F", "None")]
    listed = client.get(reverse("register:persons"), {"letter": "F"}).content.decode()
    assert person.name in listed
    client.post(reverse("register:person_party_end", args=[person.pk]), {"to_date": "2026-06-01"})
    person.refresh_from_db()
    assert not person.party_member
    assert not ClassSpell.objects.filter(person=person, to_date=None).exists()


def test_export_masked_and_whole_against_a_reason(county: County, as_: Any) -> None:
    client, person = as_("recorder"), someone(county)
    content = client.get(reverse("register:persons_export")).content
    rows = str(list(openpyxl.load_workbook(io.BytesIO(content)).active.values))
    assert person.name in rows
    assert person.id_number not in rows
    address = reverse("register:persons_numbers")
    assert person.id_number not in client.get(address).content.decode()
    whole = client.post(address, {"reason": "医保核对"})
    rows = str(list(openpyxl.load_workbook(io.BytesIO(whole.content)).active.values))
    assert person.id_number in rows
    assert AuditEvent.objects.filter(verb="person.reveal_many", detail__reason="医保核对").exists()
    assert as_("supervisor").get(address).status_code == 403


def _twin(county: County, person: Person, **more: Any) -> Person:
    household = county.home.all_subjects[-1].household
    member = services.NewMember(person.name, "亲属", birth_date=person.birth_date, **more)
    return services.add_member(
        household=household, member=member, from_date=factories.START, by=None, at=factories.AT
    ).person


def test_duplicates_are_found_compared_and_merged(county: County, as_: Any) -> None:
    client, person = as_("recorder"), someone(county)
    old_number = person.id_number[:6] + person.id_number[8:17]  # type: ignore[index]
    twin = _twin(county, person, id_number=old_number, phone="19900002222")
    listed = client.get(reverse("register:duplicates")).content.decode()
    assert "身份证号只差位数或校验码" in listed
    assert "同村同名同生日" in listed
    address = reverse("register:duplicate", args=[person.pk, twin.pk])
    page = client.get(address).content.decode()
    assert person.id_number not in page
    data = {"one_version": person.version, "other_version": twin.version, "phone": "other", "name": "one"}
    refused = client.post(address, data)
    assert "同一时间属于两户" in refused.content.decode()
    membership = Membership.objects.get(person=twin)
    Membership.objects.filter(pk=Membership.objects.get(person=person).pk).update(to_date="2026-05-31")
    Membership.objects.filter(pk=membership.pk).update(from_date="2026-06-01")
    assert client.post(address, data).status_code == 302
    person.refresh_from_db()
    twin.refresh_from_db()
    assert (person.phone, twin.merged_into, twin.id_number) == ("19900002222", person, None)
    assert set(Membership.objects.filter(person=person)) >= {membership}
    assert not Membership.objects.filter(person=twin).exists()
    assert client.get(reverse("register:person", args=[twin.pk])).url == reverse(
        "register:person", args=[person.pk]
    )


def test_not_a_duplicate_is_remembered(county: County, as_: Any) -> None:
    client, person = as_("recorder"), someone(county)
    twin = _twin(county, person)
    assert (
        reverse("register:duplicate", args=[person.pk, twin.pk])
        in client.get(reverse("register:duplicates")).content.decode()
    )
    client.post(reverse("register:duplicate_apart", args=[person.pk, twin.pk]))
    assert NotDuplicate.objects.get().one_id == person.pk
    assert "没有发现重复的人员" in client.get(reverse("register:duplicates")).content.decode()


def test_same_head_and_address_is_asked_about(county: County, as_: Any) -> None:
    client, household = as_("recorder"), county.subject().household
    data = {
        "no": "8100", "head_name": household.head_name, "grid": county.home.area.code, "from_date": "2026-06-01",
        "address": household.address,
    }  # fmt: skip
    address = reverse("register:household_new")
    assert "本村已有同户主、同住址的户" in client.post(address, data).content.decode()
    assert client.post(address, data | {"anyway": "1"}).status_code == 302
    assert "同户主、同住址的户" in client.get(reverse("register:duplicates")).content.decode()


def test_a_person_on_the_register_is_offered_at_registration(county: County, as_: Any) -> None:
    client = as_("recorder")
    members = Membership.objects.filter(household__village=county.home.area).exclude(relation="户主")
    person = members.order_by("id").select_related("person")[0].person
    household = county.home.all_subjects[-1].household
    address = reverse("register:change_new", args=[household.pk, "marriage"])
    data = {
        "name": person.name, "birth_date": person.birth_date, "residence": "resident", "day": "2026-06-15",
        "preview": "1",
    }  # fmt: skip
    assert "名册里可能已有此人" in client.post(address, data).content.decode()
    before = Person.objects.count()
    chosen = client.post(address, data | {"use": person.pk}).content.decode()
    assert "名册里可能已有此人" not in chosen
    assert f'name="person" value="{person.pk}"' in chosen
    client.post(address, data | {"person": person.pk, "confirm": "1"})
    assert Person.objects.count() == before
    assert Membership.objects.filter(person=person, household=household, to_date=None).exists()


def test_queries_stay_flat(county: County, as_: Any, django_assert_max_num_queries: Any) -> None:
    client, person = as_("recorder"), someone(county)
    assert PartyClass.A.value == "A"
    with django_assert_max_num_queries(18):
        client.get(reverse("register:persons"))
    with django_assert_max_num_queries(25):
        client.get(reverse("register:person", args=[person.pk]))
    with django_assert_max_num_queries(18):
        client.get(reverse("register:duplicates"))
