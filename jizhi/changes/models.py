"""Changes of households and persons, append-only: what was changed, for whom, what moved, and what undid it.

`steps` lists in order what was written, so that the same day it can be taken back in the opposite order. It holds
numbers of rows and dates, never names or numbers of persons.
"""

from django.conf import settings
from django.db import models

from jizhi.changes import rules
from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only


class Change(models.Model):
    """One change, made in one transaction. `day` is the first day on which things are as they are now."""

    kind = EnumField(rules.ChangeKind)
    day = models.DateField()
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="household_changes")
    reason = models.CharField(max_length=200, blank=True)
    points = models.BigIntegerField(default=0, help_text="moved between wallets, hundredths")
    until_date = models.DateField(
        null=True, blank=True, help_text="points left behind can be spent until then"
    )
    steps = models.JSONField(default=list)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    request_key = models.CharField(max_length=80, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    row_scope = RowScope(village="village", seen_via=("households",))

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["village", "-id"], name="change_of_village")]
        constraints = [enum_check("change_kind_known", "kind", rules.ChangeKind)]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class ChangedHousehold(models.Model):
    """A household in a change, before and after. `successor` has what an ended household still receives."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="households")
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="changes")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    side = EnumField(rules.Side)
    successor = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["household", "-change"], name="change_of_household")]
        constraints = [
            enum_check("changed_household_side_known", "side", rules.Side),
            models.UniqueConstraint(fields=["change", "household"], name="household_once_a_change"),
        ]
        triggers = append_only()


class ChangedPerson(models.Model):
    """A person in a change: from which household to which."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="persons")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="changes")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    source = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    target = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    relation = models.CharField(max_length=20, blank=True)

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["change", "person"], name="person_once_a_change")]
        triggers = append_only()


class ChangedClaim(models.Model):
    """A claim withdrawn for one household and filed anew for another."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="claims")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="changed")
    refiled = models.OneToOneField("claims.Claim", models.PROTECT, related_name="changed_from")

    row_scope = RowScope(village="village")

    class Meta:
        ordering = ["id"]
        triggers = append_only()
