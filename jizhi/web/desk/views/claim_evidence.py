"""Evidence of a claim at the desk: adding photos and documents, downloading, comparing with claims that look alike."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.claims import selectors, services
from jizhi.claims.rules import Verdict
from jizhi.posts.rules import Action
from jizhi.web import claiming
from jizhi.web.desk.forms import claims as forms
from jizhi.web.desk.views.claims import page_with
from jizhi.web.pages import done, guarded, or_404, staff_page


@staff_page(action=Action.VIEW_DESK)
@require_POST
def evidence(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Add photos and documents until the panel has decided."""
    found = selectors.claim_page(request.user, claim_id, on=localdate(request.at))
    form = claiming.EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        with guarded(request):
            claiming.attach_evidence(found.claim, form, by=request.user, at=request.at)
            return done(request, gettext("佐证加上了。"), "desk:claim", claim_id)
    for errors in form.errors.values():
        messages.error(request, " ".join(errors))
    return redirect("desk:claim", claim_id)


@staff_page(action=Action.VIEW_DESK)
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A document of a claim, as a download."""
    with or_404():
        return claiming.download(selectors.document_of(request.user, document_id, on=localdate(request.at)))


@staff_page(action=Action.VIEW_LEDGER)
@require_POST
def comparison(request: HttpRequest, claim_id: int, other_id: int) -> HttpResponse:
    """What somebody says of two claims that look alike: one act (the claim goes back), or two."""
    selectors.claim_page(request.user, claim_id, on=localdate(request.at))
    form = forms.ComparisonForm(request.POST, other_id=other_id)
    if form.is_valid():
        verdict = Verdict(form.cleaned_data["verdict"])
        with guarded(request, form):
            services.compare_claims(
                claim_id=claim_id,
                other_id=other_id,
                verdict=verdict,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=request.at,
            )
            said = {
                Verdict.SAME: gettext("已按重复申报退回，农户会收到消息。"),
                Verdict.DIFFERENT: gettext("已记录：不是同一件事，两条都保留。"),
            }
            return done(request, said[verdict], "desk:claim", claim_id)
    return page_with(request, claim_id, comparison=form)
