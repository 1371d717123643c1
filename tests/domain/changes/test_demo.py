"""The demonstration's year with its changes: they happen, and the accounts still add up."""

from __future__ import annotations

import datetime as dt

import pytest

from jizhi.changes.models import Change
from jizhi.demo import cast, load
from jizhi.demo.month import moment
from jizhi.people.models import Household
from tests.domain.changes import world


@pytest.mark.django_db
def test_a_split_a_death_a_merge_and_a_move(clock: object) -> None:
    villages = (
        cast.Village("130699101201", "石桥村", "Shiqiao Village", "sq", 2, 24, "notice-open"),
        cast.Village("130699101202", "柳湾村", "Liuwan Village", "lw", 1, 3, "finalised"),
    )
    load.load(now=moment(dt.date(2026, 6, 15), 10), villages=villages, months=8)
    kinds = [str(kind) for kind in Change.objects.order_by("id").values_list("kind", flat=True)]
    assert sorted(kinds) == ["death", "merge", "move", "split"]
    assert Household.objects.filter(village__code="130699101202", no="01901", to_date=None).exists()
    world.check_accounts()
