"""What a subject was told, and uploaded rosters between their dry run and their confirmation."""

from django.conf import settings
from django.db import models

from jizhi.areas.models import Area
from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.people.rules import ImportState


class Message(models.Model):
    """What a subject was told, in both languages; it stays after it was read."""

    subject = models.ForeignKey("people.Subject", on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(via_writers=("subject",))

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["subject", "-created_at"], name="message_inbox")]

    def __str__(self) -> str:
        return self.title


class RosterImport(models.Model):
    """An uploaded roster between dry run and confirmation. The file is sealed, and dropped once applied."""

    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="roster_imports")
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    report = models.JSONField(default=dict)
    state = EnumField(ImportState, default=ImportState.DRY_RUN)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="roster_imports"
    )
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [enum_check("roster_import_state_known", "state", ImportState)]

    def __str__(self) -> str:
        return self.filename
