"""Double reporting: units report in communities, their members serve in grids, and confirmed services count.

The state of a service follows `rules.TRANSITIONS`; a trigger in the database refuses any other way.
"""

import datetime as dt
from typing import Any, Self

import pgtrigger
from django.conf import settings
from django.db import models

from jizhi.core.fields import EnumField, dates_in_order, enum_check, no_overlap
from jizhi.core.periods import lasting_on
from jizhi.core.scope import RowScope
from jizhi.core.triggers import pairs
from jizhi.organisations import rules
from jizhi.organisations.models.tree import Organisation
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class ScopedQuerySet(models.QuerySet[Any]):
    """Filters that say whose and when, for rows with an area."""

    def visible_to(self, user: Any, on: dt.date) -> Self:
        """Rows in the areas where the user may look at organisations."""
        return self.filter(area__path__within=posts.scope_paths(user, Action.VIEW_ORGANISATIONS, on))

    def on(self, day: dt.date) -> Self:
        """Rows that hold on that day, both ends inclusive."""
        return self.filter(lasting_on(day))


class UnitReport(models.Model):
    """A unit reports in a community or village: `area` is where, the unit itself sits anywhere."""

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="reports")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="unit_reports")
    contact_name = models.CharField(max_length=50, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(area="area")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["area__path", "unit__name", "id"]
        constraints = [
            dates_in_order("unit_report_dates_in_order"),
            no_overlap("unit_reports_once_at_a_time", "unit", "area"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} reports in {self.area_id}"


class Reporter(models.Model):
    """A member of a unit who reports in a community and serves in a grid of it. The person may live elsewhere."""

    report = models.ForeignKey(UnitReport, models.PROTECT, related_name="reporters")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="reporters")
    grid = models.ForeignKey(
        "areas.Area", models.PROTECT, related_name="grid_reporters", null=True, blank=True
    )
    name = models.CharField(max_length=50)
    pinyin = models.TextField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    duty = models.CharField(max_length=80, blank=True)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="reporters", null=True, blank=True
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reporters", null=True, blank=True
    )
    request_key = models.CharField(max_length=80, unique=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(area="area")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["report", "name", "id"]
        indexes = [models.Index(fields=["area", "name"], name="reporter_area_name")]
        constraints = [
            dates_in_order("reporter_dates_in_order"),
            no_overlap("person_reports_once_at_a_time", "person"),
            no_overlap("user_reports_once_at_a_time", "user"),
            no_overlap("name_reports_once_at_a_time", "report", "name", "phone"),
        ]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """What a reporter did on a day, in minutes; it counts once confirmed by somebody other than who recorded it."""

    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="services")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="services")
    day = models.DateField()
    minutes = models.PositiveIntegerField()
    words = models.CharField(max_length=200)
    place = models.CharField(max_length=80, blank=True)
    request_key = models.CharField(max_length=80, unique=True)
    state = EnumField(rules.ServiceState, default=rules.ServiceState.RECORDED)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(max_length=200, blank=True)

    row_scope = RowScope(area="area")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["area", "state", "-day"], name="service_area_state"),
            models.Index(fields=["reporter", "state", "day"], name="service_reporter_state"),
        ]
        constraints = [
            enum_check("service_state_known", "state", rules.ServiceState),
            models.CheckConstraint(
                name="service_minutes_of_a_day",
                condition=models.Q(minutes__gte=1, minutes__lte=rules.MINUTES_MAX),
            ),
            models.CheckConstraint(
                name="service_confirmed_by_another",
                condition=models.Q(closed_by__isnull=True)
                | models.Q(recorded_by__isnull=True)
                | ~models.Q(closed_by=models.F("recorded_by"))
                | ~models.Q(state="confirmed"),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="service_way", field="state", transitions=pairs(rules.TRANSITIONS)),
            pgtrigger.Protect(name="service_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.words} {self.day}"
