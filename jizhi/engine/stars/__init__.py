"""Star sheets: how many stars each person has on a day, with every line's reason.

Items are priced, limited and repeated by the scheme engine's book; what is done here is only what a scheme does not
know: what is in force on a day, years in post, removal at once, first and previous rating. No files, no clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from jizhi.engine.document.base import add_months
from jizhi.engine.document.star import Stars
from jizhi.engine.incremental import Book
from jizhi.engine.pay.rows import Person
from jizhi.engine.stages import match
from jizhi.engine.stars import lines
from jizhi.engine.stars.rows import StarLine, StarSheet
from jizhi.engine.stars.versions import Version, Versions, load, load_versions, problems
from jizhi.engine.tables import Fact, Rejected, Subject
from jizhi.engine.windows import Calendar

__all__ = [
    "Result",
    "StarLine",
    "StarSheet",
    "Version",
    "Versions",
    "first_rating",
    "load",
    "load_versions",
    "payable",
    "problems",
    "settle",
    "sheet",
]


@dataclass(frozen=True)
class Result:
    """Sheets by person, and rows that could not be used; `line` is the fact number, or the person's place from 1."""

    sheets: list[StarSheet] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


def settle(versions: Versions, persons: Iterable[Subject], facts: Iterable[Fact], on: dt.date) -> Result:
    """The sheets of everybody who had come into post by that day; who left is rated on the last day in post."""
    found = Result()
    usable = _sifted(versions, list(persons), facts, found.rejected)
    for person, theirs in usable:
        if person.from_date is None or person.from_date <= on:
            found.sheets.append(sheet(versions, person, theirs, _rating_day(person, on)))
    found.sheets.sort(key=lambda one: one.person)
    return found


def payable(
    versions: Versions, persons: Iterable[Subject], facts: Iterable[Fact], year: int
) -> tuple[list[Person], list[Rejected]]:
    """Everybody with what a pay sheet of that year needs: level, stars, those of the year before and the first."""
    calendar = Calendar.of(versions.pricing.latest)
    span = calendar.parse(f"{year:04}")
    rejected: list[Rejected] = []
    found = []
    for person, theirs in _sifted(versions, list(persons), facts, rejected):
        if person.from_date and person.from_date > span.end:
            continue
        now = sheet(versions, person, theirs, _rating_day(person, span.end))
        before = _rating(versions, person, theirs, span.start - dt.timedelta(days=1))
        first = first_rating(versions, person, theirs, span.end)
        found.append(
            Person(
                person.subject,
                group=person.group,
                level=now.level,
                stars=now.stars if now.rated else None,
                previous_stars=before.stars if before else None,
                first_stars=first.stars if first else None,
                from_date=person.from_date,
                to_date=person.to_date,
            )
        )
    return sorted(found, key=lambda one: one.person), sorted(rejected, key=lambda row: (row.table, row.line))


def first_rating(
    versions: Versions, person: Subject, facts: Iterable[Fact], until: dt.date
) -> StarSheet | None:
    """The sheet at the end of the first year, up to that day, in which the person was rated; None when never."""
    theirs = sorted(facts, key=lambda one: one.fact)
    days = [one.date for one in theirs] + [day for day in (versions.entries[0].from_date,) if day]
    earliest = max(min(days, default=until), person.from_date or dt.date.min)
    for span in Calendar.of(versions.pricing.latest).spans("year", earliest, until):
        found = _rating(versions, person, theirs, _rating_day(person, span.end))
        if found:
            return found
    return None


def sheet(versions: Versions, person: Subject, facts: Iterable[Fact], on: dt.date) -> StarSheet:
    """One person's sheet on a day, from all of the person's usable facts; later ones count for limits alone."""
    stars = versions.on(on) or versions.entries[0].stars
    if not _is_rated(stars, person, on):
        return lines.unrated(stars, person, on)
    theirs = list(facts)
    years = _years(stars, person, on, 1 + max((fact.fact for fact in theirs), default=0))
    book = Book(versions.pricing, person, [*theirs, *years])
    decided = sorted((fact for fact in theirs if fact.date <= on), key=lambda one: one.fact)
    found = [lines.line(versions, book, fact, on) for fact in decided]
    found += [lines.line(versions, book, fact, on, since=person.from_date) for fact in years]
    return lines.added_up(stars, person, on, tuple(found))


def _rating_day(person: Subject, on: dt.date) -> dt.date:
    return min(on, person.to_date) if person.to_date else on


def _rating(versions: Versions, person: Subject, facts: list[Fact], on: dt.date) -> StarSheet | None:
    """The sheet of a day on which there were rules, the person was in post and rated; else None."""
    if versions.on(on) is None or not match.takes_part(person, on):
        return None
    found = sheet(versions, person, facts, on)
    return found if found.rated else None


def _is_rated(stars: Stars, person: Subject, on: dt.date) -> bool:
    first = person.from_date
    return stars.rated_after is None or first is None or stars.rated_after.after(first) <= on


def _years(stars: Stars, person: Subject, on: dt.date, number: int) -> list[Fact]:
    """A fact of that day for each base item of which the person has completed a step of years."""
    if person.from_date is None:
        return []
    full = on.year - person.from_date.year
    full -= add_months(person.from_date, 12 * full) > on
    steps = [(item.id, step) for item in stars.by_years if (step := item.step(full)) is not None]
    return [
        Fact(number + place, person.subject, item, on, grade=str(step))
        for place, (item, step) in enumerate(steps)
    ]


def _sifted(
    versions: Versions, persons: list[Subject], facts: Iterable[Fact], rejected: list[Rejected]
) -> list[tuple[Subject, list[Fact]]]:
    """Every usable person with their usable facts; the others are added to the rejected rows."""
    dated = any(one.stars.needs_first_day for one in versions.entries)
    by_years = {item.id for one in versions.entries for item in one.stars.by_years}
    known: dict[str, tuple[Subject, list[Fact]]] = {}
    for place, person in enumerate(persons, 1):
        if person.subject in known:
            rejected.append(Rejected("subjects", place, f"subject: used twice: {person.subject}"))
        elif dated and person.from_date is None:
            rejected.append(Rejected("subjects", place, "from_date: missing, years in post count"))
        else:
            known[person.subject] = (person, [])
    seen: set[int] = set()
    for fact in facts:
        owner = known.get(fact.subject)
        wrong = (
            f"fact: used twice: {fact.fact}"
            if fact.fact in seen
            else f"item: counts years in post, not facts: {fact.item}"
            if fact.item in by_years
            else _refusal(versions, owner[0] if owner else None, fact)
        )
        if wrong or owner is None:
            rejected.append(Rejected("facts", fact.fact, wrong or f"unknown subject: {fact.subject}"))
            continue
        seen.add(fact.fact)
        owner[1].append(fact)
    return list(known.values())


def _refusal(versions: Versions, person: Subject | None, fact: Fact) -> str | None:
    scheme = versions.pricing.on(fact.date)
    item = scheme.item(fact.item) if scheme else None
    return match.refusal(fact, person, item, versions.pricing.knows(fact.item))
