"""Derived facts: what one document has settled becomes facts under another (一体联动).

An item that says `from:` instead of claims waits for such events: a final grade, a level reached, a register's row;
an outcome that says `then: {fact: …}` names the item itself. Every event writes its fact once, also when it is told
again or its fact was reversed. Pure: whoever finalises a source asks here and hands the facts to the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from jizhi.engine.assessment import rounds
from jizhi.engine.assessment.rows import Result
from jizhi.engine.assessment.versions import Versions as Assessments
from jizhi.engine.document.assessment.assessment import Assessment
from jizhi.engine.document.item import Item
from jizhi.engine.document.outcome import FactThen
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Outcome, Rejected, Total
from jizhi.engine.windows import Calendar


@dataclass(frozen=True, slots=True)
class Event:
    """What a source says of a subject: `kind` and `name` as an item's `from:` calls it, `key` makes it one of a kind.

    `values` are what conditions look at; `grade`, `quantity` and `given` are also handed to an item that needs them.
    `item` is set by outcomes: the fact is of that item, whatever it waits for.
    """

    kind: str
    name: str
    subject: str
    date: dt.date
    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    item: str = ""

    @property
    def act(self) -> str:
        """What the facts of this event are known by."""
        return f"{self.kind} {self.name} {self.key}"


def facts(
    versions: Versions, events: Iterable[Event], known: Iterable[Fact], first: int
) -> tuple[list[Fact], list[Rejected]]:
    """The facts that events write and that are not known yet, numbered from `first`.

    Refused is, with the event's place from 1, what an item waits for but cannot price, and what names no item in force.
    """
    written = {(fact.subject, fact.item, fact.act) for fact in known}
    found: list[Fact] = []
    refused: list[Rejected] = []
    for place, event in enumerate(events, 1):
        scheme = versions.on(event.date)
        items = [item for item in scheme.items if _waits_for(item, event)] if scheme else []
        if event.item and not items:
            refused.append(Rejected("events", place, f"item: not in force on {event.date}: {event.item}"))
        for item in items:
            if (event.subject, item.id, event.act) in written:
                continue
            written.add((event.subject, item.id, event.act))
            wrong = _lacking(item, event)
            if wrong:
                refused.append(Rejected("events", place, wrong))
            else:
                found.append(_fact(item, event, first + len(found)))
    return found, refused


def of_totals(versions: Versions, totals: Iterable[Total]) -> Iterator[Event]:
    """Levels that a scheme's settlement has given, on the last day of their period."""
    calendar = Calendar.of(versions.latest)
    for one in totals:
        if one.level:
            day = calendar.parse(one.period).end
            key = f"{one.period_kind} {one.period}"
            yield Event("scheme", versions.id, one.subject, day, key, {"level": one.level})


def of_results(name: str, calendar: Calendar, results: Iterable[Result]) -> Iterator[Event]:
    """Grades that an assessment has given, on the last day of their period."""
    for one in results:
        if one.grade:
            day = calendar.parse(one.period).end
            key = f"{one.period_kind} {one.period}"
            values = {"grade": one.grade, "period": one.period_kind}
            yield Event("assessment", name, one.subject, day, key, values)


def of_outcomes(source: Versions | Assessments, outcomes: Iterable[Outcome], target: str) -> Iterator[Event]:
    """Outcomes that write a fact under the scheme `target`, on the last day of their period."""
    calendar = _calendar(source)
    for one in outcomes:
        day = calendar.parse(one.period).end
        fact = _written_by(source, one.outcome, day)
        if fact and fact.scheme == target:
            values = {"grade": fact.grade} if fact.grade else {}
            key = f"{one.outcome} {one.period}"
            yield Event("outcome", source.id, one.subject, day, key, values, fact.item)


def _calendar(source: Versions | Assessments) -> Calendar:
    if isinstance(source, Versions):
        return Calendar.of(source.latest)
    return rounds.calendar_of(source.latest)


def _written_by(source: Versions | Assessments, outcome: str, day: dt.date) -> FactThen | None:
    """What an outcome writes, by the version in force on that day, else by the latest that has it."""
    documents: list[Scheme | Assessment | None] = [source.on(day)]
    if isinstance(source, Versions):
        documents += [one.scheme for one in reversed(source.entries)]
    else:
        documents += [one.assessment for one in reversed(source.entries)]
    rules = (rule for document in documents if document for rule in document.outcomes)
    return next((rule.then.fact for rule in rules if rule.id == outcome), None)


def _waits_for(item: Item, event: Event) -> bool:
    if event.item:
        return item.id == event.item
    source = item.from_
    return (
        source is not None
        and (source.kind, source.name) == (event.kind, event.name)
        and all(event.values.get(key) == value for key, value in source.conditions.items())
    )


def _lacking(item: Item, event: Event) -> str:
    """Why an item that waits for the event cannot be priced by it, or nothing."""
    if item.needs == "none":
        return ""
    value = event.values.get(item.needs, "")
    if not value:
        return f"{item.needs}: missing for {item.id}: {event.act}"
    if item.needs == "grade":
        return "" if value in item.grades else f"grade: unknown to {item.id}: {value}"
    return "" if _number(value) is not None else f"{item.needs}: not a number for {item.id}: {value}"


def _fact(item: Item, event: Event, number: int) -> Fact:
    return Fact(
        number,
        event.subject,
        item.id,
        event.date,
        _number(event.values.get("quantity", "")) if item.needs == "quantity" else None,
        event.values.get("grade") if item.needs == "grade" else None,
        _number(event.values.get("given", "")) if item.needs == "given" else None,
        event.act,
    )


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
