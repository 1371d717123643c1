"""Whatever order a grid is created, renamed, split, merged, moved and closed in: the tree and its history hold.

Random sequences run through the services; after each step the tree is looked at as a whole. A step that is refused
must leave everything as it was.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jizhi.areas import rules, selectors, services
from jizhi.areas.models import Area, AreaPeriod
from jizhi.areas.services import NewArea
from jizhi.core.errors import DomainError
from jizhi.people.models import Household
from jizhi.people.services import regrid
from jizhi.posts.models import Post
from jizhi.posts.rules import PostKind
from tests import factories
from tests.domain.areas.days import place_on
from tests.examples import examples

pytestmark = pytest.mark.django_db

START = dt.date(2026, 1, 1)
BACK = 3  # steps may count from so many days ago, less one
VERBS = ("create", "rename", "split", "merge", "move", "close", "reopen", "settle")
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 30), st.integers(0, 30), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


class World:
    """A county with two townships and three villages, and a day that moves on now and then."""

    def __init__(self) -> None:
        services.define_levels(
            levels=[*rules.USUAL_LEVELS, ("building", "楼栋", "Building")], **self.by(START)
        )
        self.number = itertools.count(1)
        self.today = START
        county = self.create(None, "county")
        towns = [self.create(county, "township") for _ in range(2)]
        for town in (towns[0], towns[0], towns[1]):
            village = self.create(town, "village")
            grids = [self.create(village, "grid") for _ in range(2)]
            self.settle(grids[0])
            factories.post(PostKind.GRID_WORKER, grids[0])
        self.start_again()

    def start_again(self) -> None:
        """Forget what the last example did; its rows are rolled back."""
        self.today, self.on, self.number = START, START, itertools.count(100)
        self.answers: dict[tuple[int, dt.date], tuple[str, str] | None] = {}
        self.done: Counter[str] = Counter()

    @staticmethod
    def by(day: dt.date) -> dict[str, Any]:
        return {"by": None, "at": dt.datetime.combine(day, dt.time(10), factories.SHANGHAI)}

    def create(self, parent: Area | None, level: str) -> Area:
        number = next(self.number)
        return services.create_area(
            code=f"a{number}", name=f"区划{number}", level=level, parent=parent, from_date=self.today,
            **self.by(self.today),
        )  # fmt: skip

    def settle(self, grid: Area) -> None:
        factories.household(grid, from_date=self.today) if grid.level_id == "village" else self._at(grid)

    def _at(self, place: Area) -> None:
        from jizhi.people import services as people

        people.create_household(
            no=f"{next(self.number):04d}", head_name="周甲", village=selectors.village_of(place), area=place,
            from_date=self.today, **self.by(self.today),
        )  # fmt: skip

    def do(self, verb: str, first: int, second: int, days: int) -> None:
        """One step; refusals undo themselves."""
        self.today += dt.timedelta(days=days)
        self.on = self.today - dt.timedelta(days=second % BACK)
        areas = list(Area.objects.select_related("level").order_by("pk"))
        one, two = areas[first % len(areas)], areas[second % len(areas)]
        before = shape()
        try:
            with transaction.atomic():
                getattr(self, f"_{verb}")(one, two, first + second)
            self.done[verb] += 1
        except DomainError:
            assert shape() == before

    def _create(self, one: Area, two: Area, draw: int) -> None:
        self.create(one, ("village", "grid", "building")[draw % 3])

    def _rename(self, one: Area, two: Area, draw: int) -> None:
        services.rename_area(area=one, name=f"改名{draw}", on=self.on, **self.by(self.today))

    def _split(self, one: Area, two: Area, draw: int) -> None:
        parts = [NewArea(f"a{next(self.number)}", f"新{next(self.number)}") for _ in range(2)]
        rows = Household.objects.filter(area=one).order_by("pk")
        children = Area.objects.filter(parent=one).order_by("pk")
        regrid.split_area(
            area=one, parts=parts, keep=bool(draw % 2), on=self.on,
            households={row.pk: place % 2 for place, row in enumerate(rows)},
            children={row.pk: place % 2 for place, row in enumerate(children)},
            **self.by(self.today),
        )  # fmt: skip

    def _merge(self, one: Area, two: Area, draw: int) -> None:
        beside = Area.objects.filter(parent=one.parent, to_date=None).exclude(pk=one.pk).order_by("pk")
        two = beside[draw % len(beside)] if beside else two
        into = two if draw % 2 else NewArea(f"a{next(self.number)}", f"合{next(self.number)}")
        regrid.merge_areas(merged=[one, two], into=into, on=self.on, **self.by(self.today))

    def _move(self, one: Area, two: Area, draw: int) -> None:
        regrid.move_area(area=one, parent=two, on=self.on, **self.by(self.today))

    def _close(self, one: Area, two: Area, draw: int) -> None:
        regrid.close_area(area=one, to_date=self.on, **self.by(self.today))

    def _reopen(self, one: Area, two: Area, draw: int) -> None:
        services.reopen_area(area=one, **self.by(self.today))

    def _settle(self, one: Area, two: Area, draw: int) -> None:
        self._at(one)


def shape() -> list[Any]:
    areas = Area.objects.order_by("pk").values_list("pk", "path", "parent", "name", "to_date")
    periods = AreaPeriod.objects.order_by("pk").values_list("pk", "path", "from_date", "to_date")
    homes = Household.objects.order_by("pk").values_list("pk", "area")
    served = Post.objects.order_by("pk").values_list("pk", "area", "to_date")
    return [list(areas), list(periods), list(homes), list(served)]


def look(households: int) -> int:
    """Everything that must hold whatever happened; answers how many households there are now."""
    areas = {area.pk: area for area in Area.objects.select_related("level").order_by("pk")}
    for area in areas.values():
        parent = areas.get(area.parent_id or 0)
        assert str(area.path) == (f"{parent.path}.{area.code}" if parent else area.code)
        if area.to_date is None and parent is not None:
            assert parent.to_date is None
            assert parent.level.depth < area.level.depth
    periods: dict[int, list[AreaPeriod]] = {pk: [] for pk in areas}
    for period in AreaPeriod.objects.order_by("area", "from_date"):
        periods[period.area_id].append(period)
    for pk, rows in periods.items():
        area = areas[pk]
        assert rows[0].from_date == area.from_date
        assert rows[-1].to_date == area.to_date
        for before, after in itertools.pairwise(rows):
            assert before.to_date is not None
            assert after.from_date == before.to_date + dt.timedelta(days=1)
        if area.to_date is None:
            assert (rows[-1].name, str(rows[-1].path), rows[-1].parent_id) == (
                area.name, str(area.path), area.parent_id,
            )  # fmt: skip
    homes = list(Household.objects.select_related("area", "village").order_by("pk"))
    for home in homes:
        assert home.area.to_date is None
        assert f"{home.area.path}.".startswith(f"{home.village.path}.")
    for post in Post.objects.select_related("area").order_by("pk"):
        assert post.to_date is not None or post.area.to_date is None, "nobody serves a closed area"
    assert len(homes) >= households
    return len(homes)


def remember(world: World) -> None:
    """What history said about days gone by, it says for ever."""
    for (pk, day), told in world.answers.items():
        place = place_on(Area.objects.get(pk=pk), day)
        assert (place and (place.name, place.path)) == told
    day = world.today - dt.timedelta(days=BACK)
    for area in Area.objects.order_by("pk")[:12]:
        place = place_on(area, day)
        world.answers.setdefault((area.pk, day), place and (place.name, place.path))


@pytest.fixture
def world(db: None) -> World:
    return World()


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_tree_holds_whatever_happens(world: World, steps: list[tuple[str, int, int, int]]) -> None:
    world.start_again()
    point = transaction.savepoint()
    households = 3
    for verb, first, second, days in steps:
        world.do(verb, first, second, days)
        households = look(households)
        remember(world)
    transaction.savepoint_rollback(point)


def test_the_random_steps_do_reach_every_verb(world: World) -> None:
    """A test in which everything is refused would hold, too."""
    draws = random.Random(7)
    for _ in range(80):
        world.do(draws.choice(VERBS), draws.randrange(31), draws.randrange(31), draws.randrange(4))
    assert set(world.done) == set(VERBS)
    assert look(3) > 3
