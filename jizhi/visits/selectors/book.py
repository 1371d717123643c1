"""The household book as pages, prints and exports read it: values by section, how full it is, and its history."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from jizhi.core import clock
from jizhi.schemes import selectors as schemes
from jizhi.visits import models, rules
from jizhi.visits.selectors import access, plans

if TYPE_CHECKING:
    from jizhi.engine.document.gridwork import BookField, VisitClass
    from jizhi.engine.document.text import Text
    from jizhi.people.models import Household


@dataclass(frozen=True, slots=True)
class BookLine:
    """A field with its value as stored: text, or a list of keys for `choices`."""

    field: BookField
    value: Any


@dataclass(frozen=True, slots=True)
class BookSection:
    """Fields under one heading; the heading may be missing."""

    title: Text | None
    lines: tuple[BookLine, ...]


@dataclass(frozen=True, slots=True)
class BookPage:
    """One household's book as its reader may see it."""

    sections: tuple[BookSection, ...]
    filled: rules.Filled
    hidden: int
    version: int
    updated_at: dt.datetime | None
    updated_by: str
    classes: tuple[VisitClass, ...]
    may_keep: bool

    @property
    def values(self) -> dict[str, Any]:
        return {line.field.key: line.value for section in self.sections for line in section.lines}

    @property
    def fields(self) -> tuple[BookField, ...]:
        return tuple(line.field for section in self.sections for line in section.lines)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of one field; `field` is None for a field that the pack no longer has."""

    key: str
    field: BookField | None
    before: Any
    after: Any
    by_name: str
    changed_at: dt.datetime
    version: int


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class the household was in, from a day until a day."""

    visit_class: VisitClass
    from_date: dt.date
    to_date: dt.date | None
    set_by: str
    ended_by: str


def values_of(book: models.Book) -> dict[str, Any]:
    """Open and sensitive values together; for services, and for readers after filtering."""
    return {**book.values, **(json.loads(book.sealed) if book.sealed else {})}


def book_page(user: Any, household: Household, *, at: dt.datetime) -> BookPage:
    """The book of a household the caller has found in the user's scope (or the user's own)."""
    today = clock.day_of(at)
    book = models.Book.objects.select_related("updated_by").filter(household=household).first()
    fields = access.fields_for(user, household.area, today)
    everything = values_of(book) if book else {}
    return BookPage(
        sections=_sections(fields, everything),
        filled=rules.filled(fields, everything),
        hidden=len(schemes.book_of(household.area)) - len(fields),
        version=book.version if book else 0,
        updated_at=book.updated_at if book else None,
        updated_by=book.updated_by.display_name if book and book.updated_by else "",
        classes=plans.classes_of([household], user, today).get(household.pk, ()),
        may_keep=access.may_keep(user, household.area, today),
    )


def _sections(fields: Sequence[BookField], values: Mapping[str, Any]) -> tuple[BookSection, ...]:
    found: dict[str, list[BookLine]] = {}
    titles: dict[str, Text | None] = {}
    for field in fields:
        heading = field.section.zh if field.section else ""
        titles.setdefault(heading, field.section)
        found.setdefault(heading, []).append(BookLine(field, values.get(field.key)))
    return tuple(BookSection(titles[heading], tuple(lines)) for heading, lines in found.items())


def changes(user: Any, household: Household, *, on: dt.date) -> QuerySet[models.BookChange]:
    """The history of the fields the user may see, newest first."""
    keys = [field.key for field in access.fields_for(user, household.area, on)]
    rows = models.BookChange.objects.filter(book__household=household)
    if len(keys) < len(schemes.book_of(household.area)):
        rows = rows.filter(field__in=keys)
    return rows.order_by("-id")


def change_lines(rows: QuerySet[models.BookChange], household: Household) -> list[ChangeLine]:
    """Changes as lines: one query besides the pack."""
    fields = {field.key: field for field in schemes.book_of(household.area)}
    return [
        ChangeLine(
            key=row.field,
            field=fields.get(row.field),
            before=json.loads(row.before) if row.before else None,
            after=json.loads(row.after) if row.after else None,
            by_name=row.changed_by.display_name if row.changed_by else "",
            changed_at=row.changed_at,
            version=row.version,
        )
        for row in rows.select_related("changed_by")
    ]


def classes_version(household: Household) -> int:
    """How often the household's classes were changed: what a form sends along, so that a stale one is noticed."""
    rows = models.Book.objects.filter(household=household)
    return rows.values_list("classes_version", flat=True).first() or 0


def class_history(user: Any, household: Household, *, on: dt.date) -> list[ClassLine]:
    """When the household was in which class, as far as the user may see; newest first."""
    known = {one.key: one for one in access.classes_for(user, household.area, on)}
    rows = models.HouseholdClass.objects.filter(household=household, key__in=list(known))
    return [
        ClassLine(
            visit_class=known[row.key],
            from_date=row.from_date,
            to_date=row.to_date,
            set_by=row.set_by.display_name if row.set_by else "",
            ended_by=row.ended_by.display_name if row.ended_by else "",
        )
        for row in rows.select_related("set_by", "ended_by").order_by("-from_date", "-id")
    ]
