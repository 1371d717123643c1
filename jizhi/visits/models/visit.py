"""What was recorded at the door. A visit is changed on its own day only; afterwards it grows by additions."""

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.visits import rules


def photo_path(photo: "VisitPhoto", filename: str) -> str:
    """Photos are stored by their own digest, never under a name that somebody chose."""
    return f"visits/{photo.digest[:2]}/{photo.digest}.jpg"


class VisitQuerySet(models.QuerySet["Visit"]):
    """Filters that say whose."""

    def visible_to(self, user: Any, on: dt.date) -> Self:
        """Visits in the areas in which the user visits or looks at coverage."""
        paths = {*posts.scope_paths(user, Action.KEEP_BOOK, on)}
        paths |= {*posts.scope_paths(user, Action.VIEW_COVERAGE, on)}
        return self.filter(area__path__within=sorted(paths))


class Visit(models.Model):
    """Somebody looked after a household: when, how, what about."""

    household = models.ForeignKey("people.Household", models.PROTECT, related_name="visits")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="visits")
    visited_at = models.DateTimeField()
    how = EnumField(rules.How)
    topics = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    note = models.TextField(blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    request_key = models.CharField(max_length=80, unique=True)
    visited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    changed_key = models.CharField(max_length=80, blank=True, help_text="request key of the last change")

    row_scope = RowScope(village="village", seen_via=("household",))
    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-visited_at", "-id"]
        indexes = [
            models.Index(fields=["household", "-visited_at"], name="visit_household"),
            models.Index(fields=["area", "-visited_at"], name="visit_area"),
            models.Index(fields=["-visited_at", "-id"], name="visit_newest"),
            models.Index(fields=["visited_by", "-visited_at"], name="visit_by"),
        ]
        constraints = [
            enum_check("visit_how_known", "how", rules.How),
            models.CheckConstraint(
                name="visit_position_whole",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]
        triggers = [pgtrigger.Protect(name="visit_stays", operation=pgtrigger.Delete)]


class VisitAddition(models.Model):
    """What was added or put right after the day of the visit; the visit itself stays as it was."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="additions")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    text = models.TextField()
    request_key = models.CharField(max_length=80, unique=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", seen_via=("visit",))

    class Meta:
        ordering = ["id"]
        triggers = append_only()


class VisitPhoto(models.Model):
    """A photo taken at the visit, re-encoded on arrival so that no metadata of the phone remains."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    file = models.FileField(upload_to=photo_path, max_length=200)
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", seen_via=("visit",))

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["visit", "digest"], name="photo_once_a_visit")]
