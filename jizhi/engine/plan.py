"""What a batch has to know of the document, in numbers: a rule for every item of every version, limit steps, periods.

All calendar arithmetic and all reading of the document happens here, once; the SQL that follows joins whole numbers.
Days are proleptic ordinals. It holds no facts; `plan_rows.py` makes the small tables of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jizhi.engine.document.base import Duration
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.points import Bands, Grades, Ladder
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.stages import limit
from jizhi.engine.windows import Calendar, Span

KINDS = ("month", "quarter", "half", "year")
BASES = ("day", "week", *KINDS)


@dataclass(frozen=True)
class Names:
    """Numbers for the items and grades of one or more documents that look at the same facts."""

    items: dict[str, int]
    grades: dict[str, int]

    @classmethod
    def of(cls, *documents: Versions) -> Names:
        """The names of all of them."""
        found = [item for one in documents for version in one.entries for item in version.scheme.items]
        items = dict.fromkeys(item.id for item in found)
        grades = dict.fromkeys(grade for item in found for grade in item.grades)
        return cls({name: n for n, name in enumerate(items)}, {name: n for n, name in enumerate(grades)})


@dataclass(frozen=True)
class Rule:
    """One item as one version has it; facts are priced by the rule of their day."""

    number: int
    version: int
    item_number: int
    item: Item


@dataclass(frozen=True)
class Period:
    """One period of the settlement and the version that governs it."""

    number: int
    kind: str
    span: Span
    first: int
    last: int
    version: int
    place: int


@dataclass(frozen=True)
class Plan:
    """What the document says about items, and about the periods between two days."""

    versions: Versions
    start: dt.date
    end: dt.date
    shared_names: Names | None = None

    @cached_property
    def names(self) -> Names:
        """Numbers for items and grades: those of these versions, unless others share the facts."""
        return self.shared_names or Names.of(self.versions)

    @cached_property
    def calendar(self) -> Calendar:
        """The windows of all versions."""
        return Calendar.of(self.versions.latest)

    @cached_property
    def schemes(self) -> list[Scheme]:
        """The versions' schemes; their place is the version's number."""
        return [version.scheme for version in self.versions.entries]

    @property
    def unit(self) -> int:
        """The unit's smallest amount in hundredths."""
        return int(10 ** (2 - self.versions.latest.unit.places))

    @cached_property
    def rules(self) -> list[Rule]:
        """Every item of every version."""
        pairs = ((version, item) for version, scheme in enumerate(self.schemes) for item in scheme.items)
        return [
            Rule(number, version, self.names.items[item.id], item)
            for number, (version, item) in enumerate(pairs)
        ]

    @cached_property
    def durations(self) -> list[Duration]:
        """Every `within` of the versions."""
        return list(dict.fromkeys(rule.item.repeat.within for rule in self.rules if rule.item.repeat))

    @cached_property
    def validities(self) -> list[Duration]:
        """Every `valid` of the versions."""
        return list(dict.fromkeys(rule.item.valid for rule in self.rules if rule.item.valid))

    @cached_property
    def repeating(self) -> list[int]:
        """The items that some version multiplies; earlier acts under any version count."""
        return sorted({rule.item_number for rule in self.rules if rule.item.repeat})

    @cached_property
    def best_of(self) -> list[int]:
        """The rules of which only the best counts for one act."""
        return [rule.number for rule in self.rules if rule.item.best_of]

    @cached_property
    def rulings(self) -> list[Rule]:
        """The rules that set a level."""
        return [
            rule
            for rule in self.rules
            if rule.item.kind == Kind.RULING and rule.item.effect and rule.item.effect.level
        ]

    @cached_property
    def graded(self) -> bool:
        """Whether any item's price is chosen by a grade."""
        return any(isinstance(rule.item.points, Grades | Ladder) for rule in self.rules)

    @cached_property
    def banded(self) -> list[Rule]:
        """The rules with marginal tiers."""
        return [rule for rule in self.rules if isinstance(rule.item.points, Bands)]

    def version_number(self, day: dt.date) -> int | None:
        """The number of the version in force."""
        version = self.versions.version_on(day)
        return self.versions.entries.index(version) if version else None

    @cached_property
    def limit_steps(self) -> list[limit.Step]:
        """The steps of the cascade in order, each with its caps."""
        found: dict[tuple[int, int, int], list[tuple[Rule, limit.Slot, limit.Cap]]] = {}
        for rule in self.rules:
            for slot, cap in limit.slots(self.schemes, self.schemes[rule.version], rule.item):
                found.setdefault(slot.order, []).append((rule, slot, cap))
        return [self._step(number, found[order]) for number, order in enumerate(sorted(found))]

    def _step(self, number: int, rows: list[tuple[Rule, limit.Slot, limit.Cap]]) -> limit.Step:
        slot = rows[0][1]
        owners = {
            owner: place for place, owner in enumerate(dict.fromkeys((s.owner, s.kind) for _, s, _ in rows))
        }
        caps: list[tuple[Any, ...]] = [
            (rule.number, owners[one.owner, one.kind], cap.plain, cap.per_member) for rule, one, cap in rows
        ]
        names = {rule.number: one.name for rule, one, _ in rows}
        differing: dict[int, set[limit.Cap]] = {}
        for _, one, cap in rows:
            differing.setdefault(owners[one.owner, one.kind], set()).add(cap)
        changing = any(len(different) > 1 for different in differing.values())
        return limit.Step(number, slot.times, slot.window, caps, names, changing)

    @cached_property
    def periods(self) -> list[Period]:
        """Every period that touches the settled days and that somebody asks for, standings included."""
        found: list[Period] = []
        for kind in KINDS:
            for place, span in enumerate(self.calendar.spans(kind, self.start, self.end)):
                first, last = max(span.start, self.start), min(span.end, self.end)
                version = self.version_number(last) or 0
                cut = first.toordinal(), last.toordinal()
                if kind in self._asked:
                    found.append(Period(len(found), kind, span, *cut, version, place))
                if self.stands and kind == self.appraise(version):
                    found.append(Period(len(found), "standing", span, *cut, version, place))
        return found

    @cached_property
    def _asked(self) -> set[str]:
        """The period kinds that are listed, or that levels, outcomes or shares look at."""
        asked: set[str] = set()
        for scheme in self.schemes:
            asked |= {str(kind) for kind in scheme.periods.settled}
            asked |= {outcome.when.period for outcome in scheme.outcomes}
            asked |= {scheme.share.period} if scheme.share else set()
        return asked

    @cached_property
    def stands(self) -> bool:
        """Whether there are standings."""
        return any(scheme.uses_valid for scheme in self.schemes)

    def appraise(self, version: int) -> str:
        """The period kind of a version's standings."""
        kind = self.schemes[version].periods.appraise
        return kind.value if kind in KINDS else "year"

    def listed(self, period: Period) -> bool:
        """Whether its rows are part of the output."""
        return period.kind == "standing" or period.kind in self.schemes[period.version].periods.settled

    def base_spans(self, per: str, outer: Span) -> Iterator[tuple[Span, int]]:
        """The base periods of one kind that begin inside a longer one, with their points."""
        if not any(scheme.base and scheme.base.per == per for scheme in self.schemes):
            return
        for span in self.calendar.spans(per, outer.start, outer.end):
            scheme = self.versions.on(min(span.end, self.end))
            if outer.holds(span.start) and scheme and scheme.base and scheme.base.per == per:
                yield span, scheme.base.points
