"""Levels and areas, what they were over time, and their boundaries on the ground.

One table with an ltree path, so that a scope is a path prefix; who serves an area is in posts.
"""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models

from jizhi.areas.rules import BoundarySource, ChangeKind, Datum, UploadKind
from jizhi.core.fields import EnumField, LtreeField, dates_in_order, enum_check, no_overlap
from jizhi.core.periods import lasting_on
from jizhi.core.scope import RowScope, open_to_all
from jizhi.core.triggers import append_only


class Level(models.Model):
    """A storey of the tree as the county names it: county, township, village, and the grids inside a village."""

    key = models.CharField(max_length=32, primary_key=True)
    title = models.CharField(max_length=50)
    title_en = models.CharField(max_length=50, blank=True)
    depth = models.PositiveSmallIntegerField(unique=True)
    is_grid = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title

    row_scope = open_to_all("names of the storeys of the tree", read_only=True)


class AreaQuerySet(models.QuerySet["Area"]):
    """Filters that say where and when."""

    def within(self, paths: list[str]) -> Self:
        """Areas at or below any of the paths (a user's scope, from posts.selectors.scope_paths)."""
        return self.filter(path__within=paths)

    def open_on(self, day: dt.date) -> Self:
        """Areas that exist on that day."""
        return self.filter(lasting_on(day))


class Area(models.Model):
    """One area; its code is the last label of its path and never changes, its name may."""

    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    pinyin = models.TextField(blank=True)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="areas")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = LtreeField(unique=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(path="path", open="geography, read before anybody is known and joined by every list")
    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [
            GistIndex(fields=["path"], name="area_path"),
            models.Index(fields=["level", "to_date"], name="area_level_open"),
            GinIndex(
                fields=["name", "pinyin"], opclasses=["gin_trgm_ops", "gin_trgm_ops"], name="area_search"
            ),
        ]
        constraints = [
            dates_in_order("area_dates_in_order"),
            models.CheckConstraint(
                name="area_code_is_label", condition=models.Q(code__regex=r"^[a-z0-9_]+$")
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=models.Q(to_date__isnull=True),
                name="area_name_once_per_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaPeriod(models.Model):
    """What an area was called and where it lay, from a day to a day. One row answers for any day."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="periods")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    parent = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    path = LtreeField()
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(path="path", public="geography over time")

    class Meta:
        ordering = ["area", "from_date"]
        indexes = [GistIndex(fields=["path"], name="area_period_path")]
        constraints = [
            dates_in_order("area_period_dates_in_order"),
            no_overlap("area_period_once_a_day", "area"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.from_date}"


class AreaChange(models.Model):
    """Something that happened to an area. Rows only grow; a mistake is undone by another change."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="changes")
    kind = EnumField(ChangeKind)
    on_date = models.DateField()
    other = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    path_before = LtreeField(null=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150, blank=True)

    row_scope = RowScope(via_writers=("area",), public="what happened to an area is known to all")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["area", "-id"], name="area_change_latest")]
        constraints = [enum_check("area_change_kind_known", "kind", ChangeKind)]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.area_id} {self.on_date}"


class Boundary(models.Model):
    """An area's outline on the ground from a day to a day, as the coordinates of a GeoJSON MultiPolygon."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="boundaries")
    coordinates = models.JSONField()
    datum = EnumField(Datum, default=Datum.WGS84)
    source = EnumField(BoundarySource)
    note = models.CharField(max_length=200, blank=True)
    square_metres = models.FloatField()
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(via_writers=("area",), public="outlines of areas are on every map")

    class Meta:
        ordering = ["area", "from_date"]
        constraints = [
            enum_check("boundary_datum_known", "datum", Datum),
            enum_check("boundary_source_known", "source", BoundarySource),
            dates_in_order("boundary_dates_in_order"),
            no_overlap("boundary_once_a_day", "area"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.from_date}"


class AreaUpload(models.Model):
    """A file of areas or boundaries that was uploaded: looked at first, written once. `area` is the scope it is for."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="uploads")
    kind = EnumField(UploadKind)
    filename = models.CharField(max_length=200)
    content = models.BinaryField()
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(area="area")

    class Meta:
        ordering = ["-id"]
        constraints = [enum_check("area_upload_kind_known", "kind", UploadKind)]

    def __str__(self) -> str:
        return self.filename
