"""Settled months, quarters and years of the household, and why a total is what it is. No rank is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.notices import selectors as notices
from jizhi.schemes import selectors as schemes
from jizhi.settlement import rules, selectors
from jizhi.web.pages import household_page, page_or_partial
from jizhi.web.resident.views import own


@household_page
def period_list(request: HttpRequest) -> HttpResponse:
    """What was settled, newest first, by kind of period."""
    household = own.household(request)
    lines = selectors.periods_of_subject(household.subject.pk)
    kinds = [rules.PeriodKind.YEAR, rules.PeriodKind.QUARTER, rules.PeriodKind.MONTH]
    today = localdate(request.at)
    names = _level_names(household.village, today)
    found = [
        (kind, [(line, names.get(line.level, line.level)) for line in lines if line.kind is kind])
        for kind in kinds
    ]
    context = {
        "groups": [group for group in found if group[1]],
        "month": rules.period_of(rules.PeriodKind.MONTH, today),
        "year": rules.period_of(rules.PeriodKind.YEAR, today),
    }
    return page_or_partial(request, "resident/periods.html", **context)


def _level_names(village: Any, on: dt.date) -> dict[str, Any]:
    """The levels of the scheme in force, by the word under which a settlement keeps them."""
    try:
        document = schemes.scheme_on(village, HOUSEHOLD_SCHEME, on)
    except schemes.NotInForce:
        return {}
    return {step.level.zh: step.level for step in document.levels.steps} if document.levels else {}


@household_page
def period(request: HttpRequest, key: str) -> HttpResponse:
    """One period: its total, and the way to it from each act."""
    household = own.household(request)
    try:
        wanted = rules.parse_period(key)
    except (ValueError, IndexError) as wrong:
        raise Http404(gettext("没有这个周期。")) from wrong
    settled = [line for line in selectors.periods_of_subject(household.subject.pk) if line.period == key]
    if not settled and wanted.start > localdate(request.at):
        raise Http404(gettext("没有这个周期。"))
    names = _level_names(household.village, wanted.end)
    reckoning = selectors.reckoning(household.subject, HOUSEHOLD_SCHEME, wanted)
    context: dict[str, Any] = {
        "period": wanted,
        "line": settled[0] if settled else None,
        "level": names.get(settled[0].level, settled[0].level) if settled else "",
        "reckoning": reckoning,
        "disputed": notices.disputed_facts([one.fact_id for one in reckoning.facts]),
    }
    return page_or_partial(request, "resident/period.html", **context)
