"""What recusal puts beyond a village's panel: the township looks at it and rules, with reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors, services
from jizhi.posts.rules import Action
from jizhi.recognition import selectors as recognition
from jizhi.recognition import services as recognising
from jizhi.recognition.rules import Party
from jizhi.web import recognising as tables
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import oversight as exports
from jizhi.web.desk.forms import meetings as forms
from jizhi.web.desk.forms.recognition import SheetRulingForm
from jizhi.web.desk.forms.search import RulingSearch
from jizhi.web.pages import done, guarded, page_or_partial, staff_page


@dataclass(frozen=True)
class _Found:
    """What waits for the township by the reader's filter: single claims, and sheets of three-party recognition."""

    search: RulingSearch
    claims: list[selectors.BeyondLine]
    sheets: list[recognition.BeyondSheet]

    @property
    def shows_sheets(self) -> bool:
        """Which list is asked for; without a word, the one that has something."""
        kind = self.search.value("kind")
        return kind == "sheets" or (not kind and not self.claims and bool(self.sheets))


def _found(request: HttpRequest) -> _Found:
    search = RulingSearch(request.GET, villages=scope.villages(request, Action.RULE_CASE))
    code, words = search.value("village") if "village" in search.fields else "", search.value("q")
    on = localdate(request.at)
    lines = selectors.beyond_panel(request.user, on=on, village_code=code)
    sheets = recognition.beyond_panel(request.user, on=on, village_code=code)
    return _Found(
        search,
        [one for one in lines if words in one.claim.subject_label or words in one.claim.subject_key],
        [one for one in sheets if words in one.sheet.subject_label or words in one.sheet.subject_key],
    )


@staff_page(action=Action.RULE_CASE)
def rulings(request: HttpRequest) -> HttpResponse:
    """The claims and sheets that wait for the township, with why."""
    found = _found(request)
    context = {
        "search": found.search,
        "page": listing.page_of(request, found.sheets if found.shows_sheets else found.claims, list),
        "of_sheets": found.shows_sheets,
        "tabs": (len(found.claims), len(found.sheets)),
        "filtered": any(found.search.value(name) for name in ("q", "village") if name in found.search.fields),
        "may_export": scope.may(request, Action.EXPORT),
        "several_villages": "village" in found.search.fields,
    }
    return page_or_partial(request, "desk/rulings/list.html", **context)


@staff_page(action=Action.EXPORT)
@staff_page(action=Action.RULE_CASE)
def rulings_export(request: HttpRequest) -> HttpResponse:
    """The same lists as a workbook."""
    found = _found(request)
    return exports.rulings(found.claims, found.sheets, request.at)


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


@staff_page(action=Action.RULE_CASE)
def sheet_ruling(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """A household's sheet in its columns, who steps aside and why, and the township's column with its reasons."""
    today = localdate(request.at)
    found = recognition.beyond_panel(request.user, on=today, sheet_id=sheet_id)
    if not found:
        raise Http404
    (one,) = found
    page = replace(recognition.sheet_page(request.user, sheet_id, on=today), by_township=True)
    data = request.POST or None
    form = tables.ScoreForm(data, page=page, party=Party.DECIDED, start=Party.TEAM)
    reason = SheetRulingForm(data)
    if form.is_valid() and reason.is_valid():
        with guarded(request, form):
            recognising.rule_sheet(
                sheet_id=sheet_id, scores=form.scores, reason=reason.cleaned_data["reason"],
                by=request.user, at=request.at,
            )  # fmt: skip
            text = gettext("已裁定，加分已记入台账，扣分先告知农户。")
            return done(request, text, "desk:recognition_sheet", sheet_id)
    context = {
        "one": one,
        "page": page,
        "sheet": page.sheet,
        "rows": list(tables.table(page, form)),
        "form": form,
        "why": reason,
    }
    status = 422 if form.errors or reason.errors else 200
    return page_or_partial(request, "desk/rulings/sheet.html", status=status, **context)
