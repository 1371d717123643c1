"""Adding up what simulations found: sums of a village, its grids, sizes of households, and one subject item by item.

Plain sums over rows; the settling is the engine's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from jizhi.areas.models import Area
from jizhi.drafting import rules
from jizhi.engine import reference
from jizhi.engine.loader import Versions
from jizhi.engine.simulation_rows import Row
from jizhi.engine.tables import Fact, Subject

NAMED_MAX = 10


@dataclass
class Group:
    """Subjects that are looked at together; points in hundredths."""

    key: str
    title: str = ""
    title_en: str = ""
    winners: int = 0
    losers: int = 0
    unchanged: int = 0
    old_points: int = 0
    new_points: int = 0
    old_spendable: int = 0
    new_spendable: int = 0

    def add(self, row: Row) -> None:
        self.winners += row.change > 0
        self.losers += row.change < 0
        self.unchanged += row.change == 0
        self.old_points += row.old_total
        self.new_points += row.new_total
        self.old_spendable += row.old_spendable
        self.new_spendable += row.new_spendable

    @property
    def subjects(self) -> int:
        return self.winners + self.losers + self.unchanged

    @property
    def change(self) -> int:
        return self.new_points - self.old_points

    @property
    def mean_change(self) -> int:
        """The change of one subject on average, rounded half away from zero."""
        if not self.subjects:
            return 0
        whole, rest = divmod(abs(self.change), self.subjects)
        rounded = whole + (2 * rest >= self.subjects)
        return rounded if self.change >= 0 else -rounded


@dataclass
class Sums:
    """All that the result of a simulation says, gathered village by village."""

    all: Group = field(default_factory=lambda: Group("all"))
    groups: dict[str, dict[str, Group]] = field(default_factory=dict)
    levels: dict[str, list[int]] = field(default_factory=dict)
    outcomes: dict[str, list[int]] = field(default_factory=dict)
    unusable: Counter[str] = field(default_factory=Counter)
    named: list[dict[str, Any]] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)

    @property
    def subjects(self) -> int:
        return self.all.subjects

    def add_village(
        self, village: Area, rows: Sequence[Row], subjects: Mapping[str, Any], places: Mapping[int, Area]
    ) -> None:
        thirds = _thirds(rows)
        for row in rows:
            subject = subjects[row.subject]
            grid = places.get(subject.id, village)
            size = next(n for n, (_low, high) in enumerate(rules.SIZES) if subject.size <= high)
            self.all.add(row)
            self._group("village", village.code, village.name, village.name_en).add(row)
            self._group("grid", grid.code, grid.name, grid.name_en).add(row)
            self._group("size", str(size)).add(row)
            self._group("standing", str(thirds[row.subject])).add(row)
            self.pairs.append((row.old_total, row.new_total))
            for level, place in ((row.old_level, 0), (row.new_level, 1)):
                if level:
                    self.levels.setdefault(level, [0, 0])[place] += 1

    def _group(self, kind: str, key: str, title: str = "", title_en: str = "") -> Group:
        found = self.groups.setdefault(kind, {})
        if key not in found:
            found[key] = Group(key, title, title_en)
        return found[key]

    def add_outcomes(self, outcomes: Sequence[tuple[str, int, int]]) -> None:
        for name, before, after in outcomes:
            have = self.outcomes.setdefault(name, [0, 0])
            have[0], have[1] = have[0] + before, have[1] + after

    def add_unusable(self, items: Counter[str]) -> None:
        self.unusable += items

    def add_named(self, subject: int, change: int, lines: list[dict[str, Any]]) -> None:
        """Keeps the largest gains and losses of all villages."""
        self.named.append({"subject": subject, "change": change, "lines": lines})
        ordered = sorted(self.named, key=lambda one: (one["change"], one["subject"]))
        if len(ordered) > NAMED_MAX:
            half = NAMED_MAX // 2
            self.named = ordered[:half] + ordered[-half:]

    def as_data(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "all": asdict(self.all),
            "groups": {kind: [asdict(one) for one in found.values()] for kind, found in self.groups.items()},
            "levels": [[name, *counts] for name, counts in self.levels.items()],
            "outcomes": [[name, *counts] for name, counts in self.outcomes.items()],
            "unusable": sorted(self.unusable.items()),
            "named": sorted(self.named, key=lambda one: (-one["change"], one["subject"])),
            "buckets": [[one.points_from, one.old, one.new] for one in rules.buckets(self.pairs)],
        }


def _thirds(rows: Sequence[Row]) -> dict[str, int]:
    """0 for the third of subjects with the most points so far, 1 for the middle, 2 for the rest."""
    ordered = sorted(rows, key=lambda row: (-row.old_total, row.subject))
    return {row.subject: 3 * place // len(ordered) for place, row in enumerate(ordered)}


@dataclass(frozen=True, slots=True)
class ItemLine:
    """What one item brings a subject under both documents, in hundredths."""

    item: str
    title: str
    title_en: str
    count: int
    old: int
    new: int
    held_back: int

    @property
    def change(self) -> int:
        return self.new - self.old

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def by_item(
    adopted: Versions, draft: Versions, subject: Subject, facts: Sequence[Fact], days: tuple[dt.date, dt.date]
) -> list[ItemLine]:
    """One subject's items, the largest change first; settled by the reference evaluator, which shows every act."""
    before = reference.settle(adopted, [subject], facts, *days)
    after = reference.settle(draft, [subject], facts, *days)
    old: Counter[str] = Counter()
    new: Counter[str] = Counter()
    count: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for award in before.awards:
        old[award.item] += award.awarded
        count[award.item] += 1
    seen = {award.fact for award in before.awards}
    for award in after.awards:
        new[award.item] += award.awarded
        held[award.item] += award.held_back
        count[award.item] += award.fact not in seen
    lines = []
    for item in count:
        words = draft.latest.item(item) or adopted.latest.item(item)
        title = words.title if words else None
        lines.append(
            ItemLine(
                item, title.zh if title else item, title.en if title else item, count[item], old[item], new[item],
                held[item],
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (-abs(line.change), line.item))


def digest_of_marks(marks: Sequence[tuple[int, int, int, dt.date]]) -> str:
    """Tells whether facts or entries of the villages were added since."""
    text = json.dumps([[village, facts, entries] for village, facts, entries, _first in marks])
    return hashlib.sha256(text.encode()).hexdigest()
