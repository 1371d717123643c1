"""Matters as lists: the queue with its filters, what waits for whom, duplicates, and counts. One line a matter."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from jizhi.areas import selectors as areas
from jizhi.areas.models import Area
from jizhi.matters import models, rules
from jizhi.matters.rules import MatterState, Storey, Verb
from jizhi.matters.selectors import scope
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes

CANDIDATES_READ = 60
CANDIDATES_SHOWN = 8
CANDIDATE_DAYS = 60
LIKE_ENOUGH = 0.35


def in_language(chinese: str, english: str) -> str:
    """The text in the reader's language, Chinese where no English is written."""
    return (english if (get_language() or "").startswith("en") else "") or chinese


@dataclass(frozen=True, slots=True)
class MatterLine:
    """One matter in a list. It never names a reporter."""

    id: int
    number: str
    kind: str
    urgent: bool
    words: str
    village: str
    village_code: str
    area: str
    place: str
    storey: Storey
    state: MatterState
    channel: rules.Channel
    assigned: str
    reported_at: dt.datetime
    due_date: dt.date | None
    closed_at: dt.datetime | None
    was_late: bool
    satisfied: bool | None
    photos: bool
    version: int

    def is_late(self, today: dt.date) -> bool:
        return self.due_date is not None and self.due_date < today


@dataclass(frozen=True, slots=True)
class Work:
    """How much waits for a user's posts."""

    to_accept: int = 0
    to_handle: int = 0
    to_recheck: int = 0
    to_close: int = 0
    to_supplement: int = 0
    overdue: int = 0
    due: int = 0


def lines(rows: Iterable[models.Matter]) -> list[MatterLine]:
    """Matters as lines: one query, whatever their number."""
    if isinstance(rows, QuerySet):
        photo = models.MatterPhoto.objects.filter(matter=OuterRef("pk"))
        rows = rows.select_related("village", "area", "assignee").annotate(has_photo=Exists(photo))
    return [_line(row) for row in rows]


def _line(row: models.Matter) -> MatterLine:
    name = row.assignee.display_name if row.assignee else ""
    return MatterLine(
        id=row.pk,
        number=row.number,
        kind=in_language(row.kind_zh, row.kind_en),
        urgent=row.urgent,
        words=row.words,
        village=areas.named(row.village),
        village_code=row.village.code,
        area="" if row.area_id == row.village_id else areas.named(row.area),
        place=row.place,
        storey=Storey(row.storey),
        state=MatterState(row.state),
        channel=rules.Channel(row.channel),
        assigned=" · ".join(part for part in (name, row.assignee_words) if part),
        reported_at=row.reported_at,
        due_date=row.due_date,
        closed_at=row.closed_at,
        was_late=row.was_late,
        satisfied=row.satisfied,
        photos=bool(getattr(row, "has_photo", False)),
        version=row.version,
    )


def queue(
    user: Any,
    *,
    on: dt.date,
    state: str = "",
    kind: str = "",
    storey: str = "",
    village: str = "",
    area: str = "",
    late: str = "",
    age: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    words: str = "",
    satisfied: str = "",
) -> QuerySet[models.Matter]:
    """Matters by filter: the open ones by deadline, the others newest first. `state` may be `open`, too."""
    rows = scope.visible_matters(user, on)
    if state == "open":
        rows = rows.filter(state__in=rules.OPEN)
    exact = {
        "state": "" if state == "open" else state,
        "kind": kind,
        "storey": storey,
        "village__code": village,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if area:
        path = Area.objects.filter(code=area).values_list("path", flat=True).first()
        rows = rows.filter(area__path__descendant_of=path) if path else rows.none()
    rows = _of_time(rows, on, late, age, since, until)
    if words := words.strip():
        match = Q(words__contains=words) | Q(number__contains=words) | Q(place__contains=words)
        rows = rows.filter(match | Q(reporter_name__contains=words, confidential=False))
    if satisfied:
        rows = rows.filter(satisfied=satisfied == "yes")
    if state == "open" or (state and MatterState(state) in rules.OPEN):
        return rows.order_by(F("due_date").asc(nulls_last=True), "id")
    return rows.order_by("-id")


def _of_time(
    rows: QuerySet[models.Matter],
    on: dt.date,
    late: str,
    age: str,
    since: dt.date | None,
    until: dt.date | None,
) -> QuerySet[models.Matter]:
    if late == "now":
        rows = rows.filter(due_date__lt=on)
    elif late == "ever":
        rows = rows.filter(Q(was_late=True) | Q(due_date__lt=on))
    elif late == "never":
        rows = rows.filter(was_late=False).exclude(due_date__lt=on)
    if age:
        first, last = rules.band_days(rules.AgeBand(age), on)
        rows = rows.filter(reported_date__lte=last)
        rows = rows.filter(reported_date__gte=first) if first else rows
    if since:
        rows = rows.filter(reported_date__gte=since)
    if until:
        rows = rows.filter(reported_date__lte=until)
    return rows


def counts_by_state(rows: QuerySet[models.Matter]) -> dict[MatterState, int]:
    """How many matters of a list are in each state; one query."""
    found = rows.order_by().values_list("state").annotate(count=Count("pk"))
    return {MatterState(state): count for state, count in found}


# What waits for whom


def waiting(user: Any, what: str, *, on: dt.date) -> QuerySet[models.Matter]:
    """What waits for the user: accept, handle, recheck, close, supplement, overdue, or everything due: by deadline."""
    rows = scope.visible_matters(user, on).filter(_waits(user, on)[what])
    return rows.order_by(F("due_date").asc(nulls_last=True), "id")


def _waits(user: Any, on: dt.date) -> dict[str, Q]:
    """The conditions behind `waiting`, each by what the user's posts allow."""
    recheck = posts.scope_paths(user, Action.RECHECK_MATTER, on)
    dispatch = scope.at_own_storey(user, Action.DISPATCH_MATTER, on)
    handle = scope.at_own_storey(user, Action.HANDLE_MATTER, on)
    mine = Q(assignee=user) if user is not None else Q(pk__in=[])
    found = {
        "accept": Q(state=MatterState.REPORTED) & (dispatch | (handle & Q(assignee=None))),
        "handle": Q(state__in=[MatterState.ACCEPTED, MatterState.HANDLING]) & mine,
        "recheck": Q(state=MatterState.HANDLED, area__path__within=recheck),
        "close": Q(state=MatterState.CONFIRMED) & (dispatch | Q(area__path__within=recheck)),
        "supplement": Q(state=MatterState.RETURNED, reported_by=user, reporter=None),
    }
    everything = Q(pk__in=[])
    for one in found.values():
        everything |= one
    found["due"] = everything
    found["overdue"] = everything & Q(due_date__lt=on)
    return found


def work(user: Any, on: dt.date) -> Work:
    """The counts of what waits; one query over the open matters."""
    conditions = _waits(user, on)
    names = {
        "to_accept": "accept", "to_handle": "handle", "to_recheck": "recheck", "to_close": "close",
        "to_supplement": "supplement", "overdue": "overdue", "due": "due",
    }  # fmt: skip
    rows = scope.visible_matters(user, on).filter(state__in=rules.OPEN)
    counts = rows.aggregate(**{name: Count("pk", filter=conditions[key]) for name, key in names.items()})
    return Work(**counts)


def open_work(user: Any, area: Area) -> QuerySet[models.Matter]:
    """The open matters that a user has in hand in an area."""
    return models.Matter.objects.filter(
        assignee=user, area__path__descendant_of=area.path, state__in=rules.OPEN
    )


def open_work_count(user: Any, area: Area) -> int:
    """How many open matters a user would hand over in an area."""
    return open_work(user, area).count()


def matters_of_household(subject_id: int) -> QuerySet[models.Matter]:
    """What a household has reported, newest first."""
    return models.Matter.objects.filter(reporter_id=subject_id).order_by("-id")


def kinds_of(area: Area) -> list[tuple[str, str]]:
    """Key and title of the kinds of the pack that holds in the area, in its order."""
    return [
        (kind.key, in_language(kind.title.zh, kind.title.en or "")) for kind in schemes.matters_in(area).kinds
    ]


def escalates_on(matter: models.Matter) -> dt.date | None:
    """The day on which an untouched matter would go up by itself; None where it would not."""
    if matter.state not in rules.UNDER_HANDS or matter.due_date is None:
        return None
    if rules.above(Storey(matter.storey)) is None:
        return None
    clocks = scope.clocks_in(matter.village)
    return clocks.after(matter.due_date, max(1, clocks.escalate_days))


# Duplicates


@dataclass(frozen=True, slots=True)
class Candidate:
    """A matter that may be the same as another one, and how much they resemble each other in per cent."""

    line: MatterLine
    likeness: int
    same_place: bool


def candidates(matter: models.Matter, *, everything: bool = False) -> list[Candidate]:
    """Open matters of the same village and kind, from around the same time, most alike first."""
    around = dt.timedelta(days=CANDIDATE_DAYS)
    rows = models.Matter.objects.filter(
        village=matter.village,
        kind=matter.kind,
        state__in=rules.MOVES[Verb.MERGE][0],
        reported_date__range=(matter.reported_date - around, matter.reported_date + around),
    )
    found = rows.exclude(pk=matter.pk).order_by("-id")[:CANDIDATES_READ]
    judged = []
    for row in found.select_related("village", "area", "assignee"):
        alike = rules.likeness(f"{matter.words} {matter.place}", f"{row.words} {row.place}")
        same = _same_place(matter, row)
        if everything or same or alike >= LIKE_ENOUGH:
            judged.append(Candidate(_line(row), round(alike * 100), same))
    judged.sort(key=lambda one: (one.same_place, one.likeness), reverse=True)
    return judged[:CANDIDATES_SHOWN]


def _same_place(one: models.Matter, other: models.Matter) -> bool:
    if one.household_id and one.household_id == other.household_id:
        return True
    return bool(one.place) and one.place == other.place and one.area_id == other.area_id
