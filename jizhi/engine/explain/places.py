"""A subject's place among others: rank and ties, the step of its level, outcomes with their streaks, its share.

Looked up in the totals of a settlement; each is reckoned again from the document, so that `check` can compare.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jizhi.engine.document.level import Step
from jizhi.engine.document.outcome import Outcome as OutcomeRule
from jizhi.engine.document.outcome import When
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.explain.parts import (
    Condition,
    FactLine,
    LevelLine,
    OutcomeLine,
    RankLine,
    ShareLine,
    StreakPeriod,
)
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Result, Subject, Total
from jizhi.engine.windows import Calendar, Span


@dataclass(frozen=True)
class Places:
    """The totals of a settlement from `start` to `end`, by kind and label of their period."""

    versions: Versions
    subjects: Mapping[str, Subject]
    totals: Mapping[tuple[str, str], list[Total]]
    followed: frozenset[tuple[str, str, str]]
    start: dt.date
    end: dt.date

    @classmethod
    def of(
        cls,
        versions: Versions,
        subjects: Iterable[Subject],
        result: Result,
        start: dt.date,
        end: dt.date,
    ) -> Places:
        """From rows of tables."""
        found: dict[tuple[str, str], list[Total]] = {}
        for total in result.totals:
            found.setdefault((total.period_kind, total.period), []).append(total)
        followed = frozenset((row.subject, row.period, row.outcome) for row in result.outcomes)
        return cls(versions, {one.subject: one for one in subjects}, found, followed, start, end)

    def total(self, subject: str, kind: str, label: str) -> Total | None:
        """The row of one subject's period."""
        rows = self.totals.get((kind, label), [])
        return next((row for row in rows if row.subject == subject), None)

    def governing(self, span: Span) -> Scheme:
        """The version in force on the last settled day of a period."""
        return self.versions.on(min(span.end, self.end)) or self.versions.entries[0].scheme

    def peers(self, total: Total, within: tuple[str, ...]) -> list[Total]:
        """The rows with which one is compared, itself included."""
        own = self.subjects[total.subject]
        return [
            other
            for other in self.totals[total.period_kind, total.period]
            if "all" in within
            or (
                ("group" not in within or self.subjects[other.subject].group == own.group)
                and ("class" not in within or self.subjects[other.subject].klass == own.klass)
            )
        ]

    def rank(self, total: Total, span: Span) -> RankLine:
        """The place in the group."""
        rule, own = self.governing(span).rank, self.subjects[total.subject]
        group = self.peers(total, rule.within)
        same = sum(other.rank == total.rank for other in group)
        return RankLine(total.rank, len(group), same, rule.within, own.group, own.klass, rule.tie_break)

    def level(self, total: Total, span: Span, ruling: FactLine | None) -> LevelLine | None:
        """What sets the level: the latest ruling, else the first step that fits; None when none does."""
        levels = self.governing(span).levels
        if levels is None or levels.period != total.period_kind:
            return None
        if ruling and ruling.document and ruling.document.effect and ruling.document.effect.level:
            return LevelLine(ruling.document.effect.level, ruling)
        rank = self.rank(total, span)
        for step in levels.steps:
            places = step.top.of(rank.members) if step.top is not None else None
            if _fits(step, step.ties or levels.ties, total, rank, places):
                return LevelLine(step.level, None, step.over, step.from_, step.top, places)
        return None

    def outcomes(self, subject: str, kind: str, span: Span) -> tuple[OutcomeLine, ...]:
        """Every outcome of the governing version for periods of this kind."""
        total = self.total(subject, kind, span.label)
        if total is None:
            return ()
        rules = [rule for rule in self.governing(span).outcomes if rule.when.period == kind]
        return tuple(self._outcome(rule, total, span) for rule in rules)

    def _outcome(self, rule: OutcomeRule, total: Total, span: Span) -> OutcomeLine:
        streak = [self._held(rule.when, total, one) for one in self._back(span, rule.when.running)]
        met = len(streak) == rule.when.running and all(one.held for one in streak)
        if not all(one.listed for one in streak):
            met = (total.subject, span.label, rule.id) in self.followed
        return OutcomeLine(rule, met, self._conditions(rule.when, total, span), tuple(streak))

    def _back(self, span: Span, count: int) -> list[Span]:
        """The settled periods up to this one, so many of them, the earliest first."""
        calendar, found = Calendar.of(self.versions.latest), [span]
        while len(found) < count and found[0].start > self.start:
            found.insert(0, calendar.span(span.kind, found[0].start - dt.timedelta(days=1)))
        return found

    def _held(self, when: When, total: Total, span: Span) -> StreakPeriod:
        row = self.total(total.subject, total.period_kind, span.label)
        held = row is not None and all(one.met for one in self._conditions(when, row, span))
        listed = total.period_kind == "standing" or span.kind in self.governing(span).periods.settled
        return StreakPeriod(span.label, held, row is not None, listed)

    def _conditions(self, when: When, total: Total, span: Span) -> tuple[Condition, ...]:
        found: list[Condition] = []
        if when.rank:
            rank = self.rank(total, span)
            last = rank.members - rank.rank - rank.same + 2
            if when.rank.top is not None:
                met = rank.rank <= when.rank.top.of(rank.members)
                found.append(Condition("top", when.rank.top, rank.rank, met))
            if when.rank.bottom is not None:
                met = last <= when.rank.bottom.of(rank.members)
                found.append(Condition("bottom", when.rank.bottom, rank.rank, met))
        if when.total:
            below, from_, over, to = when.total.below, when.total.from_, when.total.over, when.total.to
            mine = total.total
            if below is not None:
                found.append(Condition("below", below, mine, mine < below))
            if from_ is not None:
                found.append(Condition("from", from_, mine, mine >= from_))
            if over is not None:
                found.append(Condition("over", over, mine, mine > over))
            if to is not None:
                found.append(Condition("to", to, mine, mine <= to))
        if when.level is not None:
            found.append(Condition("level", when.level, total.level, total.level in when.level))
        if when.vetoed is not None:
            found.append(Condition("vetoed", when.vetoed, total.vetoed, total.vetoed == when.vetoed))
        return tuple(found)

    def share(self, total: Total, span: Span, pool: int | None) -> ShareLine | None:
        """The part of the pool, or None when there is none for this period or this subject."""
        rule = self.governing(span).share
        fen = pool if pool is not None else rule.pool if rule else None
        if rule is None or fen is None or rule.period != total.period_kind or total.total <= rule.from_:
            return None
        above = {
            row.subject: row.total - rule.from_
            for row in self.peers(total, rule.within)
            if row.total > rule.from_
        }
        whole = sum(above.values())
        exact = {name: fen * points // whole for name, points in above.items()}
        rest = fen - sum(exact.values())
        ordered = sorted(above, key=lambda name: (-(fen * above[name] % whole), name))
        mine = total.subject
        remainder = int(mine in ordered[:rest])
        return ShareLine(above[mine], rule.from_, whole, fen, exact[mine], remainder, exact[mine] + remainder)


def _fits(step: Step, ties: str, total: Total, rank: RankLine, places: int | None) -> bool:
    if step.over is not None and total.total <= step.over:
        return False
    if step.from_ is not None and total.total < step.from_:
        return False
    last = rank.rank if ties == "in" else rank.rank + rank.same - 1
    return places is None or last <= places
