"""The month's plan as people on the ground need it: what is due, how far the month is, what comes next on the way."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from jizhi.areas import selectors as areas
from jizhi.core import clock
from jizhi.core.periods import lasting_on
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.visits import models, rules
from jizhi.visits.selectors import access

if TYPE_CHECKING:
    from jizhi.engine.document.gridwork import VisitClass
    from jizhi.people.models import Household


@dataclass(frozen=True, slots=True)
class DueLine:
    """A household that is due; `classes` are those the reader may see."""

    id: int
    household_id: int
    household_no: str
    head_name: str
    address: str
    street: str
    grid_name: str
    due_date: dt.date
    place: int
    overdue: bool
    done: bool
    visit_id: int | None
    classes: tuple[VisitClass, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the month is."""

    planned: int
    done: int
    due_today: int
    overdue: int

    @property
    def percent(self) -> int:
        return self.done * 100 // self.planned if self.planned else 0


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the month: planned and done visits, and those the reader recorded."""

    date: dt.date
    planned: int
    done: int
    recorded: int


def month_span(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From the first moment of the month to the first of the next."""
    return clock.start_of(month), clock.start_of(rules.shifted(month, 1))


def keeping_paths(user: Any, on: dt.date) -> list[str]:
    """Where the user visits."""
    return posts.scope_paths(user, Action.KEEP_BOOK, on)


def planned(user: Any, *, on: dt.date, month: dt.date) -> QuerySet[models.PlannedVisit]:
    """The month's plan where the user visits."""
    rows = models.PlannedVisit.objects.filter(month=month, area__path__within=keeping_paths(user, on))
    rows = rows.select_related("household", "village", "area")
    return rows.order_by("due_date", "area__path", "place", "id")


def due(
    user: Any, *, on: dt.date, street: str = "", words: str = "", day: dt.date | None = None
) -> QuerySet[models.PlannedVisit]:
    """What is due until today and still open, overdue first and along the way; or the whole of another day."""
    rows = planned(user, on=on, month=rules.month_of(day or on))
    rows = rows.filter(due_date=day) if day else rows.filter(due_date__lte=on, visit=None)
    if street:
        rows = rows.filter(street=street)
    if text := words.strip():
        match = Q(household__no__icontains=text) | Q(household__head_name__icontains=text)
        match |= Q(household__address__icontains=text)
        if text.isascii():
            match |= Q(household__pinyin__contains=text.lower().replace(" ", ""))
        rows = rows.filter(match)
    return rows


def due_lines(rows: Iterable[models.PlannedVisit], user: Any, on: dt.date) -> list[DueLine]:
    """Due households with their classes; the number of queries does not depend on how many there are."""
    if isinstance(rows, QuerySet):
        rows = rows.select_related("household", "village", "area")
    found = list(rows)
    classes = classes_of([row.household for row in found], user, on)
    return [
        DueLine(
            id=row.pk,
            household_id=row.household_id,
            household_no=row.household.no,
            head_name=row.household.head_name,
            address=row.household.address,
            street=row.street,
            grid_name="" if row.area_id == row.village_id else areas.named(row.area),
            due_date=row.due_date,
            place=row.place,
            overdue=row.visit_id is None and row.due_date < on,
            done=row.visit_id is not None,
            visit_id=row.visit_id,
            classes=classes.get(row.household_id, ()),
        )
        for row in found
    ]


def progress(user: Any, *, on: dt.date) -> Progress:
    """The month where the user visits: one query."""
    counts = planned(user, on=on, month=rules.month_of(on)).aggregate(
        planned=Count("id"),
        done=Count("visit"),
        due_today=Count("id", filter=Q(visit=None, due_date=on)),
        overdue=Count("id", filter=Q(visit=None, due_date__lt=on)),
    )
    return Progress(**counts)


def next_on_the_way(user: Any, *, on: dt.date) -> models.PlannedVisit | None:
    """The open household that follows the one visited last today; the first one where none was."""
    rows = due(user, on=on).select_related("household", "village", "area")
    begin = clock.start_of(on)
    last = (
        models.PlannedVisit.objects.filter(visit__visited_by=user, visit__visited_at__gte=begin)
        .order_by("-visit__visited_at", "-id")
        .first()
    )
    if last is not None:
        onward = rows.filter(area=last.area_id, place__gte=last.place).exclude(household=last.household_id)
        if (found := onward.order_by("place", "due_date", "id").first()) is not None:
            return found
    return rows.order_by("area__path", "place", "due_date", "id").first()


def streets(user: Any, *, on: dt.date) -> list[str]:
    """The streets on which something is due, in order along the way."""
    rows = due(user, on=on).exclude(street="").order_by("street").values_list("street", flat=True)
    return sorted(rows.distinct(), key=lambda street: rules.way_key(street, "", 0))


def calendar(user: Any, month: dt.date, *, on: dt.date) -> list[CalendarDay]:
    """Every day of the month with its counts: two queries."""
    rows = planned(user, on=on, month=month).order_by("due_date").values_list("due_date")
    plan = {day: (count, done) for day, count, done in rows.annotate(n=Count("id"), d=Count("visit"))}
    begin, end = month_span(month)
    own = models.Visit.objects.filter(visited_by=user, visited_at__gte=begin, visited_at__lt=end)
    counted = own.order_by("visited_at__date").values_list("visited_at__date").annotate(n=Count("id"))
    recorded = dict(counted)
    days = [month + dt.timedelta(days=n) for n in range(rules.month_end(month).day)]
    return [CalendarDay(day, *plan.get(day, (0, 0)), recorded.get(day, 0)) for day in days]


def classes_of(
    households: Collection[Household], user: Any, on: dt.date
) -> dict[int, tuple[VisitClass, ...]]:
    """The classes of these households that the user may see, in the pack's order."""
    rows = models.HouseholdClass.objects.filter(lasting_on(on), household__in=[one.pk for one in households])
    held: dict[int, set[str]] = defaultdict(set)
    for household_id, key in rows.order_by("id").values_list("household_id", "key"):
        held[household_id].add(key)
    found: dict[int, tuple[VisitClass, ...]] = {}
    known: dict[int, tuple[VisitClass, ...]] = {}
    for one in households:
        if one.pk not in held:
            continue
        if one.village_id not in known:
            known[one.village_id] = schemes.visits_in(one.village).classes
        sees = access.may_see_sensitive(user, one.area, on)
        found[one.pk] = tuple(
            visit_class
            for visit_class in known[one.village_id]
            if visit_class.key in held[one.pk] and (sees or not visit_class.sensitive)
        )
    return found
