"""The reference's outcomes and shares: every condition looked at period by period, every fen counted."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from jizhi.engine.document import outcome as document
from jizhi.engine.document.section import Share as ShareRule
from jizhi.engine.reference.totals import Period, peers
from jizhi.engine.stages.reason import reason
from jizhi.engine.tables import Outcome, Share, Subject, Total

Table = list[tuple[Period, list[Total]]]


def outcomes(table: Table, subjects: Mapping[str, Subject]) -> list[Outcome]:
    """Every outcome of every period, conditions held in as many periods in a row as they ask for."""
    found = []
    for period, totals in table:
        for rule in period.scheme.outcomes:
            if rule.when.period != period.kind:
                continue
            for total in totals:
                if running(rule.when, period, total, table, subjects):
                    found.append(
                        Outcome(
                            total.subject,
                            total.group,
                            period.label,
                            rule.id,
                            rule.title.zh,
                            reason(rule.when, total),
                        )
                    )
    return sorted(found, key=lambda row: (row.subject, row.period, row.outcome))


def running(
    when: document.When, period: Period, total: Total, table: Table, subjects: Mapping[str, Subject]
) -> bool:
    """Whether the condition held in this and enough periods before, without a gap."""
    same = [(other, totals) for other, totals in table if other.kind == period.kind]
    place = [other for other, _ in same].index(period)
    if place + 1 < when.running:
        return False
    for other, totals in same[place + 1 - when.running : place + 1]:
        mine = [one for one in totals if one.subject == total.subject]
        if not mine or not holds(when, mine[0], peers(other, mine[0], totals, subjects)):
            return False
    return True


def holds(when: document.When, total: Total, group: list[Total]) -> bool:
    """Whether all conditions hold for one row."""
    if when.vetoed is not None and total.vetoed != when.vetoed:
        return False
    if when.level is not None and total.level not in when.level:
        return False
    if when.rank and when.rank.top is not None and total.rank > when.rank.top.of(len(group)):
        return False
    if when.rank and when.rank.bottom is not None:
        worse = sum(other.rank > total.rank for other in group)
        if worse + 1 > when.rank.bottom.of(len(group)):
            return False
    bounds = when.total
    return bounds is None or not (
        (bounds.below is not None and total.total >= bounds.below)
        or (bounds.from_ is not None and total.total < bounds.from_)
        or (bounds.over is not None and total.total <= bounds.over)
        or (bounds.to is not None and total.total > bounds.to)
    )


def shares(table: Table, subjects: Mapping[str, Subject], pool: int | None) -> list[Share]:
    """The pool of every group split by what lies above `from`, largest remainder first."""
    found: list[Share] = []
    for period, totals in table:
        rule = period.scheme.share
        fen = pool if pool is not None else rule.pool if rule else None
        if rule is None or fen is None or rule.period != period.kind:
            continue
        for key in sorted({_key(rule, subjects[total.subject]) for total in totals}):
            members = [total for total in totals if _key(rule, subjects[total.subject]) == key]
            found += split(rule, period, members, fen)
    return sorted(found, key=lambda row: (row.subject, row.period))


def _key(rule: ShareRule, subject: Subject) -> tuple[str, str]:
    if "all" in rule.within:
        return "", ""
    return (subject.group if "group" in rule.within else ""), (
        subject.klass if "class" in rule.within else ""
    )


def split(rule: ShareRule, period: Period, members: list[Total], fen: int) -> list[Share]:
    """One group's pool."""
    weights = {one.subject: max(0, one.total - rule.from_) for one in members}
    whole = sum(weights.values())
    if whole == 0:
        return []
    exact = {subject: Fraction(fen * weight, whole) for subject, weight in weights.items() if weight}
    parts = {subject: int(amount) for subject, amount in exact.items()}
    rest = fen - sum(parts.values())
    for subject in sorted(exact, key=lambda one: (parts[one] - exact[one], one))[:rest]:
        parts[subject] += 1
    groups = {one.subject: one.group for one in members}
    return [Share(one, groups[one], period.label, weights[one], part) for one, part in parts.items()]
