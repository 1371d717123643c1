"""Published scheme versions, the resolutions that adopt them, and their activation village by village.

A version's text is stored as it was loaded and never edited; an amendment is a new version. What a document
means is the engine's business, not this app's.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from jizhi.core.fields import EnumField
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only
from jizhi.schemes import rules

PUBLISHED = "the rules a village lives by hang on its board"


class Pack(models.Model):
    """The county's pack: its legal clocks and calendar, as adopted with the schemes."""

    area = models.OneToOneField("areas.Area", models.PROTECT, related_name="pack")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    post_by_day = models.PositiveSmallIntegerField(default=15)
    window_days = models.PositiveSmallIntegerField(default=7)
    answer_days = models.PositiveSmallIntegerField(default=7)
    hand_up_days = models.PositiveSmallIntegerField(default=15)
    escalate_days = models.PositiveSmallIntegerField(default=15)
    public_days = models.PositiveSmallIntegerField(default=180)
    summary_days = models.PositiveSmallIntegerField(default=45)
    appeal_days = models.PositiveSmallIntegerField(default=15)
    working_days = models.BooleanField(default=False)
    opening_day = models.PositiveSmallIntegerField(default=1)
    opening_every = models.CharField(max_length=10, default="month")
    visits = models.JSONField(
        default=dict, help_text="the pack's `visits`, as engine.document.gridwork has it"
    )
    book = models.JSONField(default=list, help_text="the pack's `book`: the lines of the household book")
    matters = models.JSONField(default=dict, help_text="the pack's `matters`: kinds and clocks")
    panels = models.JSONField(default=dict, help_text="the pack's `panels`, as engine.document.pack has it")
    meeting_day = models.PositiveSmallIntegerField(default=25)
    claims = models.JSONField(default=dict, help_text="the pack's `claims`: what may be mended, what follows")
    loaded_at = models.DateTimeField()

    row_scope = RowScope(area="area", public=PUBLISHED)


class ClockChange(models.Model):
    """The county sets its clocks, within what the pack allows; the latest change holds for what is posted after it."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="clock_changes")
    post_by_day = models.PositiveSmallIntegerField()
    window_days = models.PositiveSmallIntegerField()
    answer_days = models.PositiveSmallIntegerField()
    hand_up_days = models.PositiveSmallIntegerField(default=15)
    escalate_days = models.PositiveSmallIntegerField()
    appeal_days = models.PositiveSmallIntegerField(default=15)
    public_days = models.PositiveSmallIntegerField()
    summary_days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via_writers=("pack",), public=PUBLISHED)

    class Meta:
        ordering = ["-id"]
        triggers = append_only()


class SchemeVersion(models.Model):
    """One version of one scheme: the document's own text, its digest and the day from which it applies."""

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="scheme_versions")
    scheme = models.CharField(max_length=60)
    applies_from_date = models.DateField()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    source = models.TextField()
    cases = models.TextField(blank=True, help_text="the version's own cases, as `jizhi test` reads them")
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(area="area", public=PUBLISHED)

    class Meta:
        ordering = ["scheme", "-applies_from_date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["area", "scheme", "applies_from_date"], name="one_version_a_day"),
        ]
        triggers = append_only()


def attended() -> models.Q:
    """Enough members came, as `rules.ATTENDANCE_MIN` has it; for the database."""
    found = models.Q()
    for kind, (numerator, denominator, equal_is_enough) in rules.ATTENDANCE_MIN.items():
        have, need = models.F("present") * denominator, models.F("members") * numerator
        found |= models.Q(
            models.Q(kind=kind.value)
            & (GreaterThanOrEqual(have, need) if equal_is_enough else GreaterThan(have, need))
        )
    return found


def carried() -> models.Q:
    """More than half of those present were in favour; for the database."""
    return models.Q(GreaterThan(models.F("votes_for") * 2, models.F("present")))


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

    row_scope = RowScope(village="village", public=PUBLISHED)

    class Meta:
        ordering = ["-held_on_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(present__lte=models.F("members"), votes_for__lte=models.F("present")),
                name="resolution_counts_fit",
            ),
            models.CheckConstraint(condition=attended() & carried(), name="resolution_carries"),
            models.CheckConstraint(condition=~models.Q(filing_number=""), name="resolution_is_filed"),
        ]
        triggers = append_only()


_OWN_RESOLUTION = pgtrigger.Trigger(
    name="own_resolution",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM schemes_resolution r WHERE r.id = NEW.resolution_id AND r.village_id = NEW.village_id
            AND r.version_id = NEW.version_id AND r.held_on_date <= NEW.effective_from_date
        ) THEN RAISE EXCEPTION 'no resolution of this village on this version'; END IF;
        RETURN NEW;
    """,
)


class Activation(models.Model):
    """From which day a version is in force in a village, and by which resolution."""

    version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="activations")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="activations")
    resolution = models.OneToOneField(Resolution, models.PROTECT, related_name="activation")
    effective_from_date = models.DateField()
    activated_at = models.DateTimeField()
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", public=PUBLISHED)

    class Meta:
        ordering = ["-effective_from_date", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["village", "version"], name="version_active_once_a_village"),
        ]
        triggers = [*append_only(), _OWN_RESOLUTION]
