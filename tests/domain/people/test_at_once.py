"""Several clerks at the same moment: what they do waits in line and nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from jizhi.people import services
from jizhi.people.models import Household, HouseholdCard, Person
from tests import factories
from tests.domain.people.rosters import bring, counts, declared


def _at_once(*jobs: Callable[[], Any]) -> list[Any]:
    def run(job: Callable[[], Any]) -> Any:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [done.result() for done in [pool.submit(run, job) for job in jobs]]


@pytest.mark.usefixtures("committed_db")
def test_two_imports_of_one_file_create_it_once() -> None:
    village = factories.village()
    rows = [declared(f"{n:04d}", f"周{n}", factories.id_number(n)) for n in range(1, 30)]
    reports = _at_once(*[lambda: bring(village, *rows)] * 3)
    assert sorted(counts(report) for report in reports) == [(0, 29, 0, 0), (0, 29, 0, 0), (29, 0, 0, 0)]


@pytest.mark.usefixtures("committed_db")
def test_a_person_in_two_villages_lists_is_registered_in_one() -> None:
    town = factories.township()
    villages = [factories.village(town), factories.village(town)]
    jobs = [
        lambda place=place: bring(place, declared("0001", "周甲", factories.id_number(1)))
        for place in villages
    ]
    reports = _at_once(*jobs)
    assert sorted(counts(report) for report in reports) == [(0, 0, 0, 1), (1, 0, 0, 0)]
    assert Person.objects.count() == Household.objects.count() == 1


@pytest.mark.usefixtures("committed_db")
def test_cards_asked_for_twice_are_issued_once() -> None:
    home = factories.household()
    jobs = [lambda: services.issue_cards(households=[home], by=None, at=factories.AT, pin=factories.PIN)] * 3
    cards = [card for (card,) in _at_once(*jobs)]
    assert len({card.code for card in cards}) == 1
    assert sorted(card.pin for card in cards) == ["", "", factories.PIN]
    assert HouseholdCard.objects.count() == 1
