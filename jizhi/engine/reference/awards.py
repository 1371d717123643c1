"""The reference's awards: each stage of the rules as one plain loop over one subject's facts. Slow on purpose."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from jizhi.engine.document.item import Item
from jizhi.engine.document.limit import Limit
from jizhi.engine.document.points import Bands, Between, Each, Fixed, Grades, Ladder
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.reference import calendar
from jizhi.engine.tables import Award, Fact, Subject

WIDTHS = ["day", "week", "month", "quarter", "half", "year", "term", "ever"]


@dataclass
class Act:
    """One fact on its way through the stages."""

    fact: Fact
    scheme: Scheme | None = None
    item: Item | None = None
    price: int = 0
    note: str = ""
    left: int = 0
    counted: bool = True
    cuts: list[str] = field(default_factory=list)
    wiped: bool = False

    def award(self) -> Award:
        """The row of the awards table."""
        fact, sign = self.fact, -1 if self.item and self.item.kind == "fault" else 1
        held = abs(self.price) - self.left if self.item and self.note != "best_of" else 0
        awarded = 0 if self.wiped else self.left
        return Award(
            fact.fact,
            fact.subject,
            fact.item,
            fact.date,
            self.price,
            sign * awarded,
            sign * held,
            "; ".join(self.cuts),
            "veto" if self.wiped else self.note,
        )


def acts_of(versions: Versions, subject: Subject, facts: list[Fact]) -> list[Act]:
    """All stages up to the veto, for all facts of one subject in ledger order."""
    acts = [matched(versions, subject, fact) for fact in sorted(facts, key=lambda fact: fact.fact)]
    live = [act for act in acts if act.item]
    for act in live:
        act.price = priced(act, subject)
    repeated(live)
    for act in live:
        act.left = abs(act.price)
    best_of(live)
    limited([version.scheme for version in versions.entries], subject, live)
    for start, end in veto_windows(live):
        for act in live:
            if start <= act.fact.date <= end:
                act.wiped = True
    return acts


def matched(versions: Versions, subject: Subject, fact: Fact) -> Act:
    """Reversed, unmatched, or an act with its item."""
    scheme = versions.on(fact.date)
    item = scheme.item(fact.item) if scheme else None
    absent = (subject.from_date and fact.date < subject.from_date) or (
        subject.to_date and fact.date > subject.to_date
    )
    if fact.reversed:
        return Act(fact, note="reversed")
    if item is None or absent or (item.classes and subject.klass not in item.classes):
        return Act(fact, note="unmatched")
    return Act(fact, scheme, item)


def to_places(exact: Fraction, places: int) -> int:
    """Hundredths, rounded half away from zero to the places."""
    step = Fraction(1, 10**places)
    whole = int(abs(exact) / step + Fraction(1, 2))
    hundredths = int(whole * step * 100)
    return -hundredths if exact < 0 else hundredths


def priced(act: Act, subject: Subject) -> int:
    """The price before repetition."""
    assert act.item
    assert act.scheme
    sign = -1 if act.item.kind == "fault" else 1
    return to_places(sign * worth(act.item, act.fact, subject), act.scheme.unit.places)


def worth(item: Item, fact: Fact, subject: Subject) -> Fraction:
    """The exact magnitude in points."""
    points = item.points
    if isinstance(points, Fixed):
        return Fraction(points.fixed)
    if isinstance(points, Each):
        return Fraction(points.each) * (
            subject.size or 0 if points.per_member else Fraction(fact.quantity or 0)
        )
    if isinstance(points, Grades):
        return Fraction(points.grades[fact.grade or ""].points)
    if isinstance(points, Ladder):
        return Fraction(points.ladder[int(fact.grade or "1") - 1])
    if isinstance(points, Between):
        return Fraction(fact.given or 0)
    if isinstance(points, Bands):
        total, below, quantity = Fraction(0), Decimal(0), fact.quantity or Decimal(0)
        for band in points.bands:
            if quantity > below:
                top = quantity if band.to is None or quantity <= band.to else band.to
                total += Fraction(band.each) * (Fraction(top) - Fraction(below))
            if band.to is not None:
                below = band.to
        return total
    return Fraction(0)


def repeated(live: list[Act]) -> None:
    """Multiplies what repeats an earlier fact of the same item."""
    for place, act in enumerate(live):
        assert act.item
        assert act.scheme
        repeat = act.item.repeat
        if repeat and any(
            other.fact.item == act.fact.item and other.fact.date >= repeat.within.before(act.fact.date)
            for other in live[:place]
        ):
            exact = Fraction(act.price, 100) * Fraction(repeat.factor)
            act.price, act.note = to_places(exact, act.scheme.unit.places), "repeat"


def best_of(live: list[Act]) -> None:
    """Of one act only the largest stays."""
    for act in live:
        rivals = [
            other
            for other in live
            if act.fact.act and other.fact.act == act.fact.act and other.item and other.item.best_of
        ]
        if act.item and act.item.best_of and rivals:
            largest = max(abs(other.price) for other in rivals)
            if act is not next(other for other in rivals if abs(other.price) == largest):
                act.note, act.left, act.counted = "best_of", 0, False


def limited(schemes: list[Scheme], subject: Subject, live: list[Act]) -> None:
    """Every limit of every scope: times before points, narrow before wide, item, section, scheme."""
    for scope in ("item", "section", "scheme"):
        for measure in ("times", "points"):
            for width in WIDTHS:
                for key in sorted({group_key(scope, act) for act in live}):
                    group = [act for act in live if group_key(scope, act) == key]
                    apply(schemes, subject, scope, measure, width, group)


def group_key(scope: str, act: Act) -> tuple[str, str]:
    """Which acts share a limit of that scope."""
    assert act.item
    if scope == "item":
        return act.item.id, act.item.kind.value
    return (act.item.section if scope == "section" else ""), act.item.kind.value


def limits_of(scope: str, scheme: Scheme, item: Item) -> list[Limit]:
    """The limits that a scheme sets for an item in that scope."""
    if scope == "item":
        own = scheme.item(item.id)
        return list(own.limits) if own else []
    if scope == "section":
        section = scheme.section(item.section)
        return [limit for limit in section.limits if limit.kind == item.kind] if section else []
    return [limit for limit in scheme.limits if limit.kind == item.kind]


def apply(
    schemes: list[Scheme], subject: Subject, scope: str, measure: str, width: str, group: list[Act]
) -> None:
    """One limit over one group of acts, in ledger order."""
    first = group[0].item
    assert first
    if not any(limit.per == width for scheme in schemes for limit in limits_of(scope, scheme, first)):
        return
    let_through: list[tuple[dt.date, int]] = []
    for act in group:
        if not act.counted:
            continue
        assert act.item
        assert act.scheme
        start, end = calendar.window(act.scheme, width, act.fact.date)
        used = sum(amount for day, amount in let_through if start <= day <= end)
        caps = [
            limit.cap * (subject.size if subject.size is not None else 1)
            if limit.per_member and measure == "points"
            else limit.cap
            for limit in limits_of(scope, act.scheme, act.item)
            if limit.per == width and (limit.times is not None) == (measure == "times")
        ]
        room = min(caps) - used if caps else None
        before = act.left
        if measure == "times":
            if room is not None and room < 1:
                act.left, act.counted = 0, False
        elif room is not None:
            act.left = max(0, min(act.left, room))
        if act.left < before:
            act.cuts.append(name(scope, measure, width, act))
        if act.counted:
            let_through.append((act.fact.date, 1 if measure == "times" else act.left))


def name(scope: str, measure: str, width: str, act: Act) -> str:
    """What the awards table calls a limit."""
    assert act.item
    words = {"item": [], "section": ["section", act.item.section], "scheme": ["scheme"]}[scope]
    if scope != "item" and act.item.kind == "fault":
        words = [*words, "fault"]
    return " ".join([*words, *(["times"] if measure == "times" else []), width])


def veto_windows(live: list[Act]) -> list[tuple[dt.date, dt.date]]:
    """The windows in which nothing counts."""
    return [
        calendar.window(act.scheme, act.item.effect.zero, act.fact.date)
        for act in live
        if act.scheme and act.item and act.item.kind == "veto" and act.item.effect and act.item.effect.zero
    ]
