"""Claiming for a neighbour who agreed: choose what was done, say for whom and how they agreed; and refusing it.

For another household, and for whoever the village's other schemes score: a person, an organisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_lazy

from jizhi.channels import selectors as channels
from jizhi.channels import services
from jizhi.claims.rules import Channel
from jizhi.claims.selectors import HOUSEHOLD_SCHEME
from jizhi.participants import selectors as participants
from jizhi.people.rules import SubjectKind
from jizhi.web import claiming
from jizhi.web.claiming import ClaimForm, ItemSearch
from jizhi.web.pages import confirm, done, guarded, household_page, or_404, page_or_partial
from jizhi.web.resident.views import own

if TYPE_CHECKING:
    from jizhi.engine.document.scheme import Scheme
    from jizhi.people.models import Household

# How number and name are asked for, by whom the scheme scores.
LABELS = {
    SubjectKind.HOUSEHOLD: (gettext_lazy("邻居的户编号"), gettext_lazy("邻居户主姓名")),
    SubjectKind.PERSON: (gettext_lazy("对方在积分名单上的编号"), gettext_lazy("对方姓名")),
    SubjectKind.ORGANISATION: (gettext_lazy("组织在积分名单上的编号"), gettext_lazy("组织全称")),
}


class WitnessForm(ClaimForm):
    """A claim, for whom it is, and how they agreed."""

    no = forms.CharField(max_length=20)
    name = forms.CharField(max_length=100)
    consent = forms.CharField(
        label=gettext_lazy("对方怎样同意的"),
        max_length=200,
        help_text=gettext_lazy("例如：本人当面请我代报。对方会收到消息，不同意可以撤回。"),
    )

    def __init__(self, *args: Any, kind: SubjectKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["no"].label, self.fields["name"].label = LABELS[kind]


@household_page
def items(request: HttpRequest, scheme: str = HOUSEHOLD_SCHEME) -> HttpResponse:
    """What the neighbour did; where the village has several schemes in force, under which of them."""
    household, today = own.household(request), localdate(request.at)
    offered = _offered(household, today)
    wanted = _one_of(offered, scheme)
    if wanted is None:
        return page_or_partial(request, "resident/claim_none.html", household=household)
    search = ItemSearch(request.GET)
    words = search.data.get("q", "")
    context = {
        "groups": claiming.groups(household.village, Channel.WITNESS, today, words, scheme=wanted.id),
        "search": search,
        "base": _address(wanted.id),
        "scheme": wanted,
        "tabs": [(one, _address(one.id)) for one in offered],
    }
    return page_or_partial(request, "resident/witness.html", **context)


@household_page
def form(request: HttpRequest, item_id: str, scheme: str = HOUSEHOLD_SCHEME) -> HttpResponse:
    """For whom, when, how much, and how they agreed."""
    household, today = own.household(request), localdate(request.at)
    wanted, choice = _one_of(_offered(household, today), scheme), None
    if wanted is not None:
        choice = claiming.choice_of(household.village, Channel.WITNESS, today, item_id, scheme=wanted.id)
    if wanted is None or choice is None:
        raise Http404(gettext("没有这个条目，或者它不能由邻居代为申报。"))
    sheet = WitnessForm(
        request.POST or None,
        request.FILES or None,
        item=choice.item,
        today=today,
        kind=SubjectKind(wanted.subject),
    )
    if sheet.is_valid():
        with guarded(request, sheet):
            services.file_as_witness(
                neighbour=_neighbour(sheet.cleaned_data),
                scheme=wanted.id,
                draft=sheet.draft(household.subject, choice.item),
                photos=sheet.cleaned_data["photos"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("替邻居申报好了，对方会收到消息。"), "resident:claims")
    context = {"form": sheet, "choice": choice, "back_to": _address(wanted.id)}
    return page_or_partial(request, "resident/witness_form.html", **context)


def _offered(household: Household, today: Any) -> list[Scheme]:
    """The documents in force in the village that let a neighbour claim anything, households first."""
    found = participants.schemes_in_force(household.village, today)
    return [one for one in found if claiming.may_claim_any(one, Channel.WITNESS)]


def _one_of(offered: list[Scheme], scheme: str) -> Scheme | None:
    """The scheme of that number; where the households' own is not offered, the first that is."""
    known = {one.id: one for one in offered}
    if scheme not in known and scheme != HOUSEHOLD_SCHEME:
        raise Http404(gettext("没有这份积分细则，或者它不能由邻居代为申报。"))
    return known.get(scheme) or next(iter(offered), None)


def _address(scheme: str) -> str:
    if scheme == HOUSEHOLD_SCHEME:
        return reverse("resident:witness")
    return reverse("resident:witness_scheme", args=[scheme])


def _neighbour(given: dict[str, Any]) -> services.Neighbour:
    return services.Neighbour(given["no"], given["name"], given["consent"])


@household_page
def for_led(request: HttpRequest, claim_id: int) -> HttpResponse:
    """What a neighbour claimed for an organisation that somebody of the household leads."""
    own.household(request)
    with or_404():
        found = channels.witnessed_for_led(request.user, claim_id, on=localdate(request.at))
    return page_or_partial(request, "resident/witnessed.html", found=found, line=found.line)


@household_page
def refusal(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take such a claim back."""
    own.household(request)
    with or_404():
        channels.witnessed_for_led(request.user, claim_id, on=localdate(request.at))
    back = reverse("resident:witnessed", args=[claim_id])
    if request.method == "POST":
        with guarded(request):
            services.refuse_witnessed(claim_id=claim_id, by=request.user, at=request.at)
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
