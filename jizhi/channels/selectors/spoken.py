"""In whose words a claim came in: the neighbour who claimed for the household, or whoever spoke to the recorder."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.channels import models
from jizhi.claims import selectors as claims
from jizhi.claims.rules import Channel, ClaimState, can_move
from jizhi.core import scope
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people


@dataclass(frozen=True, slots=True)
class Voice:
    """Who claimed in fact: a witness with the household's consent, or a speaker at a time."""

    name: str
    consent: str = ""
    spoken_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class WitnessedLine:
    """What a neighbour claimed for an organisation, for the household of whoever leads it."""

    line: claims.ClaimLine
    voice: Voice
    may_refuse: bool


def witnessed_for_led(user: User, claim_id: int, *, on: dt.date) -> WitnessedLine:
    """For the card of a household in which somebody leads the organisation on that day. Raises claims.NoSuchClaim."""
    own = people.subject_of_user(user, on=on)
    with scope.beyond("whoever lives with an organisation's leader reads what a neighbour claimed for it"):
        rows = models.WitnessedClaim.objects.filter(claim=claim_id)
        row = rows.select_related("witness", "claim__subject").first()
        leads = row is not None and own in participants.leading_homes(row.claim.subject, on)
        if row is None or own is None or not leads:
            raise claims.NoSuchClaim(_("没有这条申报，或者您无权查看。"))
        (line,) = claims.lines(claims.claims_numbered([claim_id]))
    may_refuse = can_move(line.state, ClaimState.WITHDRAWN)
    return WitnessedLine(line, Voice(row.witness.label, row.consent), may_refuse)


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
