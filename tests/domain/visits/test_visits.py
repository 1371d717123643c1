"""Recording visits, the plan they count for, classes that change it, and the household book."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from PIL import Image

from jizhi.areas import services as areas
from jizhi.core.errors import Conflict
from jizhi.core.models import AuditEvent
from jizhi.people import services as people
from jizhi.posts.selectors import NotAllowed
from jizhi.visits import selectors, services
from jizhi.visits.models import Book, BookChange, HouseholdClass, MonthCount, PlannedVisit, Visit
from jizhi.visits.rules import How, Topic
from tests import factories as make
from tests.domain.visits.conftest import EARLY, JUNE, Place

NEXT_DAY = make.AT + dt.timedelta(days=1)


def plan(place: Place, at: dt.datetime = EARLY) -> dict[int, list[dt.date]]:
    services.make_plans(area=place.village, month=JUNE, by=None, at=at)
    return days()


def days() -> dict[int, list[dt.date]]:
    found: dict[int, list[dt.date]] = {}
    for row in PlannedVisit.objects.order_by("due_date"):
        found.setdefault(row.household_id, []).append(row.due_date)
    return found


def test_the_plan_has_every_household_once(place: Place) -> None:
    found = plan(place)
    assert {number: len(dates) for number, dates in found.items()} == {home.pk: 1 for home in place.homes}
    assert all(day.isoweekday() <= 5 for dates in found.values() for day in dates)
    assert MonthCount.objects.get(area=place.grids[0]).planned == 8
    along = (
        PlannedVisit.objects.filter(area=place.grids[0]).order_by("place").values_list("household", flat=True)
    )
    assert list(along) == [home.pk for home in place.homes[:8]]


def test_planning_again_changes_nothing_and_keeps_what_was_done(place: Place) -> None:
    before = plan(place)
    place.visit(place.homes[0])
    assert plan(place, make.AT) == before
    assert PlannedVisit.objects.filter(visit__isnull=False).count() == 1


def test_a_household_that_comes_or_goes_moves_nobody_else(place: Place) -> None:
    before = plan(place)
    new = make.household(place.grids[0], address="石桥路4号", from_date=make.TODAY)
    people.close_household(household=place.homes[1], to_date=make.TODAY, reason="迁出", by=None, at=make.AT)
    after = plan(place, NEXT_DAY)
    assert len(after[new.pk]) == 1 and after[new.pk][0] > make.TODAY
    assert place.homes[1].pk not in after
    assert all(after[home.pk] == before[home.pk] for home in place.homes if home is not place.homes[1])


def test_a_household_that_moves_takes_its_plan_along(place: Place) -> None:
    before = plan(place)
    home = place.homes[0]
    people.update_household(
        household=home, change=people.HouseholdChange(area=place.grids[1]), by=None, at=make.AT
    )
    services.ensure_plans(paths=[str(place.grids[0].path)], month=JUNE, by=place.worker, at=make.AT)
    services.ensure_plans(paths=[str(place.grids[1].path)], month=JUNE, by=place.neighbour, at=make.AT)
    (row,) = PlannedVisit.objects.filter(household=home)
    assert (row.area, row.due_date) == (place.grids[1], before[home.pk][0])
    assert list(MonthCount.objects.order_by("area").values_list("planned", flat=True)) == [7, 4]


def test_opening_the_month_plans_once_a_day(place: Place, django_assert_num_queries: Any) -> None:
    paths = [str(place.grids[0].path)]
    made = services.ensure_plans(paths=paths, month=JUNE, by=place.worker, at=EARLY)
    assert (made.grids, made.planned) == (1, 8)
    with django_assert_num_queries(3):
        assert services.ensure_plans(paths=paths, month=JUNE, by=place.worker, at=EARLY).grids == 0
    assert services.ensure_plans(paths=paths, month=JUNE, by=place.worker, at=NEXT_DAY).grids == 1
    last_month = dt.date(2026, 5, 1)
    assert services.ensure_plans(paths=paths, month=last_month, by=place.worker, at=make.AT).grids == 0


def test_a_class_asks_for_more_and_its_end_for_less(place: Place) -> None:
    before = plan(place)
    home = place.homes[0]
    services.set_classes(household=home, keys=["old_alone", "disabled"], by=place.worker, at=EARLY)
    assert len(days()[home.pk]) == 4
    services.set_classes(household=home, keys=["away"], by=place.worker, at=NEXT_DAY)
    assert home.pk not in days()
    assert {n: d for n, d in days().items() if n != home.pk} == {
        n: d for n, d in before.items() if n != home.pk
    }
    rows = HouseholdClass.objects.filter(household=home).order_by("key")
    assert [(row.key, row.to_date) for row in rows] == [
        ("away", None), ("disabled", make.TODAY), ("old_alone", make.TODAY),
    ]  # fmt: skip
    assert "disabled" not in str(
        AuditEvent.objects.filter(verb="visit.classify").values_list("detail", flat=True)
    )


def test_sensitive_classes_are_for_those_who_visit_and_the_committee(place: Place) -> None:
    home = place.homes[0]
    services.set_classes(household=home, keys=["disabled", "newcomers"], by=place.worker, at=make.AT)
    seen = {
        name: {one.key for one in selectors.classes_of([home], user, make.TODAY).get(home.pk, ())}
        for name, user in (
            ("worker", place.worker), ("committee", place.committee), ("recorder", place.recorder),
            ("township", place.township), ("neighbour", place.neighbour),
        )
    }  # fmt: skip
    assert seen["worker"] == seen["committee"] == {"disabled", "newcomers"}
    assert seen["recorder"] == seen["township"] == seen["neighbour"] == {"newcomers"}
    with pytest.raises(services.UnknownClass):
        services.set_classes(household=home, keys=["left_behind"], by=place.recorder, at=make.AT)
    services.set_classes(household=home, keys=[], by=place.recorder, at=make.AT)
    assert set(HouseholdClass.objects.values_list("key", flat=True)) == {"disabled"}
    with pytest.raises(services.NotKeeper):
        services.set_classes(household=home, keys=[], by=place.neighbour, at=make.AT)


def test_an_unplanned_visit_counts_for_the_first_open_line(place: Place) -> None:
    services.set_classes(household=place.homes[0], keys=["newcomers"], by=place.worker, at=EARLY)
    first, second = plan(place)[place.homes[0].pk]
    visit = place.visit(place.homes[0], at=EARLY)
    assert PlannedVisit.objects.get(visit=visit).due_date == first
    other = place.visit(place.homes[0])
    assert PlannedVisit.objects.get(visit=other).due_date == second
    place.visit(place.homes[0])
    count = MonthCount.objects.get(area=place.grids[0])
    assert (count.planned, count.done, count.visits, count.special) == (9, 2, 3, 1)


def test_visits_from_before_the_plan_count_once_it_is_made(place: Place) -> None:
    visit = place.visit(place.homes[0])
    place.visit(place.homes[1], how=How.ABSENT)
    plan(place, make.AT)
    assert list(PlannedVisit.objects.exclude(visit=None).values_list("visit", flat=True)) == [visit.pk]


def test_nobody_there_leaves_the_plan_open(place: Place) -> None:
    plan(place)
    visit = place.visit(place.homes[0], how=How.ABSENT)
    assert not PlannedVisit.objects.filter(visit=visit).exists()
    changed = services.change_visit(
        visit=visit, version=1, how=How.PHONE, topics=[Topic.HEALTH], note="", by=place.worker, at=make.AT
    )
    assert PlannedVisit.objects.filter(visit=changed).exists()
    services.change_visit(
        visit=visit, version=2, how=How.ABSENT, topics=[], note="", by=place.worker, at=make.AT
    )
    assert not PlannedVisit.objects.filter(visit=visit).exists()


def test_a_repeat_is_the_same_visit_and_a_stranger_cannot_take_its_key(place: Place) -> None:
    key = uuid.uuid4().hex
    first = place.visit(place.homes[0], request_key=key)
    assert place.visit(place.homes[0], request_key=key, note="另一次") == first
    assert Visit.objects.count() == 1 and AuditEvent.objects.filter(verb="visit.record").count() == 1
    with pytest.raises(services.UnusableVisit):
        place.visit(place.homes[8], request_key=key, by=place.neighbour)


def test_who_may_record_and_when(place: Place) -> None:
    with pytest.raises(NotAllowed):
        place.visit(place.homes[0], by=place.neighbour)
    with pytest.raises(NotAllowed):
        place.visit(place.homes[0], by=place.recorder)
    for wrong in (make.AT + dt.timedelta(hours=1), make.AT - dt.timedelta(days=40)):
        with pytest.raises(services.UnusableVisit):
            place.visit(place.homes[0], visited_at=wrong)
    assert place.visit(place.homes[0], visited_at=make.AT - dt.timedelta(days=3)).recorded_at == make.AT


def test_a_visit_is_changed_on_its_day_and_added_to_afterwards(place: Place) -> None:
    visit = place.visit(place.homes[0], note="谈了取暖")
    given: dict[str, Any] = {"how": How.HOME, "topics": [Topic.SAFETY], "note": "谈了燃气"}
    services.change_visit(visit=visit, version=1, by=place.worker, at=make.AT, **given)
    with pytest.raises(Conflict):
        services.change_visit(visit=visit, version=1, by=place.worker, at=make.AT, **given)
    with pytest.raises(services.VisitClosed):
        services.change_visit(visit=visit, version=2, by=place.worker, at=NEXT_DAY, **given)
    for _n in range(2):
        services.add_to_visit(
            visit=visit, text="应为初三", request_key="b" * 32, by=place.worker, at=NEXT_DAY
        )
    page = selectors.visit_page(place.worker, visit.pk, at=NEXT_DAY)
    assert [one.text for one in page.additions] == ["应为初三"] and not page.may_change
    with pytest.raises(selectors.NoSuchVisit):
        selectors.visit_page(place.neighbour, visit.pk, at=make.AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Visit.objects.all().delete()


def test_photos_are_written_anew(place: Place) -> None:
    visit = place.visit(place.homes[0])
    picture = io.BytesIO()
    Image.new("RGB", (2400, 1200), "green").save(picture, "PNG")
    for _n in range(2):
        picture.seek(0)
        services.attach_photos(visit=visit, photos=[picture], by=place.worker, at=make.AT)
    (photo,) = visit.photos.all()
    assert (photo.width, photo.height) == (1600, 800) and photo.file.name.endswith(f"{photo.digest}.jpg")
    with pytest.raises(services.BadPhoto):
        services.attach_photos(visit=visit, photos=[io.BytesIO(b"no photo")], by=place.worker, at=make.AT)


def test_the_book_keeps_every_change_and_refuses_a_stale_form(place: Place) -> None:
    home = place.homes[0]
    fill = {"house": "own", "land": "3.50", "heating": ["coal", "gas"], "wishes": "想修路"}
    book = services.fill_book(household=home, values=fill, version=0, by=place.worker, at=make.AT)
    assert book.version == 1 and book.values == {"house": "own", "land": "3.5", "heating": ["coal", "gas"]}
    again = services.fill_book(household=home, values=fill, version=0, by=place.worker, at=make.AT)
    assert again.version == 1 and BookChange.objects.count() == 4
    with pytest.raises(Conflict):
        services.fill_book(household=home, values={"house": "rented"}, version=0, by=place.worker, at=make.AT)
    services.fill_book(
        household=home, values={"house": "", "land": "4"}, version=1, by=place.worker, at=make.AT
    )
    rows = selectors.change_lines(selectors.changes(place.worker, home, on=make.TODAY), home)
    assert {(one.key, one.before, one.after) for one in rows if one.version == 2} == {
        ("house", "own", None), ("land", "3.5", "4"),
    }  # fmt: skip
    assert selectors.book_page(place.worker, home, at=make.AT).filled.filled == 3


def test_sensitive_fields_are_hidden_and_lie_encrypted(place: Place) -> None:
    home = place.homes[0]
    services.fill_book(
        household=home, values={"wishes": "想修路", "house": "own"}, version=0, by=place.worker, at=make.AT
    )
    page = selectors.book_page(place.recorder, home, at=make.AT)
    assert "wishes" not in page.values and page.values["house"] == "own" and page.hidden == 2
    assert [
        one.key
        for one in selectors.change_lines(selectors.changes(place.recorder, home, on=make.TODAY), home)
    ] == ["house"]
    with pytest.raises(services.BadBook):
        services.fill_book(household=home, values={"wishes": "x"}, version=1, by=place.recorder, at=make.AT)
    services.fill_book(household=home, values={"house": "rented"}, version=1, by=place.recorder, at=make.AT)
    assert selectors.book_page(place.committee, home, at=make.AT).values["wishes"] == "想修路"
    own = selectors.book_page(make.household_user(home), home, at=make.AT)
    assert own.values["wishes"] == "想修路" and own.hidden == 0 and not own.may_keep
    with connection.cursor() as cursor:
        for table in (Book, BookChange):
            cursor.execute(f"SELECT count(*) FROM {table._meta.db_table} t WHERE t::text LIKE '%修路%'")
            assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("field", "value"),
    [("house", "castle"), ("land", "many"), ("wiring_checked", "soon"), ("gas_alarm", "maybe")],
)
def test_values_must_fit_their_field(place: Place, field: str, value: str) -> None:
    with pytest.raises(services.BadBook) as refusal:
        services.fill_book(
            household=place.homes[0], values={field: value}, version=0, by=place.worker, at=make.AT
        )
    assert refusal.value.place == f"field_{field}"


def test_coverage_adds_up_level_by_level(place: Place, django_assert_max_num_queries: Any) -> None:
    plan(place)
    place.visit(place.homes[0])
    place.visit(place.homes[8], by=place.neighbour)
    with django_assert_max_num_queries(8):
        top = selectors.coverage(place.township, on=make.TODAY, month=JUNE)
    assert top.area == place.village.parent and [line.name for line in top.lines] == ["石桥村"]
    line = top.lines[0].counts
    assert (line.households, line.planned, line.done, line.grids, line.small_grids) == (11, 11, 2, 2, 2)
    village = selectors.coverage(place.township, on=make.TODAY, month=JUNE, area=place.village)
    assert [one.counts.planned for one in village.lines] == [8, 3] and village.total.done == 2
    overdue = PlannedVisit.objects.filter(visit=None, due_date__lt=make.TODAY).count()
    assert village.total.missed == overdue > 0
    grid = selectors.coverage(place.worker, on=make.TODAY, month=JUNE)
    assert grid.area == place.grids[0]
    rows = selectors.households(place.grids[0], on=make.TODAY, month=JUNE)
    lines = selectors.household_lines(rows, place.worker, make.TODAY)
    assert len(lines) == 8 and sum(one.done for one in lines) == 1
    missed = selectors.households(place.grids[0], on=make.TODAY, month=JUNE, state="missed")
    assert missed.count() == sum(one.missed > 0 for one in lines)
    with pytest.raises(selectors.NoSuchArea):
        selectors.coverage(place.worker, on=make.TODAY, month=JUNE, area=place.grids[1])


def test_a_grid_that_closes_counts_for_the_days_it_was_there(place: Place) -> None:
    plan(place)
    old, last = place.grids[1], make.TODAY - dt.timedelta(days=1)
    place.visit(place.homes[8], by=place.neighbour, at=EARLY)
    due = PlannedVisit.objects.filter(area=old, visit=None).order_by("id")
    early, late = due[0].pk, due[1].pk
    PlannedVisit.objects.filter(pk=early).update(due_date=last)
    PlannedVisit.objects.filter(pk=late).update(due_date=make.TODAY)
    areas.close_area(area=old, to_date=last, by=None, at=make.AT)
    make.grid(place.village, from_date=dt.date(2026, 7, 1))

    def line(on: dt.date, month: dt.date = JUNE) -> list[selectors.Counts]:
        found = selectors.coverage(place.township, on=on, month=month, area=place.village)
        return [one.counts for one in found.lines if one.id == old.pk]

    for on in (make.TODAY + dt.timedelta(days=1), dt.date(2026, 6, 30), dt.date(2026, 8, 9)):
        (counts,) = line(on)
        assert (counts.planned, counts.done, counts.missed, counts.visits) == (2, 1, 1, 1)
        assert (counts.grids, counts.unplanned_grids, counts.small_grids) == (1, 0, 0)
    assert line(dt.date(2026, 7, 9), dt.date(2026, 7, 1)) == []
    june, july = (
        selectors.coverage(place.township, on=dt.date(2026, 8, 9), month=month).total
        for month in (JUNE, dt.date(2026, 7, 1))
    )
    assert (june.grids, june.unplanned_grids, july.grids, july.unplanned_grids) == (2, 0, 2, 2)


def test_coverage_of_one_class(place: Place) -> None:
    services.set_classes(household=place.homes[2], keys=["old_alone"], by=place.worker, at=EARLY)
    plan(place)
    found = selectors.coverage(place.township, on=make.TODAY, month=JUNE, class_key="old_alone")
    assert (found.total.households, found.total.planned) == (1, 4)
    assert selectors.coverage(place.township, on=make.TODAY, month=JUNE).total.special == 1
