"""Claims in somebody else's words: a neighbour claims for whoever agreed; a recorder keys in what was said."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import IO

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.channels import models, selectors
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.claims.rules import Channel
from jizhi.core import clock, scope
from jizhi.core.errors import DomainError
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.people.models import Message, Subject
from jizhi.people.rules import SubjectKind

BACK_DAYS_MAX = 31


class BadWitness(DomainError):
    """Somebody cannot claim for this subject, or has not said how it agreed; `place` names the field."""


class BadSpeech(DomainError):
    """What is asked of a spoken claim is missing; `place` names the field."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """For whom somebody claims: number and name must both be right, so that nobody reads the register by trying.

    Number and head of a household; number on the scheme's list and full name of a person or organisation.
    """

    no: str
    name: str
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
    """Claim for another household, a person or an organisation that the village's scheme scores; it is told and may
    refuse. `draft.subject` is the household of the witness.

    The same `request_key` again gives the claim that is there. Raises BadWitness and claims.UnusableClaim.
    """
    own = people.subject_of_user(by, on=clock.day_of(at))
    if own is None or own.pk != draft.subject.pk:
        raise BadWitness(_("请用自己家的积分卡登录，再替邻居申报。"))
    if not neighbour.consent.strip():
        raise BadWitness(_("请写明对方怎样同意的。"), place="consent")
    with scope.beyond("a neighbour claims for somebody whose number and name it knows"):
        subject = _meant(own, scheme, neighbour, clock.day_of(at))
        meant = replace(draft, subject=subject, request_key=f"witness:{own.pk}:{draft.request_key}")
        (claim,) = claims.file_claims(
            village=own.village, scheme=scheme, drafts=[meant], channel=Channel.WITNESS, by=by, at=at
        )
        _kept, fresh = models.WitnessedClaim.objects.get_or_create(
            claim=claim, defaults={"witness": own, "consent": neighbour.consent.strip()}
        )
        if fresh:
            if photos:
                claims.attach_photos(claim=claim, photos=photos, by=by, at=at)
            people_services.tell_subjects(messages=_news(claim, own, at))
    return claim


def _news(claim: Claim, witness: Subject, at: dt.datetime) -> list[Message]:
    """What is told: the household, the person's household, or the households of whoever leads the organisation."""
    subject, kind = claim.subject, SubjectKind(claim.subject.kind)
    title = format_lazy("{}：{}", _("邻居替您家申报了一件事"), witness.label)
    told, link = [subject], f"/my/claims/{claim.pk}/"
    if kind is not SubjectKind.HOUSEHOLD:
        title = format_lazy("{}（{}）：{}", _("邻居代为申报了一件事"), subject.label, witness.label)
    if kind is SubjectKind.ORGANISATION:
        told = participants.leading_homes(subject, clock.day_of(at))
        link = f"/my/claims/of-organisations/{claim.pk}/"
    body = _("请看看对不对。不同意的，打开申报点“撤回”就不再办理。")
    return [
        people_services.new_message(
            subject=one, kind="claim.witness", title=title, body=body, link=link, at=at
        )
        for one in told
    ]


def _meant(own: Subject, scheme: str, neighbour: Neighbour, today: dt.date) -> Subject:
    """Who is meant. One answer for a wrong number and a wrong name. Raises schemes.NotInForce."""
    of_households = participants.scores_households(own.village, scheme)
    words = (
        _("户编号和户主姓名对不上，请向对方问清楚。")
        if of_households
        else _("编号和名称对不上，请向对方问清楚。")
    )
    unknown = BadWitness(words, place="no")
    try:
        subject = participants.subject_numbered(own.village, scheme, neighbour.no)
    except (people.HouseholdNotFound, participants.NotScored) as missing:
        raise unknown from missing
    if not neighbour.name.strip() or participants.full_name(subject) != neighbour.name.strip():
        raise unknown
    if subject.pk == own.pk:
        raise BadWitness(_("自己家的事请用“我要申报”。"), place="no")
    if participants.is_of_home(subject, own, today):
        raise BadWitness(_("自己家的人和家人负责的组织不能由自己家作证，请由本人或负责人申报。"), place="no")
    if not participants.somebody_answers(subject, today):
        raise BadWitness(_("没有人能替对方核对，请由本人或负责人申报，或交给记录员补录。"), place="no")
    return subject


@transaction.atomic
def refuse_witnessed(*, claim_id: int, by: User, at: dt.datetime) -> Claim:
    """Whoever lives with a leader of the organisation takes back what a neighbour claimed for it.

    Raises claims.NoSuchClaim for anybody else, and UnusableClaim once the panel has decided.
    """
    selectors.witnessed_for_led(by, claim_id, on=clock.day_of(at))
    with scope.beyond("whoever leads an organisation may refuse what a neighbour claimed for it"):
        return claims.withdraw_witnessed(claim_id=claim_id, by=by, at=at)


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
