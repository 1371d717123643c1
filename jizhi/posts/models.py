"""Posts over time: one user, one kind, one area, from a day to a day. What a post allows is in rules."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models

from jizhi.areas.models import Area
from jizhi.core.fields import EnumField, dates_in_order, enum_check, no_overlap
from jizhi.posts.rules import PostKind


class PostQuerySet(models.QuerySet["Post"]):
    """Filters that say when."""

    def held_on(self, day: dt.date) -> Self:
        """Posts held on that day, both ends inclusive."""
        return self.filter(from_date__lte=day).filter(
            models.Q(to_date__isnull=True) | models.Q(to_date__gte=day)
        )


class Post(models.Model):
    """A user's post in an area; it reaches every area below."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    kind = EnumField(PostKind)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="posts")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["area__path", "kind", "user__display_name", "id"]
        indexes = [models.Index(fields=["area", "kind"], name="post_area_kind")]
        constraints = [
            enum_check("post_kind_known", "kind", PostKind),
            dates_in_order("post_dates_in_order"),
            no_overlap("post_once_at_a_time", "user", "kind", "area"),
        ]

    def __str__(self) -> str:
        return f"{self.kind.label} {self.user_id} {self.area_id}"
