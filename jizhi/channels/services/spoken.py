"""Claims in somebody else's words: a neighbour claims for a household that agreed; a recorder keys in what was said."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import IO

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.channels import models
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.core import clock, scope
from jizhi.core.errors import DomainError
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.people.models import Household, Subject

BACK_DAYS_MAX = 31


class BadWitness(DomainError):
    """Somebody cannot claim for this household, or has not said how it agreed; `place` names the field."""


class BadSpeech(DomainError):
    """What is asked of a spoken claim is missing; `place` names the field."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """For whom somebody claims: number and head must both be right, so that nobody reads the register by trying."""

    no: str
    head: str
    consent: str


@transaction.atomic
def file_as_witness(
    *,
    neighbour: Neighbour,
    scheme: str,
    draft: claims.Draft,
    photos: Sequence[IO[bytes]] = (),
    by: User,
    at: dt.datetime,
) -> Claim:
    """Claim for another household of the same village, which is told and may refuse. `draft.subject` is the witness.

    The same `request_key` again gives the claim that is there. Raises BadWitness and claims.UnusableClaim.
    """
    own = people.subject_of_user(by, on=clock.day_of(at))
    if own is None or own.pk != draft.subject.pk:
        raise BadWitness(_("请用自己家的积分卡登录，再替邻居申报。"))
    if not neighbour.consent.strip():
        raise BadWitness(_("请写明对方怎样同意的。"), place="consent")
    with scope.beyond("a neighbour claims for a household whose number and head it knows"):
        household = _household(own, neighbour)
        meant = replace(draft, subject=household.subject, request_key=f"witness:{own.pk}:{draft.request_key}")
        (claim,) = claims.file_claims(
            village=own.village, scheme=scheme, drafts=[meant], channel=Channel.WITNESS, by=by, at=at
        )
        _kept, fresh = models.WitnessedClaim.objects.get_or_create(
            claim=claim, defaults={"witness": own, "consent": neighbour.consent.strip()}
        )
        if fresh:
            if photos:
                claims.attach_photos(claim=claim, photos=photos, by=by, at=at)
            people_services.tell_subject(
                subject=household.subject,
                kind="claim.witness",
                title=format_lazy("{}：{}", _("邻居替您家申报了一件事"), own.label),
                body=_("请看看对不对。不同意的，打开申报点“撤回”就不再办理。"),
                link=f"/my/claims/{claim.pk}/",
                at=at,
            )
    return claim


def _household(own: Subject, neighbour: Neighbour) -> Household:
    """The household that is meant. One answer for a wrong number and a wrong name."""
    unknown = BadWitness(_("户编号和户主姓名对不上，请向对方问清楚。"), place="no")
    try:
        household = people.household_by_no(own.village, neighbour.no)
    except DomainError as missing:
        raise unknown from missing
    if household.head_name != neighbour.head.strip():
        raise unknown
    if household.subject_id == own.pk:
        raise BadWitness(_("自己家的事请用“我要申报”。"), place="no")
    return household


@transaction.atomic
def file_spoken(
    *,
    village: Area,
    scheme: str,
    drafts: Sequence[claims.Draft],
    speaker: str,
    spoken_at: dt.datetime,
    read_back: bool,
    by: User,
    at: dt.datetime,
) -> list[Claim]:
    """Key in what somebody said: who, when, and that it was read back. Raises BadSpeech and claims.UnusableClaim."""
    if not speaker.strip():
        raise BadSpeech(_("请写明是谁说的。"), place="speaker")
    if not read_back:
        raise BadSpeech(_("请先念给对方听，对方认可后再录入。"), place="read_back")
    if not at - dt.timedelta(days=BACK_DAYS_MAX) <= spoken_at <= at:
        raise BadSpeech(_("口头申报的时间不对，请核对。"), place="spoken_at")
    filed = claims.file_claims(
        village=village, scheme=scheme, drafts=drafts, channel=Channel.SPOKEN, by=by, at=at
    )
    known = set(models.SpokenClaim.objects.filter(claim__in=filed).values_list("claim_id", flat=True))
    models.SpokenClaim.objects.bulk_create(
        [
            models.SpokenClaim(claim=claim, speaker=speaker.strip(), spoken_at=spoken_at, read_back=True)
            for claim in filed
            if claim.pk not in known
        ]
    )
    return filed
