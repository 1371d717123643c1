"""The inbox. A deduction's message stays sealed until the household opens it: opening it is being told."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.claims import selectors as claims
from jizhi.claims import services as claim_services
from jizhi.claims.rules import ClaimState, ToldHow
from jizhi.core.errors import DomainError
from jizhi.people import selectors as people
from jizhi.people import services
from jizhi.web.pages import done, guarded, household_page, page_or_partial
from jizhi.web.resident.views import own

LISTED = 100
_CLAIM_LINK = re.compile(r"/my/claims/(\d+)/")


@household_page
def inbox(request: HttpRequest) -> HttpResponse:
    """What the household was told, newest first."""
    own.household(request)
    mine = own.subject_ids(request)
    waiting = claims.waiting_of_subject(*mine)
    sealed = {
        reverse("resident:claim", args=[line.id]) for line in waiting if line.state is ClaimState.APPROVED
    }
    lines = people.inbox(*mine, limit=LISTED)
    return page_or_partial(request, "resident/messages.html", lines=lines, sealed=sealed)


@household_page
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message; reading it marks it as read, except for a deduction, which is opened by a press of its own."""
    own.household(request)
    line = people.message_of(own.subject_ids(request), message_id)
    if line is None:
        raise Http404(gettext("没有这条消息。"))
    claim = _sealed(request, line.link) if line.kind == "claim.approved" else None
    if claim is not None:
        back = reverse("resident:messages")
        days = claims.days_to_mend(claim.claim)
        return page_or_partial(
            request, "resident/envelope.html", line=claim.line, back=back, days_to_mend=days
        )
    if not line.is_read:
        services.read_message(message_id=message_id, by=request.user, at=request.at)
    return page_or_partial(request, "resident/message.html", line=line)


def _sealed(request: HttpRequest, link: str) -> claims.ClaimPage | None:
    """The deduction behind a message, while it waits to be told."""
    found = _CLAIM_LINK.fullmatch(link)
    if found is None:
        return None
    page = claims.claim_page(request.user, int(found[1]), on=localdate(request.at))
    return page if page.line.state is ClaimState.APPROVED else None


@household_page
@require_POST
def telling(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The household opens the message of a deduction: it is told now, and the deduction counts."""
    own.household(request)
    try:
        page = claims.claim_page(request.user, claim_id, on=localdate(request.at))
    except DomainError as missing:
        raise Http404(str(missing)) from missing
    if page.line.state is ClaimState.APPROVED:
        with guarded(request):
            (claim,) = claim_services.tell_faults(
                claim_ids=[claim_id], how=ToldHow.MESSAGE, by=request.user, at=request.at
            )
            _mark_read(request, claim_id)
            said = {ClaimState.GRACE: gettext("已告知您，在期限内改正就不扣分。")}
            text = said.get(claim.state, gettext("已告知您，随后记入积分。"))
            return done(request, text, "resident:claim", claim_id)
    return redirect("resident:claim", claim_id)


def _mark_read(request: HttpRequest, claim_id: int) -> None:
    address = reverse("resident:claim", args=[claim_id])
    for line in people.inbox(*own.subject_ids(request), unread=True, limit=LISTED):
        if line.link == address:
            services.read_message(message_id=line.id, by=request.user, at=request.at)
