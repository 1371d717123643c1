"""Taking back what followed from a record that no longer stands: before the decision the claim, after it the fact."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules
from jizhi.claims.rules import ClaimState
from jizhi.claims.services import posting, review

# Where a claim ended for a claim in its place (reopened, corrected), the one that stands is taken back.
REPLACED = (ClaimState.REVERSED, ClaimState.REJECTED)
TAKEN_BACK_FROM = (
    ClaimState.FILED, ClaimState.RETURNED, ClaimState.VERIFIED, ClaimState.POSTED, *REPLACED,
)  # fmt: skip


@transaction.atomic
def take_back_derived(*, claim_id: int, reason: str, by: User | None, at: dt.datetime) -> models.Claim:
    """Withdraw the claim, or reverse its fact where it counts already. Nobody asks for it: the record says so.

    Of a claim that was reopened or corrected since, the one that stands in its place. Returns the claim taken back.
    `by=None` is the nightly work, in nobody's name.
    Raises WrongState for a claim that did not follow from a record, or that is settled otherwise.
    """
    claim = _standing(claim_id)
    if claim.channel != rules.Channel.DERIVED:
        raise review.WrongState(_("这条申报不是从记录生成的，不能这样撤回。"))
    if claim.state == ClaimState.POSTED and claim.fact_id is not None:
        posting.reverse_fact(fact_id=claim.fact_id, reason=reason, by=by, at=at)
        claim.refresh_from_db()
        return claim
    review.check_all([claim], ClaimState.WITHDRAWN)
    claim.state, claim.note = ClaimState.WITHDRAWN, reason
    claim.save(update_fields=["state", "note"])
    review.append_events([claim], "claim.withdraw", by, at)
    return claim


def _standing(claim_id: int) -> models.Claim:
    """The claim, or the last of those that came in its place; every one on the way is locked, the earlier first."""
    (claim,) = review.locked([claim_id])
    while claim.state in REPLACED:
        keys = [f"{rules.AGAIN}{claim.pk}"]
        if claim.fact_id is not None:
            keys.append(f"{rules.CORRECTION}{claim.fact_id}")
        later = models.Claim.objects.filter(request_key__in=keys).order_by("-pk").first()
        if later is None:
            break
        (claim,) = review.locked([later.pk])
    return claim
