"""Households written in bulk: the same register as one by one, repeats harmless, contradictions refused with places."""

from __future__ import annotations

import datetime as dt

import pytest

from jizhi.areas import selectors as areas
from jizhi.core.models import AuditEvent
from jizhi.people import services
from jizhi.people.models import Household, Membership, Person
from jizhi.people.services import HouseholdRecord, MemberRecord
from tests import factories

pytestmark = pytest.mark.django_db
HEAD, WIFE, SON = (factories.id_number(serial) for serial in (1, 2, 3))


def _household(village: str, no: str, head: str, number: str, **more: object) -> HouseholdRecord:
    members = [
        MemberRecord(head, "户主", number, dt.date(1970, 1, 1), row=2),
        MemberRecord(f"{head}子", "子", row=3),
    ]
    return HouseholdRecord(village, no, head, members, **{"grid": "第一网格", "row": 2} | more)  # type: ignore[arg-type]


def _write(*records: HouseholdRecord, **more: object) -> tuple[int, int, int, int]:
    written = services.write_households(records=iter(records), **{"by": None, "at": factories.AT} | more)  # type: ignore[arg-type]
    return written.created, written.updated, written.unchanged, len(written.refused)


def test_new_households_come_with_grid_members_subject_and_trail() -> None:
    first, second = factories.village(), factories.village()
    seen: list[int] = []
    wrote = _write(
        _household(first.code, "0001", "周甲", HEAD, phone="19900001111"),
        _household(second.code, "0001", "钱乙", WIFE, size=5),
        progress=seen.append,
        batch=1,
    )
    assert wrote == (2, 0, 0, 0)
    assert seen == [1, 2]
    household = Household.objects.select_related("subject", "area").get(village=first)
    assert (household.area.name, household.phone, household.subject.size) == ("第一网格", "19900001111", 2)
    assert household.from_date == dt.date(2026, 1, 1)
    head = Membership.objects.select_related("person").get(household=household, relation="户主").person
    assert (head.id_number, head.pinyin) == (HEAD, "zhoujia zj")
    assert Household.objects.select_related("subject").get(village=second).subject.size == 5
    assert AuditEvent.objects.filter(verb="household.create", target_id=str(household.pk)).count() == 1


def test_a_repeat_changes_nothing_and_a_change_is_an_update() -> None:
    village = factories.village()
    _write(_household(village.code, "0001", "周甲", HEAD))
    events = AuditEvent.objects.count()
    assert _write(_household(village.code, "0001", "周甲", HEAD)) == (0, 0, 1, 0)
    assert AuditEvent.objects.count() == events
    written = services.write_batch(
        records=[_household(village.code, "0001", "周甲", HEAD, size=4, address="村东头")],
        by=None,
        at=factories.AT,
    )
    household = Household.objects.select_related("subject").get()
    assert (written.updated, written.resized) == (1, [household.subject_id])
    assert (household.address, household.subject.size) == ("村东头", 4)


def test_a_dry_run_counts_and_writes_nothing() -> None:
    village = factories.village()
    records = [_household(village.code, "0001", "周甲", HEAD)]
    written = services.write_batch(records=records, by=None, at=factories.AT, dry_run=True)
    assert written.created == 1
    assert not Person.objects.exists()
    assert areas.grids_of(village) == ()


def test_one_person_in_two_households_is_refused_with_both_places() -> None:
    village, other = factories.village(), factories.village()
    twice = _household(village.code, "0002", "钱乙", HEAD, row=8)
    written = services.write_households(
        records=[_household(village.code, "0001", "周甲", HEAD), twice], by=None, at=factories.AT
    )
    assert (written.created, {(cell.row, cell.reason) for cell in written.refused}) == (
        1,
        {(2, "与第 2 行重复"), (3, "与第 2 行重复"), (8, "与第 2 行重复")},
    )
    elsewhere = services.write_households(
        records=[_household(other.code, "0001", "周甲", HEAD)], by=None, at=factories.AT
    )
    assert "其他村" in elsewhere.refused[0].reason
    assert Household.objects.count() == 1


def test_an_unknown_village_or_place_stops_the_batch() -> None:
    village, other = factories.village(), factories.village()
    with pytest.raises(services.NoSuchVillage):
        _write(_household("nowhere", "0001", "周甲", HEAD))
    with pytest.raises(services.NoSuchPlace):
        _write(_household(village.code, "0001", "周甲", HEAD, area=other.code))
    assert not Household.objects.exists()
