"""A claim that recusal puts beyond the village's panel is decided by the township."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models
from jizhi.claims.services import posting, review
from jizhi.core import clock
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews


@transaction.atomic
def rule_claim(*, ruling: review.ClaimRuling, by: User, at: dt.datetime) -> models.Claim:
    """Decide one claim for the township, with reasons; what follows is the same as after a decision of the panel.

    Raises WrongState, AmountMissing and what reviews.rule_case raises.
    """
    today = clock.day_of(at)
    found = review.locked([ruling.claim_id])
    panel = panels.panel_of(found[0].village, today) if found else None
    if panel is None:
        raise review.WrongState(_("没有这条申报，或者本村没有在任的评议小组。"))
    (claim,) = found
    documents = posting.Documents()
    review.check_ruling(claim, ruling, documents)
    decision = reviews.rule_case(panel=panel, ruling=review.case_ruling(claim, ruling, today), by=by, at=at)
    review.carry_out(found, {claim.pk: ruling}, {claim.pk: decision.pk}, documents, by, at)
    review.append_events(found, "claim.rule", by, at)
    return claim
