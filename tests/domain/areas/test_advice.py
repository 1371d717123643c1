"""Advice about grids: how many households, who visits, whether a storey was skipped. Nothing is refused for it."""

from __future__ import annotations

from typing import Any

import pytest

from jizhi.areas import services
from jizhi.areas.models import Area
from jizhi.areas.rules import Advice, household_advice
from jizhi.people import selectors
from jizhi.people import services as people
from jizhi.posts.rules import PostKind
from tests import factories

pytestmark = pytest.mark.django_db
LEVELS = (
    ("county", "县", "County"), ("township", "乡镇", "Township"), ("village", "村", "Village"),
    ("district", "片区", "District"), ("grid", "网格", "Grid"), ("micro", "微网格", "Micro grid"),
)  # fmt: skip


@pytest.fixture
def village() -> Area:
    services.define_levels(levels=LEVELS, by=None, at=factories.AT)
    return factories.village()


def found(village: Area, advice: str, **more: Any) -> list[str]:
    rows = selectors.area_list([str(village.path)], on=factories.TODAY, advice=advice, **more)
    return [row.name for row in rows]


@pytest.mark.parametrize(
    ("households", "said"),
    [(0, Advice.EMPTY), (1, Advice.FEW), (29, Advice.FEW), (30, None), (50, None), (51, Advice.MANY)],
)
def test_thirty_to_fifty(households: int, said: Advice | None) -> None:
    assert household_advice(households) is said


def test_households_of_micro_grids_count_for_their_grid(village: Area) -> None:
    grid = factories.grid(village, name="甲")
    factories.grid(village, name="乙")
    micro = factories.area("micro", grid)
    people.create_household(
        no="0001",
        head_name="周甲",
        village=village,
        area=micro,
        from_date=factories.START,
        by=None,
        at=factories.AT,
    )
    assert found(village, "few") == ["甲"]
    assert found(village, "empty") == ["乙"]
    assert found(village, "many") == []
    rows = selectors.area_list([str(village.path)], on=factories.TODAY, level="grid")
    assert [(line.area.households, line.advice) for line in selectors.grid_lines(rows, factories.TODAY)] == [
        (1, (Advice.FEW, Advice.NO_WORKER)),
        (0, (Advice.EMPTY, Advice.NO_WORKER)),
    ]


def test_a_worker_of_the_village_serves_its_grids_a_clerk_of_the_township_does_not(village: Area) -> None:
    factories.grid(village, name="甲")
    assert village.parent is not None
    factories.post(PostKind.GRID_WORKER, village.parent)
    assert found(village, "no_worker") == ["甲"]
    factories.post(PostKind.GRID_WORKER, village)
    assert found(village, "no_worker") == []


def test_a_storey_is_skipped_only_where_others_use_it(village: Area) -> None:
    factories.grid(village, name="甲")
    assert found(village, "skipped") == []
    district = factories.area("district", village)
    factories.grid(district, name="乙")
    assert found(village, "skipped") == ["甲"]
    (line,) = selectors.grid_lines(Area.objects.filter(name="甲"), factories.TODAY)
    assert Advice.SKIPPED in line.advice
