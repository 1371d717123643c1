"""Showing the whole telephone number of whoever reported a matter: the one door to it, and it leaves a trace."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jizhi.core import audit, clock
from jizhi.matters import selectors
from jizhi.matters.services import steps
from jizhi.posts import selectors as posts


@transaction.atomic
def reveal_reporter_phone(*, matter_id: int, reason: str, by: Any, at: dt.datetime) -> str:
    """Return the reporter's whole number and record who looked and why. Raises UnusableMatter and NotAllowed."""
    today = clock.day_of(at)
    reason = steps.needed(reason, _("请写明查看完整号码的原因。"), "reason")
    matter = selectors.matter_for(by, matter_id, on=today)
    if not selectors.may_see_phone(by, matter, today):
        raise posts.NotAllowed(_("报告人的完整号码不能由您查看。"))
    audit.record_event(
        by=by,
        at=at,
        verb="matter.reveal_phone",
        target=matter,
        area_path=matter.area.path,
        detail={"reason": reason},
    )
    return matter.reporter_phone or ""
