"""Dividends: what each household would get, activating, the list to sign, noting who was paid."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.assemblies import selectors, services
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.core.errors import DomainError
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import files
from jizhi.web.fairwork import printing
from jizhi.web.fairwork.exports import lists
from jizhi.web.fairwork.forms import money as forms
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page

ROWS = 50


@staff_page(action=Action.KEEP_FUND)
def preview(request: HttpRequest, assembly_id: int) -> HttpResponse:
    """What each household would get, before anything is written; by POST it is."""
    with or_404():
        row = selectors.assembly_for(request.user, assembly_id, on=localdate(request.at))
    if request.method == "POST":
        with guarded(request):
            made = services.activate_dividend(
                assembly_id=assembly_id, scheme=HOUSEHOLD_SCHEME, by=request.user, at=request.at
            )
            return done(request, gettext("分红已启用，可以打印签领表。"), "fairwork:dividend", made.pk)
    context: dict[str, Any] = {"row": row, "back": reverse("fairwork:assembly", args=[assembly_id])}
    try:
        settlement, found, standings = services.compute_dividend(row, HOUSEHOLD_SCHEME)
    except DomainError as refusal:
        return page_or_partial(request, "fairwork/dividends/preview.html", refusal=str(refusal), **context)
    parts = [(standings[part.subject].subject.household, part) for part in found.parts]
    context |= {
        "settlement": settlement,
        "parts": parts,
        "left": found.reserve + found.undistributed,
        "given": sum(part.fen for part in found.parts),
    }
    return page_or_partial(request, "fairwork/dividends/preview.html", **context)


def _dividend(request: HttpRequest, dividend_id: int) -> Any:
    with or_404():
        return selectors.dividend_for(request.user, dividend_id, on=localdate(request.at))


def _shares(request: HttpRequest, dividend_id: int) -> tuple[forms.ShareSearch, Any]:
    search = forms.ShareSearch(request.GET)
    search.is_valid()
    rows = selectors.shares(
        dividend_id,
        words=search.cleaned_data.get("q", "").strip(),
        paid=search.cleaned_data.get("paid", ""),
    )
    return search, rows


def _ticked(request: HttpRequest) -> list[int]:
    """What was ticked; it stays ticked where noting it was refused."""
    return [int(one) for one in request.POST.getlist("share") if one.isdecimal()]


@staff_page(action=Action.VIEW_LEDGER)
def dividend(request: HttpRequest, dividend_id: int) -> HttpResponse:
    """Shares, and who was paid."""
    made = _dividend(request, dividend_id)
    search, rows = _shares(request, dividend_id)
    every = selectors.share_lines(selectors.shares(dividend_id))
    context = {
        "made": made,
        "search": search,
        "page": listing.page_of(request, rows, selectors.share_lines, size=ROWS),
        "paid": sum(one.fen for one in every if one.paid_at),
        "open": sum(1 for one in every if not one.paid_at),
        "households": len(every),
        "ticked": _ticked(request),
        "may_pay": scope.may(request, Action.KEEP_FUND, made.village),
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "fairwork/dividends/page.html", **context)


@staff_page(action=Action.KEEP_FUND)
def payment(request: HttpRequest, dividend_id: int) -> HttpResponse:
    """Note the ticked households as paid."""
    _dividend(request, dividend_id)
    if request.method == "POST":
        ticked = _ticked(request)
        with guarded(request):
            count = services.pay_shares(
                dividend_id=dividend_id, share_ids=ticked, by=request.user, at=request.at
            )
            text = gettext("已登记发放 %(count)s 户。") % {"count": count}
            return done(request, text, "fairwork:dividend", dividend_id)
    return dividend(request, dividend_id)


@staff_page(action=Action.KEEP_FUND)
def sheet(request: HttpRequest, dividend_id: int) -> HttpResponse:
    """The list to sign."""
    made = _dividend(request, dividend_id)
    lines = selectors.share_lines(selectors.shares(dividend_id))
    content = printing.dividend(made.village, made.assembly.title, lines, made.fen, f"FH-{made.pk}")
    return files.print_(f"FH-{made.pk}", content)


@staff_page(action=Action.EXPORT)
def dividend_export(request: HttpRequest, dividend_id: int) -> HttpResponse:
    """The same list as a workbook."""
    made = _dividend(request, dividend_id)
    rows = _shares(request, dividend_id)[1]
    return lists.shares(made.assembly.title, selectors.share_lines(rows), request.at)
