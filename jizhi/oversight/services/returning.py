"""The township's re-check: a decision goes back to the panel with reasons, and what it had posted is reversed."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.accounts.models import User
from jizhi.claims import services as claims
from jizhi.core import audit, clock
from jizhi.core.errors import DomainError
from jizhi.oversight import models, selectors
from jizhi.people import services as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action


class CannotReturn(DomainError):
    """The decision cannot be returned any more, or no reason was given."""


@transaction.atomic
def return_decision(*, decision_id: int, reason: str, by: User, at: dt.datetime) -> models.Recheck:
    """Send a decided case back to the panel as a new case. The household is told. Raises CannotReturn."""
    line = selectors.decided_case(by, decision_id, on=clock.day_of(at))
    village = line.village
    posts.check_can(by, Action.RECHECK_DECISION, village, clock.day_of(at))
    if not reason.strip():
        raise CannotReturn(_("退回重新评议须写明理由。"), place="reason")
    if not line.may_return:
        raise CannotReturn(line.why_not)
    again = claims.reopen_claim(claim_id=line.claim.id, reason=reason.strip(), by=by, at=at)
    row = models.Recheck.objects.create(
        village=village,
        decision_id=decision_id,
        claim_id=line.claim.id,
        again=again,
        reason=reason.strip(),
        returned_at=at,
        returned_by=by,
    )
    people.tell_subject(
        subject=again.subject,
        kind="claim.rechecked",
        title=_("乡镇复核：这条决定退回评议小组重新评议"),
        body=reason.strip(),
        link=f"/my/claims/{again.pk}/",
        at=at,
    )
    audit.record_event(
        by=by, at=at, verb="decision.return", target=row, area_path=village.path,
        detail={"decision": decision_id, "claim": line.claim.id, "again": again.pk, "reason": reason.strip()},
    )  # fmt: skip
    return row
