"""One subject's facts with the reason for every step: earlier facts, better ones, limits used, vetoes, versions.

Priced by the incremental evaluator; what it did is looked up here, never done again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.text import Text
from jizhi.engine.explain.parts import (
    Better,
    Cut,
    FactLine,
    Refused,
    Repetition,
    Unmatched,
    UnsoundExplanation,
    Wiped,
)
from jizhi.engine.incremental import Book
from jizhi.engine.loader import Versions
from jizhi.engine.stages import best_of, match, price
from jizhi.engine.tables import Award, Fact, Subject
from jizhi.engine.windows import Calendar, Span


@dataclass(frozen=True, slots=True)
class _Matched:
    """A fact that counts, with its item."""

    fact: Fact
    item: Item
    price: int


class Facts:
    """All facts of one subject, priced, with the reasons."""

    def __init__(self, versions: Versions, subject: Subject, facts: Iterable[Fact]) -> None:
        self._versions, self._subject = versions, subject
        self._calendar = Calendar.of(versions.latest)
        self.usable: list[Fact] = []
        self.refused: list[Refused] = []
        self._sift(facts)
        self._book = Book(versions, subject, self.usable)
        self._matched = [
            _Matched(fact, item, self._book.award(fact.fact).price)
            for fact in self.usable
            if (item := self._item(fact)) and self._counts(fact)
        ]
        self.vetoes = [
            (one.fact, one.item, self._calendar.span(one.item.effect.zero, one.fact.date))
            for one in self._matched
            if one.item.kind == Kind.VETO and one.item.effect and one.item.effect.zero
        ]

    def _sift(self, facts: Iterable[Fact]) -> None:
        empty, seen = Book(self._versions, self._subject), set[int]()
        for fact in facts:
            if fact.subject != self._subject.subject:
                continue
            wrong = f"fact: used twice: {fact.fact}" if fact.fact in seen else empty.refusal(fact)
            if wrong:
                self.refused.append(Refused(fact.fact, fact.date, fact.item, wrong))
            else:
                seen.add(fact.fact)
                self.usable.append(fact)
        self.usable.sort(key=lambda fact: fact.fact)

    def _item(self, fact: Fact) -> Item | None:
        scheme = self._versions.on(fact.date)
        return scheme.item(fact.item) if scheme else None

    def _counts(self, fact: Fact) -> bool:
        return not fact.reversed and match.matches(fact, self._subject, self._versions.on(fact.date))

    def wiped(self, span: Span) -> Wiped | None:
        """The first veto whose window holds all of the span."""
        for fact, item, window in self.vetoes:
            if span.inside(window):
                return Wiped(fact.fact, item.title, fact.date, window.start, window.end)
        return None

    def line(self, fact: Fact) -> FactLine:
        """The line of a usable fact; UnsoundExplanation when its parts do not add up."""
        award, version, item = (
            self._book.award(fact.fact),
            self._versions.version_on(fact.date),
            self._item(fact),
        )
        scheme = version.scheme if version else None
        section = scheme.section(item.section) if scheme and item else None
        counts = item is not None and self._counts(fact)
        line = FactLine(
            fact=fact.fact,
            date=fact.date,
            item=fact.item,
            title=item.title if item else self._title(fact.item),
            section=section.title if section else None,
            kind=item.kind.value if item else "",
            quantity=fact.quantity,
            size=self._subject.size,
            grade=fact.grade,
            given=fact.given,
            act=fact.act,
            price=award.price,
            repetition=self._repetition(fact, item) if item and counts else None,
            better=self._better(fact, item) if item and counts else None,
            cuts=self._cuts(fact, item) if item and counts else (),
            wiped=self.wiped(self._calendar.span("day", fact.date)) if counts else None,
            awarded=award.awarded,
            held_back=award.held_back,
            note=award.note,
            unmatched=self._why_unmatched(fact, item) if award.note == "unmatched" else "",
            version=version.from_date if version else None,
            file=version.file if version else "",
            reference=item.reference if item else None,
            document=item,
            scheme=scheme,
        )
        check_line(line, award)
        return line

    def _title(self, item_id: str) -> Text:
        """The words of an item that the version in force does not have."""
        found = [version.scheme.item(item_id) for version in self._versions.entries]
        return next(item.title for item in found if item)

    def _why_unmatched(self, fact: Fact, item: Item | None) -> Unmatched:
        if self._versions.on(fact.date) is None:
            return "no-version"
        if item is None:
            return "no-item"
        return "class" if match.takes_part(self._subject, fact.date) else "absent"

    def _repetition(self, fact: Fact, item: Item) -> Repetition | None:
        if not self._book.is_repeat(fact.fact) or item.repeat is None:
            return None
        earlier = [one.fact for one in self._matched if one.item.id == item.id and one.fact.fact < fact.fact]
        scheme = self._versions.on(fact.date)
        if not earlier or scheme is None:
            raise UnsoundExplanation(f"fact {fact.fact} repeats nothing")
        latest = max(earlier, key=lambda one: (one.date, one.fact))
        once = price.price(item, fact, self._subject.size, scheme.unit.places)
        return Repetition(latest.fact, latest.date, item.repeat.factor, once)

    def _better(self, fact: Fact, item: Item) -> Better | None:
        if not item.best_of or not fact.act:
            return None
        rivals = {
            one.fact.fact: one for one in self._matched if one.fact.act == fact.act and one.item.best_of
        }
        stays = best_of.best((number, one.price) for number, one in rivals.items())
        if stays is None or stays == fact.fact:
            return None
        return Better(stays, rivals[stays].item.title, rivals[stays].price)

    def _cuts(self, fact: Fact, item: Item) -> tuple[Cut, ...]:
        found = []
        for one in self._book.taken(fact.fact):
            window = self._calendar.span(one.slot.window, fact.date)
            found.append(
                Cut(
                    one.slot.name,
                    item.sign * one.amount,
                    one.cap,
                    one.used,
                    one.slot.times,
                    window.start,
                    window.end,
                )
            )
        return tuple(found)

    def counting(self, span: Span, standing: bool, end: dt.date) -> list[Fact]:
        """The facts of a period, or those still valid on the last day of a standing, up to the last settled day."""
        if not standing:
            return [fact for fact in self.usable if span.holds(fact.date)]
        return [fact for fact in self.usable if fact.date <= min(span.end, end) and self._stands(fact, span)]

    def _stands(self, fact: Fact, span: Span) -> bool:
        item = self._item(fact)
        if item is None or item.valid is None:
            return self._calendar.span("year", fact.date).holds(span.end)
        return item.valid.after(fact.date) >= span.end

    def rulings(self, span: Span, end: dt.date) -> list[Fact]:
        """The rulings that reach into a period, in ledger order."""
        return [
            one.fact
            for one in self._matched
            if one.item.kind == Kind.RULING
            and one.item.effect
            and one.fact.date <= min(span.end, end)
            and (one.item.effect.for_.after(one.fact.date) if one.item.effect.for_ else one.fact.date)
            >= span.start
        ]


def check_line(line: FactLine, award: Award) -> None:
    """Price = awarded + held back, unless best-of or a veto took the rest; held back = the sum of the cuts."""
    left = line.price - award.held_back
    expected = 0 if line.better or line.wiped else left
    if (line.awarded, line.held_back) != (expected, sum(cut.points for cut in line.cuts)):
        raise UnsoundExplanation(f"fact {line.fact}: {line.price} does not come to {line.awarded}")
    if line.better and line.held_back:
        raise UnsoundExplanation(f"fact {line.fact}: what is dropped uses no limit")
