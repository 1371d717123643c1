"""Household cards: issuing and printing many, and one household's card: issue, replace, block, set the PIN.

A PIN is shown or printed once, in the answer to the request that made it; only its hash is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from jizhi.areas import selectors as areas
from jizhi.people import selectors, services
from jizhi.posts.rules import Action
from jizhi.web.pages import confirm, done, guarded, page_or_partial, staff_page
from jizhi.web.register import lookups
from jizhi.web.register.exports import cards as exports
from jizhi.web.register.forms import households as forms
from jizhi.web.register.forms.store import ReasonForm
from jizhi.web.register.views.households import EVERYTHING, area_choices

# One PIN costs about 50 ms of hashing; a request stays well below a minute.
AT_ONCE = 400


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
@never_cache
def cards(request: HttpRequest) -> HttpResponse:
    """Cards for a village or grid: new ones with their PIN letters, or the present ones printed again."""
    choices = area_choices(request, Action.MANAGE_HOUSEHOLDS)
    form = forms.CardsForm(request.POST or None, areas=choices)
    if form.is_valid():
        area = areas.area_by_code(form.cleaned_data["area"])
        present = form.cleaned_data["which"] == "present"
        found = _households(request, area, card=present)
        if not found:
            text = gettext("这个区域没有已发卡的户。") if present else gettext("这个区域的户都已经有卡了。")
            form.add_error("which", text)
        else:
            with guarded(request, form):
                issued = services.issue_cards(households=found, by=request.user, at=request.at)
                return exports.cards(issued, found, area, request.build_absolute_uri("/"), at=request.at)
    return page_or_partial(request, "register/households/cards.html", form=form, at_once=AT_ONCE)


def _households(request: HttpRequest, area: Any, *, card: bool) -> list[Any]:
    today = localdate(request.at)
    size = EVERYTHING if card else AT_ONCE
    lines = selectors.households(request.user, on=today, area=area, card=card, per_page=size).lines
    return selectors.households_for(request.user, [line.id for line in lines], today)


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
@never_cache
def ticked_cards(request: HttpRequest) -> HttpResponse:
    """Cards of the households ticked in the register: the missing ones are issued."""
    ids = [int(one) for one in request.POST.getlist("household") if one.isdecimal()][:AT_ONCE]
    found = selectors.households_for(request.user, ids, localdate(request.at))
    if not found:
        return done(request, gettext("请先勾选农户。"), "register:households")
    issued = services.issue_cards(households=found, by=request.user, at=request.at)
    return exports.cards(issued, found, found[0].village, request.build_absolute_uri("/"), at=request.at)


def _one(
    request: HttpRequest, household_id: int, form: Any, act: Callable[..., Any], **question: str
) -> HttpResponse:
    """Ask, do, and show the new PIN once; a blocked card has none to show."""
    row = lookups.household(request, household_id)
    back = reverse("register:household", args=[household_id])
    if form.is_valid():
        with guarded(request, form):
            given = {key: value for key, value in form.cleaned_data.items() if value}
            issued = act(row, by=request.user, at=request.at, **given)
            if not isinstance(issued, services.IssuedCard):
                return done(request, gettext("卡已停用。"), back)
            link = request.build_absolute_uri(reverse("signin:card", args=[issued.code]))
            context = {"card": issued, "link": link, "qr": exports.qr(link), "household_id": household_id}
            return page_or_partial(request, "register/households/card.html", **context)
    return confirm(request, back=back, form=form, **question)


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
@never_cache
def card_replacement(request: HttpRequest, household_id: int) -> HttpResponse:
    """A first card, or a new one in place of a lost one."""

    def replace(row: Any, *, reason: str, by: Any, at: Any) -> services.IssuedCard:
        return services.replace_card(household=row, reason=reason, by=by, at=at)

    form = ReasonForm(request.POST or None, initial={"reason": request.GET.get("reason", "")})
    return _one(
        request, household_id, form, replace,
        title=gettext("发一张新卡？"),
        text=gettext("生成新卡号和新 PIN 码；原来的卡同时停用。积分和记录不受影响。"),
        button=gettext("发新卡"),
    )  # fmt: skip


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
@never_cache
def card_block(request: HttpRequest, household_id: int) -> HttpResponse:
    """Nobody signs in or redeems with the card any more."""

    def block(row: Any, *, reason: str, by: Any, at: Any) -> object:
        return services.block_card(household=row, reason=reason, by=by, at=at)

    return _one(
        request, household_id, ReasonForm(request.POST or None), block,
        title=gettext("停用这张卡？"),
        text=gettext("停用后不能登录，也不能凭卡兑换；需要时再发新卡。"),
        button=gettext("停用积分卡"),
    )  # fmt: skip


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
@never_cache
def card_pin(request: HttpRequest, household_id: int) -> HttpResponse:
    """A new PIN for a household that forgot it."""

    def set_pin(row: Any, *, by: Any, at: Any, pin: str = "") -> services.IssuedCard:
        return services.set_pin(household=row, by=by, at=at, pin=pin or None)

    posted = request.POST if request.method == "POST" else None
    return _one(
        request, household_id, forms.PinForm(posted), set_pin,
        title=gettext("重设 PIN 码？"),
        text=gettext("请当面核对身份。新 PIN 码只显示这一次。"),
        button=gettext("重设 PIN 码"),
    )  # fmt: skip
