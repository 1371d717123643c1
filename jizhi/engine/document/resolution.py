"""Do all names of a scheme resolve, is every id unique, can every limit bind, do points fit the unit?

Gives findings with the path inside the document; the loader turns them into problems with file and line. The law is
not looked at here, see `guard.py`.

What "can never bind" means: beside the other limits of the same list, in the same measure. `20 a month` makes `240 a
year` idle, and `20 a year` makes `30 a month` idle. What only follows from prices, or from items' limits against their
section's, is a warning of the guard: it changes with the next item.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jizhi.engine.document.base import NARROW_TO_WIDE, Window
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.outcome import Outcome
from jizhi.engine.document.points import Between, Fixed, Grades, Ladder
from jizhi.engine.document.scheme import Scheme

Path = tuple[str | int, ...]

# How many windows of a kind can touch one window of a wider (or the same) kind.
DAYS = {"week": 7, "month": 31, "quarter": 92, "half": 184, "year": 366}
WEEKS = {"month": 6, "quarter": 15, "half": 28, "year": 54}
MONTHS = {"quarter": 3, "half": 6, "year": 12}
TOUCHING: dict[str, dict[str, int]] = {
    "day": DAYS,
    "week": WEEKS,
    "month": MONTHS,
    "quarter": {"half": 2, "year": 4},
    "half": {"year": 2},
    "year": {},
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
                yield Finding(
                    (part, place, "id"), "duplicate-id", "编号重复", "this id is used twice", one.id
                )
            seen.add(one.id)
    levels = [step.level.zh for step in scheme.levels.steps] if scheme.levels else []
    for place, level in enumerate(levels):
        if level in levels[:place]:
            path = ("levels", "steps", place, "level")
            yield Finding(path, "duplicate-id", "等级重复", "this level is used twice", level)


def _unknown(path: Path, what: tuple[str, str, str], found: str, names: Sequence[str]) -> Finding:
    zh, en, key = what
    expected = ", ".join(names) or f"none is declared under `{key}`"
    return Finding(path, "unknown-name", f"没有这个{zh}", f"no such {en}", found, expected, names)


SECTION, CLASS = ("分类", "section", "sections"), ("类别", "class", "classes")
LEVEL, ITEM = ("等级", "level", "levels"), ("条目", "item", "items")


def _names(scheme: Scheme) -> Iterator[Finding]:
    levels = _level_names(scheme)
    for place, item in enumerate(scheme.items):
        if item.section and item.section not in scheme.sections_by_id:
            path: Path = ("items", place, "section")
            yield _unknown(path, SECTION, item.section, list(scheme.sections_by_id))
        for at, klass in enumerate(item.classes):
            if klass not in scheme.classes:
                yield _unknown(("items", place, "classes", at), CLASS, klass, list(scheme.classes))
        if item.effect and item.effect.level and item.effect.level.zh not in levels:
            yield _unknown(("items", place, "effect", "level"), LEVEL, item.effect.level.zh, levels)
    for place, outcome in enumerate(scheme.outcomes):
        yield from _names_in(scheme, ("outcomes", place), outcome, levels)


def _names_in(scheme: Scheme, where: Path, outcome: Outcome, levels: list[str]) -> Iterator[Finding]:
    when, fact = outcome.when, outcome.then.fact
    for at, level in enumerate(when.level or ()):
        if level not in levels:
            yield _unknown((*where, "when", "level", at), LEVEL, level, levels)
    if when.level and scheme.levels and scheme.levels.period != when.period:
        zh, en = (
            "这种周期不评等级，条件永远不成立",
            "periods of this kind have no level, so this can never hold",
        )
        names = (scheme.levels.period,)
        path = (*where, "when", "period")
        yield Finding(path, "unknown-name", zh, en, when.period, names[0], names)
    if fact and fact.scheme == scheme.id and fact.item not in scheme.items_by_id:
        yield _unknown((*where, "then", "fact", "item"), ITEM, fact.item, list(scheme.items_by_id))


def _level_names(scheme: Scheme) -> list[str]:
    return [step.level.zh for step in scheme.levels.steps] if scheme.levels else []


def _places(scheme: Scheme) -> Iterator[Finding]:
    """Amounts with more decimals than the unit has."""
    unit = 10 ** (2 - scheme.unit.places)
    if unit == 1:
        return
    amounts: list[tuple[Path, int | None]] = [
        (("base",), scheme.base.points if scheme.base else None),
        (("range", "min"), scheme.range.min),
        (("range", "max"), scheme.range.max),
    ]
    for path, limits, _ in _all_limits(scheme):
        for place, limit in enumerate(limits):
            if limit.points is not None and limit.points % unit:
                amounts.append(((*path, place, "points"), limit.points))
    for where, amount in amounts:
        if amount is not None and amount % unit:
            zh = f"小数位多于计分单位的{scheme.unit.places}位"
            en = f"more decimals than the unit's {scheme.unit.places}"
            yield Finding(where, "places", zh, en, f"{Decimal(amount) / 100}")


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
    """Limits that their own list makes idle, limits of the other kind, limits on items without points."""
    for path, limits, items in _all_limits(scheme):
        own = items[0].kind if path[0] == "items" else None
        for place, limit in enumerate(limits):
            if own is not None and (
                own not in (Kind.MERIT, Kind.FAULT)
                or (limit.kind != own.value and "kind" in limit.model_fields_set)
            ):
                yield _idle((*path, place), limit, 0)
            elif len(limits) > 1:
                bound = _bound_in_list(scheme, path, limits, place)
                if bound is not None:
                    yield _idle((*path, place), limit, bound)


def idle_limits(scheme: Scheme) -> Iterator[Finding]:
    """Limits that items' limits or the price of an act make idle: worth a warning, not an error."""
    for path, limits, items in _all_limits(scheme):
        own = path[0] == "items"
        if own and len(limits) < 2:
            continue
        for place, limit in enumerate(limits):
            bound = (
                _bound_in_item(scheme, limits, place, items[0]) if own else _bound_of(scheme, limit, items)
            )
            if bound is not None and bound <= limit.cap:
                yield _idle((*path, place), limit, bound)


def _idle(path: Path, limit: Limit, bound: int) -> Finding:
    cap, most = (
        (f"{limit.times} times", f"{bound}") if limit.counts_times else (_points(limit.cap), _points(bound))
    )
    return Finding(
        path,
        "idle-limit",
        f"这个上限永远用不到：其他规定最多只有{most}",
        f"this limit can never bind: what else is said never exceeds {most}",
        f"{cap} per {limit.per}",
        "a smaller cap, or no limit here",
    )


def _points(hundredths: int) -> str:
    return f"{(Decimal(hundredths) / 100).normalize():f}"


def _bound_in_list(scheme: Scheme, path: Path, limits: Sequence[Limit], place: int) -> int | None:
    """The bound that makes a limit idle beside the others of its list, in the same measure; None when it can bind.

    A wide limit is idle when its narrow windows never add up to more; a narrow one when its cap lies above what the
    wide one leaves to a window. Of two caps on the same window only the lower one, or the first of equals, binds.
    """
    limit = limits[place]
    for at, other in enumerate(limits):
        same = (other.counts_times, other.per_member, other.kind) == (
            limit.counts_times,
            limit.per_member,
            limit.kind,
        )
        if at == place or not same:
            continue
        if other.per == limit.per:
            if (other.cap, at) < (limit.cap, place):
                return other.cap
            continue
        count = _touching(scheme, other.per, limit.per)
        if count is None:
            continue
        bound = count * other.cap
        narrower = NARROW_TO_WIDE[other.per] < NARROW_TO_WIDE[limit.per]
        if bound <= limit.cap if narrower else bound < limit.cap:
            return bound
    return None


def _bound_in_item(scheme: Scheme, limits: Sequence[Limit], place: int, item: Item) -> int | None:
    """The most that an act and the limits before it bring into one window of an item's limit; None without a bound."""
    order = limits[place].order
    return _bound(scheme, limits[place], [other for other in limits if other.order < order], item)


def _bound_of(scheme: Scheme, limit: Limit, items: Sequence[Item]) -> int | None:
    """The most that the items' own limits bring into one window of a wider limit; None without a bound."""
    total = 0
    for item in items:
        if item.kind == limit.kind:
            part = _bound(scheme, limit, item.limits, item) if item.limits else None
            if part is None:
                return None
            total += part
            if total > limit.cap:
                return None
    return total


def _bound(scheme: Scheme, limit: Limit, others: Sequence[Limit], item: Item) -> int | None:
    """The most that an item's limits let through in one window of `limit`, in its measure."""
    bounds: list[int] = []
    for other in others:
        count = _touching(scheme, other.per, limit.per)
        if count is None or (other.per_member and not limit.per_member):
            continue
        if other.counts_times == limit.counts_times:
            bounds.append(count * other.cap)
        elif other.counts_times and not limit.per_member:
            most = _most_per_act(item)
            if most is not None:
                bounds.append(count * other.cap * most)
    return min(bounds) if bounds else None


def _touching(scheme: Scheme, counted: Window, around: Window) -> int | None:
    """How many windows of one kind can have a day in one window of the other; None when there is no bound."""
    if NARROW_TO_WIDE[counted] >= NARROW_TO_WIDE[around]:
        return 1 if _nests(scheme, around, counted) else 2
    count = TOUCHING.get(counted, {}).get(around)
    if count is not None and counted == Window.MONTH and not _nests(scheme, counted, around):
        return count + 1
    return count


def _nests(scheme: Scheme, inner: Window, outer: Window) -> bool:
    """Whether an inner window always lies in one outer window: weeks cross months, months a year of the 15th."""
    if inner in (outer, Window.DAY) or outer == Window.EVER:
        return True
    if inner == Window.WEEK or (outer == Window.TERM and scheme.term.starts is not None):
        return False
    return inner != Window.MONTH or scheme.year.starts.endswith("-01")


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
        return None
    factor = max(item.repeat.factor, Decimal(1)) if item.repeat else Decimal(1)
    return int(-(-(most * factor) // 1)) * 100
