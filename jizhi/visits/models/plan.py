"""Which classes a household is in, which day it is due, and the month of each grid added up.

The counts are derived: they are made anew from plan and visits whenever one of them changes, never edited.
"""

from django.conf import settings
from django.db import models

from jizhi.core.fields import dates_in_order, no_overlap
from jizhi.core.scope import RowScope
from jizhi.visits.models.visit import Visit


class HouseholdClass(models.Model):
    """A household was in a class of the county's pack from a day until a day; such as old people who live alone."""

    household = models.ForeignKey("people.Household", models.PROTECT, related_name="visit_classes")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    key = models.CharField(max_length=32)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    row_scope = RowScope(village="village", seen_via=("household",))

    class Meta:
        ordering = ["household_id", "key", "-from_date"]
        indexes = [
            models.Index(fields=["village", "key"], name="class_village"),
            models.Index(
                fields=["key", "household"], condition=models.Q(to_date__isnull=True), name="class_open"
            ),
        ]
        constraints = [
            dates_in_order("household_class_dates_in_order"),
            no_overlap("household_class_once_at_a_time", "household", "key"),
        ]


class PlannedVisit(models.Model):
    """A household is due on a day; `place` is its place along the way. Done once a visit was recorded for it."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="planned_visits")
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="planned_visits")
    month = models.DateField()
    due_date = models.DateField()
    place = models.PositiveIntegerField()
    street = models.CharField(max_length=60, blank=True)
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="planned", null=True, blank=True)

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["due_date", "place", "id"]
        indexes = [
            models.Index(fields=["area", "month", "due_date", "place"], name="planned_area_month"),
            models.Index(fields=["month", "household"], name="planned_month"),
            models.Index(
                fields=["due_date", "area"], condition=models.Q(visit__isnull=True), name="planned_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["household", "due_date"], name="planned_once_a_day"),
            models.CheckConstraint(
                name="planned_within_month",
                condition=models.Q(month__day=1, due_date__gte=models.F("month")),
            ),
        ]


class MonthCount(models.Model):
    """The month of one grid (or of a village's households without one) added up; also says that a plan was made."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="month_counts")
    month = models.DateField()
    planned_on = models.DateField()
    households = models.PositiveIntegerField(default=0)
    special = models.PositiveIntegerField(default=0)
    planned = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    last_visit_at = models.DateTimeField(null=True, blank=True)

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["month", "area_id"]
        indexes = [models.Index(fields=["month", "area"], name="month_count_month")]
        constraints = [models.UniqueConstraint(fields=["area", "month"], name="month_count_once")]
