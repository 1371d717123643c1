"""A fact that was right in part: it is reversed, and what is right is posted beside it, in one transaction."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules, selectors
from jizhi.claims.services import filing, once, posting
from jizhi.core import audit, clock
from jizhi.ledger import selectors as ledger
from jizhi.ledger import services as ledger_services
from jizhi.schemes import selectors as schemes


@dataclass(frozen=True, slots=True)
class Correction:
    """What the act was after all; what is not named stays as it was."""

    act_date: dt.date | None = None
    quantity: Decimal | None = None
    grade: str = ""
    given: Decimal | None = None


HEAVIER = _("更正不能使扣分更重。确有更重的情形，须另行登记、评议、告知。")


@transaction.atomic
def correct_fact(
    *, fact_id: int, correction: Correction, reason: str, by: User, at: dt.datetime
) -> models.Claim:
    """Reverse a fact and post it again as corrected; the decision behind it stays the same. Returns the new claim.

    Who may ask for it, and on which grounds, the caller has checked. A fault may not become worse by it: a correction
    that takes more from the household is refused, and needs a new claim that is heard and told. A merit may be
    corrected downwards.
    Raises AlreadyReversed and UnusableClaim.
    """
    before = models.Claim.objects.select_related("subject", "village", "area").filter(fact_id=fact_id).first()
    if before is None:
        raise filing.UnusableClaim(_("这条积分不是由申报而来，只能撤销。"))
    fact = ledger.fact(fact_id)
    claim = _corrected(before, correction, reason, by, at)
    _check(before, claim)
    (subject,) = ledger_services.lock_subjects([before.subject_id])
    worth = _worth(subject.pk, before.scheme)
    posting.reverse_fact(fact_id=fact_id, reason=reason, by=by, at=at)
    claim.save()
    posting.post_claims(
        claims=[claim],
        decision_numbers={claim.pk: fact.decision_number} if fact.decision_number else {},
        documents=posting.Documents(),
        by=by,
        at=at,
    )
    if before.item_kind != "merit" and _worth(subject.pk, before.scheme) < worth:
        raise filing.UnusableClaim(HEAVIER, place="outcome")
    audit.record_event(
        by=by,
        at=at,
        verb="fact.correct",
        target=claim,
        area_path=claim.village.path,
        detail={"fact": fact_id, "reason": reason},
    )
    return claim


def _worth(subject_id: int, scheme: str) -> int:
    """What the ledger gives the subject under a scheme by now, in hundredths."""
    facts = [row.id for row in ledger.facts_of_subjects([subject_id], scheme)]
    return sum(points for points, _held in ledger.worth_of_facts(facts).values())


def _corrected(
    before: models.Claim, correction: Correction, reason: str, by: User, at: dt.datetime
) -> models.Claim:
    return models.Claim(
        subject=before.subject,
        village=before.village,
        area=before.area,
        scheme=before.scheme,
        item=before.item,
        item_kind=before.item_kind,
        act_date=correction.act_date or before.act_date,
        quantity=before.quantity if correction.quantity is None else correction.quantity,
        grade=correction.grade or before.grade,
        given=before.given if correction.given is None else correction.given,
        act=before.act,
        words=before.words,
        channel=before.channel,
        request_key=f"{rules.CORRECTION}{before.fact_id}",
        state=rules.ClaimState.VERIFIED,
        filed_at=at,
        filed_by=by,
        verified_at=at,
        verified_by=by,
        note=reason,
        told_at=before.told_at,
        told_by=before.told_by,
        told_how=before.told_how,
    )


def _check(before: models.Claim, claim: models.Claim) -> None:
    """Something differs, and the item takes what it says now."""
    fields = ("act_date", "quantity", "grade", "given")
    if all(getattr(before, name) == getattr(claim, name) for name in fields):
        raise filing.UnusableClaim(_("更正的内容与原来一样；没有要改的，请选不成立。"), place="outcome")
    if why := once.refusal(before, once.act_of(claim)):
        raise filing.UnusableClaim(why, place="act_date")
    versions = schemes.versions_in_village(claim.village, claim.scheme)
    draft = filing.Draft(
        claim.subject, claim.item, claim.act_date, claim.request_key, claim.quantity, claim.grade, claim.act
    )
    today = clock.day_of(claim.filed_at)
    item = filing.checked_item(versions, draft, rules.Channel(claim.channel), today=today)
    if item.needs == "given" and not schemes.allows(item, claim.given):
        raise filing.UnusableClaim(_("分值不在规定的范围内。"), place="given")
    then = schemes.item_of(versions, before.item, before.act_date)
    if item.kind != "merit" and selectors.price_of(claim, item) < selectors.price_of(before, then):
        raise filing.UnusableClaim(HEAVIER, place="outcome")
