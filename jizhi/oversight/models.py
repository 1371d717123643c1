"""Weekly reports as they were sent to the township, and decisions that the township returned to a panel."""

from django.conf import settings
from django.db import models

from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only


class WeeklyReport(models.Model):
    """A village's figures of seven days, frozen when they were sent; by nobody when they went by themselves."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="weekly_reports")
    from_date = models.DateField()
    to_date = models.DateField()
    figures = models.JSONField()
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["-from_date", "village_id"]
        constraints = [
            models.UniqueConstraint(fields=["village", "from_date"], name="one_report_a_week"),
            models.CheckConstraint(
                name="report_of_some_days", condition=models.Q(to_date__gte=models.F("from_date"))
            ),
        ]
        triggers = append_only()


class Recheck(models.Model):
    """The township returned a decision with its reasons: what was posted is reversed, the panel decides anew."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="rechecks")
    decision = models.OneToOneField("reviews.Decision", models.PROTECT, related_name="recheck")
    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="rechecks")
    again = models.OneToOneField("claims.Claim", models.PROTECT, related_name="recheck_before")
    reason = models.TextField()
    returned_at = models.DateTimeField()
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", seen_via=("claim",))

    class Meta:
        ordering = ["-id"]
        triggers = append_only()
