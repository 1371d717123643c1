"""Claiming for a neighbour who agreed: choose what was done, say for whom and how they agreed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_lazy

from jizhi.channels import services
from jizhi.claims.rules import Channel
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.schemes import selectors as schemes
from jizhi.web import claiming
from jizhi.web.claiming import ClaimForm, ItemSearch
from jizhi.web.pages import done, guarded, household_page, page_or_partial
from jizhi.web.resident.views import own


class WitnessForm(ClaimForm):
    """A claim, and for which household."""

    no = forms.CharField(label=gettext_lazy("邻居的户编号"), max_length=20)
    head = forms.CharField(label=gettext_lazy("邻居户主姓名"), max_length=50)
    consent = forms.CharField(
        label=gettext_lazy("对方怎样同意的"),
        max_length=200,
        help_text=gettext_lazy("例如：本人当面请我代报。对方会收到消息，不同意可以撤回。"),
    )


@household_page
def items(request: HttpRequest) -> HttpResponse:
    """What the neighbour did."""
    household, today = own.household(request), localdate(request.at)
    form = ItemSearch(request.GET)
    try:
        found = claiming.groups(household.village, Channel.WITNESS, today, form.data.get("q", ""))
    except schemes.NotInForce:
        return page_or_partial(request, "resident/claim_none.html", household=household)
    base = reverse("resident:witness")
    return page_or_partial(request, "resident/witness.html", groups=found, search=form, base=base)


@household_page
def form(request: HttpRequest, item_id: str) -> HttpResponse:
    """For whom, when, how much, and how they agreed."""
    household, today = own.household(request), localdate(request.at)
    choice = claiming.choice_of(household.village, Channel.WITNESS, today, item_id)
    if choice is None:
        raise Http404(gettext("没有这个条目，或者它不能由农户自己申报。"))
    sheet = WitnessForm(request.POST or None, request.FILES or None, item=choice.item, today=today)
    if sheet.is_valid():
        with guarded(request, sheet):
            services.file_as_witness(
                neighbour=_neighbour(sheet.cleaned_data),
                scheme=HOUSEHOLD_SCHEME,
                draft=sheet.draft(household.subject, choice.item),
                photos=sheet.cleaned_data["photos"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("替邻居申报好了，对方会收到消息。"), "resident:claims")
    return page_or_partial(request, "resident/witness_form.html", form=sheet, choice=choice)


def _neighbour(given: dict[str, Any]) -> services.Neighbour:
    return services.Neighbour(given["no"], given["head"], given["consent"])
