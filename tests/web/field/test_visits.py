"""Visits on the phone: today's list, three taps to a record, the day after, the calendar, and nobody else's grid."""

from __future__ import annotations

import re
from typing import Any

import pytest

from jizhi.visits.models import PlannedVisit, Visit
from jizhi.visits.rules import How
from tests.web import shiqiao


def _key(page: str) -> str:
    found = re.search(r'name="request_key" value="([0-9a-f]{32})"', page)
    assert found
    return found.group(1)


def _record(client: Any, household: Any, **more: Any) -> Any:
    address = f"/field/households/{household.pk}/visits/new/"
    key = _key(client.get(address).content.decode())
    return client.post(address, {"request_key": key, "how": "home"} | more, follow=True)


def test_today_plans_the_month_and_lists_who_is_due(worker: Any, place: shiqiao.Village) -> None:
    page = worker.get("/field/").content.decode()
    assert "要走访的户" in page and "下一户" in page
    rows = PlannedVisit.objects.filter(area=place.grids[0])
    assert rows.count() == 5 and {row.due_date >= place.today for row in rows} == {True}
    assert not PlannedVisit.objects.filter(area=place.grids[1]).exists()


def test_three_taps_make_a_visit_and_it_counts(worker: Any, place: shiqiao.Village) -> None:
    household = place.households["001"]
    page = worker.get("/field/").content.decode()
    assert f"/field/households/{household.pk}/visits/new/" in page
    answer = _record(worker, household)
    assert answer.redirect_chain[-1][0] == "/field/" and "已记下" in answer.content.decode()
    visit = Visit.objects.get()
    assert (visit.how, visit.visited_by, visit.area) == (How.HOME, place.users["worker"], place.grids[0])
    assert PlannedVisit.objects.get(household=household).visit == visit
    assert "1/5" in answer.content.decode()


def test_the_same_form_twice_is_one_visit(worker: Any, place: shiqiao.Village) -> None:
    address = f"/field/households/{place.households['001'].pk}/visits/new/"
    given = {"request_key": "a" * 32, "how": "phone", "topics": ["safety", "needs"], "note": "一切都好"}
    for _n in range(2):
        assert worker.post(address, given).status_code == 302
    visit = Visit.objects.get()
    assert visit.topics == ["needs", "safety"] and visit.note == "一切都好" and visit.latitude is None


def test_the_grid_next_door_is_not_found(neighbour: Any, place: shiqiao.Village) -> None:
    household = place.households["001"]
    for name in ("visits/new", "book", "classes"):
        assert neighbour.get(f"/field/households/{household.pk}/{name}/").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens(worker: Any, place: shiqiao.Village, language: str) -> None:
    worker.cookies["django_language"] = language
    _record(worker, place.households["001"], note="谈了取暖")
    visit, home = Visit.objects.get(), place.households["001"].pk
    for address in (
        "/field/", "/field/visits/", "/field/visits/calendar/", "/field/visits/days/2026-06-15/",
        f"/field/visits/{visit.pk}/", f"/field/visits/{visit.pk}/change/", f"/field/households/{home}/book/",
        f"/field/households/{home}/book/edit/", f"/field/households/{home}/book/history/",
        f"/field/households/{home}/classes/", f"/field/households/{home}/visits/new/",
    ):  # fmt: skip
        assert worker.get(address).status_code == 200, address
