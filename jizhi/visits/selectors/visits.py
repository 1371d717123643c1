"""Visits as pages show them: the list with search and filters, one visit, a household's history, one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jizhi.areas import selectors as areas
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.visits import models, rules
from jizhi.visits.selectors.plans import month_span

if TYPE_CHECKING:
    from decimal import Decimal

    from jizhi.areas.models import Area
    from jizhi.people.models import Household


class NoSuchVisit(DomainError):
    """The visit or photo does not exist, or is not the user's to see."""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit on a list."""

    id: int
    household_id: int
    household_no: str
    head_name: str
    address: str
    village_name: str
    grid_name: str
    visited_at: dt.datetime
    how: rules.How
    topics: tuple[rules.Topic, ...]
    note: str
    by_name: str
    planned: bool
    photos: int


@dataclass(frozen=True, slots=True)
class AdditionLine:
    """What was added to a visit later."""

    text: str
    by_name: str
    added_at: dt.datetime


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit with everything kept about it, and whether the reader may still change it."""

    visit: models.Visit
    line: VisitLine
    due_date: dt.date | None
    additions: tuple[AdditionLine, ...]
    photos: tuple[int, ...]
    latitude: Decimal | None
    longitude: Decimal | None
    recorded_at: dt.datetime
    version: int
    may_change: bool
    may_add: bool


def visits(
    user: Any,
    *,
    on: dt.date,
    words: str = "",
    area: Area | None = None,
    month: dt.date | None = None,
    how: str = "",
    topic: str = "",
    own: bool = False,
) -> QuerySet[models.Visit]:
    """Visits by filter, newest first, for a page or an export."""
    rows = models.Visit.objects.visible_to(user, on)
    if own:
        rows = rows.filter(visited_by=user)
    if area is not None:
        rows = rows.filter(area__path__descendant_of=area.path)
    if month is not None:
        begin, end = month_span(month)
        rows = rows.filter(visited_at__gte=begin, visited_at__lt=end)
    if how:
        rows = rows.filter(how=how)
    if topic:
        rows = rows.filter(topics__contains=[topic])
    if text := words.strip():
        match = Q(household__no__icontains=text) | Q(household__head_name__icontains=text)
        match |= Q(household__address__icontains=text) | Q(note__icontains=text)
        match |= Q(visited_by__display_name__icontains=text)
        if text.isascii():
            match |= Q(household__pinyin__contains=text.lower().replace(" ", ""))
        rows = rows.filter(match)
    return rows.order_by("-visited_at", "-id")


def lines(rows: Iterable[models.Visit]) -> list[VisitLine]:
    """Visits as lines: two queries however many there are."""
    if isinstance(rows, QuerySet):
        rows = rows.select_related("household", "village", "area", "visited_by")
    found = list(rows)
    numbers = [row.pk for row in found]
    planned = set(models.PlannedVisit.objects.filter(visit__in=numbers).values_list("visit_id", flat=True))
    counted = models.VisitPhoto.objects.filter(visit__in=numbers).order_by("visit_id").values_list("visit_id")
    photos = dict(counted.annotate(count=Count("id")))
    return [_line(row, row.pk in planned, photos.get(row.pk, 0)) for row in found]


def _line(row: models.Visit, planned: bool, photos: int) -> VisitLine:
    return VisitLine(
        id=row.pk,
        household_id=row.household_id,
        household_no=row.household.no,
        head_name=row.household.head_name,
        address=row.household.address,
        village_name=areas.named(row.village),
        grid_name="" if row.area_id == row.village_id else areas.named(row.area),
        visited_at=row.visited_at,
        how=rules.How(row.how),
        topics=tuple(rules.Topic(topic) for topic in row.topics),
        note=row.note,
        by_name=row.visited_by.display_name,
        planned=planned,
        photos=photos,
    )


def visit_page(user: Any, visit_id: int, *, at: dt.datetime) -> VisitPage:
    """One visit in the user's scope. Raises NoSuchVisit."""
    today = clock.day_of(at)
    rows = models.Visit.objects.visible_to(user, today)
    row = rows.select_related("household", "village", "area", "visited_by").filter(pk=visit_id).first()
    if row is None:
        raise NoSuchVisit(_("没有这条走访记录，或不在您的工作范围内。"))
    planned = models.PlannedVisit.objects.filter(visit=row).first()
    photos = tuple(row.photos.values_list("id", flat=True))
    may_add = posts.can(user, Action.KEEP_BOOK, row.area, today)
    same_day = clock.day_of(row.recorded_at) == today and row.visited_by_id == getattr(user, "pk", None)
    return VisitPage(
        visit=row,
        line=_line(row, planned is not None, len(photos)),
        due_date=planned.due_date if planned else None,
        additions=tuple(
            AdditionLine(one.text, one.added_by.display_name, one.added_at)
            for one in row.additions.select_related("added_by")
        ),
        photos=photos,
        latitude=row.latitude,
        longitude=row.longitude,
        recorded_at=row.recorded_at,
        version=row.version,
        may_change=may_add and same_day,
        may_add=may_add,
    )


def visits_of_household(household: Household, limit: int = 20) -> list[VisitLine]:
    """The household's last visits, newest first. The caller has checked that the reader may see the household."""
    return lines(models.Visit.objects.filter(household=household).order_by("-visited_at", "-id")[:limit])


def photo_of(user: Any, photo_id: int, *, on: dt.date) -> models.VisitPhoto:
    """A photo of a visit in the user's scope. Raises NoSuchVisit."""
    seen = models.Visit.objects.visible_to(user, on).filter(pk=OuterRef("visit"))
    photo = models.VisitPhoto.objects.filter(Exists(seen), pk=photo_id).first()
    if photo is None:
        raise NoSuchVisit(_("没有这张照片，或者您无权查看。"))
    return photo
