"""The household register: the list with search and export, one household's page, registering and editing.

Members are `members`, cards `cards`, importing many `rosters`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.changes import selectors as changes
from jizhi.claims import selectors as claims
from jizhi.core.text import N_
from jizhi.ledger import selectors as ledger
from jizhi.people import selectors, services
from jizhi.people.rules import HEAD
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.visits import selectors as visits
from jizhi.web.desk import scope
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
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
        choices += [(place.code, title) for place, title in areas.titles_of_places(villages[0])]
    return choices


def found_households(request: HttpRequest, *, page: int, size: int) -> tuple[forms.HouseholdSearch, Any]:
    """The search and what it finds; for the exports beside this file, too."""
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
    search, found = found_households(request, page=int(number) if number.isdecimal() else 1, size=30)
    return page_or_partial(
        request,
        "register/households/list.html",
        search=search,
        page=Page(found.lines, found.page, found.per_page, found.total),
        filtered=any((search.value("area"), *search.filters.values())),
        several_villages=len(scope.villages(request, Action.VIEW_HOUSEHOLDS)) > 1,
        may_export=scope.may(request, Action.EXPORT),
        may_export_sensitive=visits.sees_sensitive(request.user, localdate(request.at)),
        may_import=scope.may(request, Action.IMPORT_HOUSEHOLDS),
        may_manage=scope.may(request, Action.MANAGE_HOUSEHOLDS),
    )


@staff_page(action=Action.EXPORT)
def households_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook; phone numbers stay masked."""
    _search, found = found_households(request, page=1, size=EVERYTHING)
    return exports.workbook(found.lines, request.at)


@staff_page(action=Action.VIEW_HOUSEHOLDS)
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """One household: members, card, points, claims, messages, and what may be done."""
    today = localdate(request.at)
    with or_404():
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
    day = _day_asked(request)
    context |= {
        "changes": changes.changes_of_household(household_id, limit=8),
        "day": day,
        "kin": selectors.kin_of_household(household_id, today),
        "of_household": True,
        "can_declare": detail.can_manage,
        "members_then": changes.members_on_day(household_id, day) if day else (),
        "may_change": posts.can(request.user, Action.CHANGE_HOUSEHOLDS, area, today),
        "went_to": changes.successor_of(household_id) if detail.line.to_date else None,
    }
    card_open = any(card.blocked_at is None for card in detail.cards)
    may_see_book = posts.can(request.user, Action.VIEW_COVERAGE, area, today)
    context |= {"may_see_points": may_see_points, "card_open": card_open, "may_see_book": may_see_book}
    return page_or_partial(request, "register/households/page.html", **context)


def _day_asked(request: HttpRequest) -> dt.date | None:
    """The day of which the page tells who belonged to the household; nothing for what is no day."""
    try:
        return dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _grids(village: Any) -> list[tuple[str, str]]:
    grids = [(place.code, title) for place, title in areas.titles_of_places(village)]
    return [(village.code, gettext("未分网格")), *grids]


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def household_new(request: HttpRequest) -> HttpResponse:
    """Register one household by hand; many come from a roster."""
    village = scope.village(request, Action.MANAGE_HOUSEHOLDS, request.GET.get("village", ""))
    form = forms.NewForm(
        request.POST or None, grids=_grids(village), initial={"from_date": localdate(request.at)}
    )
    alike: Any = ()
    if form.is_valid():
        data = form.cleaned_data
        alike = selectors.alike_households(village, head_name=data["head_name"], address=data["address"])
    if form.is_valid() and (not alike or "anyway" in request.POST):
        with guarded(request, form):
            row = services.create_household(
                no=data["no"],
                head_name=data["head_name"],
                village=village,
                area=areas.area_by_code(data["grid"]),
                address=data["address"],
                phone=data["phone"],
                size=data["declared_size"],
                members=(services.NewMember(data["head_name"], HEAD),),
                from_date=data["from_date"],
                by=request.user,
                at=request.at,
            )
            return done(
                request, gettext("已登记这户，可以接着登记成员、发卡。"), "register:household", row.pk
            )
    villages = scope.villages(request, Action.MANAGE_HOUSEHOLDS)
    return page_or_partial(
        request, "register/households/new.html", form=form, village=village, villages=villages, alike=alike
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
        "version": row.version,
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
        version=data["version"],
    )
    changed = services.update_household(household=row, change=change, by=request.user, at=request.at)
    if changed.subject.size != before:
        reason = N_("家庭人口变动")
        reprice(row.village, [row.subject_id], reason=reason, by=request.user, at=request.at)
