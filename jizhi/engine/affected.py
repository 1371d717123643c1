"""Which items a draft prices differently, so that only their facts need to be settled again.

Careful rather than clever: whatever is not plainly the same counts as touched, and where a change reaches further than
items (periods, calendar, vetoes, ranges of validity) the answer is that everything is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from jizhi.engine import plan_rows
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.plan import Plan

PRICED = {
    "kind",
    "points",
    "limits",
    "repeat",
    "best_of",
    "classes",
    "effect",
    "valid",
    "section",
    "spendable",
}


def touched(old: Plan, new: Plan, first_day: dt.date) -> set[str] | None:
    """The ids of the items whose facts, from the first day on, may be awarded differently; None when any may."""
    if not _same_frame(old, new, first_day):
        return None
    found: set[str] = set()
    for before, after in zip(old.schemes, new.schemes, strict=True):
        changed = set(_changed(before, after))
        if any(item.kind in (Kind.VETO, Kind.RULING) for item in _items(before, after) if item.id in changed):
            return None
        found |= changed | set(_drawn_in(before, after, changed))
    if any(
        item.best_of and item.id in found for scheme in (*old.schemes, *new.schemes) for item in scheme.items
    ):
        found |= {item.id for scheme in (*old.schemes, *new.schemes) for item in scheme.items if item.best_of}
        for before, after in zip(old.schemes, new.schemes, strict=True):
            found |= set(_drawn_in(before, after, found))
    return found


def _same_frame(old: Plan, new: Plan, first_day: dt.date) -> bool:
    """Whether both divide time alike and what is awarded depends on the day of the act alone."""
    if _starts(old, first_day) != _starts(new, first_day):
        return False
    if old.stands or new.stands or old.unit != new.unit or old.calendar != new.calendar:
        return False
    return list(plan_rows.periods(old)) == list(plan_rows.periods(new))


def _starts(plan: Plan, first_day: dt.date) -> list[dt.date]:
    """From when each version applies, as far as the facts can tell."""
    return [max(version.from_date or first_day, first_day) for version in plan.versions.entries]


def _items(*schemes: Scheme) -> Iterator[Item]:
    return (item for scheme in schemes for item in scheme.items)


def _changed(before: Scheme, after: Scheme) -> Iterator[str]:
    """Items that one of both lacks or that are priced or limited by themselves in another way."""
    for name in {**before.items_by_id, **after.items_by_id}:
        one, other = before.item(name), after.item(name)
        if one is None or other is None or one.model_dump(include=PRICED) != other.model_dump(include=PRICED):
            yield name
    if plan_rows.rate(before) != plan_rows.rate(after):
        yield from (item.id for item in _items(before, after) if item.spendable)


def _drawn_in(before: Scheme, after: Scheme, changed: set[str]) -> Iterator[str]:
    """Items that share a section's or the scheme's limit with a changed one, or whose shared limit changed."""
    everybody = list(_items(before, after))
    for kind in (Kind.MERIT, Kind.FAULT):
        mine = [item for item in everybody if item.kind == kind]
        limits = [[one for one in scheme.limits if one.kind == kind] for scheme in (before, after)]
        if limits[0] != limits[1] or (any(limits) and any(item.id in changed for item in mine)):
            yield from (item.id for item in mine)
        for section in {item.section for item in mine}:
            inside = [item for item in mine if item.section == section]
            found = [scheme.section(section) for scheme in (before, after)]
            caps = [[one for one in each.limits if one.kind == kind] if each else [] for each in found]
            if caps[0] != caps[1] or (any(caps) and any(item.id in changed for item in inside)):
                yield from (item.id for item in inside)
