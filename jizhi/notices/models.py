"""The public notice of a village's month, the entries on it, and the objections to them.

What was posted is stored as posted and stays so; only the state moves on. Names in it are masked already.
"""

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField
from jizhi.core.triggers import append_only
from jizhi.notices import rules


class Notice(models.Model):
    """A posted notice: its content as it was posted, its window, its state."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="notices")
    scheme = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    state = EnumField(rules.NoticeState, default=rules.NoticeState.POSTED)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    window_to_date = models.DateField()
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finalised_at = models.DateTimeField(null=True, blank=True)
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-period", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["village", "scheme", "period"], name="one_notice_a_month"),
            models.CheckConstraint(
                condition=models.Q(state="finalised", finalised_at__isnull=False)
                | models.Q(state="posted", finalised_at=None),
                name="finalised_notice_says_when",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="notice_way", field="state", transitions=rules.pairs(rules.NOTICE_TRANSITIONS)
            ),
            pgtrigger.Protect(name="notice_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="notice_content_locked",
                fields=["village", "scheme", "period", "content", "digest", "window_to_date", "posted_at"],
            ),
        ]


class NoticedEntry(models.Model):
    """An entry shown on a notice; each entry is noticed exactly once."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="noticed_entries")
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="noticed")

    class Meta:
        triggers = append_only()


class Objection(models.Model):
    """Somebody objects to a fact on a notice, and gets a written answer."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="objections")
    fact = models.ForeignKey("ledger.Fact", models.PROTECT, related_name="objections")
    subject = models.ForeignKey(
        "people.Subject", models.PROTECT, related_name="objections", help_text="the household that objects"
    )
    channel = EnumField(rules.ObjectionChannel)
    grounds = models.TextField()
    state = EnumField(rules.ObjectionState, default=rules.ObjectionState.FILED)
    request_key = models.CharField(max_length=80, unique=True)
    due_date = models.DateField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["due_date", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "subject"], condition=models.Q(state="filed"), name="one_open_objection"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["upheld", "dismissed"])
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="answer_in_writing",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="objection_way", field="state", transitions=rules.pairs(rules.OBJECTION_TRANSITIONS)
            ),
            pgtrigger.Protect(name="objection_stays", operation=pgtrigger.Delete),
        ]
