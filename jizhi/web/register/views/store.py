"""The points store: finding the household at the counter, opening days, redemptions, receipts, undoing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.people import rules as people_rules
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.store import selectors, services
from jizhi.web.desk import listing, scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register import lookups
from jizhi.web.register.exports import store as exports
from jizhi.web.register.forms import store as forms

CANDIDATES = 12
LATEST = 8


@staff_page(action=Action.VIEW_DESK)
def store(request: HttpRequest) -> HttpResponse:
    """The counter before a household stands at it: one box to scan or type into, and how the day stands.

    Whoever keeps no store is shown what was handed out.
    """
    if not scope.may(request, Action.KEEP_STORE):
        return redirect("register:redemptions")
    villages = scope.villages(request, Action.KEEP_STORE)
    village = scope.village(request, Action.KEEP_STORE, request.GET.get("village", ""))
    found = forms.FindForm(request.GET or None)
    words = request.GET.get("q", "").strip()
    persons = _persons(request, village, words) if words else []
    lines = _candidates(request, village, words, alone=not persons) if words else ()
    if len(lines) == 1:
        return redirect("register:counter", lines[0])
    households = _lines(request, village, words) if words else ()
    if len(persons) == 1 and not households:
        return redirect("register:person_counter", persons[0].subject.pk)
    return page_or_partial(
        request,
        "register/store/store.html",
        find=found,
        words=words,
        candidates=households if words else None,
        persons=persons,
        **_day(request, villages, village),
    )


def _day(request: HttpRequest, villages: Any, village: Any, opening: Any = None) -> dict[str, Any]:
    today = localdate(request.at)
    rows = selectors.redemptions(request.user, on=today, village_code=village.code, day=today)
    goods = selectors.goods_of(village, on_sale_only=True)
    return {
        "villages": villages,
        "village": village,
        "today": today,
        "next_opening": selectors.next_opening(village, today),
        "is_open": selectors.is_open(village, today),
        "receipts": selectors.receipts(rows[:LATEST]),
        "count_today": rows.count(),
        "articles": len(goods),
        "low": [line for line in goods if line.stock <= exports.LOW],
        "opening_form": opening or forms.OpeningForm(initial={"date": today}),
        "may_redeem": scope.may(request, Action.REDEEM, village),
    }


def _persons(request: HttpRequest, village: Any, words: str) -> list[selectors.Spender]:
    """Persons with points of their own under that number or name; a card means a household."""
    if people_rules.clean_card_code(words):
        return []
    return selectors.find_spenders(village, words, on=localdate(request.at), limit=CANDIDATES)


def _candidates(request: HttpRequest, village: Any, words: str, *, alone: bool) -> list[int]:
    """The one household that the card or the number means; else nothing, and the list of names is shown.

    A name that fits one household is enough where it is `alone`: no person with own points is called so.
    """
    if people_rules.clean_card_code(words):
        try:
            household = people.household_by_code(words)
        except people.HouseholdNotFound as missing:
            messages.error(request, str(missing))
            return []
        return [lookups.household(request, household.pk).pk]
    try:
        return [people.household_by_no(village, words).pk]
    except people.HouseholdNotFound:
        lines = _lines(request, village, words)
        return [line.id for line in lines] if alone and len(lines) == 1 else []


def _lines(request: HttpRequest, village: Any, words: str) -> tuple[people.HouseholdLine, ...]:
    today = localdate(request.at)
    found = people.households(request.user, on=today, area=village, search=words, per_page=CANDIDATES)
    return found.lines


@staff_page(action=Action.KEEP_STORE)
@require_POST
def opening(request: HttpRequest) -> HttpResponse:
    """Announce one more opening day; today's opens the counter at once."""
    village = scope.village(request, Action.KEEP_STORE, request.POST.get("village", ""))
    form = forms.OpeningForm(request.POST)
    if form.is_valid():
        with guarded(request, form):
            services.announce_opening(village=village, by=request.user, at=request.at, **form.cleaned_data)
            address = f"{reverse('register:store')}?village={village.code}"
            return done(request, gettext("已公布加开，住户在手机上看得到。"), address)
    context = _day(request, scope.villages(request, Action.KEEP_STORE), village, form)
    context |= {"find": forms.FindForm(), "words": "", "candidates": None, "persons": []}
    return page_or_partial(request, "register/store/store.html", status=422, **context)


def _search(request: HttpRequest) -> forms.RedemptionSearch:
    return forms.RedemptionSearch(request.GET, villages=scope.villages(request))


@staff_page(action=Action.VIEW_DESK)
def redemptions(request: HttpRequest) -> HttpResponse:
    """What was handed out: search, day, paging, export."""
    search = _search(request)
    rows = selectors.redemptions(request.user, on=localdate(request.at), **search.filters)
    return page_or_partial(
        request,
        "register/store/redemptions.html",
        search=search,
        page=listing.page_of(request, rows, selectors.receipts),
        filtered=any(search.filters.values()),
        several_villages="village" in search.fields,
        may_export=_may_export(request),
        may_keep=scope.may(request, Action.KEEP_STORE),
    )


@staff_page(action=Action.VIEW_DESK)
def redemptions_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    if not _may_export(request):
        raise PermissionDenied(gettext("您的职务没有这项权限。需要办理的，请联系乡镇管理员。"))
    rows = selectors.redemptions(request.user, on=localdate(request.at), **_search(request).filters)
    return exports.redemptions(selectors.receipts(rows), request.at)


def _may_export(request: HttpRequest) -> bool:
    return scope.may(request, Action.EXPORT) or scope.may(request, Action.KEEP_STORE)


def _receipt(request: HttpRequest, redemption_id: int) -> selectors.Receipt:
    with or_404():
        return selectors.receipt(request.user, redemption_id, on=localdate(request.at))


@staff_page(action=Action.VIEW_DESK)
def redemption(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """The receipt on the screen."""
    receipt = _receipt(request, redemption_id)
    village = receipt.redemption.village
    may_undo = receipt.undone_at is None and scope.may(request, Action.REDEEM, village)
    return page_or_partial(
        request,
        "register/store/receipt.html",
        receipt=receipt,
        village=village,
        may_undo=may_undo,
        may_keep=scope.may(request, Action.KEEP_STORE, village),
    )


@staff_page(action=Action.VIEW_DESK)
def receipt_print(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """The receipt as a slip of 80 mm, or on A6 with `?paper=a6`."""
    return exports.receipt(_receipt(request, redemption_id), paper=request.GET.get("paper", "slip"))


@staff_page(action=Action.REDEEM)
def undoing(request: HttpRequest, redemption_id: int) -> HttpResponse:
    """Goods back on the shelf, points back in the wallet: with the reason, after a question."""
    receipt = _receipt(request, redemption_id)
    back = reverse("register:redemption", args=[redemption_id])
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.undo_redemption(
                redemption=receipt.redemption, by=request.user, at=request.at, **form.cleaned_data
            )
            return done(request, gettext("已撤销：物品回库，积分退回。"), back)
    return confirm(
        request,
        title=gettext("撤销这笔兑换？"),
        text=gettext("物品退回库存，积分退回住户存折。原单据保留，注明撤销的原因。"),
        button=gettext("撤销兑换"),
        back=back,
        danger=True,
        form=form,
    )
