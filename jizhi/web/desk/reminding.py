"""What a member of staff was reminded of, in words, with where opening it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from jizhi.notices import selectors as notices
from jizhi.notices.rules import ReminderKind
from jizhi.web.templatetags import jizhi as words

SHOWN = 12


@dataclass(frozen=True)
class Reminder:
    """One reminder: what it says, and where opening it leads."""

    text: str
    note: str
    address: str
    late: bool


def reminders(user: Any) -> list[Reminder]:
    """What the user was reminded of and has not opened."""
    return [
        Reminder(
            text=_reminded(line) % {"who": line.who, "day": words.day(line.due_date)},
            note=words.named(line.village),
            address=reverse("desk:reminder", args=[line.id]),
            late=line.kind is ReminderKind.OVERDUE,
        )
        for line in notices.reminders(user)[:SHOWN]
    ]


def _reminded(line: notices.ReminderLine) -> str:
    soon = line.kind is ReminderKind.SOON
    if line.appeal_id is not None:
        return (
            gettext("%(who)s申请的复核，%(day)s到期") if soon else gettext("%(who)s申请的复核，%(day)s已过期")
        )
    if line.letter_id is not None:
        return gettext("%(who)s的来件，%(day)s到期") if soon else gettext("%(who)s的来件，%(day)s已过期")
    return gettext("%(who)s的异议，%(day)s到期") if soon else gettext("%(who)s的异议，%(day)s已过期")
