"""Claiming for a household: item, then day and what the item needs; a returned claim amended."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.claims import selectors, services
from jizhi.claims.rules import Channel
from jizhi.participants import selectors as participants
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.schemes import selectors as schemes
from jizhi.web import claiming
from jizhi.web.claiming import Choice, ClaimForm
from jizhi.web.field.forms import ItemSearch
from jizhi.web.field.queue import queueable
from jizhi.web.field.views import place
from jizhi.web.field.views.claims import page_of
from jizhi.web.pages import done, guarded, page_or_partial, staff_page


@staff_page(action=Action.FILE_CLAIM_FOR_OTHERS)
def item_list(request: HttpRequest, household_id: int, subject_id: int = 0) -> HttpResponse:
    """What the household, or somebody who lives there, did or failed to do."""
    today = localdate(request.at)
    household = place.household(request.user, household_id, today)
    who, scheme = _who(household, subject_id, today)
    form = ItemSearch(request.GET)
    try:
        found = claiming.groups(
            household.village, Channel.WORKER, today, form.data.get("q", ""), scheme=scheme
        )
    except schemes.NotInForce:
        found = []
    base = reverse("field:member_claim_new", args=[household_id, subject_id])
    if not subject_id:
        base = reverse("field:claim_new", args=[household_id])
    context = {"household": household, "who": who, "groups": found, "search": form, "base": base}
    return page_or_partial(request, "field/claim_new.html", **context)


def _who(household: Any, subject_id: int, today: Any) -> tuple[Any, str]:
    """The household itself, or the member who is scored under that number, with the scheme; else 404."""
    if not subject_id:
        return None, selectors.HOUSEHOLD_SCHEME
    if subject_id in people.member_subject_ids(household.subject, today):
        for one in participants.shares_of([subject_id], on=today):
            return one, one.scheme
    raise Http404


@queueable
@staff_page(action=Action.FILE_CLAIM_FOR_OTHERS)
def claim_form(request: HttpRequest, household_id: int, item_id: str, subject_id: int = 0) -> HttpResponse:
    """The day and what the item needs."""
    today = localdate(request.at)
    household = place.household(request.user, household_id, today)
    who, scheme = _who(household, subject_id, today)
    choice = claiming.choice_of(household.village, Channel.WORKER, today, item_id, scheme=scheme)
    if choice is None:
        raise Http404(gettext("没有这个条目，或者它不能由网格员申报。"))
    form = ClaimForm(request.POST or None, request.FILES or None, item=choice.item, today=today)
    if form.is_valid():
        with guarded(request, form):
            (filed,) = services.file_claims(
                village=household.village,
                scheme=scheme,
                drafts=[form.draft(who.subject if who else household.subject, choice.item)],
                channel=Channel.WORKER,
                by=request.user,
                at=request.at,
            )
            claiming.attach(request, filed, form.cleaned_data["photos"])
            text = gettext("已为%(head)s家申报。") % {"head": household.head_name}
            if who is not None:
                text = gettext("已为%(name)s申报。") % {"name": who.label}
            return done(request, text, "field:household", household_id)
    context: dict[str, Any] = {"choice": choice, "household": household, "who": who}
    return page_or_partial(request, "field/claim_form.html", form=form, **context)


@queueable
@staff_page()
def amendment(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Amend a claim that came back and send it again."""
    page, today = page_of(request, claim_id), localdate(request.at)
    if not page.may_refile and request.method != "POST":
        return redirect("field:claim", claim_id)
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
            return done(request, gettext("已重新申报。"), "field:claim", claim_id)
    choice = Choice(line.item, selectors.points_words(line.item, claiming.language()))
    return page_or_partial(request, "field/claim_amend.html", form=form, choice=choice, line=line)
