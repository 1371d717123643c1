"""Organisations in one tree of their own, who belongs to them over time, and which staff are registered persons."""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models

from jizhi.core.fields import EnumField, LtreeField, dates_in_order, enum_check, no_overlap
from jizhi.core.periods import lasting_on
from jizhi.core.scope import PATHS, RowScope
from jizhi.organisations.rules import OrganisationKind, Role
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Filters that say whose and when."""

    def visible_to(self, user: Any, on: dt.date) -> Self:
        """Organisations that sit in the areas where the user may look at them."""
        return self.filter(area__path__within=posts.scope_paths(user, Action.VIEW_ORGANISATIONS, on))

    def open_on(self, day: dt.date) -> Self:
        """Organisations that exist on that day."""
        return self.filter(lasting_on(day))


# Staff see the organisations above them, too: a branch stands in a tree.
_ABOVE = f"area_id IN (SELECT a.id FROM areas_area a WHERE a.path @> ANY {PATHS})"  # noqa: S608


class Organisation(models.Model):
    """An organisation on an area. `path` is a tree of row numbers; `leader` names one who is no member."""

    kind = EnumField(OrganisationKind)
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    pinyin = models.TextField(blank=True)
    parent = models.ForeignKey("self", models.PROTECT, related_name="children", null=True, blank=True)
    path = LtreeField(unique=True)
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="organisations")
    leader = models.CharField(max_length=50, blank=True)
    contact = models.CharField(max_length=40, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    row_scope = RowScope(area="area", read=_ABOVE, seen_via=("reports",))
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [
            GistIndex(fields=["path"], name="organisation_path"),
            GinIndex(
                fields=["name", "pinyin"],
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                name="organisation_search",
            ),
            models.Index(fields=["area", "kind"], name="organisation_area_kind"),
            models.Index(fields=["kind", "name"], name="organisation_kind_name"),
        ]
        constraints = [
            enum_check("organisation_kind_known", "kind", OrganisationKind),
            dates_in_order("organisation_dates_in_order"),
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(code=""), name="organisation_code_once"
            ),
            models.UniqueConstraint(
                fields=["area", "kind", "name"],
                condition=models.Q(to_date__isnull=True),
                name="organisation_name_once_per_area",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BelongingQuerySet(models.QuerySet["Belonging"]):
    """Filters that say when."""

    def on(self, day: dt.date) -> Self:
        """Belongings on that day, both ends inclusive."""
        return self.filter(lasting_on(day))


class Belonging(models.Model):
    """A person in an organisation, in a role, from a day to a day. `keeps_file`: the full membership lies here."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="belongings")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="belongings")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    role = EnumField(Role)
    keeps_file = models.BooleanField(default=False)
    note = models.CharField(max_length=100, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    row_scope = RowScope(area="area")
    objects = BelongingQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "id"]
        indexes = [models.Index(fields=["area"], name="belonging_area")]
        constraints = [
            enum_check("belonging_role_known", "role", Role),
            dates_in_order("belonging_dates_in_order"),
            no_overlap("belonging_once_at_a_time", "person", "organisation", "role"),
            ExclusionConstraint(
                name="one_full_membership_at_a_time",
                expressions=[
                    (
                        models.Func(
                            models.F("from_date"),
                            models.F("to_date"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("person", RangeOperators.EQUAL),
                ],
                condition=models.Q(keeps_file=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id}"


class StaffPerson(models.Model):
    """This account is that registered person, so that nobody decides on the own household."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_person")
    person = models.OneToOneField("people.Person", models.PROTECT, related_name="staff_person")
    area = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    row_scope = RowScope(area="area")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.person_id}"
