"""Levels and areas. One table with an ltree path, so that a scope is a path prefix; who serves an area is in posts."""

import datetime as dt
from typing import Self

from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models

from jizhi.core.fields import LtreeField, dates_in_order


class Level(models.Model):
    """A storey of the tree as the county names it: county, township, village, grid."""

    key = models.CharField(max_length=32, primary_key=True)
    title = models.CharField(max_length=50)
    title_en = models.CharField(max_length=50, blank=True)
    depth = models.PositiveSmallIntegerField(unique=True)

    def __str__(self) -> str:
        return self.title


class AreaQuerySet(models.QuerySet["Area"]):
    """Filters that say where and when."""

    def within(self, paths: list[str]) -> Self:
        """Areas at or below any of the paths (a user's scope, from posts.selectors.scope_paths)."""
        return self.filter(path__within=paths)

    def open_on(self, day: dt.date) -> Self:
        """Areas that exist on that day."""
        return self.filter(from_date__lte=day).filter(
            models.Q(to_date__isnull=True) | models.Q(to_date__gte=day)
        )


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

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [
            GistIndex(fields=["path"], name="area_path"),
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
