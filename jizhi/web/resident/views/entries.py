"""The household's entries, and one act with everything that made it so. Nobody else's entry is shown here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate

from jizhi.claims import selectors as claims
from jizhi.ledger import selectors as ledger
from jizhi.notices import selectors as notices
from jizhi.settlement import selectors as settlements
from jizhi.web import sealing
from jizhi.web.pages import household_page, page_or_partial
from jizhi.web.resident.views import own

ROWS = 30


@household_page
def entry_list(request: HttpRequest) -> HttpResponse:
    """All entries by month of the act's posting, newest first; `?month=2026-05` shows one month."""
    household = own.household(request)
    lines = ledger.entries_of_subject(household.subject.pk)
    months = sorted({_month(line.act_date) for line in lines}, reverse=True)
    chosen = request.GET.get("month", "")
    if chosen in months:
        lines = [line for line in lines if _month(line.act_date) == chosen]
    else:
        chosen = ""
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    context = {"months": months, "chosen": chosen, "total": sum(line.points for line in lines)}
    context["disputed"] = notices.disputed_facts([line.fact_id for line in lines])
    rows = claims.entry_rows(list(page.object_list))
    return page_or_partial(request, "resident/entries.html", page=page, rows=rows, **context)


@household_page
def entry(request: HttpRequest, fact_id: int) -> HttpResponse:
    """One act: price, what was cut and by which limit, rule, decision, notice, objections."""
    page = _own(request, fact_id)
    context: dict[str, Any] = {
        "reckoned": settlements.reckoned_fact(fact_id),
        "receipts": sealing.links(
            page.entries, lambda entry_id: reverse("resident:seal_receipt", args=[fact_id, entry_id])
        ),
    }
    return page_or_partial(request, "resident/entry.html", page=page, **context)


def _own(request: HttpRequest, fact_id: int) -> notices.FactPage:
    household = own.household(request)
    try:
        return notices.fact_page(
            household.subject,
            fact_id,
            on=localdate(request.at),
            also=own.subject_ids(request) | own.spoken_for(request),
        )
    except notices.NoSuchEntry as missing:
        raise Http404(str(missing)) from missing


@household_page
def receipt(request: HttpRequest, fact_id: int, entry_id: int) -> HttpResponse:
    """The receipt of a sealed entry: the code, the seal, and how to check it."""
    row, sealed = sealing.found(_own(request, fact_id).entries, entry_id)
    context = sealing.context(request, row, sealed) | {
        "file_address": reverse("resident:seal_file", args=[fact_id, entry_id]),
        "print_address": reverse("resident:seal_print", args=[fact_id, entry_id]),
    }
    return page_or_partial(request, "resident/seal_receipt.html", fact_id=fact_id, **context)


@household_page
def receipt_file(request: HttpRequest, fact_id: int, entry_id: int) -> HttpResponse:
    """The receipt to keep."""
    return sealing.file(sealing.found(_own(request, fact_id).entries, entry_id)[1])


@household_page
def receipt_print(request: HttpRequest, fact_id: int, entry_id: int) -> HttpResponse:
    """The receipt on paper."""
    row, sealed = sealing.found(_own(request, fact_id).entries, entry_id)
    return sealing.printed(request, row, sealed, own.household(request).village)


def _month(day: dt.date) -> str:
    return f"{day:%Y-%m}"
