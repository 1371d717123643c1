"""The household register: the list with search and export, one household's page, registering and editing.

Members are `members`, cards `cards`, importing many `rosters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.claims import selectors as claims
from jizhi.ledger import selectors as ledger
from jizhi.people import selectors, services
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import scope
from jizhi.web.pages import confirm, done, guarded, page_or_partial, staff_page
from jizhi.web.register import lookups
from jizhi.web.register.exports import households as exports
from jizhi.web.register.forms import households as forms
from jizhi.web.register.repricing import reprice
from jizhi.web.templatetags import jizhi as words

EVERYTHING = 200_000


@dataclass(frozen=True)
class Page:
    """What the pager needs of the selector's list."""

    lines: tuple[selectors.HouseholdLine, ...]
    number: int
    size: int
    total: int


def area_choices(request: HttpRequest, action: Action) -> list[tuple[str, str]]:
    """Villages in the reader's scope; for one village its grids, too."""
    villages = scope.villages(request, action)
    choices = [(one.code, words.named(one)) for one in villages]
    if len(villages) == 1:
        choices += [(grid.code, words.named(grid)) for grid in areas.grids_of(villages[0])]
    return choices


def _found(request: HttpRequest, *, page: int, size: int) -> tuple[forms.HouseholdSearch, Any]:
    search = forms.HouseholdSearch(request.GET, areas=area_choices(request, Action.VIEW_HOUSEHOLDS))
    code = search.value("area")
    found = selectors.households(
        request.user,
        on=localdate(request.at),
        area=areas.area_by_code(code) if code else None,
        page=page,
        per_page=size,
        **search.filters,
    )
    return search, found


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def households(request: HttpRequest) -> HttpResponse:
    """The register: search by number, name, pinyin or address."""
    number = request.GET.get("page", "1")
    search, found = _found(request, page=int(number) if number.isdecimal() else 1, size=30)
    return page_or_partial(
        request,
        "register/households/list.html",
        search=search,
        page=Page(found.lines, found.page, found.per_page, found.total),
        filtered=any((search.value("area"), *search.filters.values())),
        several_villages=len(scope.villages(request, Action.VIEW_HOUSEHOLDS)) > 1,
        may_export=scope.may(request, Action.EXPORT),
        may_import=scope.may(request, Action.IMPORT_HOUSEHOLDS),
        may_manage=scope.may(request, Action.MANAGE_HOUSEHOLDS),
    )


@staff_page(action=Action.EXPORT)
def households_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook; phone numbers stay masked."""
    _search, found = _found(request, page=1, size=EVERYTHING)
    return exports.workbook(found.lines, request.at)


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """One household: members, card, points, claims, messages, and what may be done."""
    today = localdate(request.at)
    with lookups.or_404():
        detail = selectors.household_page(request.user, household_id, today)
    context: dict[str, Any] = {"household": detail, "line": detail.line, "today": today}
    area = areas.area_by_code(detail.line.grid_code or detail.line.village_code)
    may_see_points = posts.can(request.user, Action.VIEW_LEDGER, area, today)
    if may_see_points:
        subject = detail.line.subject_id
        context |= {
            "wallet": ledger.wallet_of(subject, moves=0),
            "month_points": ledger.awarded_in_period(subject, today.replace(day=1), today),
            "year_points": ledger.awarded_in_period(subject, today.replace(month=1, day=1), today),
            "claims": claims.claims_of_subject(subject, limit=8),
            "messages_sent": selectors.inbox(subject, limit=6),
        }
    card_open = any(card.blocked_at is None for card in detail.cards)
    context |= {"may_see_points": may_see_points, "card_open": card_open}
    return page_or_partial(request, "register/households/page.html", **context)


def _grids(village: Any) -> list[tuple[str, str]]:
    grids = [(grid.code, words.named(grid)) for grid in areas.grids_of(village)]
    return [(village.code, gettext("未分网格")), *grids]


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def household_new(request: HttpRequest) -> HttpResponse:
    """Register one household by hand; many come from a roster."""
    village = scope.village(request, Action.MANAGE_HOUSEHOLDS, request.GET.get("village", ""))
    form = forms.NewForm(
        request.POST or None, grids=_grids(village), initial={"from_date": localdate(request.at)}
    )
    if form.is_valid():
        with guarded(request, form):
            data = form.cleaned_data
            row = services.create_household(
                no=data["no"],
                head_name=data["head_name"],
                village=village,
                area=areas.area_by_code(data["grid"]),
                address=data["address"],
                phone=data["phone"],
                size=data["declared_size"],
                members=(services.NewMember(data["head_name"], gettext("户主")),),
                from_date=data["from_date"],
                by=request.user,
                at=request.at,
            )
            return done(
                request, gettext("已登记这户，可以接着登记成员、发卡。"), "register:household", row.pk
            )
    villages = scope.villages(request, Action.MANAGE_HOUSEHOLDS)
    return page_or_partial(
        request, "register/households/new.html", form=form, village=village, villages=villages
    )


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def household_edit(request: HttpRequest, household_id: int) -> HttpResponse:
    """Change head, grid, address, phone or size; a new size re-prices what depends on it."""
    row = lookups.household(request, household_id)
    detail = selectors.household_page(request.user, household_id, localdate(request.at))
    initial = {
        "head_name": row.head_name,
        "grid": row.area.code,
        "address": row.address,
        "declared_size": row.declared_size,
    }
    form = forms.EditForm(
        request.POST or None, grids=_grids(row.village), phone_shown=detail.line.phone, initial=initial
    )
    if form.is_valid():
        with guarded(request, form):
            _change(request, row, form.cleaned_data)
            return done(request, gettext("已保存。"), "register:household", household_id)
    return page_or_partial(request, "register/households/edit.html", form=form, line=detail.line)


def _change(request: HttpRequest, row: Any, data: dict[str, Any]) -> None:
    before = row.subject.size
    change = services.HouseholdChange(
        head_name=data["head_name"],
        area=areas.area_by_code(data["grid"]),
        address=data["address"],
        phone=data["phone"] or None,
        declared_size=data["declared_size"],
        clear_size=data["declared_size"] is None,
    )
    changed = services.update_household(household=row, change=change, by=request.user, at=request.at)
    if changed.subject.size != before:
        reason = gettext("家庭人口变动")
        reprice(row.village, [row.subject_id], reason=reason, by=request.user, at=request.at)


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def household_closing(request: HttpRequest, household_id: int) -> HttpResponse:
    """Take the household off the register, after a question."""
    row = lookups.household(request, household_id)
    back = reverse("register:household", args=[household_id])
    form = forms.LeavingForm(request.POST or None, today=localdate(request.at))
    if form.is_valid():
        with guarded(request, form):
            services.close_household(household=row, by=request.user, at=request.at, **form.cleaned_data)
            reason = gettext("农户销户")
            reprice(row.village, [row.subject_id], reason=reason, by=request.user, at=request.at)
            return done(request, gettext("已销户，以往记录仍然保留。"), back)
    return confirm(
        request,
        title=gettext("销户？"),
        text=gettext("这户从最后一天之后不再参加积分，成员一并转出；以往的积分和记录保留。"),
        button=gettext("确认销户"),
        back=back,
        danger=True,
        form=form,
    )
