"""Drafts of schemes with every save that was made of them, and what simulations of them found.

The text of a save is the one truth: what the pages show as tables is read from it. A draft binds nobody; it becomes a
version of `schemes`, and a resolution of the village makes that binding.
"""

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only, pairs
from jizhi.drafting import rules


class Draft(models.Model):
    """A scheme in the making. `number` is that of its last save; `version` is what became of it."""

    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="drafts")
    scheme = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    applies_from_date = models.DateField()
    base = models.ForeignKey(
        "schemes.SchemeVersion", models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    version = models.OneToOneField(
        "schemes.SchemeVersion", models.PROTECT, null=True, blank=True, related_name="draft"
    )
    number = models.PositiveIntegerField(default=1)
    state = EnumField(rules.DraftState, default=rules.DraftState.OPEN)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(area="area")

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            enum_check("draft_state_known", "state", rules.DraftState),
            models.CheckConstraint(
                condition=models.Q(version__isnull=True) | models.Q(state=rules.DraftState.PUBLISHED),
                name="draft_with_version_is_published",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="draft_way", field="state", transitions=pairs(rules.DRAFT_TRANSITIONS))
        ]

    def __str__(self) -> str:
        return self.title


class DraftSave(models.Model):
    """The whole text as it was saved once, with its cases, and what the save did."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="saves")
    number = models.PositiveIntegerField()
    source = models.TextField()
    cases = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    deed = EnumField(rules.Deed)
    about = models.CharField(max_length=200, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via=("draft",))

    class Meta:
        ordering = ["draft", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_save_a_number"),
            enum_check("draft_deed_known", "deed", rules.Deed),
        ]
        triggers = append_only()


class Simulation(models.Model):
    """A draft on the facts of some villages between two days. `digest` is the text's, `facts_digest` the facts'."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="simulations")
    number = models.PositiveIntegerField(help_text="the save that was simulated")
    digest = models.CharField(max_length=64)
    facts_digest = models.CharField(max_length=64, blank=True)
    from_date = models.DateField()
    to_date = models.DateField()
    villages = models.JSONField(help_text="codes of the villages, in order")
    fen_per_point = models.PositiveIntegerField()
    state = EnumField(rules.SimulationState, default=rules.SimulationState.WAITING)
    done = models.PositiveIntegerField(default=0, help_text="villages that are through")
    subjects = models.PositiveIntegerField(default=0)
    facts = models.PositiveIntegerField(default=0)
    result = models.JSONField(
        default=dict, help_text="sums, levels, outcomes and groups, as selectors read them"
    )
    fault = models.TextField(blank=True)
    fault_en = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(via=("draft",))

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [enum_check("simulation_state_known", "state", rules.SimulationState)]
        triggers = [
            pgtrigger.FSM(
                name="simulation_way", field="state", transitions=pairs(rules.SIMULATION_TRANSITIONS)
            )
        ]


class SimulatedChange(models.Model):
    """One subject under both documents; points in hundredths."""

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="changes")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="+")
    old_total = models.BigIntegerField()
    new_total = models.BigIntegerField()
    change = models.BigIntegerField()
    old_level = models.CharField(max_length=60, blank=True)
    new_level = models.CharField(max_length=60, blank=True)
    old_spendable = models.BigIntegerField()
    new_spendable = models.BigIntegerField()

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["simulation", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["simulation", "subject"], name="one_change_a_subject"),
        ]
        indexes = [models.Index(fields=["simulation", "change"], name="simulated_change")]
