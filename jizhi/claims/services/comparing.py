"""Two claims that may be about one act, compared by whoever verifies or sits on the panel; what was said is kept."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import models, rules, selectors
from jizhi.claims.services import review
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.core.text import N_
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class NotComparable(DomainError):
    """The two claims do not look alike, were compared before, or are not the user's to compare."""


@transaction.atomic
def compare_claims(
    *,
    claim_id: int,
    other_id: int,
    verdict: rules.Verdict,
    reason: str = "",
    by: User,
    at: dt.datetime,
) -> models.ComparedPair:
    """Say whether two claims that look alike are one act. Where they are, the first is returned with the reason.

    Raises NotComparable, and what return_claim raises.
    """
    today = clock.day_of(at)
    visible = selectors.visible_claims(by, today)
    claims = {
        row.pk: row for row in visible.filter(pk__in=(claim_id, other_id)).select_related("area", "village")
    }
    if len(claims) != 2:
        raise NotComparable(_("没有这条申报，或者您无权查看。"))
    claim = claims[claim_id]
    _check_may_compare(by, claim, today)
    if all(one.other_id != other_id or not one.why for one in selectors.alike(by, claim_id, on=today)):
        raise NotComparable(_("这两条申报没有相同之处，不需要比对。"))
    low, high = sorted((claim_id, other_id))
    pair, fresh = models.ComparedPair.objects.get_or_create(
        one_id=low,
        other_id=high,
        defaults={
            "village_id": claim.village_id, "verdict": verdict, "reason": reason.strip(),
            "compared_at": at, "compared_by": by,
        },
    )  # fmt: skip
    if not fresh:
        raise NotComparable(_("这两条申报已经比对过了，请刷新后查看结果。"))
    note = {
        rules.Verdict.SAME: N_("与申报%(number)s是同一件事"),
        rules.Verdict.DIFFERENT: N_("与申报%(number)s不是同一件事"),
    }
    said = note[verdict] % {"number": other_id}
    words = "：".join(part for part in (said, reason.strip()) if part)
    audit.record_event(
        by=by, at=at, verb="claim.compare", target=claim, area_path=claim.village.path,
        detail={"verdict": verdict, "other": other_id, "note": words},
    )  # fmt: skip
    if verdict is rules.Verdict.SAME:
        if not reason.strip():
            raise NotComparable(_("退回须写明理由。"), place="reason")
        review.return_claim(claim_id=claim_id, reason=words, by=by, at=at)
    return pair


def _check_may_compare(by: User, claim: models.Claim, today: dt.date) -> None:
    """Whoever verifies in the grid or holds the panel's meetings in the village."""
    if posts.can(by, Action.VERIFY_CLAIM, claim.area, today):
        return
    posts.check_can(by, Action.HOLD_MEETING, claim.village, today)
