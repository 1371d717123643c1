"""The record of a village's meeting: what was put to it, who came, how they voted, how the township answered.

Numbers and text stay as recorded, whether the motion carried or not; only the filing moves on.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.lookups import LessThanOrEqual

from jizhi.assemblies import rules
from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only, pairs
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.schemes.models import attended, carried
from jizhi.schemes.rules import MeetingKind

PUBLISHED = "what a village resolved hangs on its board"
LOCKED = [
    "village", "about", "title", "motion", "version", "fen", "source", "from_date", "to_date", "period",
    "per_member", "floor_fen", "cap_fen", "kind", "announced_date", "held_on_date", "place", "chair", "recorder",
    "members", "present", "votes_for", "against", "abstain", "carried", "recorded_at", "recorded_by",
]  # fmt: skip


def photo_path(photo: AssemblyPhoto, filename: str) -> str:
    """Photos and documents are stored by their own digest, never under a name that somebody chose."""
    suffix = photo.name.rpartition(".")[2] or "jpg"
    return f"assemblies/{photo.digest[:2]}/{photo.digest}.{suffix}"


class AssemblyQuerySet(models.QuerySet["Assembly"]):
    """Filters that say whose."""

    def visible_to(self, user: Any, on: dt.date) -> Self:
        """Records of the villages in which the user reads the ledger."""
        return self.filter(village__path__within=posts.scope_paths(user, Action.VIEW_LEDGER, on))


class Assembly(models.Model):
    """One motion put to one meeting. Money is in fen; which fields it needs depends on what it is about."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="assemblies")
    about = EnumField(rules.About)
    title = models.CharField(max_length=120)
    motion = models.TextField()
    version = models.ForeignKey(
        "schemes.SchemeVersion", models.PROTECT, related_name="assemblies", null=True, blank=True
    )
    fen = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    from_date = models.DateField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True)
    period = models.CharField(max_length=10, blank=True)
    per_member = models.BooleanField(default=False)
    floor_fen = models.BigIntegerField(default=0)
    cap_fen = models.BigIntegerField(null=True, blank=True)
    kind = EnumField(MeetingKind)
    announced_date = models.DateField()
    held_on_date = models.DateField()
    place = models.CharField(max_length=80, blank=True)
    chair = models.CharField(max_length=40)
    recorder = models.CharField(max_length=40)
    members = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    votes_for = models.PositiveIntegerField()
    against = models.PositiveIntegerField()
    abstain = models.PositiveIntegerField()
    carried = models.BooleanField()
    state = EnumField(rules.FilingState, default=rules.FilingState.RECORDED)
    filing_number = models.CharField(max_length=60, blank=True)
    receipt = models.CharField(max_length=60, blank=True, help_text="the township's number")
    resolution = models.OneToOneField(
        "schemes.Resolution", models.PROTECT, related_name="assembly", null=True, blank=True
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", public=PUBLISHED)
    objects = AssemblyQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on_date", "-id"]
        indexes = [models.Index(fields=["village", "-held_on_date"], name="assembly_village_day")]
        constraints = [
            enum_check("assembly_about_known", "about", rules.About),
            models.CheckConstraint(
                name="assembly_counts_fit",
                condition=models.Q(present__lte=models.F("members"))
                & models.Q(
                    LessThanOrEqual(
                        models.F("votes_for") + models.F("against") + models.F("abstain"), models.F("present")
                    )
                ),
            ),
            models.CheckConstraint(
                name="assembly_carried_by_law",
                condition=models.Q(carried=False) | (attended() & carried()),
            ),
            models.CheckConstraint(
                name="assembly_filed_when_carried",
                condition=models.Q(carried=True) | models.Q(state="recorded"),
            ),
            models.CheckConstraint(
                name="assembly_filing_has_numbers",
                condition=models.Q(state="recorded")
                | (~models.Q(filing_number="") & (~models.Q(state="acknowledged") | ~models.Q(receipt=""))),
            ),
            models.CheckConstraint(
                name="assembly_has_its_figures",
                condition=models.Q(about="other")
                | models.Q(about="scheme", version__isnull=False)
                | models.Q(
                    about="fund", fen__gt=0, from_date__isnull=False, to_date__gte=models.F("from_date")
                )
                | (models.Q(about="dividend", fen__gt=0) & ~models.Q(period="")),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="assembly_way", field="state", transitions=pairs(rules.FILING_TRANSITIONS)),
            pgtrigger.Protect(name="assembly_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="assembly_as_recorded", fields=LOCKED),
        ]

    def __str__(self) -> str:
        return self.title


class AssemblyStep(models.Model):
    """One step of the filing, with whoever took it."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="steps")
    state = EnumField(rules.FilingState)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via_writers=("assembly",))

    class Meta:
        ordering = ["id"]
        triggers = append_only()


class AssemblyPhoto(models.Model):
    """A photo of the signed minutes, re-encoded on arrival; or, with a `name`, a document as it came."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="photos")
    file = models.FileField(upload_to=photo_path, max_length=200)
    name = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(via_writers=("assembly",))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "digest"], name="minutes_photo_once_a_record")
        ]
