"""What a roster does to the register: two kinds of list in any order, changes, contradictions, and nothing twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.areas import selectors as areas
from jizhi.core.models import AuditEvent
from jizhi.people import services
from jizhi.people.models import Household, Membership, Person, Subject
from jizhi.people.rules import Change, Fate
from jizhi.posts import selectors as posts
from jizhi.posts.rules import PostKind
from tests import factories
from tests.domain.people.rosters import bring, counts, declared, listed, member

pytestmark = pytest.mark.django_db
HEAD, WIFE, SON = (factories.id_number(serial) for serial in (1, 2, 3))


def _state() -> list[Any]:
    """All that matters of the register, for comparing two ways to it."""
    households = Household.objects.order_by("no").select_related("subject", "area")
    return [
        (
            h.no,
            h.head_name,
            h.area.name,
            h.phone,
            h.address,
            h.subject.size,
            h.subject.label,
            sorted(
                (m.person.name, m.relation, m.person.id_number)
                for m in h.memberships.select_related("person")
            ),
        )
        for h in households
    ]


def test_a_dry_run_tells_all_and_writes_nothing() -> None:
    village = factories.village()
    events = AuditEvent.objects.count()
    report = bring(village, declared("0001", "周甲", HEAD), declared("0002", "钱乙", grid=""), dry_run=True)
    assert counts(report) == (2, 0, 0, 0)
    assert report.new_grids == ("第一网格",)
    assert not Household.objects.exists()
    assert not Person.objects.exists()
    assert AuditEvent.objects.count() == events
    assert areas.grids_of(village) == ()


def test_a_first_roster_registers_households_subjects_heads_and_grids() -> None:
    village = factories.village()
    report = bring(village, declared("0001", "周甲", HEAD, size=4), declared("0002", "钱乙", grid="", size=1))
    assert counts(report) == (2, 0, 0, 0)
    first, second = Household.objects.order_by("no")
    assert first.area == areas.grids_of(village)[0]
    assert first.area.code == village.code + "001"
    assert second.area == village
    assert (first.subject.key, first.subject.size, first.subject.group) == (
        f"{village.code}-0001",
        4,
        village.code,
    )
    assert first.from_date == dt.date(2026, 1, 1)
    head = Membership.objects.get(household=first).person
    assert (head.name, head.id_number, head.pinyin) == ("周甲", HEAD, "zhoujia zj")
    assert AuditEvent.objects.filter(verb="household.create").count() == 2


def test_the_same_file_again_changes_nothing() -> None:
    village = factories.village()
    rows = [declared("0001", "周甲", HEAD), listed("0002", member("钱乙", WIFE, "户主"), member("钱丙"))]
    bring(village, *rows)
    before, events = _state(), AuditEvent.objects.exclude(verb="roster.import").count()
    assert counts(bring(village, *rows)) == (0, 2, 0, 0)
    assert _state() == before
    assert AuditEvent.objects.exclude(verb="roster.import").count() == events


def test_both_kinds_of_list_lead_to_the_same_register_in_either_order() -> None:
    heads = declared("0001", "周甲", HEAD, size=5)
    persons = listed(
        "0001",
        member("周甲", HEAD, "户主", party=True),
        member("王丁", WIFE, "配偶"),
        member("周小", "", "子"),
    )
    ends = []
    for order in ([heads, persons], [persons, heads]):
        village = factories.village()
        for household in order:
            bring(village, household)
        ends.append(_state())
        assert [counts(bring(village, household)) for household in order] == [(0, 1, 0, 0)] * 2
        Membership.objects.all().delete()
        Household.objects.all().delete()
        Person.objects.all().delete()
    assert ends[0] == ends[1]
    assert ends[0][0][5] == 5


def test_without_a_declared_size_the_members_count() -> None:
    village = factories.village()
    bring(village, listed("0001", member("周甲", HEAD, "户主"), member("王丁", WIFE, "配偶")))
    assert Subject.objects.get().size == 2
    bring(village, listed("0001", member("周甲", HEAD, "户主"), member("周小", SON, "子")))
    assert Subject.objects.get().size == 3
    assert Membership.objects.count() == 3


def test_a_blank_cell_erases_nothing() -> None:
    village = factories.village()
    bring(village, declared("0001", "周甲", HEAD))
    before = _state()
    assert counts(bring(village, declared("0001", "周甲", "", phone="", address="", grid=""))) == (0, 1, 0, 0)
    assert _state() == before


def test_a_changed_row_updates_and_the_trail_shows_before_and_after() -> None:
    village = factories.village()
    bring(village, declared("0001", "周甲", HEAD, size=4), declared("0002", "钱乙", size=2))
    changed = declared("0001", "周甲", HEAD, size=5, phone="19900002222", address="2组3号")
    report = bring(village, changed, declared("0002", "钱乙", size=2))
    assert counts(report) == (0, 1, 1, 0)
    assert [h.fate for h in report.households] == [Fate.UPDATED, Fate.UNCHANGED]
    assert set(report.households[0].changes) == {Change.PHONE, Change.ADDRESS, Change.SIZE, Change.MEMBERS}
    household = Household.objects.select_related("subject").get(no="0001")
    assert (household.phone, household.address, household.subject.size) == ("19900002222", "2组3号", 5)
    event = AuditEvent.objects.get(verb="household.update")
    assert event.detail["address"] == ["1组1号", "2组3号"]
    assert event.detail["size"] == [4, 5]
    assert "19900002222" not in str(event.detail)


def test_a_corrected_or_added_id_number_stays_the_same_person() -> None:
    village = factories.village()
    bring(village, declared("0001", "周甲"))
    bring(village, declared("0001", "周甲", HEAD))
    assert Person.objects.get().id_number == HEAD
    corrected = factories.id_number(9)
    report = bring(village, declared("0001", "周甲", corrected))
    assert counts(report) == (0, 0, 1, 0)
    assert Person.objects.get().id_number == corrected
    assert corrected not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_a_new_head_from_the_household_takes_over() -> None:
    village = factories.village()
    bring(village, listed("0001", member("周甲", HEAD, "户主"), member("周小", SON, "子")))
    report = bring(village, declared("0001", "周小", SON, size=2))
    assert counts(report) == (0, 0, 1, 0)
    assert {m.person.name: m.relation for m in Membership.objects.select_related("person")} == {
        "周甲": "",
        "周小": "户主",
    }
    assert Subject.objects.get().label == "周小"


def test_two_of_one_name_in_a_household_are_two_persons() -> None:
    village = factories.village()
    rows = listed(
        "0001", member("赵丰", HEAD, "户主"), member("赵丰", SON, "孙子"), member("赵丰", "", "孙子")
    )
    bring(village, rows)
    assert Person.objects.count() == 3
    assert counts(bring(village, rows)) == (0, 1, 0, 0)


def test_an_id_of_another_household_is_refused_with_a_masked_place() -> None:
    village, neighbour = factories.village(), factories.village()
    bring(village, declared("0001", "周甲", HEAD))
    wife, row = member("王丁", WIFE, "配偶", row=3), member("周甲", HEAD, "子", row=4)
    report = bring(village, listed("0002", member("钱乙", SON, "户主"), wife, row))
    assert counts(report) == (1, 0, 0, 1)
    assert (report.refused[0].row, report.refused[0].value) == (4, "9901************" + HEAD[-2:])
    assert "0001" in report.refused[0].reason
    assert Membership.objects.filter(household__no="0002").count() == 2
    report = bring(
        neighbour, listed("0001", member("周甲", HEAD, "户主", row=2), member("王丁", "", "配偶", row=3))
    )
    assert counts(report) == (0, 0, 0, 2)
    assert [cell.row for cell in report.refused] == [2, 3]
    assert village.name not in report.refused[0].reason
    assert not Household.objects.filter(village=neighbour).exists()


def test_a_number_given_to_other_people_is_refused() -> None:
    village = factories.village()
    bring(village, declared("0001", "周甲", HEAD))
    report = bring(village, declared("0001", "钱乙", WIFE), declared("0002", "孙丙", SON))
    assert counts(report) == (1, 0, 0, 1)
    assert Household.objects.get(no="0001").head_name == "周甲"


def test_a_closed_household_is_not_reopened_by_a_list() -> None:
    village = factories.village()
    bring(village, declared("0001", "周甲", HEAD))
    household = Household.objects.get()
    services.close_household(
        household=household,
        to_date=factories.TODAY - dt.timedelta(days=1),
        reason="迁出",
        by=None,
        at=factories.AT,
    )
    assert counts(bring(village, declared("0001", "周甲", HEAD))) == (0, 0, 0, 1)
    report = bring(village, declared("0009", "周甲", HEAD))
    assert counts(report) == (1, 0, 0, 0)
    assert Person.objects.count() == 1
    assert Membership.objects.filter(to_date=None).get().from_date == factories.TODAY


def test_later_households_join_on_the_day_of_their_import() -> None:
    village = factories.village()
    bring(village, declared("0001", "周甲", HEAD))
    bring(village, declared("0002", "钱乙", WIFE))
    assert Household.objects.get(no="0002").from_date == factories.TODAY
    bring(village, declared("0003", "孙丙", SON), from_date=dt.date(2026, 3, 1))
    assert Subject.objects.get(label="孙丙").from_date == dt.date(2026, 3, 1)


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries: Any) -> None:
    def rows(start: int, count: int) -> list[Any]:
        return [
            listed(
                f"{n:04d}",
                member(f"周{n}", factories.id_number(n), "户主"),
                member(f"王{n}", relation="配偶"),
            )
            for n in range(start, start + count)
        ]

    for count, start in ((3, 1), (300, 400)):
        village = factories.village()
        factories.grid(village, name="第一网格")
        with django_assert_max_num_queries(20):
            report = bring(village, *rows(start, count))
        assert report.created == count


def test_only_posts_that_may_import_into_a_village() -> None:
    village = factories.village()
    recorder, worker = (
        factories.holder(PostKind.RECORDER, village),
        factories.holder(PostKind.GRID_WORKER, village),
    )
    bring(village, declared("0001", "周甲"), by=recorder)
    for user, place in ((worker, village), (recorder, factories.village())):
        with pytest.raises(posts.NotAllowed):
            bring(place, declared("0002", "钱乙"), by=user)
    with pytest.raises(services.NotAVillage):
        bring(factories.township(), declared("0002", "钱乙"))


def test_residence_sex_and_class_of_a_roster(db: None) -> None:
    village = factories.village()
    columns = "户编号,户主,姓名,与户主关系,身份证号码,性别,居住类型,户籍地,党员类别"
    number = factories.id_number(11)
    rows = f"0001,周甲,周甲,户主,{number},男,外出,,D\n0001,周甲,周乙,妻子,,女,流入,邻县,\n"

    def apply(text: str) -> services.ImportReport:
        roster = services.read_roster(f"{columns}\n{text}".encode(), "r.csv", village, factories.TODAY)
        return services.import_households(
            roster=roster, village=village, dry_run=False, by=None, at=factories.AT
        )

    assert not apply(rows).refused
    first = Person.objects.get(name="周甲")
    assert (first.sex, first.residence, first.party_member) == ("male", "away", True)
    assert first.class_spells.get().letter == "D"
    assert first.headed_households.get().no == "0001"
    second = Person.objects.get(name="周乙")
    assert (second.sex, second.residence, second.registered_place) == ("female", "incomer", "邻县")
    again = apply(rows)
    assert (again.unchanged, again.updated) == (1, 0)
    assert apply(rows.replace(",D", ",F").replace("外出", "常住")).updated == 1
    first.refresh_from_db()
    assert first.residence == "resident"
    assert [spell.letter for spell in first.class_spells.filter(to_date=None)] == ["F"]
    blank = apply(rows.replace(",D", ",").replace("外出", "").replace("男", ""))
    assert blank.unchanged == 1  # a blank cell never erases what is known
    first.refresh_from_db()
    assert (first.residence, first.sex) == ("resident", "male")
    refused = apply(rows.replace("周甲,户主," + number + ",男", "周甲,户主," + number + ",女"))
    assert "性别" in str(refused.refused)
