"""Claiming in three taps, and what became of each claim. The rules of claiming are in claims.services."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.channels import selectors as channels
from jizhi.claims import selectors, services
from jizhi.claims.rules import Channel, ClaimState
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.core.errors import DomainError
from jizhi.recognition import selectors as recognition
from jizhi.schemes import selectors as schemes
from jizhi.web import claiming, pictures
from jizhi.web.claiming import Choice, ClaimForm, EvidenceForm, ItemSearch
from jizhi.web.pages import confirm, done, guarded, household_page, or_404, page_or_partial
from jizhi.web.resident.views import own

USUAL = 3
LISTED = 100


@household_page
def claim_list(request: HttpRequest) -> HttpResponse:
    """The household's claims, those under way first."""
    household = own.household(request)
    lines = selectors.claims_of_subject(household.subject.pk, limit=LISTED)
    waiting = {
        ClaimState.FILED,
        ClaimState.RETURNED,
        ClaimState.VERIFIED,
        ClaimState.APPROVED,
        ClaimState.GRACE,
    }
    context = {
        "recognition": recognition.open_sheet_of(household.subject, localdate(request.at)),
        "under_way": [line for line in lines if line.state in waiting],
        "settled": [line for line in lines if line.state not in waiting],
    }
    return page_or_partial(request, "resident/claims.html", **context)


@household_page
def claim_new(request: HttpRequest) -> HttpResponse:
    """First tap: what was done."""
    household, today = own.household(request), localdate(request.at)
    form = ItemSearch(request.GET)
    words = form.data.get("q", "")
    try:
        found = claiming.groups(household.village, Channel.SELF, today, words)
    except schemes.NotInForce:
        return page_or_partial(request, "resident/claim_none.html", household=household)
    usual = [] if words.strip() else _usual(household, found)
    base = reverse("resident:claim_new")
    return page_or_partial(
        request, "resident/claim_new.html", groups=found, usual=usual, search=form, base=base
    )


def _usual(household: Any, groups: list[claiming.Group]) -> list[Choice]:
    """What this household claimed last, as far as it can be claimed today."""
    offered = {choice.item.id: choice for group in groups for choice in group.choices}
    last = selectors.claims_of_subject(household.subject.pk, limit=20)
    names = dict.fromkeys(line.item.id for line in last if line.channel is Channel.SELF)
    return [offered[name] for name in names if name in offered][:USUAL]


@household_page
def claim_form(request: HttpRequest, item_id: str) -> HttpResponse:
    """Second tap: the day (today) and what the item needs; third: sent."""
    household, today = own.household(request), localdate(request.at)
    choice = claiming.choice_of(household.village, Channel.SELF, today, item_id)
    if choice is None:
        raise Http404(gettext("没有这个条目，或者它不能由农户自己申报。"))
    form = ClaimForm(request.POST or None, request.FILES or None, item=choice.item, today=today)
    if form.is_valid():
        with guarded(request, form):
            (filed,) = services.file_claims(
                village=household.village,
                scheme=HOUSEHOLD_SCHEME,
                drafts=[form.draft(household.subject, choice.item)],
                channel=Channel.SELF,
                by=request.user,
                at=request.at,
            )
            claiming.attach(request, filed, form.cleaned_data["photos"])
            return done(
                request, gettext("申报好了。网格员核实后，交评议小组认定。"), "resident:claim", filed.pk
            )
    return page_or_partial(
        request, "resident/claim_form.html", form=form, choice=choice, back=reverse("resident:claim_new")
    )


@household_page
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """One claim: where it stands, what comes next. A deduction that waits to be told stays sealed here."""
    page = _page(request, claim_id)
    if page.line.state is ClaimState.APPROVED:
        return page_or_partial(
            request,
            "resident/envelope.html",
            line=page.line,
            back=reverse("resident:claims"),
            days_to_mend=selectors.days_to_mend(page.claim),
        )
    context = {"page": page, "line": page.line, "steps": claiming.way(page), "form": EvidenceForm()}
    context["voice"] = channels.voice_of(claim_id, page.line.channel)
    may_add = page.line.state in {ClaimState.FILED, ClaimState.RETURNED, ClaimState.VERIFIED}
    return page_or_partial(request, "resident/claim.html", may_add=may_add, **context)


@household_page
def withdrawal(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take a claim back."""
    page = _page(request, claim_id)
    back = reverse("resident:claim", args=[claim_id])
    if request.method == "POST":
        with guarded(request):
            services.withdraw_claim(claim=page.claim, by=request.user, at=request.at)
            return done(request, gettext("已撤回。"), back)
        return redirect(back)
    return confirm(
        request,
        title=gettext("撤回这条申报？"),
        text=gettext("撤回后这条申报不再办理。以后想报，可以重新申报。"),
        button=gettext("撤回"),
        back=back,
        danger=True,
    )


@household_page
def amendment(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Amend a returned claim and send it again."""
    page, today = _page(request, claim_id), localdate(request.at)
    if not page.may_refile and request.method != "POST":
        return redirect("resident:claim", claim_id)
    line = page.line
    initial = {"act_date": line.act_date, "quantity": line.quantity, "grade": line.grade, "words": line.words}
    form = ClaimForm(
        request.POST or None,
        request.FILES or None,
        item=line.item,
        today=today,
        version=page.claim.version,
        initial=initial,
    )
    if form.is_valid():
        given = form.cleaned_data
        with guarded(request, form):
            refiled = services.refile_claim(
                claim=page.claim,
                act_date=given["act_date"],
                quantity=given.get("quantity"),
                grade=given.get("grade", ""),
                words=given["words"],
                version=given["version"],
                request_key=str(given["request_key"]),
                by=request.user,
                at=request.at,
            )
            claiming.attach(request, refiled, given["photos"])
            return done(request, gettext("已重新申报。"), "resident:claim", claim_id)
    choice = Choice(line.item, selectors.points_words(line.item, claiming.language()))
    return page_or_partial(request, "resident/claim_amend.html", form=form, choice=choice, line=line)


@household_page
@require_POST
def photos(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Add photos or documents to a claim that the panel has not decided."""
    page = _page(request, claim_id)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        with guarded(request):
            claiming.attach_evidence(page.claim, form, by=request.user, at=request.at)
            return done(request, gettext("佐证加上了。"), "resident:claim", claim_id)
    for errors in form.errors.values():
        messages.error(request, " ".join(errors))
    return redirect("resident:claim", claim_id)


@household_page
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A document of one of the household's claims, as a download."""
    with or_404():
        return claiming.download(selectors.document_of(request.user, document_id, on=localdate(request.at)))


@household_page
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo of one of the household's claims; nobody keeps a shared copy."""
    try:
        row = selectors.photo_of(request.user, photo_id, on=localdate(request.at))
    except selectors.NoSuchClaim as missing:
        raise Http404(str(missing)) from missing
    return pictures.answer(row)


def _page(request: HttpRequest, claim_id: int) -> selectors.ClaimPage:
    own.household(request)
    try:
        return selectors.claim_page(request.user, claim_id, on=localdate(request.at))
    except DomainError as missing:
        raise Http404(str(missing)) from missing
