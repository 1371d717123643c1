"""Settled periods: what the batch evaluator found for each subject, stored with a digest.

A settlement is never edited. When later entries change a period, a new revision is stored beside the old one.
"""

from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only
from jizhi.settlement import rules


class Settlement(models.Model):
    """One village, scheme and period as settled at one moment."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="settlements")
    scheme = models.CharField(max_length=60)
    kind = EnumField(rules.PeriodKind)
    period = models.CharField(max_length=10)
    revision = models.PositiveSmallIntegerField(default=1)
    from_date = models.DateField()
    to_date = models.DateField()
    subjects = models.PositiveIntegerField()
    facts = models.PositiveIntegerField()
    awarded = models.BigIntegerField(
        help_text="sum of awarded points, hundredths, as the batch evaluator has it"
    )
    ledger = models.BigIntegerField(help_text="sum of the ledger's entries of the period, hundredths")
    differences = models.JSONField(
        default=list, help_text="facts on which evaluator and ledger differ: must be empty"
    )
    digest = models.CharField(max_length=64)
    settled_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", neighbours=True)

    class Meta:
        ordering = ["-from_date", "-revision", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "scheme", "kind", "period", "revision"], name="one_settlement_a_revision"
            ),
        ]
        triggers = append_only()


class Standing(models.Model):
    """One subject's line in a settlement; points in hundredths."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="standings")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="standings")
    base = models.BigIntegerField()
    awarded = models.BigIntegerField()
    total = models.BigIntegerField()
    rank = models.PositiveIntegerField()
    level = models.CharField(max_length=60, blank=True)
    vetoed = models.BooleanField(default=False)

    row_scope = RowScope(subject="subject", via_writers=("settlement",))

    class Meta:
        ordering = ["rank", "subject_id"]
        constraints = [
            models.UniqueConstraint(fields=["settlement", "subject"], name="one_standing_a_subject")
        ]
        triggers = append_only()
