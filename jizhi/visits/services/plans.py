"""Making the monthly plan of grids: when somebody opens the month, when a class changes, or for a whole county at once.

Making it again keeps what was visited and what still fits; how days are found is `rules.plan_month`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from jizhi.areas.models import Area
from jizhi.core import audit, clock
from jizhi.core.periods import lasting_on
from jizhi.people.models import Household
from jizhi.schemes import selectors as schemes
from jizhi.visits import models, rules, selectors
from jizhi.visits.services.counting import recount

if TYPE_CHECKING:
    from jizhi.accounts.models import User
    from jizhi.engine.document.gridwork import Visits

VILLAGES_AT_ONCE = 40
GRIDS_WHILE_OPENING = 40


@dataclass(frozen=True, slots=True)
class MadePlan:
    """What making a plan came to."""

    grids: int = 0
    planned: int = 0
    removed: int = 0

    def __add__(self, other: MadePlan) -> MadePlan:
        return MadePlan(self.grids + other.grids, self.planned + other.planned, self.removed + other.removed)


@transaction.atomic
def make_plans(*, area: Area, month: dt.date, by: User | None, at: dt.datetime) -> MadePlan:
    """The plan of the month for every grid at or below the area. Raises NotKeeper."""
    selectors.check_may_keep(by, area, clock.day_of(at))
    rows = Household.objects.registered_on(_day_within(month, clock.day_of(at)))
    rows = rows.filter(area__path__descendant_of=area.path)
    by_village: dict[int, set[int]] = defaultdict(set)
    for village_id, area_id in rows.order_by().values_list("village_id", "area_id").distinct():
        by_village[village_id].add(area_id)
    # Grids that lost their last household keep their row, and their open lines go.
    counted = models.MonthCount.objects.filter(month=month, area__path__descendant_of=area.path)
    for village_id, area_id in counted.order_by("id").values_list("village_id", "area_id"):
        by_village[village_id].add(area_id)
    made, numbers = MadePlan(), sorted(by_village)
    for begin in range(0, len(numbers), VILLAGES_AT_ONCE):
        chunk = {number: by_village[number] for number in numbers[begin : begin + VILLAGES_AT_ONCE]}
        made += plan_grids(chunk, month, at)
    detail = {"month": month, "grids": made.grids, "planned": made.planned, "removed": made.removed}
    audit.record_event(by=by, at=at, verb="visit.plan", target=area, area_path=area.path, detail=detail)
    return made


@transaction.atomic
def ensure_plans(*, paths: Sequence[str], month: dt.date, by: User, at: dt.datetime) -> MadePlan:
    """Make what is missing, and look once a day at what came and went, in the grids below the paths.

    Nothing is done where more grids are stale than a page can wait for; the leader makes those with `make_plans`.
    """
    today = clock.day_of(at)
    if month < rules.month_of(today):
        return MadePlan()
    fresh = models.MonthCount.objects.filter(month=month, planned_on__gte=today).values("area")
    rows = Household.objects.registered_on(_day_within(month, today)).filter(area__path__within=list(paths))
    stale = rows.exclude(area__in=fresh).order_by("area_id").values_list("village_id", "area_id").distinct()
    found = list(stale[: GRIDS_WHILE_OPENING + 1])
    if not found or len(found) > GRIDS_WHILE_OPENING:
        return MadePlan()
    by_village: dict[int, set[int]] = defaultdict(set)
    for village_id, area_id in found:
        by_village[village_id].add(area_id)
    return plan_grids(by_village, month, at)


def plan_grids(by_village: dict[int, set[int]], month: dt.date, at: dt.datetime) -> MadePlan:
    """Plan the grids, given by village, in a handful of statements. The caller opens the transaction."""
    today = clock.day_of(at)
    grids = sorted({grid for found in by_village.values() for grid in found})
    _lock(by_village, month, today)
    homes = _homes(grids, _day_within(month, today))
    rows = _rows(grids, homes, month)
    asked = _times(by_village, homes, _day_within(month, today))
    removed = _leave(rows, homes)
    fresh: list[models.PlannedVisit] = []
    moved: list[models.PlannedVisit] = []
    surplus: list[int] = []
    for village_id, found in sorted(by_village.items()):
        days = _days(asked.calendars[village_id], month, today)
        for grid in sorted(found):
            part = _plan_grid(homes.get(grid, []), rows, asked.times, days, month)
            fresh += part.fresh
            moved += part.moved
            surplus += part.surplus
    models.PlannedVisit.objects.filter(pk__in=surplus, visit=None).delete()
    models.PlannedVisit.objects.bulk_create(fresh, batch_size=5000, ignore_conflicts=True)
    models.PlannedVisit.objects.bulk_update(moved, ["area", "village", "place", "street"], batch_size=2000)
    _join_visits([home.pk for found in homes.values() for home in found], month)
    recount(grids, month, today)
    return MadePlan(len(grids), len(fresh), removed + len(surplus))


@dataclass(frozen=True, slots=True)
class _Asked:
    times: dict[int, int]
    calendars: dict[int, Visits]


@dataclass(frozen=True, slots=True)
class _Part:
    fresh: list[models.PlannedVisit]
    moved: list[models.PlannedVisit]
    surplus: list[int]


def _day_within(month: dt.date, today: dt.date) -> dt.date:
    """The day whose register counts: today within the month, else its nearest end."""
    return min(max(today, month), rules.month_end(month))


def _lock(by_village: dict[int, set[int]], month: dt.date, today: dt.date) -> None:
    """One maker a grid and month: the count's row is the lock."""
    rows = [
        models.MonthCount(village_id=village_id, area_id=grid, month=month, planned_on=today)
        for village_id, found in sorted(by_village.items())
        for grid in sorted(found)
    ]
    models.MonthCount.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
    held = models.MonthCount.objects.filter(month=month, area__in=[row.area_id for row in rows])
    list(held.order_by("area_id").select_for_update().values_list("pk", flat=True))
    held.update(planned_on=today)


def _homes(grids: list[int], day: dt.date) -> dict[int, list[Any]]:
    """The households of each grid along the way."""
    rows = Household.objects.registered_on(day).filter(area__in=grids)
    found: dict[int, list[Any]] = defaultdict(list)
    for home in rows.order_by("id").only("id", "no", "address", "area_id", "village_id"):
        found[home.area_id].append(home)
    for homes in found.values():
        homes.sort(key=lambda home: rules.way_key(home.address, home.no, home.pk))
    return found


def _rows(
    grids: list[int], homes: dict[int, list[Any]], month: dt.date
) -> dict[int, list[models.PlannedVisit]]:
    """What is planned in the grids, or elsewhere for their households, by household."""
    numbers = [home.pk for found in homes.values() for home in found]
    found: dict[int, list[models.PlannedVisit]] = defaultdict(list)
    rows = models.PlannedVisit.objects.filter(month=month).order_by("due_date", "id")
    # Two queries: with an OR the database would read the whole month for each handful of villages.
    for row in (*rows.filter(area__in=grids), *rows.filter(household__in=numbers).exclude(area__in=grids)):
        found[row.household_id].append(row)
    return found


def _times(by_village: dict[int, set[int]], homes: dict[int, list[Any]], day: dt.date) -> _Asked:
    """How often each household is asked for, and each village's calendar."""
    villages = Area.objects.in_bulk(list(by_village))
    calendars = {number: schemes.visits_in(village) for number, village in villages.items()}
    classes = models.HouseholdClass.objects.filter(lasting_on(day), village__in=list(by_village))
    held: dict[int, list[str]] = defaultdict(list)
    for household_id, key in classes.order_by("id").values_list("household_id", "key"):
        held[household_id].append(key)
    times = {}
    for found in homes.values():
        for home in found:
            visits = calendars[home.village_id]
            known = {one.key: one.times_a_month for one in visits.classes}
            asked = [known[key] for key in held.get(home.pk, ()) if key in known]
            times[home.pk] = rules.times_wanted(visits.times_a_month, asked)
    return _Asked(times, calendars)


def _leave(rows: dict[int, list[models.PlannedVisit]], homes: dict[int, list[Any]]) -> int:
    """Open lines of households that are no longer in these grids: moved along, or dropped with a closed household."""
    present = {home.pk for found in homes.values() for home in found}
    gone = [number for number in rows if number not in present]
    if not gone:
        return 0
    open_rows = models.PlannedVisit.objects.filter(
        pk__in=[row.pk for number in gone for row in rows[number]], visit=None
    )
    elsewhere = Household.objects.filter(pk__in=gone, to_date=None).order_by("id")
    for home in elsewhere.only("id", "area_id", "village_id"):
        open_rows.filter(household=home).update(area_id=home.area_id, village_id=home.village_id)
    count, _by_model = open_rows.exclude(household__in=elsewhere).delete()
    return count


def _days(visits: Visits, month: dt.date, today: dt.date) -> list[dt.date]:
    return rules.plan_days(month, today, visits.weekdays, visits.days_off)


def _plan_grid(
    homes: list[Any],
    rows: dict[int, list[models.PlannedVisit]],
    times: dict[int, int],
    days: list[dt.date],
    month: dt.date,
) -> _Part:
    """One grid: what is new, what changed its place, what is too much."""
    kept = {home.pk: [row.due_date for row in rows[home.pk] if not row.visit_id] for home in homes}
    done = {home.pk: [row.due_date for row in rows[home.pk] if row.visit_id] for home in homes}
    wanted = [rules.Home(home.pk, times[home.pk]) for home in homes]
    plan = rules.plan_month(wanted, days, kept=kept, done=done)
    part = _Part([], [], [])
    for place, home in enumerate(homes):
        street = rules.street_of(home.address)
        present = {row.due_date: row for row in rows[home.pk]}
        for row in present.values():
            if row.visit_id is None and row.due_date not in plan[home.pk]:
                part.surplus.append(row.pk)
            elif row.visit_id is None and _differs(row, home, place, street):
                part.moved.append(row)
        part.fresh.extend(
            models.PlannedVisit(
                village_id=home.village_id,
                area_id=home.area_id,
                household_id=home.pk,
                month=month,
                due_date=day,
                place=place,
                street=street,
            )
            for day in plan[home.pk]
            if day not in present
        )
    return part


def _differs(row: models.PlannedVisit, home: Any, place: int, street: str) -> bool:
    """Bring an open line up to date; whether there was anything to bring."""
    if (row.area_id, row.place, row.street) == (home.area_id, place, street):
        return False
    row.area_id, row.village_id, row.place, row.street = home.area_id, home.village_id, place, street
    return True


def _join_visits(households: list[int], month: dt.date) -> None:
    """Visits that were recorded before there was a plan count for it: each for the first open line."""
    begin, end = selectors.month_span(month)
    loose = models.Visit.objects.filter(
        visited_at__gte=begin, visited_at__lt=end, household__in=households, planned=None
    ).exclude(how=rules.How.ABSENT.value)
    for visit in loose.order_by("visited_at", "id"):
        join_visit(visit)


def join_visit(visit: models.Visit) -> models.PlannedVisit | None:
    """Let a visit count for the first open line of its household in its month, if it reached anybody."""
    if visit.how not in rules.REACHED:
        return None
    month = rules.month_of(clock.day_of(visit.visited_at))
    rows = models.PlannedVisit.objects.filter(household_id=visit.household_id, month=month, visit=None)
    row = rows.order_by("due_date", "id").select_for_update().first()
    if row is not None:
        row.visit = visit
        row.save(update_fields=["visit"])
    return row


@transaction.atomic
def refresh_plan(*, household: Household, by: User | None, at: dt.datetime) -> None:
    """Plan the household's grid anew where this month has a plan already; used when a class changed."""
    month = rules.month_of(clock.day_of(at))
    months = models.MonthCount.objects.filter(area=household.area, month__gte=month)
    for one in months.order_by("month").values_list("month", flat=True):
        plan_grids({household.village_id: {household.area_id}}, one, at)


@transaction.atomic
def refresh_plans(*, grids: Collection[Area], at: dt.datetime) -> None:
    """Plan grids of one village anew where one of them has a plan for this month or a later one.

    Used when the grids were split or merged: open lines follow their household, what was done stays where it was.
    """
    numbers = {grid.pk for grid in grids}
    counted = models.MonthCount.objects.filter(area__in=numbers, month__gte=rules.month_of(clock.day_of(at)))
    months = counted.order_by("month").values_list("month", "village_id").distinct()
    for month, village_id in list(months):
        plan_grids({village_id: numbers}, month, at)
