"""Who is late with notices, and the clocks by which they are late."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.notices import selectors
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.schemes import services as scheme_services
from jizhi.schemes.rules import Clocks
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import lists
from jizhi.web.desk.forms.posting import ClocksForm, LateSearch
from jizhi.web.pages import done, guarded, page_or_partial, staff_page


@staff_page(action=Action.VIEW_LEDGER)
def late_notices(request: HttpRequest) -> HttpResponse:
    """Notices that are missing or came late, with days; sums by township for whoever serves several."""
    search, found = _late(request)
    sums = selectors.late_sums(found)
    context = {
        "search": search,
        "page": listing.page_of(request, found, list),
        "sums": sums if len(sums) > 1 else [],
        "missing": sum(line.posted_date is None for line in found),
        "late": sum(line.posted_date is not None for line in found),
        "may_export": scope.may(request, Action.EXPORT),
        "filtered": bool(request.GET),
    }
    return page_or_partial(request, "desk/notices/late.html", **context)


def _late(request: HttpRequest) -> tuple[LateSearch, list[selectors.LateLine]]:
    search = LateSearch(request.GET, villages=scope.villages(request, Action.VIEW_LEDGER))
    found = selectors.late_notices(
        request.user,
        on=localdate(request.at),
        village_code=search.value("village"),
        kind=search.value("kind"),
        missing=search.value("shown") == "missing",
    )
    return search, found


@staff_page(action=Action.EXPORT)
def late_notices_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return lists.late_notices(_late(request)[1], request.at)


@staff_page(action=Action.MANAGE_CLOCKS)
def clocks(request: HttpRequest) -> HttpResponse:
    """The clocks in force, what the pack allows, every change so far; POST sets them anew."""
    pack = _pack(request)
    if pack is None:
        return page_or_partial(request, "desk/notices/clocks.html", area=None)
    present = schemes.clocks(pack.area)
    form = ClocksForm(
        request.POST if request.method == "POST" else None,
        initial=asdict(present),
        bounds=selectors.clock_bounds(pack),
    )
    if form.is_valid():
        with guarded(request, form):
            given = dict(form.cleaned_data)
            reason = given.pop("reason")
            scheme_services.change_clocks(
                pack=pack, clocks=Clocks(**given), reason=reason, by=request.user, at=request.at
            )
            return done(request, gettext("时限已调整，对此后张贴的公示生效。"), "desk:clocks")
    context: dict[str, Any] = {
        "form": form,
        "area": pack.area,
        "clocks": selectors.clock_lines(pack),
        "changes": selectors.clock_changes(pack),
    }
    return page_or_partial(request, "desk/notices/clocks.html", **context)


def _pack(request: HttpRequest) -> Any:
    """The pack that holds for the reader's county; None where none is loaded."""
    for village in scope.villages(request, Action.MANAGE_CLOCKS):
        pack = schemes.pack_of(village)
        if pack is not None and scope.may(request, Action.MANAGE_CLOCKS, pack.area):
            return pack
    return None
