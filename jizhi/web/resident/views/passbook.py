"""The first page: this month's points, what can be spent, the last entries, what waits. No ranking here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.claims import selectors as claims
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors as notices
from jizhi.notices.rules import NoticeStanding
from jizhi.people import selectors as people
from jizhi.settlement import rules as periods
from jizhi.store import selectors as store
from jizhi.web import participating
from jizhi.web.pages import household_page, page_or_partial
from jizhi.web.resident.views import own

LAST_ENTRIES = 5


@household_page
def passbook(request: HttpRequest) -> HttpResponse:
    """Everything a household looks for when it opens the page, and nothing to compare it with others."""
    household, today = own.household(request), localdate(request.at)
    subject, month = household.subject, periods.period_of(periods.PeriodKind.MONTH, today)
    mine = {subject.pk, *people.member_subject_ids(subject, today)}
    waiting = claims.waiting_of_subject(*mine)
    hanging = notices.public_notices(
        household.village, on=today, limit=1, kind="month", scheme=HOUSEHOLD_SCHEME
    )
    latest = next(iter(hanging), None)
    context: dict[str, Any] = {
        "month": month.start,
        "month_key": month.key,
        "awarded": ledger.awarded_in_period(subject.pk, month.start, month.end),
        "wallet": ledger.wallet_of(subject.pk, moves=0),
        "withheld": notices.withheld_of(subject.pk),
        "disputed": notices.disputed_of(subject.pk),
        "entries": claims.entry_rows(ledger.entries_of_subject(subject.pk, limit=LAST_ENTRIES)),
        "to_open": [line for line in waiting if line.state.value == "approved"],
        "returned": [line for line in waiting if line.state.value == "returned"],
        "under_way": [line for line in waiting if line.state.value in {"filed", "verified"}],
        "shares": participating.shares(request) if len(mine) > 1 else [],
        "limits": claims.month_limits(subject, HOUSEHOLD_SCHEME, month.start, month.end),
        "unread": people.unread_count(*mine),
        "opening": store.next_opening(household.village, today),
        "notice": latest if latest and latest.standing(today) is NoticeStanding.OPEN else None,
        "today": today,
    }
    return page_or_partial(request, "resident/passbook.html", household=household, **context)
