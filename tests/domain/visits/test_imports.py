"""Visits and books from Excel: what each row would do, named problems, and repeats that change nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jizhi.visits import services
from jizhi.visits.models import Book, BookChange, Visit
from jizhi.visits.services import Fate, Row
from tests import factories as make
from tests.domain.visits.conftest import Place

# As openpyxl gives a day: at midnight, without a zone
EXCEL_DAY = dt.datetime(2026, 6, 9)  # noqa: DTZ001


def rows(*cells: dict[str, Any]) -> list[Row]:
    return [Row("走访", number, one) for number, one in enumerate(cells, 2)]


def test_visits_are_planned_then_applied_once(place: Place) -> None:
    home = place.homes[0]
    sheet = rows(
        {"no": home.no, "date": EXCEL_DAY, "how": "电话联系", "topics": "安全提醒、政策宣传", "note": "好"},
        {"no": home.no.lstrip("0"), "date": "2026年6月10日", "time": "09:30", "how": "", "topics": ""},
        {"no": home.no, "date": dt.date(2026, 6, 9), "how": "电话联系", "topics": "安全提醒、政策宣传", "note": "好"},
    )  # fmt: skip
    given = {"village": place.village, "by": place.worker, "at": make.AT}
    planned = services.plan_visits(sheet, **given)
    assert [one.fate for one in planned[:2]] == [Fate.CREATE, Fate.CREATE]
    assert not Visit.objects.exists()
    services.apply_visits(planned, **given)
    services.apply_visits(planned, **given)
    assert {one.fate for one in services.plan_visits(sheet[:2], **given)} == {Fate.SAME}
    times = sorted(Visit.objects.values_list("visited_at", flat=True))
    assert times[-1] == dt.datetime(2026, 6, 10, 9, 30, tzinfo=make.SHANGHAI)


def test_a_row_that_cannot_be_used_names_its_place(place: Place) -> None:
    sheet = rows(
        {"no": "9999", "date": "2026-06-09"},
        {"no": place.homes[0].no, "date": "soon", "how": "by letter", "topics": "weather"},
        {"no": place.homes[8].no, "date": "2026-06-09"},
        {"no": place.homes[0].no, "date": "2026-07-09"},
    )
    planned = services.plan_visits(sheet, village=place.village, by=place.worker, at=make.AT)
    assert {one.fate for one in planned} == {Fate.REFUSE}
    found = [(one.row, problem.column, problem.value) for one in planned for problem in one.problems]
    assert found == [
        (2, "no", "9999"), (3, "how", "by letter"), (3, "topics", "weather"), (3, "date", "soon"),
        (4, "no", place.homes[8].no), (5, "date", "2026-07-09"),
    ]  # fmt: skip
    assert all(problem.sheet == "走访" and problem.reason for one in planned for problem in one.problems)


def test_a_time_is_kept_however_it_is_written_and_never_guessed(place: Place) -> None:
    day, half_past = dt.date(2026, 6, 9), dt.time(9, 30)
    told = {
        (day, "9:30"): half_past, (day, "9：30:15"): dt.time(9, 30, 15), (day, "9时30分"): half_past,
        ("2026-06-09 09:30", None): half_past, ("2026年6月9日 9:30", ""): half_past,
        ("2026/6/9 0:00", None): dt.time(12), (day, None): dt.time(12), (day, half_past): half_past,
        (None, dt.datetime.combine(day, half_past)): half_past,
        (day, dt.datetime.combine(day, half_past)): half_past,
    }  # fmt: skip
    given = {"village": place.village, "by": place.worker, "at": make.AT}
    sheet = rows(*({"no": place.homes[0].no, "date": date, "time": time} for date, time in told))
    moments = [one.values["visited_at"] for one in services.plan_visits(sheet, **given)]
    assert [one.astimezone(make.SHANGHAI).time() for one in moments] == list(told.values())
    assert {one.astimezone(make.SHANGHAI).date() for one in moments} == {day}
    wrong: list[tuple[Any, Any]] = [
        (day, "半上午"), (day, "25:10"), (day, "0.4"), (day, EXCEL_DAY + dt.timedelta(days=1)),
    ]  # fmt: skip
    sheet = rows(*({"no": place.homes[0].no, "date": date, "time": time} for date, time in wrong))
    refused = services.plan_visits(sheet, **given)
    assert [[(p.column, p.value) for p in one.problems] for one in refused] == [
        [("time", str(time))] for _date, time in wrong
    ]


def test_books_are_filled_by_what_is_said_and_kept_where_nothing_is(place: Place) -> None:
    first, second = place.homes[:2]
    given = {"village": place.village, "by": place.worker, "at": make.AT}
    services.fill_book(
        household=first, values={"house": "own", "land": "3"}, version=0, by=place.worker, at=make.AT
    )
    sheet = rows(
        {"no": first.no, "house": "自有", "land": 4.0, "heating": "燃气、用电", "wishes": None},
        {"no": second.no, "gas_alarm": "是", "wiring_checked": EXCEL_DAY},
        {"no": second.no, "house": "城堡", "unknown": "x"},
    )
    planned = services.plan_books(sheet, **given)
    assert [one.fate for one in planned] == [Fate.CHANGE, Fate.CREATE, Fate.REFUSE]
    assert planned[0].values == {"land": "4", "heating": ["electric", "gas"]}
    assert [problem.column for problem in planned[2].problems] == ["house", "unknown"]
    services.apply_books(planned, **given)
    assert Book.objects.get(household=second).values == {"gas_alarm": "yes", "wiring_checked": "2026-06-09"}
    changes = BookChange.objects.count()
    again = services.plan_books(sheet[:2], **given)
    assert {one.fate for one in again} == {Fate.SAME}
    services.apply_books(planned, **given)
    assert BookChange.objects.count() == changes


def test_the_recorder_does_not_import_sensitive_fields(place: Place) -> None:
    sheet = rows({"no": place.homes[0].no, "wishes": "想修路"})
    (one,) = services.plan_books(sheet, village=place.village, by=place.recorder, at=make.AT)
    assert one.fate is Fate.REFUSE and one.problems[0].column == "wishes"
