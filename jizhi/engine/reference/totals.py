"""The reference's totals, ranks and levels: rows of every period, counted one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from jizhi.engine.document.level import Step
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.reference import calendar
from jizhi.engine.reference.awards import Act, veto_windows
from jizhi.engine.tables import Subject, Total

KINDS = ["month", "quarter", "half", "year"]
BASES = ["day", "week", *KINDS]
Days = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Period:
    """One period and the version that governs it: the one in force on its last day that is settled."""

    kind: str
    label: str
    start: dt.date
    end: dt.date
    scheme: Scheme


def periods(versions: Versions, start: dt.date, end: dt.date) -> list[Period]:
    """Every period that touches the settled days, standings included, narrow to wide and in order."""
    found = []
    for kind in KINDS:
        for first, last in calendar.windows(versions.latest, kind, start, end):
            scheme = versions.on(min(last, end)) or versions.entries[0].scheme
            label = calendar.label(scheme, kind, first)
            found.append(Period(kind, label, first, last, scheme))
            appraise = scheme.periods.appraise if scheme.periods.appraise in KINDS else "year"
            if kind == appraise and any(version.scheme.uses_valid for version in versions.entries):
                found.append(Period("standing", label, first, last, scheme))
    return found


def present(subject: Subject, start: dt.date, end: dt.date) -> bool:
    """Whether the subject took part on any day from start to end."""
    first, last = subject.from_date or dt.date.min, subject.to_date or dt.date.max
    return first <= last and start <= end and first <= end and start <= last


def rows(
    versions: Versions,
    subjects: Mapping[str, Subject],
    acts: Mapping[str, list[Act]],
    start: dt.date,
    end: dt.date,
) -> list[tuple[Period, list[Total]]]:
    """The rows of every period, ranked and levelled."""
    table = []
    for period in periods(versions, start, end):
        cut = max(period.start, start), min(period.end, end)
        totals = [
            row(versions, period, subject, acts.get(subject.subject, []), start, end)
            for subject in subjects.values()
            if present(subject, *cut)
        ]
        totals = [replace(total, rank=rank(period.scheme, total, totals, subjects)) for total in totals]
        if period.scheme.levels and period.scheme.levels.period == period.kind:
            totals = [
                replace(total, level=level(period, total, totals, subjects, acts, end)) for total in totals
            ]
        table.append((period, totals))
    return table


def row(
    versions: Versions, period: Period, subject: Subject, acts: list[Act], start: dt.date, end: dt.date
) -> Total:
    """One subject's period before ranking."""
    wiped = veto_windows([act for act in acts if act.item])
    base = base_points(versions, period, subject, wiped, (start, end))
    if period.kind == "standing":
        awarded = sum(act.award().awarded for act in acts if act.fact.date <= end and stands(act, period))
    else:
        first, last = max(period.start, start), min(period.end, end)
        awarded = sum(act.award().awarded for act in acts if first <= act.fact.date <= last)
    total = base + awarded
    if period.scheme.range.min is not None:
        total = max(total, period.scheme.range.min)
    if period.scheme.range.max is not None:
        total = min(total, period.scheme.range.max)
    vetoed = any(first <= period.start and period.end <= last for first, last in wiped)
    return Total(
        subject.subject, subject.group, period.kind, period.label, base, awarded, total, 0, "", vetoed
    )


def stands(act: Act, period: Period) -> bool:
    """Whether an award is still valid on the period's last day."""
    if not act.item or not act.scheme or act.fact.date > period.end:
        return False
    if act.item.valid:
        return act.item.valid.after(act.fact.date) >= period.end
    first, last = calendar.window(act.scheme, "year", act.fact.date)
    return first <= period.end <= last


def base_points(versions: Versions, period: Period, subject: Subject, wiped: list[Days], cut: Days) -> int:
    """The period's own base and those of the shorter periods that begin in it."""
    kind = period.kind
    if kind == "standing":
        appraise = period.scheme.periods.appraise
        kind = appraise if appraise in KINDS else "year"
    total = 0
    for per in BASES[: BASES.index(kind) + 1]:
        for first, last in calendar.windows(period.scheme, per, period.start, period.end):
            scheme = versions.on(min(last, cut[1]))
            if (
                not period.start <= first <= period.end
                or not scheme
                or not scheme.base
                or scheme.base.per != per
            ):
                continue
            veto = any(a <= first and last <= b for a, b in wiped)
            if not veto and present(subject, max(first, cut[0]), min(last, cut[1])):
                total += scheme.base.points
    return total


def together(scheme: Scheme, one: Subject, other: Subject) -> bool:
    """Whether two subjects are compared with each other."""
    within = scheme.rank.within
    return "all" in within or (
        ("group" not in within or one.group == other.group)
        and ("class" not in within or one.klass == other.klass)
    )


def standing(scheme: Scheme, total: Total, subjects: Mapping[str, Subject]) -> tuple[int, ...]:
    """What decides the rank, larger is better."""
    columns = {"awarded": total.awarded, "base": total.base, "size": subjects[total.subject].size or 0}
    return (total.total, *(columns[column] for column in scheme.rank.tie_break))


def rank(scheme: Scheme, total: Total, totals: list[Total], subjects: Mapping[str, Subject]) -> int:
    """One more than the number of those who are better."""
    mine, own = standing(scheme, total, subjects), subjects[total.subject]
    return 1 + sum(
        standing(scheme, other, subjects) > mine
        for other in totals
        if together(scheme, own, subjects[other.subject])
    )


def peers(period: Period, total: Total, totals: list[Total], subjects: Mapping[str, Subject]) -> list[Total]:
    """All rows with which this one is compared, itself included."""
    own = subjects[total.subject]
    return [other for other in totals if together(period.scheme, own, subjects[other.subject])]


def level(
    period: Period,
    total: Total,
    totals: list[Total],
    subjects: Mapping[str, Subject],
    acts: Mapping[str, list[Act]],
    end: dt.date,
) -> str:
    """The latest ruling, else the first step that fits, else nothing."""
    assert period.scheme.levels
    ruled = [
        level
        for act in acts.get(total.subject, [])
        if act.fact.date <= end and (level := ruling(act, period))
    ]
    if ruled:
        return ruled[-1]
    group = peers(period, total, totals, subjects)
    for step in period.scheme.levels.steps:
        if fits(step, step.ties or period.scheme.levels.ties, total, group):
            return step.level.zh
    return ""


def ruling(act: Act, period: Period) -> str:
    """The level that an act sets for the period, or nothing."""
    effect = act.item.effect if act.item and act.item.kind == "ruling" else None
    if effect is None or effect.level is None:
        return ""
    last = effect.for_.after(act.fact.date) if effect.for_ else act.fact.date
    return effect.level.zh if act.fact.date <= period.end and period.start <= last else ""


def fits(step: Step, ties: str, total: Total, group: list[Total]) -> bool:
    """Whether a row reaches a step."""
    if step.over is not None and total.total <= step.over:
        return False
    if step.from_ is not None and total.total < step.from_:
        return False
    if step.top is None:
        return True
    places = step.top.of(len(group))
    same = sum(other.rank == total.rank for other in group)
    return total.rank <= places if ties == "in" else total.rank + same - 1 <= places
