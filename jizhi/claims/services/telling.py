"""Told first: a fault counts when the household was told; one that can be mended begins its time to mend (`mending`).

How somebody was told is kept: who answered which number, who was met, the slip with its signature. Attempts that
reached nobody are kept, too.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models
from jizhi.claims.rules import ClaimState, ToldHow
from jizhi.claims.services import posting, review
from jizhi.claims.services.review import WrongState
from jizhi.core import audit, clock, masking
from jizhi.core.photos import EncodedPhoto, encode_photo
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.people import services as people_services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.reviews import selectors as reviews
from jizhi.schemes import selectors as schemes

BACK_DAYS_MAX = 60
PERSON_MAX = 50
NUMBER_MAX = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that households were told. Without a time, it was now; without a number, the household's own.

    `persons` says, by claim, who was spoken to where that differs from household to household.
    """

    told_at: dt.datetime | None = None
    person: str = ""
    number: str = ""
    answer: str = ""
    witness: str = ""
    photo: IO[bytes] | None = None
    persons: Mapping[int, str] = field(default_factory=dict)

    def spoken_to(self, claim: models.Claim) -> str:
        """Who answered, was met, or signed."""
        return (self.persons.get(claim.pk) or self.person).strip()


NOTHING = Proof()


@transaction.atomic
def tell_faults(
    *, claim_ids: Sequence[int], how: ToldHow, proof: Proof = NOTHING, by: User, at: dt.datetime
) -> list[models.Claim]:
    """The households were told of these deductions: now they count, or the time to mend begins. All or none.

    Staff say how they told: whom they called or met, or the photo of the signed slip; a household that opens the
    message tells itself. The time to mend begins on the day of recording, which is never before the telling. Raises
    WrongState and BadPhoto.
    """
    claims = review.locked(claim_ids)
    _check_teller(claims, how, by, clock.day_of(at))
    review.check_all(claims, ClaimState.POSTED)
    if any(claim.state != ClaimState.APPROVED for claim in claims):
        raise WrongState(_("只有待告知的扣分可以登记告知。"))
    told_at = _checked_time(claims, proof, at)
    _check_spoken_to(claims, how, proof)
    signed = _signed(how, proof)
    _record(claims, how, proof, signed, told_at=told_at, reached=True, by=by, at=at)
    graces = _Graces()
    for claim in claims:
        claim.told_at, claim.told_by, claim.told_how = told_at, by, how
        days = graces.days(claim)
        if days:
            claim.state = ClaimState.GRACE
            claim.correct_until_date = clock.day_of(at) + dt.timedelta(days=days)
    models.Claim.objects.bulk_update(
        claims, ["told_at", "told_by", "told_how", "state", "correct_until_date"], batch_size=1000
    )
    counted = [claim for claim in claims if claim.state == ClaimState.APPROVED]
    documents = posting.Documents()
    posting.post_claims(claims=counted, decision_numbers={}, documents=documents, by=by, at=at)
    review.append_events(claims, "claim.tell", by, at)
    _tell_of_grace([claim for claim in claims if claim.state == ClaimState.GRACE], documents, at)
    return claims


class _Graces:
    """Days to mend by village and item, read once for as long as one service call runs."""

    def __init__(self) -> None:
        self._found: dict[int, dict[str, int]] = {}

    def days(self, claim: models.Claim) -> int:
        if claim.village_id not in self._found:
            stated = schemes.claiming_in(claim.village).correctable
            self._found[claim.village_id] = {one.item: one.days for one in stated}
        return self._found[claim.village_id].get(claim.item, 0)


def _check_teller(claims: Sequence[models.Claim], how: ToldHow, by: User, today: dt.date) -> None:
    if how is ToldHow.MESSAGE:
        own = participants.own_subject_ids(by, on=today)
        if not all(claim.subject_id in own for claim in claims):
            raise WrongState(_("只有本户阅读消息才算告知。"))
        return
    check_may_tell(claims, by, today)


def check_may_tell(claims: Sequence[models.Claim], by: User, today: dt.date) -> None:
    """Raises NotAllowed unless the user tells households in the area of every claim."""
    for area in {claim.area_id: claim.area for claim in claims}.values():
        posts.check_can(by, Action.TELL_FAULT, area, today)


def _checked_time(claims: Sequence[models.Claim], proof: Proof, at: dt.datetime) -> dt.datetime:
    """When they were told: after each of the decisions, not in the future, and not too long ago."""
    told_at = proof.told_at or at
    decided = reviews.decided_at([claim.case_id for claim in claims if claim.case_id is not None])
    if any(told_at < moment.replace(second=0, microsecond=0) for moment in decided.values()):
        raise WrongState(_("评议决定之后告知才算数：告知时间不能早于决定的时间。"), place="told_at")
    if told_at > at:
        raise WrongState(_("告知时间不能晚于现在。"), place="told_at")
    if at - told_at > dt.timedelta(days=BACK_DAYS_MAX):
        raise WrongState(_("告知时间太久以前，请核对。"), place="told_at")
    return told_at


def _check_spoken_to(claims: Sequence[models.Claim], how: ToldHow, proof: Proof) -> None:
    if how in (ToldHow.CALL, ToldHow.VISIT):
        for claim in claims:
            if not proof.spoken_to(claim):
                text = _("请写明告知了%(subject)s家的谁：谁接的电话，或者当面见到谁。")
                raise WrongState(text % {"subject": claim.subject.label}, place="person")


def _signed(how: ToldHow, proof: Proof) -> EncodedPhoto | None:
    """The signed slip as it will be kept; a slip without its photo was not handed over."""
    if proof.photo is not None:
        return encode_photo(proof.photo)
    if how is ToldHow.SLIP:
        raise WrongState(_("书面告知要附签收回执的照片；拒签的，写明见证人并拍下回执。"), place="photo")
    return None


def _record(
    claims: Sequence[models.Claim],
    how: ToldHow,
    proof: Proof,
    signed: EncodedPhoto | None,
    *,
    told_at: dt.datetime,
    reached: bool,
    by: User,
    at: dt.datetime,
) -> None:
    stored = ""
    for claim in claims:
        row = models.Telling(
            claim=claim, how=how, reached=reached, told_at=told_at,
            person=proof.spoken_to(claim)[:PERSON_MAX], number=_number(claim, how, proof), answer=proof.answer.strip(),
            witness=proof.witness.strip(), recorded_at=at, recorded_by=by,
        )  # fmt: skip
        if signed is not None:
            row.digest = signed.digest
            if stored:
                row.photo.name = stored
            else:
                row.photo.save(f"{signed.digest}.jpg", signed.file, save=False)
                stored = row.photo.name or ""
        row.save()


def _number(claim: models.Claim, how: ToldHow, proof: Proof) -> str:
    """The number that was called, never whole: the one given, else the household's."""
    if how is not ToldHow.CALL:
        return ""
    household = people.household_of_subject(claim.subject_id)
    given = proof.number.strip() or (household.phone if household else "") or ""
    return masking.masked_phone(given)[:NUMBER_MAX]


def _tell_of_grace(claims: Sequence[models.Claim], documents: posting.Documents, at: dt.datetime) -> None:
    people_services.tell_subjects(
        messages=[
            people_services.new_message(
                subject=claim.subject,
                kind="claim.grace",
                title=format_lazy("{} {}", _("限期改正，改好不扣分，最晚"), claim.correct_until_date),
                body=review.Body(claim, documents.item(claim)),
                link=f"/my/claims/{claim.pk}/",
                at=at,
            )
            for claim in claims
        ]
    )


@transaction.atomic
def note_attempt(*, claim_id: int, how: ToldHow, answer: str, by: User, at: dt.datetime) -> models.Claim:
    """Somebody tried to tell the household and reached nobody; the deduction goes on waiting."""
    (claim,) = review.locked([claim_id])
    check_may_tell([claim], by, clock.day_of(at))
    if claim.state != ClaimState.APPROVED or how not in (ToldHow.CALL, ToldHow.VISIT):
        raise WrongState(_("只有待告知的扣分可以登记告知。"))
    if not answer.strip():
        raise WrongState(_("请写明为什么没有联系上，例如：无人接听、家中无人。"), place="answer")
    _record([claim], how, Proof(answer=answer), None, told_at=at, reached=False, by=by, at=at)
    audit.record_event(
        by=by, at=at, verb="claim.attempt", target=claim, area_path=claim.village.path,
        detail={"note": answer.strip()},
    )  # fmt: skip
    return claim
