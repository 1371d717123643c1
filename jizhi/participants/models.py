"""Participants: persons and organisations that take part in a scheme of their own kind, and how they came to.

From when to when, under which number and as what they are scored stands in their subject; here stands why.
"""

from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.participants.rules import Source


class Participant(models.Model):
    """Why a subject takes part. `organisation` is empty for persons: the subject names its person."""

    subject = models.OneToOneField("people.Subject", models.PROTECT, related_name="participant")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="participants", null=True, blank=True
    )
    source = EnumField(Source)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_by_hand = models.BooleanField(default=False, help_text="whatever the register says of that time")
    reason = models.CharField(max_length=200, blank=True, help_text="why the participation ended")

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        ordering = ["subject__key"]
        constraints = [enum_check("participant_source_known", "source", Source)]

    def __str__(self) -> str:
        return f"{self.subject_id}"
