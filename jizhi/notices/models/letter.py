"""What comes in beside the phone: letters and printed objection forms. And who was reminded of a clock."""

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only, pairs
from jizhi.notices import rules


class Letter(models.Model):
    """What somebody writes without an entry that the ledger knows, or without saying who they are by signing in.

    It waits to be admitted: staff find out who wrote, and make an objection of it, answer it, or say why not. Its
    writer follows it by the secret part of its address, of which only the digest is kept.
    """

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="letters")
    number = models.CharField(max_length=24, unique=True)
    token_digest = models.CharField(max_length=64, unique=True)
    about = EnumField(rules.LetterAbout)
    subject = models.ForeignKey(
        "people.Subject", models.PROTECT, related_name="letters", null=True, blank=True
    )
    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="letters", null=True, blank=True)
    name = models.CharField(max_length=40)
    contact = models.CharField(max_length=120, help_text="how the writer wants to be answered")
    reference = models.CharField(max_length=120, blank=True, help_text="the entry or receipt, as written")
    words = models.TextField()
    state = EnumField(rules.LetterState, default=rules.LetterState.RECEIVED)
    appeal_of = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="appealed_by",
        null=True,
        blank=True,
        help_text="the letter whose answer its writer does not accept; the township answers this one",
    )
    due_date = models.DateField()
    received_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalation = models.TextField(blank=True, help_text="why it went up to the township")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    objection = models.OneToOneField(
        "notices.Objection", models.PROTECT, related_name="letter", null=True, blank=True
    )

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        ordering = ["due_date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["received", "escalated"])
                | models.Q(state="admitted", objection__isnull=False)
                | (models.Q(state__in=["upheld", "dismissed", "refused"]) & ~models.Q(answer="")),
                name="letter_is_answered",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="letter_way", field="state", transitions=pairs(rules.LETTER_TRANSITIONS)),
            pgtrigger.Protect(name="letter_stays", operation=pgtrigger.Delete),
        ]


class ObjectionBatch(models.Model):
    """Printed objection forms of one batch, and the notice they are for. The sheets and their codes are `channels`'."""

    batch = models.OneToOneField("channels.PaperBatch", models.PROTECT, related_name="objection_batch")
    notice = models.ForeignKey("notices.Notice", models.PROTECT, related_name="objection_batches")

    row_scope = RowScope(via=("batch",))

    class Meta:
        ordering = ["-id"]
        triggers = append_only()


class Reminder(models.Model):
    """A member of staff was told once that an answer is due soon, or that its day is over; by day of the clock."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="hearing_reminders")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="hearing_reminders")
    kind = EnumField(rules.ReminderKind)
    objection = models.ForeignKey(
        "notices.Objection", models.PROTECT, related_name="reminders", null=True, blank=True
    )
    appeal = models.ForeignKey(
        "notices.Appeal", models.PROTECT, related_name="reminders", null=True, blank=True
    )
    letter = models.ForeignKey(
        "notices.Letter", models.PROTECT, related_name="reminders", null=True, blank=True
    )
    due_date = models.DateField()
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(user="user")

    class Meta:
        ordering = ["due_date", "id"]
        constraints = [
            enum_check("reminder_kind_known", "kind", rules.ReminderKind),
            models.CheckConstraint(
                name="reminder_of_one_thing",
                condition=models.Q(objection__isnull=False, appeal=None, letter=None)
                | models.Q(objection=None, appeal__isnull=False, letter=None)
                | models.Q(objection=None, appeal=None, letter__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "due_date", "objection", "appeal", "letter"],
                nulls_distinct=False,
                name="reminded_once",
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=models.Q(read_at=None), name="reminders_unread")]
