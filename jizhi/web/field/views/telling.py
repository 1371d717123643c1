"""Telling households of deductions before they count: by call, by visit, or by a slip on paper; and mending in time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.claims import selectors, services
from jizhi.claims.rules import ClaimState, ToldHow
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.prints import pdf
from jizhi.web.field.views.claims import page_of
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.telling import AttemptForm, CorrectionForm, TellingForm
from jizhi.web.telling import slip as printed_slip


@staff_page(action=Action.TELL_FAULT)
def deductions(request: HttpRequest) -> HttpResponse:
    """Decided deductions whose household was not told yet, oldest first."""
    today = localdate(request.at)
    rows = selectors.queue(request.user, on=today, state=ClaimState.APPROVED.value)
    graces = selectors.untold(request.user, on=today, state=ClaimState.GRACE.value)
    context = {
        "lines": selectors.lines(rows),
        "graces": selectors.untold_lines(graces, today),
        "today": today,
    }
    return page_or_partial(request, "field/deductions.html", **context)


@staff_page(action=Action.TELL_FAULT)
def deduction(request: HttpRequest, claim_id: int) -> HttpResponse:
    """What to tell, and the record that it was told."""
    page = page_of(request, claim_id)
    if page.line.state is not ClaimState.APPROVED:
        return redirect("field:claim", claim_id)
    form = TellingForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with guarded(request, form):
            (claim,) = services.tell_faults(
                claim_ids=[claim_id], how=form.told_how, proof=form.proof, by=request.user, at=request.at
            )
            said = {ClaimState.GRACE: gettext("已登记告知，在期限内改正就不扣分。")}
            return done(
                request, said.get(claim.state, gettext("已登记告知，扣分记入积分。")), "field:deductions"
            )
    return _to_tell(request, page, form=form)


def _to_tell(request: HttpRequest, page: selectors.ClaimPage, **bound: Any) -> HttpResponse:
    """The page of a deduction to tell; `bound` replaces one of its forms by one with errors."""
    context: dict[str, Any] = {
        "page": page,
        "line": page.line,
        "household": people.household_of_subject(page.line.subject_id),
        "form": TellingForm(),
        "attempt": AttemptForm(auto_id="id_attempt_%s"),
        "tellings": selectors.tellings_of(page.line.id),
        "days_to_mend": selectors.days_to_mend(page.claim),
    }
    status = 422 if any(form.errors for form in bound.values()) else 200
    return page_or_partial(request, "field/deduction.html", status=status, **context | bound)


@staff_page(action=Action.TELL_FAULT)
@require_POST
def attempt(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Nobody was reached; the deduction goes on waiting."""
    page = page_of(request, claim_id)
    form = AttemptForm(request.POST, auto_id="id_attempt_%s")
    if form.is_valid():
        with guarded(request, form):
            services.note_attempt(
                claim_id=claim_id, how=ToldHow(form.cleaned_data["how"]), answer=form.cleaned_data["answer"],
                by=request.user, at=request.at,
            )  # fmt: skip
            return done(request, gettext("已记下这次没有联系上。"), "field:deductions")
    return _to_tell(request, page, attempt=form)


@staff_page(action=Action.TELL_FAULT)
def correction(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The household mended it in time: a photo, and nothing is deducted."""
    page = page_of(request, claim_id)
    if page.line.state is not ClaimState.GRACE:
        return redirect("field:claim", claim_id)
    form = CorrectionForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with guarded(request, form):
            services.confirm_correction(
                claim_id=claim_id, by=request.user, at=request.at, **form.cleaned_data
            )
            return done(request, gettext("已确认改正，不扣分。"), "field:deductions")
    return page_or_partial(request, "field/correction.html", form=form, page=page, line=page.line)


@staff_page(action=Action.TELL_FAULT)
def slip(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The written notice with a stub to sign."""
    content = pdf.render(
        "fault_slip", printed_slip(request, page_of(request, claim_id), localdate(request.at))
    )
    headers = {"Content-Disposition": f'inline; filename="slip-{claim_id}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
