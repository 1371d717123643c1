"""The chain of seals of each village, and the fingerprints that each seal holds. Both may only grow.

The tables are a convenience for proofs and for naming what was altered; what convinces is the root that hangs on the
board and the copies that others keep.
"""

from django.db import models

from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only
from jizhi.seals import rules


class Seal(models.Model):
    """A village's ledger as it grew since the seal before: how many records, their root, and the link backwards."""

    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="seals")
    number = models.PositiveIntegerField(help_text="consecutive within the village, from 1")
    day = models.DateField()
    made_at = models.DateTimeField()
    entry_count = models.PositiveIntegerField()
    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    transfer_count = models.PositiveIntegerField()
    first_transfer = models.BigIntegerField()
    last_transfer = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    row_scope = RowScope(village="village", public="roots tell nothing of anybody and are meant to be copied")

    class Meta:
        ordering = ["village", "number"]
        constraints = [
            models.UniqueConstraint(fields=["village", "number"], name="seal_numbered_once"),
            models.UniqueConstraint(fields=["village", "previous"], name="seal_followed_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="seal_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(entry_count__gt=0) | models.Q(transfer_count__gt=0),
                name="seal_holds_something",
            ),
        ]
        triggers = append_only()


class SealedLeaf(models.Model):
    """The fingerprint of one record in a seal, with the salt that keeps neighbours from guessing what it says."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="leaves")
    village = models.ForeignKey("areas.Area", models.PROTECT, related_name="+")
    subject = models.ForeignKey("people.Subject", models.PROTECT, related_name="+", null=True, blank=True)
    position = models.PositiveIntegerField()
    kind = EnumField(rules.RecordKind)
    record = models.BigIntegerField(help_text="the number of the entry or transfer")
    salt = models.BinaryField(max_length=16)
    hash = models.BinaryField(max_length=32)

    row_scope = RowScope(village="village", subject="subject")

    class Meta:
        ordering = ["seal", "position"]
        constraints = [
            models.UniqueConstraint(fields=["seal", "position"], name="leaf_has_one_place"),
            models.UniqueConstraint(fields=["kind", "record"], name="record_sealed_once"),
            enum_check("leaf_kind_known", "kind", rules.RecordKind),
        ]
        triggers = append_only()
