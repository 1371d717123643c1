"""Uploaded tables between dry run and confirmation: the import, its file in parts, its rows and their problems.

Rows and files may hold numbers of persons: both are sealed, and dropped once they are written to the registers.
"""

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.areas.models import Area
from jizhi.core.fields import EncryptedTextField, EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import pairs
from jizhi.imports import rules


class Import(models.Model):
    """One uploaded table. The cursor (`at_group`, `at_number`) and the counts move with each chunk's transaction."""

    kind = models.CharField(max_length=40)
    area = models.ForeignKey(Area, models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    request_key = models.CharField(max_length=80, unique=True)
    state = EnumField(rules.ImportState, default=rules.ImportState.UPLOADED)
    step = EnumField(rules.Step, default=rules.Step.READ)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    at_group = models.CharField(max_length=100, blank=True)
    at_number = models.PositiveIntegerField(default=0)
    planned = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    unused = models.JSONField(default=list, help_text="titles of columns that nobody asked for")
    fault = models.TextField(blank=True)
    fault_en = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="imports")
    at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(area="area")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["area", "-at"], name="import_area")]
        constraints = [
            enum_check("import_state_known", "state", rules.ImportState),
            enum_check("import_step_known", "step", rules.Step),
        ]
        triggers = [
            pgtrigger.FSM(name="import_way", field="state", transitions=pairs(rules.TRANSITIONS)),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportPart(models.Model):
    """A piece of the file, sealed."""

    upload = models.ForeignKey(Import, models.CASCADE, related_name="parts")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    row_scope = RowScope(via=("upload",))

    class Meta:
        ordering = ["upload", "number"]
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="import_part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"


class ImportRow(models.Model):
    """A row as read; `number` counts through the whole file, `line` is what the spreadsheet shows."""

    upload = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=100)
    line = models.PositiveIntegerField()
    group = models.CharField(max_length=100, blank=True, db_collation="C")
    identity = models.CharField(max_length=64, blank=True)
    content = EncryptedTextField()
    refused = models.BooleanField(default=False)

    row_scope = RowScope(via=("upload",))

    class Meta:
        ordering = ["upload", "group", "number"]
        indexes = [
            models.Index(fields=["upload", "group", "number"], name="import_row_order"),
            models.Index(
                fields=["upload", "identity"], condition=~models.Q(identity=""), name="import_row_identity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"


class ImportHandout(models.Model):
    """What an import told about a row once, sealed: dropped as soon as the uploader has taken it."""

    upload = models.ForeignKey(Import, models.CASCADE, related_name="handouts")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    content = EncryptedTextField()
    kept_at = models.DateTimeField(help_text="since when it waits")

    row_scope = RowScope(via=("upload",))

    class Meta:
        ordering = ["upload", "id"]

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.pk}"


class ImportProblem(models.Model):
    """Why a row is refused. Values of numbers are masked."""

    upload = models.ForeignKey(Import, models.CASCADE, related_name="problems", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=100)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    reason_en = models.TextField(blank=True)

    row_scope = RowScope(via=("upload",))

    class Meta:
        ordering = ["upload", "number", "id"]
        indexes = [models.Index(fields=["upload", "number", "id"], name="import_problem_order")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.line}: {self.reason}"
