"""A decided claim goes back to the panel: what it posted is reversed, and the same claim waits again as a new case.

The decided one keeps its decision; the new one starts as verified, with the same evidence. Who may ask for it, and on
which grounds, the caller has checked.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules
from jizhi.claims.services import once, posting
from jizhi.claims.services.review import WrongState
from jizhi.core import audit
from jizhi.reviews import services as reviews

_COPIED = (
    "subject", "village", "area", "scheme", "item", "item_kind", "act_date", "quantity", "grade", "act", "words",
    "channel", "filed_at", "filed_by", "verified_at", "verified_by",
)  # fmt: skip


@transaction.atomic
def reopen_claim(*, claim_id: int, reason: str, by: User, at: dt.datetime) -> models.Claim:
    """Returns the new claim, verified and with a case of its own. Raises WrongState."""
    claim = (
        models.Claim.objects.select_for_update(of=("self",))
        .select_related("subject", "village", "area")
        .get(pk=claim_id)
    )
    if models.Claim.objects.filter(request_key=f"{rules.AGAIN}{claim.pk}").exists():
        raise WrongState(_("这条申报已经退回重新评议，评议小组会另作决定。"))
    if why := once.refusal(claim, once.act_of(claim)):
        raise WrongState(why)
    if claim.state == rules.ClaimState.POSTED and claim.fact_id is not None:
        posting.reverse_fact(fact_id=claim.fact_id, reason=reason, by=by, at=at)
    elif claim.state == rules.ClaimState.APPROVED:
        claim.state, claim.note = rules.ClaimState.REJECTED, reason
        claim.save(update_fields=["state", "note"])
    elif claim.state != rules.ClaimState.REJECTED:
        raise WrongState(_("这条申报还没有决定，或已经撤销，不能退回重新评议。"))
    (case,) = reviews.open_cases(village=claim.village, count=1, at=at)
    again = models.Claim.objects.create(
        **{name: getattr(claim, name) for name in _COPIED},
        request_key=f"{rules.AGAIN}{claim.pk}",
        state=rules.ClaimState.VERIFIED,
        note=reason,
        case=case,
    )
    for photo in claim.evidence.all():
        photo.pk, photo._state.adding, photo.claim = None, True, again
        photo.save(force_insert=True)
    audit.record_event(
        by=by, at=at, verb="claim.reopen", target=again, area_path=claim.village.path,
        detail={"before": claim.pk, "note": reason},
    )  # fmt: skip
    return again
