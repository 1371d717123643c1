"""Panels of the villages: the list, composing one, its page, seats that begin and end, which person a member is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.organisations import services as organisations
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.reviews import selectors, services
from jizhi.reviews.rules import SeatRole
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import lists
from jizhi.web.desk.forms import panels as forms
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words

FOUND = 12


@staff_page(action=Action.VIEW_LEDGER)
def panels(request: HttpRequest) -> HttpResponse:
    """Every panel of the reader's villages, present, coming and past."""
    search, rows = _found(request)
    today = localdate(request.at)
    context = {
        "search": search,
        "page": listing.page_of(request, rows, lambda found: selectors.panel_lines(found, today)),
        "filtered": any(search.value(name) for name in search.fields),
        "may_export": scope.may(request, Action.EXPORT),
        "may_manage": scope.may(request, Action.MANAGE_PANELS),
        "several_villages": "village" in search.fields,
    }
    return page_or_partial(request, "desk/panels/list.html", **context)


def _found(request: HttpRequest) -> tuple[forms.PanelSearch, Any]:
    search = forms.PanelSearch(request.GET, villages=scope.villages(request, Action.VIEW_LEDGER))
    rows = selectors.panels(
        request.user,
        on=localdate(request.at),
        village_code=search.value("village"),
        state=search.value("state"),
        words=search.value("q"),
    )
    return search, rows


@staff_page(action=Action.EXPORT)
def panels_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    return lists.panels(selectors.panel_lines(_found(request)[1], localdate(request.at)), request.at)


@staff_page(action=Action.MANAGE_PANELS)
def panel_new(request: HttpRequest) -> HttpResponse:
    """Compose a panel; where one is in office the new term is proposed from the day after it."""
    villages = scope.villages(request, Action.MANAGE_PANELS)
    village = scope.village(request, Action.MANAGE_PANELS, request.GET.get("village", ""))
    today = localdate(request.at)
    before = selectors.panel_of(village, today)
    start = before.to_date + dt.timedelta(days=1) if before and before.to_date else today
    title = gettext("%(village)s积分评议小组") % {"village": words.named(village)}
    form = forms.PanelForm(
        request.POST or None,
        people=selectors.candidates(village, today),
        initial={"title": title, "from_date": start} | (_seats_before(before, today) if before else {}),
    )
    if form.is_valid():
        with guarded(request, form):
            panel = services.create_panel(village=village, by=request.user, at=request.at, **form.panel)
            return done(request, gettext("评议小组已组建。"), "desk:panel", panel.pk)
    context = {"form": form, "village": village, "villages": villages, "before": before}
    return page_or_partial(request, "desk/panels/new.html", **context)


def _seats_before(panel: Any, today: dt.date) -> dict[str, str]:
    """Whoever sits on the present panel is proposed for the next one in the same role."""
    return {f"{forms.ROLE}{seat.user_id}": seat.role.value for seat in selectors.seats_of(panel, today)}


def _page(request: HttpRequest, panel_id: int) -> selectors.PanelPage:
    with or_404():
        return selectors.panel_page(request.user, panel_id, on=localdate(request.at))


@staff_page(action=Action.VIEW_LEDGER)
def panel(request: HttpRequest, panel_id: int) -> HttpResponse:
    """One panel: its term, who sits on it, who did."""
    page = _page(request, panel_id)
    may_link = scope.may(request, Action.MANAGE_POSTS, page.panel.village)
    return page_or_partial(request, "desk/panels/page.html", page=page, line=page.line, may_link=may_link)


@staff_page(action=Action.MANAGE_PANELS)
def seat_new(request: HttpRequest, panel_id: int) -> HttpResponse:
    """Somebody takes a seat from a day on."""
    page, today = _page(request, panel_id), localdate(request.at)
    staff = selectors.candidates(page.panel.village, today)
    form = forms.SeatForm(request.POST or None, people=staff, initial={"from_date": today})
    if form.is_valid():
        given = form.cleaned_data
        with guarded(request, form):
            services.add_seat(
                panel=page.panel,
                user=next(one for one in staff if one.pk == given["user"]),
                role=SeatRole(given["role"]),
                from_date=given["from_date"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已增补。"), "desk:panel", panel_id)
    return _form(request, page, form, gettext("增补成员"))


def _form(request: HttpRequest, page: selectors.PanelPage, form: Any, title: str) -> HttpResponse:
    return page_or_partial(request, "desk/panels/form.html", form=form, page=page, title=title)


def _seat(page: selectors.PanelPage, seat_id: int) -> selectors.SeatLine:
    for seat in (*page.sitting, *page.past):
        if seat.id == seat_id:
            return seat
    raise Http404


@staff_page(action=Action.MANAGE_PANELS)
def seat_end(request: HttpRequest, panel_id: int, seat_id: int) -> HttpResponse:
    """A seat ends; its votes stay."""
    page = _page(request, panel_id)
    seat = _seat(page, seat_id)
    form = forms.LastDayForm(request.POST or None, today=localdate(request.at))
    if form.is_valid():
        with guarded(request, form):
            services.end_seat(
                seat=selectors.seat_on(page.panel, seat.id),
                by=request.user,
                at=request.at,
                **form.cleaned_data,
            )
            return done(request, gettext("席位已结束。"), "desk:panel", panel_id)
    return confirm(
        request,
        title=gettext("%(name)s不再担任？") % {"name": seat.name},
        text=gettext("已经参加过的表决和记录都保留。"),
        button=gettext("结束席位"),
        back=reverse("desk:panel", args=[panel_id]),
        form=form,
    )


@staff_page(action=Action.MANAGE_PANELS)
def panel_end(request: HttpRequest, panel_id: int) -> HttpResponse:
    """The panel's term ends."""
    page = _page(request, panel_id)
    form = forms.LastDayForm(request.POST or None, today=localdate(request.at))
    if form.is_valid():
        with guarded(request, form):
            services.end_panel(panel=page.panel, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("任期已结束。"), "desk:panel", panel_id)
    return confirm(
        request,
        title=gettext("结束这个评议小组的任期？"),
        text=gettext("结束之后才能组建下一届。已有的会议和表决都保留。"),
        button=gettext("结束任期"),
        back=reverse("desk:panel", args=[panel_id]),
        form=form,
    )


@staff_page(action=Action.MANAGE_POSTS)
def seat_person(request: HttpRequest, panel_id: int, seat_id: int) -> HttpResponse:
    """Say which villager a member is, so that recusal can be found by the register."""
    page = _page(request, panel_id)
    seat, today = _seat(page, seat_id), localdate(request.at)
    asked = request.GET.get("q", seat.name.split("（")[0])
    wanted = people.PersonFilter(search=asked)
    rows = people.persons(request.user, wanted, on=today)[:FOUND] if asked else []
    form = forms.PersonForm(request.POST or None, lines=people.person_lines(rows, today))
    if form.is_valid():
        with guarded(request, form):
            row = selectors.seat_on(page.panel, seat.id)
            person = people.person_for(request.user, form.cleaned_data["person"], today)
            organisations.link_staff_person(user=row.user, person=person, by=request.user, at=request.at)
            return done(request, gettext("已对应，表决时会按亲属关系回避。"), "desk:panel", panel_id)
    context = {"page": page, "seat": seat, "form": form, "asked": asked}
    return page_or_partial(request, "desk/panels/person.html", **context)
