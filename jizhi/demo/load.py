"""Loading the demonstration: twelve months of three villages, made from a seed, through the services.

The same day gives the same year: what happens depends on the seed and the date alone (card codes excepted).
"""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from jizhi.demo import (
    activities,
    assemblies,
    boundaries,
    cast,
    changes,
    channels,
    drafts,
    matters,
    organisations,
    panels,
    participants,
    setup,
    visits,
)
from jizhi.demo.month import Event, VillageMonth, moment, next_month
from jizhi.store import services as store

MONTHS = 12
Progress = Callable[[str, float], None]


def load(
    *,
    progress: Progress = lambda text, share: None,
    now: dt.datetime | None = None,
    villages: tuple[cast.Village, ...] = cast.VILLAGES,
    months: int = MONTHS,
) -> None:
    """Fill an empty database. `now` is the day on which the visitor arrives: the real one unless a test says so."""
    now = timezone.localtime(now or timezone.now())
    first = _month_before(now.date().replace(day=1), months)
    begin = moment(first - dt.timedelta(days=12), 10)
    progress("区划与积分细则 · areas and scheme", 0)
    operator, township = setup.make_root(begin)
    taken: set[str] = set()
    parts, founded = [], []
    for number, village in enumerate(villages):
        progress(f"{village.name} 农户 · households", number / len(villages) * 0.1)
        parts.append(setup.make_village(village, township, operator, first, begin, taken))
        panels.prepare(parts[-1], operator, first)
        founded.append(organisations.found_organisations(parts[-1], operator, first))
    participants.register_members(parts[0], founded[0], operator, first)
    boundaries.draw_boundaries(township=township, by=operator, at=moment(first, 8))
    for place, part in enumerate(parts):
        events = _events(part, first, months, now)
        scored = participants.events(part, first, now) if part is parts[0] else []
        events += [*panels.weekly(part, now), *changes.events(part, parts, first, now, operator), *scored]
        events.sort(key=lambda one: one[0])
        for number, (at, happen) in enumerate(events):
            if number % 10 == 0:
                share = (place + number / len(events)) / len(parts)
                progress(f"{part.cast.name} {at:%Y-%m}", 0.1 + 0.7 * share)
            happen(at)
        matters.year(part, now, months)
    channels.play(parts[0], now)
    drafts.write_draft(parts[0], now)
    for place, (part, found) in enumerate(zip(parts, founded, strict=True)):
        progress(
            f"{part.cast.name} 走访、活动、会议 · visits, activities, meetings",
            0.8 + 0.2 * place / len(parts),
        )
        visits.play_visits(part, now)
        activities.play(part, now)
        panels.play(part, now)
        assemblies.play(part, operator, first, now)
        organisations.make_organisations(part, found, operator, first, now)
        if not store_is_regular(now):
            store.announce_opening(
                village=part.area, date=now.date(), reason="演示开放日", by=part.staff["store"], at=now
            )


def store_is_regular(now: dt.datetime) -> bool:
    """Whether today is an opening day without any announcement."""
    return now.day == 1


def _events(part: setup.VillageParts, first: dt.date, months: int, now: dt.datetime) -> list[Event]:
    """Everything that happens in the village until `now`, in the order of time."""
    events: list[Event] = []
    month = first
    for number in range(months + 1):
        events += VillageMonth(part, month, now, last=number == months - 1).events()
        month = next_month(month)
    return sorted(events, key=lambda event: event[0])


def _month_before(month: dt.date, count: int) -> dt.date:
    for _n in range(count):
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return month
