"""The monthly plan of one grid as a pure function: which household is due on which days.

Each household as often as its classes ask, its visits spaced evenly, the work spread over the days, neighbours on the
same day. What is planned already stays where it is, so the plan does not jump when somebody comes, goes or changes
class. Nothing here reads a clock or a table.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from jizhi.visits.rules.words import month_end


@dataclass(frozen=True, slots=True)
class Home:
    """A household as the plan needs it; homes are handed in sorted along the way."""

    id: int
    times: int


def times_wanted(usual: int, of_classes: Collection[int]) -> int:
    """The most that any class asks for; the usual number where no class is set."""
    return max(of_classes) if of_classes else usual


def plan_days(
    month: dt.date, today: dt.date, weekdays: Collection[int] = (1, 2, 3, 4, 5), off: Collection[dt.date] = ()
) -> list[dt.date]:
    """The working days of the month that are left; every day left where none is; the whole month once it is over."""
    last = month_end(month)
    every = [month + dt.timedelta(days=n) for n in range(last.day)]
    working = [day for day in every if day.isoweekday() in weekdays and day not in off] or every
    if today > last:
        return working
    return [day for day in working if day >= today] or [day for day in every if day >= today]


def plan_month(
    homes: Sequence[Home],
    days: Sequence[dt.date],
    *,
    kept: Mapping[int, Sequence[dt.date]] | None = None,
    done: Mapping[int, Sequence[dt.date]] | None = None,
) -> dict[int, tuple[dt.date, ...]]:
    """The days of each household, in order.

    `kept` are days planned before and still open, `done` those that were visited. They stay; only what is missing is
    added, on `days`, and only what is too much is taken away, the last open ones first. A household is asked for as
    many visits as there are days at most.
    """
    kept, done = kept or {}, done or {}
    loads = dict.fromkeys(days, 0)
    plan: dict[int, list[dt.date]] = {}
    fresh: list[int] = []
    for place, home in enumerate(homes):
        visited = sorted(done.get(home.id, ()))
        stay = sorted(kept.get(home.id, ()))[: max(0, home.times - len(visited))]
        plan[home.id] = sorted({*visited, *stay})
        for day in plan[home.id]:
            if day in loads:
                loads[day] += 1
        if len(plan[home.id]) < home.times:
            fresh.append(place)
    quota = -(-sum(home.times for home in homes) // len(days)) if days else 0
    _place_frequent(homes, fresh, plan, days, loads)
    singles = [place for place in fresh if len(plan[homes[place].id]) < min(homes[place].times, 1)]
    if len(singles) * 2 > sum(1 for home in homes if home.times == 1):
        _fill_along_the_way(homes, singles, plan, loads)
    else:
        for place in singles:
            _beside_neighbours(homes, place, plan, loads, quota)
    return {number: tuple(found) for number, found in plan.items()}


def _place_frequent(
    homes: Sequence[Home],
    fresh: Sequence[int],
    plan: dict[int, list[dt.date]],
    days: Sequence[dt.date],
    loads: dict[dt.date, int],
) -> None:
    """Households with several visits, the most demanding first."""
    frequent = [place for place in fresh if homes[place].times > 1]
    for place in sorted(frequent, key=lambda place: (-homes[place].times, place)):
        home = homes[place]
        times = min(home.times, len(days))
        if plan[home.id]:
            added = _into_the_gaps(plan[home.id], home.times - len(plan[home.id]), days, loads)
        else:
            added = _evenly(times, days, loads, wish=place * len(days) // len(homes))
        for day in added:
            loads[day] += 1
        plan[home.id] = sorted([*plan[home.id], *added])


def _evenly(times: int, days: Sequence[dt.date], loads: Mapping[dt.date, int], *, wish: int) -> list[dt.date]:
    """That many days at even distance, where they weigh least; among equals near the neighbours' day."""
    step = len(days) / times

    def choice(start: int) -> list[dt.date]:
        return [days[start + int(number * step)] for number in range(times)]

    def weight(start: int) -> tuple[int, int, int, int]:
        found = [loads[day] for day in choice(start)]
        away = min(abs(start + int(number * step) - wish) for number in range(times))
        return (max(found), sum(found), away, start)

    room = len(days) - int((times - 1) * step)
    return choice(min(range(min(room, max(1, int(step)))), key=weight))


def _into_the_gaps(
    present: Iterable[dt.date], missing: int, days: Sequence[dt.date], loads: Mapping[dt.date, int]
) -> list[dt.date]:
    """Further days for a household that has some: each as far as can be from the others."""
    taken, added = list(present), []
    for _n in range(missing):
        free = [day for day in days if day not in taken]
        if not free:
            break
        day = min(free, key=lambda day: (-min(abs((day - one).days) for one in taken), loads[day], day))
        taken.append(day)
        added.append(day)
    return added


def _fill_along_the_way(
    homes: Sequence[Home], singles: Sequence[int], plan: dict[int, list[dt.date]], loads: dict[dt.date, int]
) -> None:
    """Households with one visit, in order along the way, so many to a day that the days become alike."""
    room = _room(loads, len(singles))
    waiting = iter(singles)
    for day, count in room.items():
        for _n in range(count):
            plan[homes[next(waiting)].id] = [day]
            loads[day] += 1


def _room(loads: Mapping[dt.date, int], count: int) -> dict[dt.date, int]:
    """How many go to each day until all days carry the same: the lowest are filled first."""
    if not loads:
        return {}
    level = max(0, (sum(loads.values()) + count) // len(loads))
    while sum(max(0, level - load) for load in loads.values()) > count:
        level -= 1
    while sum(max(0, level + 1 - load) for load in loads.values()) <= count:
        level += 1
    room = {day: max(0, level - load) for day, load in loads.items()}
    left = count - sum(room.values())
    for number, day in enumerate([day for day, load in loads.items() if load <= level]):
        room[day] += number < left
    return room


def _beside_neighbours(
    homes: Sequence[Home],
    place: int,
    plan: dict[int, list[dt.date]],
    loads: dict[dt.date, int],
    quota: int,
) -> None:
    """A newcomer goes on the day of the nearest neighbour whose day is not full, or else on the lightest day."""
    if not loads:
        return
    near = sorted((n for n in range(len(homes)) if n != place), key=lambda n: (abs(n - place), n))
    for other in near[:6]:
        for day in plan.get(homes[other].id, ()):
            if day in loads and loads[day] < quota:
                plan[homes[place].id] = [day]
                loads[day] += 1
                return
    day = min(loads, key=lambda day: (loads[day], day))
    plan[homes[place].id] = [day]
    loads[day] += 1
