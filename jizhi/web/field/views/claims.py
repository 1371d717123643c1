"""The verify queue and one claim: verify, return with the reason, many at once. The panel decides elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from jizhi.claims import selectors, services
from jizhi.claims.rules import ClaimState
from jizhi.posts.rules import Action
from jizhi.web import claiming, pictures
from jizhi.web.field.forms import ReturnForm, VerifySearch
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page

ROWS = 20


@staff_page(action=Action.VERIFY_CLAIM)
def queue(request: HttpRequest) -> HttpResponse:
    """Claims to verify, oldest act first, as cards; tick many to verify them at once."""
    form = VerifySearch(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    rows = selectors.queue(
        request.user,
        on=localdate(request.at),
        state=ClaimState.FILED.value,
        kind=given.get("kind", ""),
        words=given.get("q", ""),
    )
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    lines = selectors.lines(page.object_list)
    photos = selectors.photos_of_claims([line.id for line in lines])
    cards = [(line, photos.get(line.id, [])) for line in lines]
    return page_or_partial(request, "field/claims.html", page=page, cards=cards, search=form)


@staff_page(action=Action.VERIFY_CLAIM)
@require_POST
def verification(request: HttpRequest) -> HttpResponse:
    """Verify the ticked claims, or the one whose button was pressed."""
    numbers = [int(text) for text in request.POST.getlist("claim") if text.isdecimal() and len(text) < 18]
    if not numbers:
        messages.error(request, gettext("请先勾选要核实的申报。"))
        return redirect("field:claims")
    with guarded(request):
        services.verify_claims(
            claim_ids=numbers, note=request.POST.get("note", ""), by=request.user, at=request.at
        )
        count = len(set(numbers))
        text = ngettext("已核实 %(count)d 条，转评议小组。", "已核实 %(count)d 条，转评议小组。", count)
        return done(request, text % {"count": count}, "field:claims")
    return redirect("field:claims")


@staff_page()
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """One claim with its evidence and its way."""
    page, today = page_of(request, claim_id), localdate(request.at)
    state = page.line.state
    context: dict[str, Any] = {
        "page": page,
        "line": page.line,
        "steps": claiming.way(page),
        "may_verify": state is ClaimState.FILED and selectors.may_verify(request.user, page.claim, today),
        "may_add": state in {ClaimState.FILED, ClaimState.RETURNED, ClaimState.VERIFIED},
        "form": claiming.EvidenceForm(),
        "alike": selectors.alike(request.user, claim_id, on=today),
    }
    return page_or_partial(request, "field/claim.html", **context)


@staff_page(action=Action.VERIFY_CLAIM)
def return_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Send a claim back with the reason; the household is told."""
    page = page_of(request, claim_id)
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.return_claim(
                claim_id=claim_id, reason=form.cleaned_data["reason"], by=request.user, at=request.at
            )
            return done(request, gettext("已退回，并告知农户怎样补充。"), "field:claims")
    return page_or_partial(request, "field/claim_return.html", form=form, line=page.line)


@staff_page()
def returned(request: HttpRequest) -> HttpResponse:
    """What this user filed for others and got back."""
    rows = selectors.queue(request.user, on=localdate(request.at), state=ClaimState.RETURNED.value)
    lines = selectors.lines(rows.filter(filed_by_id=request.user.pk))
    return page_or_partial(request, "field/returned.html", lines=lines)


@staff_page()
def withdrawal(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take back a claim that one filed for a household."""
    page = page_of(request, claim_id)
    back = reverse("field:claim", args=[claim_id])
    if request.method == "POST":
        with guarded(request):
            services.withdraw_claim(claim=page.claim, by=request.user, at=request.at)
            return done(request, gettext("已撤回。"), back)
        return redirect(back)
    return confirm(
        request,
        title=gettext("撤回这条申报？"),
        text=gettext("撤回后这条申报不再办理。"),
        button=gettext("撤回"),
        back=back,
        danger=True,
    )


@staff_page()
@require_POST
def photos(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Add photos taken on the spot, or documents."""
    page = page_of(request, claim_id)
    form = claiming.EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        with guarded(request):
            claiming.attach_evidence(page.claim, form, by=request.user, at=request.at)
            return done(request, gettext("佐证加上了。"), "field:claim", claim_id)
    for errors in form.errors.values():
        messages.error(request, " ".join(errors))
    return redirect("field:claim", claim_id)


@staff_page()
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A document of a claim in one's scope, as a download."""
    with or_404():
        return claiming.download(selectors.document_of(request.user, document_id, on=localdate(request.at)))


@staff_page()
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo of a claim in one's scope."""
    try:
        row = selectors.photo_of(request.user, photo_id, on=localdate(request.at))
    except selectors.NoSuchClaim as missing:
        raise Http404(str(missing)) from missing
    return pictures.answer(row)


def page_of(request: HttpRequest, claim_id: int) -> selectors.ClaimPage:
    """A claim in the user's scope, or 404."""
    try:
        return selectors.claim_page(request.user, claim_id, on=localdate(request.at))
    except selectors.NoSuchClaim as missing:
        raise Http404(str(missing)) from missing
