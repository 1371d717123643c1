"""What the pages of "my points" share: a subject for which the reader acts, its entries and claims, claiming for it.

The household's card acts for whoever lives there; an account of staff for its own person and organisations it leads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors as claims
from jizhi.claims import services
from jizhi.claims.rules import Channel, ClaimState
from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors as notices
from jizhi.participants import selectors
from jizhi.schemes import selectors as schemes
from jizhi.settlement import selectors as settlements
from jizhi.web import claiming

ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Named:
    """A subject for which the reader acts, under the title of its scheme."""

    share: selectors.Share
    title: Any


WAITING = {
    ClaimState.FILED,
    ClaimState.RETURNED,
    ClaimState.VERIFIED,
    ClaimState.APPROVED,
    ClaimState.GRACE,
}


def shares(request: HttpRequest) -> list[Named]:
    """Everybody for whom the reader acts, with this month's points and the title of the scheme."""
    today = localdate(request.at)
    return named(selectors.own_subject_ids(request.user, on=today), on=today)


def named(subject_ids: Collection[int], *, on: dt.date) -> list[Named]:
    """Persons and organisations among the subjects, under the titles of their schemes."""
    found = selectors.shares_of(subject_ids, on=on)
    titles: dict[tuple[int, str], Any] = {}
    for one in found:
        key = (one.subject.village_id, one.scheme)
        if key not in titles:
            titles[key] = title(one)
    return [Named(one, titles[one.subject.village_id, one.scheme]) for one in found]


def share(request: HttpRequest, subject_id: int) -> selectors.Share:
    """One of them, or 404."""
    today = localdate(request.at)
    if subject_id in selectors.own_subject_ids(request.user, on=today):
        for one in selectors.shares_of([subject_id], on=today):
            return one
    raise Http404(gettext("没有这个积分主体，或者您无权查看。"))


def page(request: HttpRequest, one: selectors.Share) -> dict[str, Any]:
    """Entries, claims and settled periods of one subject, and the title of its scheme."""
    today = localdate(request.at)
    lines = claims.claims_of_subject(one.subject.pk, limit=ENTRIES)
    return {
        "share": one,
        "month": today.replace(day=1),
        "scheme_title": title(one),
        "ledger_rows": claims.entry_rows(ledger.entries_of_subject(one.subject.pk, limit=ENTRIES)),
        "disputed": notices.disputed_of(one.subject.pk),
        "under_way": [line for line in lines if line.state in WAITING],
        "settled": [line for line in lines if line.state not in WAITING],
        "periods": settlements.periods_of_subject(one.subject.pk)[:12],
        "may_claim": one.to_date is None or one.to_date >= today,
    }


def title(one: selectors.Share) -> Any:
    """The scheme's title in both languages."""
    return schemes.versions_in_village(one.subject.village, one.scheme).latest.title


def groups(request: HttpRequest, one: selectors.Share, words: str) -> list[claiming.Group]:
    """What may be claimed for the subject by itself."""
    today = localdate(request.at)
    return claiming.groups(one.subject.village, Channel.SELF, today, words, scheme=one.scheme)


def choice(request: HttpRequest, one: selectors.Share, item_id: str) -> claiming.Choice:
    """One item that may be claimed by the subject itself, or 404."""
    today = localdate(request.at)
    found = claiming.choice_of(one.subject.village, Channel.SELF, today, item_id, scheme=one.scheme)
    if found is None:
        raise Http404(gettext("没有这个条目，或者它不能由本人申报。"))
    return found


def form(request: HttpRequest, found: claiming.Choice) -> claiming.ClaimForm:
    """The form of one claim."""
    return claiming.ClaimForm(
        request.POST or None, request.FILES or None, item=found.item, today=localdate(request.at)
    )


def file(
    request: HttpRequest, one: selectors.Share, found: claiming.Choice, sheet: claiming.ClaimForm
) -> Any:
    """File the claim through the channel of whoever did it."""
    (filed,) = services.file_claims(
        village=one.subject.village,
        scheme=one.scheme,
        drafts=[sheet.draft(one.subject, found.item)],
        channel=Channel.SELF,
        by=request.user,
        at=request.at,
    )
    return filed
