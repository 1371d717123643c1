"""Subjects for settlement and pages, and what they were told. No points here."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language

from jizhi.areas.models import Area
from jizhi.people.models import Message, Subject


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


def subjects_of_village(village: Area, on: dt.date | None = None) -> tuple[SubjectRow, ...]:
    """Subjects of a village by key; with `on`, those that take part on that day. Group is the village's code."""
    rows = Subject.objects.filter(village=village)
    if on is not None:
        rows = rows.taking_part_on(on)
    fields = ("id", "key", "label", "group", "size", "from_date", "to_date")
    return tuple(SubjectRow(*row) for row in rows.order_by("key").values_list(*fields))


def subject_by_key(key: str) -> Subject | None:
    """The subject of that key, if any."""
    return Subject.objects.filter(key=key).select_related("village").first()


def inbox(subject_id: int, *, unread: bool = False, limit: int = 50) -> tuple[MessageLine, ...]:
    """The subject's messages, newest first."""
    rows = Message.objects.filter(Q(subject_id=subject_id) & (Q(read_at=None) if unread else Q()))
    english = (get_language() or "").startswith("en")
    return tuple(_message(row, english) for row in rows.order_by("-created_at", "-id")[:limit])


def message_of(subject_id: int, message_id: int) -> MessageLine | None:
    """One message of the subject's own."""
    row = Message.objects.filter(subject_id=subject_id, pk=message_id).first()
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


def unread_count(subject_id: int) -> int:
    """How many messages wait."""
    return Message.objects.filter(subject_id=subject_id, read_at=None).count()
