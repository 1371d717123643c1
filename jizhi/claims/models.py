"""Claims and their evidence, through every channel, until the ledger takes over.

The state follows `rules.TRANSITIONS`; a trigger in the database refuses any other way.
"""

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.claims import rules
from jizhi.core.fields import EnumField


def evidence_path(evidence: "Evidence", filename: str) -> str:
    """Photos are stored by their own digest, never under a name that somebody chose."""
    return f"evidence/{evidence.digest[:2]}/{evidence.digest}.jpg"


class Claim(models.Model):
    """Somebody claims that a subject did something on a day, under an item of a scheme."""

    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="claims")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="claims")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    act_date = models.DateField()
    quantity = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    grade = models.CharField(max_length=60, blank=True)
    given = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    act = models.CharField(max_length=80, blank=True)
    words = models.TextField(blank=True)
    channel = EnumField(rules.Channel)
    request_key = models.CharField(max_length=80, unique=True)
    state = EnumField(rules.ClaimState, default=rules.ClaimState.FILED)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    note = models.TextField(blank=True, help_text="the last word of whoever verified, returned or decided")
    case = models.OneToOneField("reviews.Case", models.PROTECT, related_name="claim", null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    told_how = EnumField(rules.ToldHow, blank=True)
    fact = models.OneToOneField("ledger.Fact", models.PROTECT, related_name="claim", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["village", "state", "act_date"], name="claim_village_state"),
            models.Index(fields=["subject", "-id"], name="claim_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["posted", "reversed"]) | models.Q(fact__isnull=False),
                name="posted_claim_has_a_fact",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="claim_way", field="state", transitions=rules.transitions_for_trigger()),
            pgtrigger.Protect(name="claim_stays", operation=pgtrigger.Delete),
        ]


class Evidence(models.Model):
    """A photo, re-encoded on arrival so that no metadata of the phone remains."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence")
    file = models.FileField(upload_to=evidence_path, max_length=200)
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["claim", "digest"], name="photo_once_a_claim")]


class ClaimImport(models.Model):
    """An uploaded sheet of claims after its dry run, kept until somebody confirms or leaves it."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="claim_imports")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    answers = models.JSONField(
        default=dict, help_text="what the clerk answered to the questions of the dry run"
    )
    report = models.JSONField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
