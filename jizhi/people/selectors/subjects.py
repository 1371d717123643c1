"""Subjects for settlement and pages, and what they were told. No points here."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language

from jizhi.areas.models import Area
from jizhi.core import scope
from jizhi.people.models import Membership, Message, Subject


@dataclass(frozen=True)
class SubjectRow:
    """A subject as settlement and the engine need it."""

    id: int
    key: str
    label: str
    group: str
    size: int
    from_date: dt.date
    to_date: dt.date | None


@dataclass(frozen=True)
class MessageLine:
    """A message in the inbox, in the reader's language."""

    id: int
    kind: str
    title: str
    body: str
    link: str
    created_at: dt.datetime
    is_read: bool


def subjects_of_village(
    village: Area, on: dt.date | None = None, *, scheme: str = ""
) -> tuple[SubjectRow, ...]:
    """Subjects of a village by key: its households, or whoever takes part in a scheme of persons or organisations.

    With `on`, those that take part on that day. Group is the village's code.
    """
    rows = Subject.objects.filter(village=village, scheme=scheme, void=False)
    if on is not None:
        rows = rows.taking_part_on(on)
    fields = ("id", "key", "label", "group", "size", "from_date", "to_date")
    return tuple(SubjectRow(*row) for row in rows.order_by("key").values_list(*fields))


def household_subjects(village: Area, on: dt.date, *, area_code: str = "") -> list[Subject]:
    """The subjects of households that take part on that day, of the village or one of its grids, by number."""
    rows = Subject.objects.filter(village=village, household__isnull=False).taking_part_on(on)
    if area_code and area_code != village.code:
        rows = rows.filter(household__area__code=area_code)
    return list(rows.select_related("village").order_by("household__no"))


def subjects_by_no(village: Area, scheme: str) -> dict[str, Subject]:
    """Whoever takes part in a scheme of persons or organisations, by number: the last part of the key."""
    rows = Subject.objects.filter(village=village, scheme=scheme, void=False).exclude(scheme="")
    return {row.key.rpartition("-")[2]: row for row in rows.select_related("village")}


def subjects_of_persons(person_ids: Collection[int], on: dt.date) -> dict[int, list[int]]:
    """Person number → numbers of the subjects with which the person takes part on that day."""
    with scope.beyond("a close relative may be registered in another village"):
        rows = Subject.objects.filter(person__in=person_ids).taking_part_on(on).order_by("pk")
        found: dict[int, list[int]] = {}
        for person, subject in rows.values_list("person_id", "pk"):
            found.setdefault(person or 0, []).append(subject)
    return found


def person_subjects(village: Area, scheme: str, person_ids: Collection[int]) -> dict[int, list[Subject]]:
    """Person number → the subjects with which the person takes or took part in a scheme of the village."""
    rows = Subject.objects.filter(village=village, scheme=scheme, person__in=list(person_ids), void=False)
    found: dict[int, list[Subject]] = {}
    for row in rows.select_related("village").order_by("pk"):
        found.setdefault(row.person_id or 0, []).append(row)
    return found


def persons_named(wanted: Collection[tuple[int, str, dt.date]]) -> dict[tuple[int, str, dt.date], int]:
    """(household's subject, name, day) → the person of that name who lived there that day; two of one name are
    nobody."""
    rows = Membership.objects.filter(
        household__subject__in={subject for subject, _name, _day in wanted},
        person__name__in={name for _subject, name, _day in wanted},
    )
    lived: dict[tuple[int, str], list[tuple[dt.date, dt.date | None, int]]] = {}
    fields = ("household__subject", "person__name", "from_date", "to_date", "person")
    for subject, name, begin, end, person in rows.values_list(*fields):
        lived.setdefault((subject, name), []).append((begin, end, person))
    found = {}
    for subject, name, day in wanted:
        there = {
            person
            for begin, end, person in lived.get((subject, name), ())
            if begin <= day and (end is None or day <= end)
        }
        if len(there) == 1:
            found[subject, name, day] = there.pop()
    return found


def subject_by_key(key: str) -> Subject | None:
    """The subject of that key, if any."""
    return Subject.objects.filter(key=key).select_related("village").first()


def inbox(*subject_ids: int, unread: bool = False, limit: int = 50) -> tuple[MessageLine, ...]:
    """The subjects' messages, newest first."""
    rows = Message.objects.filter(Q(subject_id__in=subject_ids) & (Q(read_at=None) if unread else Q()))
    english = (get_language() or "").startswith("en")
    return tuple(_message(row, english) for row in rows.order_by("-created_at", "-id")[:limit])


def message_of(subject_ids: Collection[int], message_id: int) -> MessageLine | None:
    """One message of the subjects' own."""
    row = Message.objects.filter(subject_id__in=subject_ids, pk=message_id).first()
    return _message(row, (get_language() or "").startswith("en")) if row else None


def _message(row: Message, english: bool) -> MessageLine:
    return MessageLine(
        id=row.pk,
        kind=row.kind,
        title=(english and row.title_en) or row.title,
        body=(english and row.body_en) or row.body,
        link=row.link,
        created_at=row.created_at,
        is_read=row.read_at is not None,
    )


def unread_count(*subject_ids: int) -> int:
    """How many messages wait."""
    return Message.objects.filter(subject_id__in=subject_ids, read_at=None).count()
