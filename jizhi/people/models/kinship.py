"""Declared relations between persons, so that nobody sits in judgement on close relatives."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models.functions import Greatest, Least

from jizhi.core.fields import EnumField, dates_in_order, enum_check
from jizhi.core.scope import RowScope
from jizhi.people.rules import Kin, KinSource


class KinshipQuerySet(models.QuerySet["Kinship"]):
    """Filters that say when."""

    def on(self, day: dt.date) -> Self:
        """Relations that hold on that day, both ends inclusive."""
        begun = models.Q(from_date__lte=day)
        return self.filter(begun & (models.Q(to_date__isnull=True) | models.Q(to_date__gte=day)))


class Kinship(models.Model):
    """`relative` is `kin` to `person`, from when to when. Held by the village in which it was declared.

    Members of one household are relatives without any row here.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="kinships")
    relative = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="kinships_of_others")
    village = models.ForeignKey("areas.Area", on_delete=models.PROTECT, related_name="kinships")
    kin = EnumField(Kin)
    source = EnumField(KinSource)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    row_scope = RowScope(village="village", seen_via=("person",))
    objects = KinshipQuerySet.as_manager()

    class Meta:
        ordering = ["from_date", "id"]
        constraints = [
            enum_check("kinship_kin_known", "kin", Kin),
            enum_check("kinship_source_known", "source", KinSource),
            dates_in_order("kinship_dates_in_order"),
            models.CheckConstraint(
                name="kinship_of_two_persons", condition=~models.Q(person=models.F("relative"))
            ),
            ExclusionConstraint(
                name="kinship_once_at_a_time",
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
                    (Least("person", "relative"), RangeOperators.EQUAL),
                    (Greatest("person", "relative"), RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relative_id} is {self.kin} to {self.person_id}"
