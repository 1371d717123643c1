"""What recusal puts beyond a village's panel: the township looks at it and rules, with reasons."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors, services
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import oversight as exports
from jizhi.web.desk.forms import meetings as forms
from jizhi.web.desk.forms.search import VillageSearch
from jizhi.web.pages import done, guarded, page_or_partial, staff_page


def _found(request: HttpRequest) -> tuple[VillageSearch, list[selectors.BeyondLine]]:
    search = VillageSearch(request.GET, villages=scope.villages(request, Action.RULE_CASE))
    code = search.value("village") if "village" in search.fields else ""
    lines = selectors.beyond_panel(request.user, on=localdate(request.at), village_code=code)
    words = search.value("q")
    return search, [
        one for one in lines if words in one.claim.subject_label or words in one.claim.subject_key
    ]


@staff_page(action=Action.RULE_CASE)
def rulings(request: HttpRequest) -> HttpResponse:
    """The claims that wait for the township, with why."""
    search, lines = _found(request)
    context = {
        "search": search,
        "page": listing.page_of(request, lines, list),
        "filtered": any(search.value(name) for name in search.fields),
        "may_export": scope.may(request, Action.EXPORT),
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/rulings/list.html", **context)


@staff_page(action=Action.EXPORT)
@staff_page(action=Action.RULE_CASE)
def rulings_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return exports.rulings(_found(request)[1], request.at)


@staff_page(action=Action.RULE_CASE)
def ruling(request: HttpRequest, claim_id: int) -> HttpResponse:
    """One claim, who steps aside and why, and the township's ruling on it."""
    today = localdate(request.at)
    found = selectors.beyond_panel(request.user, on=today, claim_id=claim_id)
    if not found:
        raise Http404
    (one,) = found
    form = forms.TownshipRulingForm(request.POST or None, line=one.claim, seats=[])
    if form.is_valid():
        with guarded(request, form):
            claim = services.rule_claim(
                ruling=services.ClaimRuling(claim_id, **form.ruling), by=request.user, at=request.at
            )
            text = gettext("已裁定，本户已收到通知。")
            return done(request, text, "desk:claim", claim.pk)
    context = {
        "one": one,
        "claim": selectors.claim_page(request.user, claim_id, on=today),
        "flagged": selectors.flagged([claim_id]),
        "form": form,
    }
    status = 422 if form.errors else 200
    return page_or_partial(request, "desk/rulings/page.html", status=status, **context)
