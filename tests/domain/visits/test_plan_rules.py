"""The monthly plan as a pure function: often enough, evenly, neighbours together, and nobody jumps."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from jizhi.visits import rules

JUNE = dt.date(2026, 6, 1)
WORKING = rules.plan_days(JUNE, JUNE)

homes = st.lists(st.sampled_from([0, 1, 1, 1, 1, 1, 2, 4]), max_size=80).map(
    lambda times: [rules.Home(number, many) for number, many in enumerate(times, 1)]
)
days = st.integers(0, len(WORKING) - 1).map(lambda gone: WORKING[gone:])


def loads(plan: dict[int, tuple[dt.date, ...]]) -> Counter[dt.date]:
    return Counter(day for found in plan.values() for day in found)


def test_working_days_are_those_of_the_calendar_that_are_left() -> None:
    assert len(WORKING) == 22 and all(day.isoweekday() <= 5 for day in WORKING)
    assert rules.plan_days(JUNE, dt.date(2026, 6, 29))[0] == dt.date(2026, 6, 29)
    assert dt.date(2026, 6, 19) not in rules.plan_days(JUNE, JUNE, off=[dt.date(2026, 6, 19)])
    assert rules.plan_days(dt.date(2026, 5, 1), dt.date(2026, 5, 30)) == [
        dt.date(2026, 5, 30),
        dt.date(2026, 5, 31),
    ]
    assert rules.plan_days(JUNE, dt.date(2026, 7, 3)) == WORKING
    assert len(rules.plan_days(JUNE, JUNE, weekdays=(1, 2, 3, 4, 5, 6, 7))) == 30


@given(homes, days)
def test_everybody_as_often_as_asked_and_never_twice_a_day(
    wanted: list[rules.Home], left: list[dt.date]
) -> None:
    plan = rules.plan_month(wanted, left)
    assert set(plan) == {home.id for home in wanted}
    for home in wanted:
        assert len(plan[home.id]) == len(set(plan[home.id])) == min(home.times, len(left))
        assert set(plan[home.id]) <= set(left)
    assert plan == rules.plan_month(list(wanted), list(left))


@given(st.integers(1, 200), days)
def test_single_visits_fill_the_days_alike_and_along_the_way(count: int, left: list[dt.date]) -> None:
    plan = rules.plan_month([rules.Home(number, 1) for number in range(count)], left)
    spread = [loads(plan)[day] for day in left]
    assert max(spread) - min(spread) <= 1
    in_order = [plan[number][0] for number in range(count)]
    assert in_order == sorted(in_order)


@given(st.integers(2, 5), st.integers(1, 40))
def test_visits_of_one_household_are_evenly_spaced(times: int, count: int) -> None:
    plan = rules.plan_month([rules.Home(number, times) for number in range(count)], WORKING)
    step = len(WORKING) // times
    for found in plan.values():
        places = [WORKING.index(day) for day in found]
        assert all(
            step <= later - former <= step + 1 for former, later in zip(places, places[1:], strict=False)
        )


@given(homes, st.data())
def test_nobody_jumps_when_one_comes_goes_or_changes(wanted: list[rules.Home], data: st.DataObject) -> None:
    before = rules.plan_month(wanted, WORKING)
    if not wanted:
        return
    place = data.draw(st.integers(0, len(wanted) - 1))
    one = wanted[place]
    kind = data.draw(st.sampled_from(["goes", "comes", "changes"]))
    after = {
        "goes": [home for home in wanted if home is not one],
        "comes": [*wanted[:place], rules.Home(999, data.draw(st.integers(0, 4))), *wanted[place:]],
        "changes": [rules.Home(one.id, 3) if home is one else home for home in wanted],
    }[kind]
    plan = rules.plan_month(after, WORKING[7:], kept=before)
    others = {home.id for home in wanted} - {one.id} if kind != "comes" else {home.id for home in wanted}
    assert all(plan[number] == before[number] for number in others)
    for home in after:
        assert len(plan[home.id]) == min(home.times, len(WORKING))


@given(homes, st.data())
def test_what_was_visited_stays_and_counts(wanted: list[rules.Home], data: st.DataObject) -> None:
    plan = rules.plan_month(wanted, WORKING)
    every = sorted((number, day) for number, found in plan.items() for day in found)
    visited = set(data.draw(st.lists(st.sampled_from(every), unique=True))) if every else set()
    done = {number: [day for day in found if (number, day) in visited] for number, found in plan.items()}
    kept = {number: [day for day in found if (number, day) not in visited] for number, found in plan.items()}
    assert rules.plan_month(wanted, WORKING[10:], kept=kept, done=done) == plan
    less = [rules.Home(home.id, 0) for home in wanted]
    assert rules.plan_month(less, WORKING[10:], kept=kept, done=done) == {
        number: tuple(found) for number, found in done.items()
    }


def test_a_newcomer_joins_the_neighbours() -> None:
    wanted = [rules.Home(number, 1) for number in range(0, 88, 2)]
    before = rules.plan_month(wanted, WORKING)
    joined = rules.plan_month([*wanted[:10], rules.Home(19, 1), *wanted[10:]], WORKING, kept=before)
    assert joined[19][0] in {
        before[18][0],
        before[20][0],
        before[22][0],
        before[16][0],
        before[24][0],
        before[14][0],
    }


def test_the_highest_class_counts_and_away_means_none() -> None:
    assert rules.times_wanted(1, []) == 1
    assert rules.times_wanted(1, [0]) == 0
    assert rules.times_wanted(1, [0, 4, 2]) == 4


def test_addresses_are_sorted_as_people_count() -> None:
    found = sorted(["1组10号", "1组9号", "10组1号", "2组1号"], key=lambda one: rules.way_key(one, "", 0))
    assert found == ["1组9号", "1组10号", "2组1号", "10组1号"]
    assert rules.street_of("石桥路１２号") == "石桥路" and rules.street_of("村口") == "村口"
    assert rules.street_of("1组12号") == "1组" and rules.street_of("") == ""
