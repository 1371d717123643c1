"""What recusal puts beyond the village's panel is decided by the township: a claim, or a household's claims at once."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.areas.models import Area
from jizhi.claims import models, selectors
from jizhi.claims.services import posting, review
from jizhi.core import clock
from jizhi.reviews import selectors as panels
from jizhi.reviews import services as reviews
from jizhi.reviews.models import Meeting


@transaction.atomic
def rule_claim(*, ruling: review.ClaimRuling, by: User, at: dt.datetime) -> models.Claim:
    """Decide one claim for the township, with reasons; what follows is the same as after a decision of the panel.

    Raises WrongState, AmountMissing and what reviews.rule_cases raises.
    """
    found = review.locked([ruling.claim_id])
    if not found:
        raise review.WrongState(_("没有这条申报，或者本村没有在任的评议小组。"))
    (claim,) = found
    concern = selectors.concern(claim, clock.day_of(at))
    _rule(found, claim.village, concern, [ruling], ruling.reason, by, at)
    return claim


@transaction.atomic
def rule_claims(
    *,
    village: Area,
    concern: panels.Concern,
    rulings: Sequence[review.ClaimRuling],
    reason: str,
    by: User,
    at: dt.datetime,
) -> Meeting:
    """Decide the claims of one household for the township, all or none; returns the ruling on the record.

    `concern` says whom they are about and who had a hand in them; there may be nothing to claim at all. Raises as
    `rule_claim`.
    """
    found = review.locked([ruling.claim_id for ruling in rulings])
    return _rule(found, village, concern, rulings, reason, by, at)


def _rule(
    found: Sequence[models.Claim],
    village: Area,
    concern: panels.Concern,
    rulings: Sequence[review.ClaimRuling],
    reason: str,
    by: User,
    at: dt.datetime,
) -> Meeting:
    today = clock.day_of(at)
    panel = panels.panel_of(village, today)
    if panel is None:
        raise review.WrongState(_("没有这条申报，或者本村没有在任的评议小组。"))
    by_claim, documents = {ruling.claim_id: ruling for ruling in rulings}, posting.Documents()
    for claim in found:
        review.check_ruling(claim, by_claim[claim.pk], documents)
    cases = review.case_rulings(found, by_claim, today)
    meeting, decided = reviews.rule_cases(
        panel=panel, concern=concern, rulings=cases, reason=reason, by=by, at=at
    )
    numbers = {claim.pk: decided[claim.case_id or 0].pk for claim in found}
    review.carry_out(found, by_claim, numbers, documents, by, at)
    review.append_events(found, "claim.rule", by, at)
    return meeting
