"""Claims that followed from a record of the house."""

from django.db import models

from jizhi.channels.rules import Record
from jizhi.core.fields import EnumField, enum_check
from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only


class DerivedClaim(models.Model):
    """The record from which a claim followed. Each record gives one claim of an item; a matter names itself.

    `number` is the record's own; empty for what was derived before records of other kinds were known.
    """

    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="derived")
    record = EnumField(Record, default=Record.MATTER_SOLVED)
    number = models.BigIntegerField(null=True, blank=True)
    scheme = models.CharField(max_length=60, default="household")
    item = models.CharField(max_length=60, blank=True)
    matter = models.OneToOneField(
        "matters.Matter", models.PROTECT, related_name="derived_claim", null=True, blank=True
    )

    row_scope = RowScope(via=("claim",))

    class Meta:
        constraints = [
            enum_check("derived_record_known", "record", Record),
            models.UniqueConstraint(
                fields=["record", "number", "scheme", "item"],
                condition=models.Q(number__isnull=False),
                name="record_gives_an_item_once",
            ),
            models.CheckConstraint(
                name="derived_names_its_record",
                condition=models.Q(matter__isnull=False) | models.Q(number__isnull=False),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.claim_id}"
