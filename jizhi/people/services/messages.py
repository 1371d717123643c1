"""Telling subjects and marking as read. A message is stored in both languages, so the inbox follows its reader."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from jizhi.accounts.models import User
from jizhi.accounts.rules import Language
from jizhi.core import clock
from jizhi.core.errors import DomainError
from jizhi.people.models import Message, Subject
from jizhi.people.selectors import own_subject_ids


class NotYourMessage(DomainError):
    """The message was sent to another household."""


def _in_both(text: Any) -> tuple[str, str]:
    with translation.override(Language.CHINESE.value):
        chinese = str(text)
    with translation.override(Language.ENGLISH.value):
        english = str(text)
    return chinese, english


def new_message(*, subject: Subject, kind: str, title: Any, body: Any, link: str, at: dt.datetime) -> Message:
    """Build a message without storing it, for services that tell many subjects at once (`tell_subjects`)."""
    title_zh, title_en = _in_both(title)
    body_zh, body_en = _in_both(body)
    return Message(
        subject=subject,
        kind=kind,
        title=title_zh[:200],
        title_en=title_en[:200],
        body=body_zh,
        body_en=body_en,
        link=link,
        created_at=at,
    )


def tell_subject(
    *, subject: Subject, kind: str, title: Any, body: Any, link: str, at: dt.datetime
) -> Message:
    """Put a message into the subject's inbox. Lazy texts (gettext_lazy, format_lazy) are stored in both languages."""
    message = new_message(subject=subject, kind=kind, title=title, body=body, link=link, at=at)
    message.save(force_insert=True)
    return message


def tell_subjects(*, messages: list[Message]) -> None:
    """Store many messages made by `new_message`."""
    Message.objects.bulk_create(messages, batch_size=1000)


@transaction.atomic
def read_message(*, message_id: int, by: User, at: dt.datetime) -> Message:
    """The household opens a message; the first opening is remembered."""
    message = Message.objects.select_for_update().filter(pk=message_id).first()
    if message is None or message.subject_id not in own_subject_ids(by, on=clock.day_of(at)):
        raise NotYourMessage(_("没有这条消息。"))
    if message.read_at is None:
        message.read_at = at
        message.save(update_fields=["read_at"])
    return message
