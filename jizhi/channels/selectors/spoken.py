"""In whose words a claim came in: the neighbour who claimed for the household, or whoever spoke to the recorder."""

import datetime as dt
from dataclasses import dataclass

from jizhi.channels import models
from jizhi.claims.rules import Channel
from jizhi.core import scope


@dataclass(frozen=True, slots=True)
class Voice:
    """Who claimed in fact: a witness with the household's consent, or a speaker at a time."""

    name: str
    consent: str = ""
    spoken_at: dt.datetime | None = None


def voice_of(claim_id: int, channel: Channel) -> Voice | None:
    """For whoever may see the claim; the witness is named to the household it is about."""
    if channel is Channel.WITNESS:
        with scope.beyond("a household reads which neighbour claimed for it"):
            row = models.WitnessedClaim.objects.filter(claim_id=claim_id).select_related("witness").first()
        return Voice(row.witness.label, row.consent) if row else None
    if channel is Channel.SPOKEN:
        said = models.SpokenClaim.objects.filter(claim_id=claim_id).first()
        return Voice(said.speaker, spoken_at=said.spoken_at) if said else None
    return None
