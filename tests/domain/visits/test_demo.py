"""The demonstration's visits: last month's and this month's, with classes and books, the same for the same day."""

from __future__ import annotations

import datetime as dt

from jizhi.demo import visits
from jizhi.demo.month import moment
from jizhi.visits.models import Book, HouseholdClass, MonthCount, Visit
from tests.county import County


def test_two_months_of_visits(county: County) -> None:
    now = moment(dt.date(2026, 6, 15), 10)
    visits.play_visits(county.home, now)
    months = {visit.visited_at.astimezone(now.tzinfo).month for visit in Visit.objects.all()}
    assert months == {5, 6}
    assert all(visit.visited_at < now for visit in Visit.objects.all())
    assert Book.objects.count() >= 4 and HouseholdClass.objects.exists()
    assert MonthCount.objects.count() == 4 and not Visit.objects.exclude(village=county.home.area).exists()
    done = Visit.objects.count()
    visits_again = sorted(Visit.objects.values_list("request_key", flat=True))
    assert len(set(visits_again)) == done
