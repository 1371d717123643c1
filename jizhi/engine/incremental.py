"""One subject's book: each decided fact is priced against the windows it touches at the moment it is posted.

The same meaning as `reference` and `batch`, but work is proportional to the windows that a change touches. Not a store:
whoever keeps the ledger appends the changes that a posting yields.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from jizhi.engine import rulebook
from jizhi.engine.cascade import OUT, Cascade, Steps, Taken
from jizhi.engine.document.item import Item, Kind
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.stages import best_of, match, price, repeat, veto
from jizhi.engine.tables import Award, Fact, Subject
from jizhi.engine.windows import Span


class RefusedFact(ValueError):
    """A fact that cannot be priced; the message says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a posting did to one award; before is None for a new one."""

    before: Award | None
    after: Award


@dataclass
class _Line:
    """The working of one fact; item and scheme are None when it does not count."""

    fact: Fact
    item: Item | None = None
    scheme: Scheme | None = None
    price: int = 0
    note: str = ""
    dropped: bool = False


class Book:
    """All facts of one subject under one scheme's versions, priced."""

    def __init__(self, versions: Versions, subject: Subject, facts: Iterable[Fact] = ()) -> None:
        self._rules = rulebook.of(versions)
        self._subject = subject
        self._last = -1
        self._latest: dict[str, dt.date] = {}
        self._lines: dict[int, _Line] = {}
        self._cascade = Cascade()
        self._items: dict[str, list[int]] = {}
        self._acts: dict[str, list[int]] = {}
        self._vetoes: dict[int, Span] = {}
        self._awards: dict[int, Award] = {}
        for fact in sorted(facts, key=lambda one: one.fact):
            self.post(fact)

    @property
    def awards(self) -> list[Award]:
        """Every award in ledger order."""
        return [self._awards[number] for number in sorted(self._awards)]

    @property
    def veto_spans(self) -> list[Span]:
        """The windows that are wiped out."""
        return list(self._vetoes.values())

    def award(self, fact_id: int) -> Award:
        """The award of one fact as it stands; KeyError when it was never posted."""
        return self._awards[fact_id]

    def cuts(self, fact_id: int) -> list[tuple[str, int]]:
        """The limits that cut a fact and how much each took, in order."""
        return self._cascade.cuts(fact_id) if self._lines[fact_id].item is not None else []

    def taken(self, fact_id: int) -> list[Taken]:
        """The limits that cut a fact, with their cap and what was used of it before."""
        return self._cascade.taken(fact_id) if self._lines[fact_id].item is not None else []

    def is_repeat(self, fact_id: int) -> bool:
        """Whether the price was multiplied as a repetition."""
        return self._lines[fact_id].note == "repeat"

    def refusal(self, fact: Fact) -> str | None:
        """Why a fact cannot be posted, or None."""
        scheme = self._rules.on(fact.date)
        item = scheme.items_by_id.get(fact.item) if scheme else None
        subject = self._subject if fact.subject == self._subject.subject else None
        if fact.fact in self._lines:
            return f"fact: used twice: {fact.fact}"
        return match.refusal(fact, subject, item, fact.item in self._rules.items)

    def post(self, fact: Fact) -> list[Change]:
        """Prices one fact and everything it moves; RefusedFact when it cannot be used."""
        refused = self.refusal(fact)
        if refused:
            raise RefusedFact(refused)
        line = self._lines[fact.fact] = self._matched(fact)
        last, self._last = self._last, max(self._last, fact.fact)
        if line.item is None:
            return self._settle({fact.fact})
        if fact.fact > last and not self._moves_others(line.item, fact):
            return [self._post_last(line, line.item)]
        return self._settle({fact.fact} | self._enter(line, line.item))

    @staticmethod
    def _moves_others(item: Item, fact: Fact) -> bool:
        """Whether a fact that comes last may still change an earlier one."""
        return item.kind == Kind.VETO or bool(item.best_of and fact.act)

    def _post_last(self, line: _Line, item: Item) -> Change:
        """The usual case, a fact after all others: nothing before it moves, so only its own windows are looked at."""
        number, day = line.fact.fact, line.fact.date
        latest = self._latest.get(item.id)
        line.price, line.note = self._priced(line, latest)
        self._latest[item.id] = day if latest is None else max(latest, day)
        self._items.setdefault(item.id, []).append(number)
        assert line.scheme is not None
        self._cascade.pass_last(number, self._steps(line, item, line.scheme), abs(line.price))
        award = self._awards[number] = self._award(line)
        return Change(None, award)

    def reverse(self, fact_id: int) -> list[Change]:
        """Takes one fact back and re-prices what it had moved; KeyError when it was never posted."""
        line = self._lines[fact_id]
        touched = {fact_id}
        if line.item is not None:
            touched |= self._leave(line, line.item)
        self._lines[fact_id] = _Line(line.fact, note="reversed")
        return self._settle(touched)

    def _matched(self, fact: Fact) -> _Line:
        scheme = self._rules.on(fact.date)
        if fact.reversed:
            return _Line(fact, note="reversed")
        if scheme is None or not match.matches(fact, self._subject, scheme):
            return _Line(fact, note="unmatched")
        return _Line(fact, scheme.items_by_id[fact.item], scheme)

    def _steps(self, line: _Line, item: Item, scheme: Scheme) -> Steps:
        day, size, span = line.fact.date, self._subject.size, self._rules.span
        way = self._rules.way(scheme, item)
        return [((gate, span(gate.slot.window, day).start), cap.of(size)) for gate, cap in way]

    def _enter(self, line: _Line, item: Item) -> set[int]:
        """Files a matched fact under its item, act, windows and veto; the facts that it moves."""
        number = line.fact.fact
        assert line.scheme is not None
        self._cascade.enter(number, self._steps(line, item, line.scheme))
        bisect.insort(self._items.setdefault(item.id, []), number)
        if item.best_of and line.fact.act:
            bisect.insort(self._acts.setdefault(line.fact.act, []), number)
        touched = self._reprice(item, number)
        if item.kind == Kind.VETO and item.effect and item.effect.zero:
            self._vetoes[number] = self._rules.span(item.effect.zero, line.fact.date)
            touched |= self._inside(self._vetoes[number])
        return touched

    def _leave(self, line: _Line, item: Item) -> set[int]:
        """Takes a matched fact out of every list; the facts that this moves."""
        number = line.fact.fact
        self._cascade.leave(number)
        self._items[item.id].remove(number)
        touched = self._reprice(item, number)
        if item.best_of and line.fact.act:
            self._acts[line.fact.act].remove(number)
            touched |= set(self._acts[line.fact.act])
        span = self._vetoes.pop(number, None)
        return touched | self._inside(span) if span else touched

    def _inside(self, span: Span) -> set[int]:
        return {number for number, line in self._lines.items() if span.holds(line.fact.date)}

    def _reprice(self, item: Item, start: int) -> set[int]:
        """Prices the item's facts from one number on: only the first, unless repetition may reach further."""
        members, moved = self._items[item.id], set[int]()
        place = bisect.bisect_left(members, start)
        latest = max((self._lines[number].fact.date for number in members[:place]), default=None)
        for number in members[place:]:
            line = self._lines[number]
            worth, note = self._priced(line, latest)
            if number == start or (worth, note) != (line.price, line.note):
                line.price, line.note = worth, note
                moved.add(number)
            latest = max(latest or line.fact.date, line.fact.date)
        if latest is None:
            self._latest.pop(item.id, None)
        else:
            self._latest[item.id] = latest
        return moved

    def _priced(self, line: _Line, latest: dt.date | None) -> tuple[int, str]:
        assert line.item is not None
        assert line.scheme is not None
        places = line.scheme.unit.places
        worth = price.price(line.item, line.fact, self._subject.size, places)
        if line.item.repeat and repeat.is_repeat(line.item.repeat, line.fact.date, latest):
            return repeat.multiplied(worth, line.item.repeat, places), "repeat"
        return worth, ""

    def _settle(self, touched: set[int]) -> list[Change]:
        """Best-of, limits and vetoes for what was touched; the awards that changed."""
        touched = touched | self._choose_best(touched)
        for number in touched:
            line = self._lines[number]
            if line.item is not None:
                self._cascade.put(number, OUT if line.dropped else abs(line.price))
        changes = []
        for number in sorted(touched | self._cascade.run()):
            after, before = self._award(self._lines[number]), self._awards.get(number)
            if after != before:
                self._awards[number] = after
                changes.append(Change(before, after))
        return changes

    def _choose_best(self, touched: set[int]) -> set[int]:
        """Decides the acts of the touched facts anew; the facts that were dropped or came back."""
        moved: set[int] = set()
        for act in {self._lines[number].fact.act or "" for number in touched} & self._acts.keys():
            stays = best_of.best((number, self._lines[number].price) for number in self._acts[act])
            for number in self._acts[act]:
                line = self._lines[number]
                if line.dropped != (number != stays):
                    line.dropped = number != stays
                    moved.add(number)
        return moved

    def _award(self, line: _Line) -> Award:
        fact, item = line.fact, line.item
        if item is None:
            return Award(fact.fact, fact.subject, fact.item, fact.date, 0, 0, 0, "", line.note)
        left, cuts = self._cascade.left(fact.fact), self._cascade.cuts(fact.fact)
        held, note = sum(cut for _, cut in cuts), "best_of" if line.dropped else line.note
        if self._vetoes and veto.wiped(fact.date, self._vetoes.values()):
            left, note = 0, "veto"
        names = "; ".join(name for name, _ in cuts)
        return Award(
            fact.fact,
            fact.subject,
            fact.item,
            fact.date,
            line.price,
            item.sign * left,
            item.sign * held,
            names,
            note,
        )
