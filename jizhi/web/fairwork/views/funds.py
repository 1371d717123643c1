"""Funds: the list, one with its register, putting a resolved one to use, entering money."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.assemblies import selectors, services
from jizhi.assemblies.rules import EntryKind
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import files
from jizhi.web.fairwork import printing
from jizhi.web.fairwork.exports import lists
from jizhi.web.fairwork.forms import money as forms
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page


def _found(request: HttpRequest) -> tuple[forms.FundSearch, list[selectors.FundLine]]:
    search = forms.FundSearch(request.GET, villages=scope.villages(request, Action.VIEW_LEDGER))
    lines = selectors.funds(
        request.user, on=localdate(request.at), village_code=search.value("village"), words=search.value("q")
    )
    return search, lines


@staff_page(action=Action.VIEW_LEDGER)
def funds(request: HttpRequest) -> HttpResponse:
    """All funds with what is left."""
    search, lines = _found(request)
    context = {
        "search": search,
        "page": listing.page_of(request, lines, list),
        "several_villages": "village" in search.fields,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "fairwork/funds/list.html", **context)


@staff_page(action=Action.EXPORT)
def funds_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return lists.funds(_found(request)[1], request.at)


def _fund(request: HttpRequest, fund_id: int) -> selectors.FundLine:
    with or_404():
        return selectors.fund_for(request.user, fund_id, on=localdate(request.at))


def _entries(request: HttpRequest, fund_id: int) -> tuple[forms.EntrySearch, Any]:
    search = forms.EntrySearch(request.GET)
    search.is_valid()
    return search, selectors.entries_of_fund(fund_id, kind=search.cleaned_data.get("kind", ""))


@staff_page(action=Action.VIEW_LEDGER)
def fund(request: HttpRequest, fund_id: int) -> HttpResponse:
    """One fund and its register."""
    line = _fund(request, fund_id)
    search, rows = _entries(request, fund_id)
    context = {
        "line": line,
        "search": search,
        "page": listing.page_of(request, rows, selectors.entry_lines),
        "may_enter": scope.may(request, Action.KEEP_FUND, areas.area_by_code(line.village_code)),
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "fairwork/funds/page.html", **context)


@staff_page(action=Action.EXPORT)
def fund_export(request: HttpRequest, fund_id: int) -> HttpResponse:
    """The same list as a workbook."""
    line = _fund(request, fund_id)
    return lists.entries(line, selectors.entry_lines(_entries(request, fund_id)[1]), request.at)


@staff_page(action=Action.VIEW_LEDGER)
def fund_sheet(request: HttpRequest, fund_id: int) -> HttpResponse:
    """The whole register on paper."""
    line = _fund(request, fund_id)
    entries = selectors.entry_lines(selectors.entries_of_fund(fund_id))[::-1]
    village = areas.area_by_code(line.village_code)
    return files.print_(f"ZJ-{fund_id}", printing.fund(village, line, entries, localdate(request.at)))


@staff_page(action=Action.KEEP_FUND)
def activation(request: HttpRequest, assembly_id: int) -> HttpResponse:
    """Open the register of a resolved fund, after a question."""
    with or_404():
        row = selectors.assembly_for(request.user, assembly_id, on=localdate(request.at))
    if request.method == "POST":
        with guarded(request):
            made = services.activate_fund(assembly_id=assembly_id, by=request.user, at=request.at)
            return done(request, gettext("资金台账已启用。"), "fairwork:fund", made.pk)
    return confirm(
        request,
        title=gettext("启用%(title)s？") % {"title": row.title},
        text=gettext("金额、来源和使用期以决议为准，启用以后不能改。"),
        button=gettext("启用资金"),
        back=reverse("fairwork:assembly", args=[assembly_id]),
    )


@staff_page(action=Action.KEEP_FUND)
def entry_new(request: HttpRequest, fund_id: int) -> HttpResponse:
    """Money in or out."""
    line = _fund(request, fund_id)
    form = forms.EntryForm(request.POST or None, initial={"date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            services.enter_money(
                fund_id=fund_id, kind=EntryKind(data.pop("kind")), by=request.user, at=request.at, **data
            )
            return done(request, gettext("已登记。"), "fairwork:fund", fund_id)
    return page_or_partial(request, "fairwork/funds/entry_new.html", form=form, line=line)
