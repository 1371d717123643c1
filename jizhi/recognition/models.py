"""Rounds of three-party recognition: a sheet for each household, a line for each item that any party scored."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jizhi.core.fields import EnumField, dates_in_order, enum_check, no_overlap
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only, pairs
from jizhi.recognition import rules


def _amount() -> "models.DecimalField[Decimal | None, Decimal | None]":
    """How often or how much a party says; empty where it said nothing."""
    return models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)


class Round(models.Model):
    """A span of time that a village looks back on, household by household."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="recognition_rounds")
    scheme = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    from_date = models.DateField()
    to_date = models.DateField()
    self_until_date = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", seen_via=("sheets",))

    class Meta:
        ordering = ["-id"]
        constraints = [
            dates_in_order("round_dates_in_order"),
            no_overlap("round_once_at_a_time", "village", "scheme"),
        ]

    def __str__(self) -> str:
        return self.title


class Sheet(models.Model):
    """A household's sheet in a round: what it says of itself, what the team found, what the group decided."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="sheets")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="recognition_sheets")
    state = EnumField(rules.SheetState, default=rules.SheetState.OPEN)
    self_channel = EnumField(rules.SelfChannel, blank=True)
    self_at = models.DateTimeField(null=True, blank=True)
    self_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    team_at = models.DateTimeField(null=True, blank=True)
    team_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    meeting = models.ForeignKey(
        "reviews.Meeting", models.PROTECT, related_name="recognition_sheets", null=True, blank=True
    )
    reason = models.TextField(
        blank=True, help_text="why the group decided otherwise than the team or the household"
    )

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        ordering = ["round", "id"]
        constraints = [
            enum_check("recognition_state_known", "state", rules.SheetState),
            models.UniqueConstraint(fields=["round", "subject"], name="recognised_once_a_round"),
            models.CheckConstraint(
                name="decided_sheet_has_a_meeting",
                condition=~models.Q(state="decided")
                | models.Q(meeting__isnull=False, decided_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="recognition_way", field="state", transitions=pairs(rules.SHEET_TRANSITIONS)),
            pgtrigger.Protect(name="sheet_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Line(models.Model):
    """One item on a sheet with its three columns; an empty amount means that the party said nothing."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="lines")
    item = models.CharField(max_length=60)
    self_amount = _amount()
    self_grade = models.CharField(max_length=60, blank=True)
    self_words = models.CharField(max_length=200, blank=True)
    self_days = ArrayField(models.DateField(), default=list, blank=True)
    team_amount = _amount()
    team_grade = models.CharField(max_length=60, blank=True)
    team_words = models.CharField(max_length=200, blank=True)
    team_days = ArrayField(models.DateField(), default=list, blank=True)
    decided_amount = _amount()
    decided_grade = models.CharField(max_length=60, blank=True)

    row_scope = RowScope(via=("sheet",))

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["sheet", "item"], name="item_once_a_sheet")]

    def __str__(self) -> str:
        return self.item


def photo_path(photo: "LinePhoto", filename: str) -> str:
    """Photos are stored by their own digest."""
    return f"recognition/{photo.digest[:2]}/{photo.digest}.jpg"


class LinePhoto(models.Model):
    """A photo that the team brought for a line; it goes along to the claim that the line becomes."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="photos")
    file = models.FileField(upload_to=photo_path, max_length=200)
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via=("line",))

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["line", "digest"], name="line_photo_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return self.digest


class LineClaim(models.Model):
    """A claim that a decided line became: one, or one for each time."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="claims")
    number = models.PositiveSmallIntegerField()
    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="recognition_line")

    row_scope = RowScope(via=("line",))

    class Meta:
        ordering = ["line", "number"]
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="recognised_claim_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.line_id}-{self.number}"
