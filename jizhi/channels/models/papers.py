"""Sheets of paper to claim or to object on: printed in batches, each with a code that is used up once."""

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.channels import rules
from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only, pairs


class PaperBatch(models.Model):
    """Sheets that were printed at one time for a village."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="paper_batches")
    kind = EnumField(rules.SheetKind, default=rules.SheetKind.CLAIM)
    scheme = models.CharField(max_length=60)
    title = models.CharField(max_length=80, blank=True)
    request_key = models.CharField(max_length=80, unique=True)
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["-id"]
        constraints = [enum_check("paper_kind_known", "kind", rules.SheetKind)]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.pk}"


class PaperSheet(models.Model):
    """One sheet. It may be printed for a household; whoever keyed it in settled it, as did whoever spoiled it."""

    batch = models.ForeignKey(PaperBatch, models.PROTECT, related_name="sheets")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="paper_sheets")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=20, unique=True)
    subject = models.ForeignKey(
        "people.Subject", models.PROTECT, related_name="paper_sheets", null=True, blank=True
    )
    state = EnumField(rules.SheetState, default=rules.SheetState.PRINTED)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(max_length=200, blank=True)

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["village", "state", "number"], name="paper_village_state")]
        constraints = [
            enum_check("paper_state_known", "state", rules.SheetState),
            models.UniqueConstraint(fields=["village", "number"], name="paper_number_once_a_village"),
            models.CheckConstraint(
                name="paper_settled_says_when",
                condition=models.Q(state="printed", settled_at__isnull=True)
                | ~models.Q(state="printed") & models.Q(settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="paper_used_by_a_household",
                condition=~models.Q(state="used") | models.Q(subject__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="paper_way", field="state", transitions=pairs(rules.SHEET_TRANSITIONS)),
            pgtrigger.Protect(name="paper_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.code


class PaperLine(models.Model):
    """A line of a sheet and the claim it became; a line becomes one claim, a claim comes from one line."""

    sheet = models.ForeignKey(PaperSheet, models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="paper_line")

    row_scope = RowScope(via=("sheet",))

    class Meta:
        ordering = ["sheet", "number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="paper_line_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.sheet_id}-{self.number}"
