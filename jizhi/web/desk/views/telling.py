"""Told first: the register of deductions not told yet, telling with proof, mending in time, the signed slips."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from jizhi.claims import selectors, services
from jizhi.claims.rules import Age, ClaimState, ToldHow
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.prints import pdf
from jizhi.web import telling
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import claims as exports
from jizhi.web.desk.exports import files
from jizhi.web.desk.forms import claims as forms
from jizhi.web.desk.views.claims import page_with
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page

STATES = (ClaimState.APPROVED, ClaimState.GRACE)


@staff_page(action=Action.VIEW_LEDGER)
def untold(request: HttpRequest) -> HttpResponse:
    """Who has not been told, by age; and who may still mend. Telling the ticked ones comes back here when refused."""
    return _bulk_telling(request) if request.method == "POST" else _register(request)


def _register(
    request: HttpRequest,
    *,
    ticked: Collection[int] = (),
    persons: Mapping[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The register, with what was ticked and typed before something was missing."""
    today, search = localdate(request.at), _search(request)
    filters = search.filters
    rows = selectors.untold(request.user, on=today, **filters)
    ages = selectors.ages(selectors.untold(request.user, on=today, **filters | {"age": ""}), today)
    to_lines = functools.partial(selectors.untold_lines, on=today)
    context = {
        "search": search,
        "page": listing.page_of(request, rows, to_lines),
        "ages": [(age, ages.get(age, 0)) for age in Age],
        "all_count": sum(ages.values()),
        "age": filters["age"],
        "narrows": any(value for name, value in filters.items() if name != "state"),
        "grace": filters["state"] == ClaimState.GRACE,
        "may_tell": filters["state"] == ClaimState.APPROVED and scope.may(request, Action.TELL_FAULT),
        "may_count": filters["state"] == ClaimState.GRACE and scope.may(request, Action.TELL_FAULT),
        "may_export": scope.may(request, Action.EXPORT),
        "several_villages": "village" in search.fields,
        "today": today,
        "ticked": ticked,
        "persons": persons or {},
    }
    return page_or_partial(request, "desk/untold/list.html", status=status, **context)


def _search(request: HttpRequest) -> forms.UntoldSearch:
    return forms.UntoldSearch(request.GET, villages=scope.villages(request))


@staff_page(action=Action.EXPORT)
def untold_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    today = localdate(request.at)
    rows = selectors.untold(request.user, on=today, **_search(request).filters)
    return exports.untold(selectors.untold_lines(rows, today), request.at)


@staff_page(action=Action.TELL_FAULT)
def slip_scan(request: HttpRequest) -> HttpResponse:
    """The code of a slip that came back signed: on to its claim."""
    with guarded(request):
        claim_id = selectors.claim_of_slip(
            request.user, request.GET.get("code", ""), on=localdate(request.at)
        )
        return redirect("desk:claim", claim_id)
    return redirect("desk:untold")


@staff_page(action=Action.TELL_FAULT)
def slip(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The written notice of a deduction, to hand over before it counts."""
    with or_404():
        found = selectors.claim_page(request.user, claim_id, on=localdate(request.at))
    form = telling.slip(request, found, localdate(request.at))
    return files.print_(f"{gettext('扣分告知单')}-{claim_id}", pdf.render("fault_slip", form))


@staff_page(action=Action.TELL_FAULT)
@require_POST
def tell(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The household was told of the deduction; now it counts, or the time to mend begins."""
    form = telling.TellingForm(request.POST, request.FILES)
    if form.is_valid():
        with guarded(request, form):
            (claim,) = services.tell_faults(
                claim_ids=_seen(request, claim_id), how=form.told_how, proof=form.proof,
                by=request.user, at=request.at,
            )  # fmt: skip
            said = {ClaimState.GRACE: gettext("已登记告知，在期限内改正就不扣分。")}
            text = said.get(claim.state, gettext("已登记告知，扣分已记入台账。"))
            return done(request, text, "desk:claim", claim_id)
    return page_with(request, claim_id, telling=form)


def _seen(request: HttpRequest, claim_id: int) -> list[int]:
    """The claim, if the reader may see it at all."""
    return [selectors.claim_page(request.user, claim_id, on=localdate(request.at)).line.id]


@staff_page(action=Action.TELL_FAULT)
@require_POST
def attempt(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Nobody was reached; it is noted, and the deduction goes on waiting."""
    form = telling.AttemptForm(request.POST, auto_id="id_attempt_%s")
    if form.is_valid():
        with guarded(request, form):
            (number,) = _seen(request, claim_id)
            services.note_attempt(
                claim_id=number, how=ToldHow(form.cleaned_data["how"]), answer=form.cleaned_data["answer"],
                by=request.user, at=request.at,
            )  # fmt: skip
            return done(request, gettext("已记下这次没有联系上。"), "desk:claim", claim_id)
    return page_with(request, claim_id, attempt=form)


@staff_page(action=Action.TELL_FAULT)
@require_POST
def correction(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The household mended it in time, as the photo shows."""
    form = telling.CorrectionForm(request.POST, request.FILES, auto_id="id_correction_%s")
    if form.is_valid():
        with guarded(request, form):
            (number,) = _seen(request, claim_id)
            services.confirm_correction(claim_id=number, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已确认改正，不扣分。"), "desk:claim", claim_id)
    return page_with(request, claim_id, correction=form)


@staff_page(action=Action.TELL_FAULT)
def _bulk_telling(request: HttpRequest) -> HttpResponse:
    """The households of the ticked deductions were told at their doors."""
    form = forms.BulkTellingForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
        return redirect("desk:untold")
    ticked, proof = form.cleaned_data["claim"], form.proof
    with guarded(request):
        found = services.tell_faults(
            claim_ids=ticked, how=ToldHow.VISIT, proof=proof, by=request.user, at=request.at
        )
        text = ngettext("已登记告知%(count)d户次。", "已登记告知%(count)d户次。", len(found))
        messages.success(request, text % {"count": len(found)})
        return redirect("desk:untold")
    return _register(request, ticked=ticked, persons=proof.persons, status=422)


@staff_page(action=Action.TELL_FAULT)
@require_POST
def counting(request: HttpRequest) -> HttpResponse:
    """Faults that were not mended in time count now; every night does the same."""
    with guarded(request):
        mine = posts.scope_paths(request.user, Action.TELL_FAULT, localdate(request.at))
        found = services.count_uncorrected(paths=mine, by=request.user, at=request.at)
        text = ngettext(
            "%(count)d条逾期未改正，已记入台账。", "%(count)d条逾期未改正，已记入台账。", len(found)
        )
        messages.success(request, text % {"count": len(found)})
    return redirect(f"{reverse('desk:untold')}?state=grace")


@staff_page(action=Action.VIEW_LEDGER)
def signed_slip(request: HttpRequest, telling_id: int) -> HttpResponse:
    """The photo of a signed slip, after the same check as its claim."""
    with or_404():
        row = selectors.signed_slip(request.user, telling_id, on=localdate(request.at))
    with row.photo.open("rb") as file:
        answer = HttpResponse(file.read(), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
