"""The audit trail's table. Rows are appended and never changed: triggers refuse the rest.

It is written through `core.audit` only; users and areas are kept as plain values because they live in apps above.
"""

from django.contrib.postgres.indexes import GistIndex
from django.db import models

from jizhi.core.fields import LtreeField
from jizhi.core.scope import RowScope, number
from jizhi.core.triggers import append_only


class AuditEvent(models.Model):
    """Who did what to which record, where and when. `by_id` is empty for the operator at the machine's console."""

    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True)
    verb = models.TextField()
    target_type = models.TextField(blank=True)
    target_id = models.TextField(blank=True)
    target_label = models.TextField(blank=True)
    area_path = LtreeField(null=True)
    detail = models.JSONField(default=dict)

    row_scope = RowScope(path="area_path", user="by_id", insert=f"by_id = {number('user')}")

    class Meta:
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["by_id", "at"], name="audit_by"),
            GistIndex(fields=["area_path"], name="audit_area"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id}"
