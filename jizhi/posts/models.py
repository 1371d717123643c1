"""Posts over time: one user, one kind, one area, from a day to a day. What a post allows is in rules."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models

from jizhi.areas.models import Area
from jizhi.core.fields import EnumField, dates_in_order, enum_check, no_overlap
from jizhi.core.periods import lasting_on
from jizhi.core.scope import RowScope
from jizhi.posts.rules import PostKind


class PostQuerySet(models.QuerySet["Post"]):
    """Filters that say when."""

    def held_on(self, day: dt.date) -> Self:
        """Posts held on that day, both ends inclusive."""
        return self.filter(lasting_on(day))


class Post(models.Model):
    """A user's post in an area; it reaches every area below.

    A deputy's post points at the post it stands in for and always has a last day; `succeeds` is the post that was
    handed over to this one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    kind = EnumField(PostKind)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="posts")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    deputy_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="deputies", null=True, blank=True
    )
    succeeds = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="successor", null=True, blank=True
    )

    row_scope = RowScope(area="area", public="who serves where hangs on the village's board")
    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["area__path", "kind", "user__display_name", "id"]
        indexes = [
            models.Index(fields=["area", "kind"], name="post_area_kind"),
            models.Index(fields=["kind", "area"], name="post_kind_area"),
            models.Index(fields=["to_date"], condition=models.Q(to_date__isnull=False), name="post_last_day"),
        ]
        constraints = [
            enum_check("post_kind_known", "kind", PostKind),
            dates_in_order("post_dates_in_order"),
            no_overlap("post_once_at_a_time", "user", "kind", "area"),
            no_overlap("post_one_deputy_at_a_time", "deputy_for"),
            models.CheckConstraint(
                name="deputy_has_a_last_day",
                condition=models.Q(deputy_for__isnull=True) | models.Q(to_date__isnull=False),
            ),
            models.CheckConstraint(
                name="deputy_succeeds_nobody",
                condition=models.Q(deputy_for__isnull=True) | models.Q(succeeds__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind.label} {self.user_id} {self.area_id}"
