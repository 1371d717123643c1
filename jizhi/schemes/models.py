"""Published scheme versions, the resolutions that adopt them, and their activation village by village.

A version's text is stored as it was loaded and never edited; an amendment is a new version. What a document
means is the engine's business, not this app's.
"""

from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField
from jizhi.core.triggers import append_only
from jizhi.schemes import rules


class Pack(models.Model):
    """The county's pack: its legal clocks and calendar, as adopted with the schemes."""

    area = models.OneToOneField("areas.Area", models.PROTECT, related_name="pack")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    post_by_day = models.PositiveSmallIntegerField(default=15)
    window_days = models.PositiveSmallIntegerField(default=7)
    answer_days = models.PositiveSmallIntegerField(default=7)
    escalate_days = models.PositiveSmallIntegerField(default=15)
    opening_day = models.PositiveSmallIntegerField(default=1)
    opening_every = models.CharField(max_length=10, default="month")
    loaded_at = models.DateTimeField()


class SchemeVersion(models.Model):
    """One version of one scheme: the document's own text, its digest and the day from which it applies."""

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="scheme_versions")
    scheme = models.CharField(max_length=60)
    applies_from_date = models.DateField()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    source = models.TextField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["scheme", "-applies_from_date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["area", "scheme", "applies_from_date"], name="one_version_a_day"),
        ]
        triggers = append_only()


class Resolution(models.Model):
    """What a village's meeting resolved on a version: kind, members, attendance, votes, filing number."""

    version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="resolutions")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="resolutions")
    kind = EnumField(rules.MeetingKind)
    held_on_date = models.DateField()
    members = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    votes_for = models.PositiveIntegerField()
    filing_number = models.CharField(max_length=60)
    summary = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-held_on_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(present__lte=models.F("members"), votes_for__lte=models.F("present")),
                name="resolution_counts_fit",
            ),
        ]
        triggers = append_only()


class Activation(models.Model):
    """From which day a version is in force in a village, and by which resolution."""

    version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="activations")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="activations")
    resolution = models.OneToOneField(Resolution, models.PROTECT, related_name="activation")
    effective_from_date = models.DateField()
    activated_at = models.DateTimeField()
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-effective_from_date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["village", "version"], name="version_active_once_a_village"),
        ]
        triggers = append_only()
