"""Do all names of a scheme resolve, is every id unique, can every limit bind, do points fit the unit?

Gives findings with the path inside the document; the loader turns them into problems with file and line. The law is
not looked at here, see `guard.py`.

What "can never bind" means: the limits that are applied before it (narrower windows of the item; the items' own
limits before the section's and the scheme's) already guarantee that its cap is not exceeded. A narrow limit above a
wider one still cuts something, so it is not an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jizhi.engine.document.base import NARROW_TO_WIDE, Window
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.points import Between, Each, Fixed, Grades, Ladder
from jizhi.engine.document.scheme import Scheme

Path = tuple[str | int, ...]

# How many windows of a kind can touch one window of a wider (or the same) kind.
DAYS = {"week": 7, "month": 31, "quarter": 92, "half": 184, "year": 366}
WEEKS = {"month": 6, "quarter": 15, "half": 28, "year": 54}
MONTHS = {"quarter": 3, "half": 6, "year": 12}
TOUCHING: dict[str, dict[str, int]] = {
    "day": DAYS, "week": WEEKS, "month": MONTHS, "quarter": {"half": 2, "year": 4}, "half": {"year": 2}, "year": {},
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong at one place of the document."""

    path: Path
    code: str
    zh: str
    en: str
    found: str = ""
    expected: str = ""
    names: Sequence[str] = field(default=())


def findings(scheme: Scheme) -> Iterator[Finding]:
    """Everything wrong with a well-formed scheme."""
    yield from _duplicates(scheme)
    yield from _names(scheme)
    yield from _places(scheme)
    yield from _limits(scheme)


def _duplicates(scheme: Scheme) -> Iterator[Finding]:
    for part in ("sections", "items", "outcomes"):
        seen: set[str] = set()
        for place, one in enumerate(getattr(scheme, part)):
            if one.id in seen:
                yield Finding((part, place, "id"), "duplicate-id", "编号重复", "this id is used twice", one.id)
            seen.add(one.id)
    levels = [step.level.zh for step in scheme.levels.steps] if scheme.levels else []
    for place, level in enumerate(levels):
        if level in levels[:place]:
            path = ("levels", "steps", place, "level")
            yield Finding(path, "duplicate-id", "等级重复", "this level is used twice", level)


def _unknown(path: Path, what: tuple[str, str], found: str, names: Sequence[str]) -> Finding:
    zh, en = what
    return Finding(path, "unknown-name", f"没有这个{zh}", f"no such {en}", found, ", ".join(names) or "-", names)


def _names(scheme: Scheme) -> Iterator[Finding]:
    sections, classes = list(scheme.sections_by_id), list(scheme.classes)
    levels = _level_names(scheme)
    for place, item in enumerate(scheme.items):
        if item.section and item.section not in sections:
            yield _unknown(("items", place, "section"), ("分类", "section"), item.section, sections)
        for klass in item.classes:
            if klass not in classes:
                yield _unknown(("items", place, "classes"), ("类别", "class"), klass, classes)
        if item.effect and item.effect.level and item.effect.level.zh not in levels:
            yield _unknown(("items", place, "effect", "level"), ("等级", "level"), item.effect.level.zh, levels)
    for place, outcome in enumerate(scheme.outcomes):
        for level in outcome.when.level or ():
            if level not in levels:
                yield _unknown(("outcomes", place, "when", "level"), ("等级", "level"), level, levels)
        fact = outcome.then.fact
        if fact and fact.scheme == scheme.id and fact.item not in scheme.items_by_id:
            path = ("outcomes", place, "then", "fact", "item")
            yield _unknown(path, ("条目", "item"), fact.item, list(scheme.items_by_id))


def _level_names(scheme: Scheme) -> list[str]:
    return [step.level.zh for step in scheme.levels.steps] if scheme.levels else []


def _places(scheme: Scheme) -> Iterator[Finding]:
    unit = 10 ** (2 - scheme.unit.places)
    amounts: list[tuple[Path, int | None]] = [
        (("base",), scheme.base.points if scheme.base else None),
        (("range", "min"), scheme.range.min),
        (("range", "max"), scheme.range.max),
    ]
    for path, limits, _ in _all_limits(scheme):
        amounts += [((*path, place, "points"), limit.points) for place, limit in enumerate(limits)]
    for where, amount in amounts:
        if amount is not None and amount % unit:
            found = f"{Decimal(amount) / 100}"
            yield Finding(
                where, "places", f"小数位多于计分单位的{scheme.unit.places}位",
                f"more decimals than the unit's {scheme.unit.places}", found,
            )


def _all_limits(scheme: Scheme) -> Iterator[tuple[Path, tuple[Limit, ...], list[Item]]]:
    """Each list of limits with its path and the items it holds back."""
    for place, item in enumerate(scheme.items):
        yield ("items", place, "limits"), item.limits, [item]
    members: dict[str, list[Item]] = {section.id: [] for section in scheme.sections}
    for item in scheme.items:
        members.setdefault(item.section, []).append(item)
    for place, section in enumerate(scheme.sections):
        yield ("sections", place, "limits"), section.limits, members[section.id]
    yield ("limits",), scheme.limits, list(scheme.items)


def _limits(scheme: Scheme) -> Iterator[Finding]:
    for path, limits, items in _all_limits(scheme):
        for place, limit in enumerate(limits):
            bound = _bound_before(path, limits, place, items)
            if bound is None or bound > limit.cap:
                continue
            cap = f"{limit.times} times" if limit.counts_times else f"{Decimal(limit.cap) / 100:f}"
            most = f"{bound}" if limit.counts_times else f"{Decimal(bound) / 100:f}"
            yield Finding(
                (*path, place), "idle-limit",
                f"这个上限永远用不到：在它之前的规定最多只有{most}",
                f"this limit can never bind: what is applied before it never exceeds {most}",
                f"{cap} per {limit.per}", "a smaller cap, or no limit here",
            )


def _bound_before(path: Path, limits: Sequence[Limit], place: int, items: Sequence[Item]) -> int | None:
    """The most that can reach this limit inside one of its windows; None when there is no bound."""
    limit = limits[place]
    before = sorted(
        (other for n, other in enumerate(limits) if (other.order, n) < (limit.order, place)
         and (path[0] == "items" or other.kind == limit.kind)),
        key=lambda other: other.order,
    )
    if path[0] == "items":
        item = items[0]
        if item.kind not in (Kind.MERIT, Kind.FAULT):
            return 0
        return _bound(limit, before, item)
    held = [item for item in items if item.kind == limit.kind]
    parts = [_bound(limit, [*item.limits], item) for item in held]
    whole = None if any(part is None for part in parts) else sum(part for part in parts if part is not None)
    direct = _bound(limit, before, None)
    known = [bound for bound in (whole, direct) if bound is not None]
    return min(known) if known else None


def _bound(limit: Limit, others: Sequence[Limit], item: Item | None) -> int | None:
    """The most that `others` let through in one window of `limit`, in its measure."""
    bounds: list[int] = []
    for other in others:
        count = _touching(other.per, limit.per)
        if count is None or (other.per_member and not limit.per_member):
            continue
        if other.counts_times == limit.counts_times:
            bounds.append(count * other.cap)
        elif other.counts_times and item is not None and not limit.per_member:
            most = _most_per_act(item)
            if most is not None:
                bounds.append(count * other.cap * most)
    return min(bounds) if bounds else None


def _touching(narrow: Window, wide: Window) -> int | None:
    """How many windows `narrow` can have a day in one window `wide`; None when there is no bound."""
    if NARROW_TO_WIDE[narrow] >= NARROW_TO_WIDE[wide]:
        return 2 if narrow == Window.WEEK and wide == Window.DAY else 1 if _nests(wide, narrow) else 2
    return TOUCHING.get(narrow, {}).get(wide)


def _nests(inner: Window, outer: Window) -> bool:
    """Whether an inner window always lies in one outer window (weeks cross months; months may cross moved years)."""
    return inner == outer or outer == Window.EVER or inner == Window.DAY


def _most_per_act(item: Item) -> int | None:
    """The largest price of one act in hundredths, rounded up; None when a quantity or a size sets it."""
    points = item.points
    if isinstance(points, Fixed):
        most = points.fixed
    elif isinstance(points, Grades):
        most = max(grade.points for grade in points.grades.values())
    elif isinstance(points, Ladder):
        most = max(points.ladder)
    elif isinstance(points, Between):
        most = points.between[1]
    else:
        return None if isinstance(points, Each) or points is not None else 0
    factor = max(item.repeat.factor, Decimal(1)) if item.repeat else Decimal(1)
    return int(-(-(most * factor * 100) // 1)) + (99 if item.repeat else 0)
