"""The demonstration's year of matters: it plays through the services and shows every state a visitor looks for."""

import datetime as dt

import pytest

from jizhi.demo import matters
from jizhi.demo.month import moment
from jizhi.matters.models import Matter
from jizhi.matters.rules import MatterState, Storey
from tests.county import County

NOW = moment(dt.date(2026, 12, 10), 18)


@pytest.mark.django_db
def test_a_year_of_matters_in_every_state(county: County) -> None:
    matters.year(county.home, NOW)
    rows = list(Matter.objects.all())
    assert 40 <= len(rows) <= 60 and {row.village for row in rows} == {county.home.area}
    states = {MatterState(row.state) for row in rows}
    assert {MatterState.REPORTED, MatterState.RETURNED, MatterState.ACCEPTED, MatterState.HANDLED} <= states
    assert {MatterState.CLOSED, MatterState.REFUSED, MatterState.MERGED} <= states
    assert any(row.storey == Storey.TOWNSHIP for row in rows)
    late = [row for row in rows if row.due_date and row.due_date < NOW.date()]
    assert 2 <= len(late) <= 12
    assert all("演示" in row.words for row in rows)
