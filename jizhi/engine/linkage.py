"""Derived facts: what one document has settled becomes facts under another (一体联动).

An item that says `from:` instead of claims waits for such events: a final grade, a level reached, a register's row.
Every event writes its fact once, also when it is told again or its fact was reversed. Pure: whoever finalises a source
asks here and hands the facts to the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from jizhi.engine.assessment.rows import Result
from jizhi.engine.document.item import Item
from jizhi.engine.loader import Versions
from jizhi.engine.tables import Fact, Rejected, Total
from jizhi.engine.windows import Calendar


@dataclass(frozen=True, slots=True)
class Event:
    """What a source says of a subject: `kind` and `name` as an item's `from:` calls it, `key` makes it one of a kind.

    `values` are what conditions look at; `grade`, `quantity` and `given` are also handed to an item that needs them.
    """

    kind: str
    name: str
    subject: str
    date: dt.date
    key: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def act(self) -> str:
        """What the facts of this event are known by."""
        return f"{self.kind} {self.name} {self.key}"


def facts(
    versions: Versions, events: Iterable[Event], known: Iterable[Fact], first: int
) -> tuple[list[Fact], list[Rejected]]:
    """The facts that events write and that are not known yet, numbered from `first`.

    Refused is, with the event's place from 1, what an item waits for but cannot price.
    """
    written = {(fact.subject, fact.item, fact.act) for fact in known}
    found: list[Fact] = []
    refused: list[Rejected] = []
    for place, event in enumerate(events, 1):
        scheme = versions.on(event.date)
        for item in scheme.items if scheme else ():
            if not _waits_for(item, event) or (event.subject, item.id, event.act) in written:
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


def _waits_for(item: Item, event: Event) -> bool:
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
