"""Claims in somebody else's words: a neighbour with the consent of the household, or spoken and keyed in."""

from django.db import models

from jizhi.core.scope import RowScope
from jizhi.core.triggers import append_only


class WitnessedClaim(models.Model):
    """Who claimed for a household of the village, and how that household agreed."""

    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="witnessed")
    witness = models.ForeignKey("people.Subject", models.PROTECT, related_name="witnessed_claims")
    consent = models.CharField(max_length=200)

    row_scope = RowScope(subject="witness", via=("claim",))

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.claim_id}"


class SpokenClaim(models.Model):
    """Who spoke, when, and that it was read back before it was kept."""

    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="spoken")
    speaker = models.CharField(max_length=50)
    spoken_at = models.DateTimeField()
    read_back = models.BooleanField()

    row_scope = RowScope(via=("claim",))

    class Meta:
        constraints = [
            models.CheckConstraint(name="spoken_was_read_back", condition=models.Q(read_back=True)),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.claim_id}"
