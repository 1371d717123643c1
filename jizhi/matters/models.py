"""Matters, the log of their handling, photos, and the counters behind their numbers.

The log only grows; the state follows `rules.TRANSITIONS`, and a trigger in the database refuses any other way.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from jizhi.core.fields import EncryptedTextField, EnumField, enum_check
from jizhi.core.scope import RowScope, number, numbers
from jizhi.core.triggers import append_only, pairs
from jizhi.matters import rules


def photo_path(photo: "MatterPhoto", filename: str) -> str:
    """Photos are stored by their own digest, never under a name that somebody chose."""
    return f"matters/{photo.digest[:2]}/{photo.digest}.jpg"


# Whoever reports takes the next number of the village.
_HOME = f"village_id = {number('home')}"
_HOME_OR_SERVED = f"{_HOME} OR village_id = ANY {numbers('villages')}"


class Series(models.Model):
    """The last number given in a village in a year; its row is locked while a number is taken."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    row_scope = RowScope(village="village", read=_HOME, write=_HOME_OR_SERVED)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "year"], name="one_series_a_year")]


class Matter(models.Model):
    """Something that was reported, and where its handling stands. `version` is the number of its last step."""

    number = models.CharField(max_length=20)
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    place = models.CharField(max_length=200, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    kind = models.CharField(max_length=32)
    kind_zh = models.CharField(max_length=60, help_text="the kind's title as it was when the matter came in")
    kind_en = models.CharField(max_length=60, blank=True)
    urgent = models.BooleanField(default=False)
    handle_days = models.PositiveSmallIntegerField(default=7)
    words = models.TextField()
    household = models.ForeignKey(
        "people.Household",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="whom it is about",
    )
    channel = EnumField(rules.Channel)
    reported_at = models.DateTimeField()
    reported_date = models.DateField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    reporter = models.ForeignKey("people.Subject", models.PROTECT, related_name="+", null=True, blank=True)
    reporter_name = models.CharField(max_length=50, blank=True)
    reporter_phone = EncryptedTextField(null=True, blank=True)
    confidential = models.BooleanField(default=False)
    storey = EnumField(rules.Storey, default=rules.Storey.VILLAGE)
    state = EnumField(rules.MatterState, default=rules.MatterState.REPORTED)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    assignee_words = models.CharField(max_length=100, blank=True, help_text="an organisation that handles it")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    due_date = models.DateField(null=True, blank=True)
    paused_left = models.SmallIntegerField(
        null=True, blank=True, help_text="days left when the clock stopped"
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    was_late = models.BooleanField(default=False, help_text="a deadline passed at least once")
    closed_at = models.DateTimeField(null=True, blank=True)
    feedback = models.TextField(blank=True)
    told_how = EnumField(rules.ToldHow, blank=True)
    satisfied = models.BooleanField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", models.PROTECT, related_name="merged", null=True, blank=True)
    external_no = models.CharField(max_length=60, blank=True, help_text="its number in another system's list")
    request_key = models.CharField(max_length=80, unique=True)
    version = models.PositiveIntegerField(default=1)

    row_scope = RowScope(village="village", subject="reporter")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["village", "state", "due_date"], name="matter_village_due"),
            models.Index(fields=["storey", "state", "due_date"], name="matter_storey_due"),
            models.Index(fields=["state", "due_date", "id"], name="matter_due"),
            models.Index(fields=["reported_date"], name="matter_reported"),
            models.Index(fields=["village", "reported_date"], name="matter_village_reported"),
            models.Index(fields=["area", "state"], name="matter_area_state"),
            models.Index(fields=["assignee", "state"], name="matter_assignee"),
            models.Index(fields=["reported_by", "-id"], name="matter_reported_by"),
            models.Index(fields=["reporter", "-id"], name="matter_reporter"),
            GinIndex(
                fields=["words", "place", "number", "reporter_name"],
                opclasses=["gin_trgm_ops"] * 4,
                name="matter_search",
            ),
        ]
        constraints = [
            enum_check("matter_state_known", "state", rules.MatterState),
            enum_check("matter_storey_known", "storey", rules.Storey),
            models.UniqueConstraint(fields=["village", "number"], name="matter_number_once_a_village"),
            models.UniqueConstraint(
                fields=["village", "external_no"],
                condition=~models.Q(external_no=""),
                name="matter_external_no_once",
            ),
            models.CheckConstraint(
                name="closed_matter_has_feedback",
                condition=~models.Q(state="closed")
                | (~models.Q(feedback="") & models.Q(closed_at__isnull=False, handled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="merged_matter_names_the_other",
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="matter_place_has_both",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="matter_way", field="state", transitions=pairs(rules.TRANSITIONS)),
            pgtrigger.Protect(name="matter_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number


class Step(models.Model):
    """One step of a matter's handling. Steps are appended and never changed; `no` counts from 1."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="steps")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    no = models.PositiveIntegerField()
    verb = EnumField(rules.Verb)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    words = models.TextField(blank=True)
    from_state = EnumField(rules.MatterState, blank=True)
    to_state = EnumField(rules.MatterState)
    storey = EnumField(rules.Storey)
    assigned = models.CharField(max_length=200, blank=True, help_text="who was to handle it after this step")
    due_date = models.DateField(null=True, blank=True, help_text="the deadline after this step")
    request_key = models.CharField(max_length=80, unique=True)

    row_scope = RowScope(village="village", via=("matter",))

    class Meta:
        ordering = ["matter", "no"]
        constraints = [models.UniqueConstraint(fields=["matter", "no"], name="step_no_once")]
        triggers = append_only()


class MatterPhoto(models.Model):
    """A photo, re-encoded on arrival so that no metadata of the phone remains."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="photos")
    step = models.ForeignKey(Step, models.PROTECT, related_name="photos")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    file = models.FileField(upload_to=photo_path, max_length=200)
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    row_scope = RowScope(village="village", via=("matter",))

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["matter", "digest"], name="matter_photo_once")]
