"""Volunteer teams at the desk: founding, changing, closing; members in and out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.activities import selectors, services
from jizhi.areas import selectors as areas
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.gridwork.exports import activities as exports
from jizhi.web.gridwork.forms import activities as forms
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page


def _rows(request: HttpRequest) -> tuple[forms.TeamSearch, Any]:
    villages = scope.villages_around(request, Action.VIEW_ACTIVITIES)
    search = forms.TeamSearch(request.GET, villages=villages)
    return search, selectors.teams(request.user, on=localdate(request.at), **search.filters)


@staff_page(action=Action.VIEW_ACTIVITIES)
def teams(request: HttpRequest) -> HttpResponse:
    """All teams of the reader's areas."""
    search, rows = _rows(request)
    return page_or_partial(
        request,
        "gridwork/teams/list.html",
        search=search,
        page=listing.page_of(request, rows, selectors.team_lines),
        filtered=any(search.filters.values()),
        may_manage=scope.may(request, Action.MANAGE_ACTIVITIES),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def teams_export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook."""
    _search, rows = _rows(request)
    return exports.teams(selectors.team_lines(rows[:20_000]), request.at)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def team_new(request: HttpRequest) -> HttpResponse:
    """Found a team."""
    paths = posts.scope_paths(request.user, Action.MANAGE_ACTIVITIES, localdate(request.at))
    places = areas.areas_at_or_below(paths, limit=400)
    form = forms.TeamForm(
        request.POST or None, areas=places, initial={"from_date": localdate(request.at), "version": 1}
    )
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            data.pop("version")
            area = areas.area_by_code(data.pop("area"))
            found = services.create_team(area=area, by=request.user, at=request.at, **data)
            return done(request, gettext("志愿队已成立。"), "gridwork:team", found.pk)
    return page_or_partial(request, "gridwork/teams/new.html", form=form)


def _team(request: HttpRequest, team_id: int) -> Any:
    with or_404():
        return selectors.team_for(request.user, team_id, on=localdate(request.at))


def _may(request: HttpRequest, found: Any) -> bool:
    return posts.can(request.user, Action.MANAGE_ACTIVITIES, found.area, localdate(request.at))


@staff_page(action=Action.VIEW_ACTIVITIES)
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """One team with its members and their hours."""
    return _page(request, _team(request, team_id))


def _page(request: HttpRequest, found: Any, **bound: Any) -> HttpResponse:
    page = selectors.team_page(found)
    context = {
        "team": found,
        "page": page,
        "line": page.line,
        "may_manage": found.to_date is None and _may(request, found),
        "may_export": scope.may(request, Action.EXPORT),
        "joining": forms.MemberForm(initial={"from_date": localdate(request.at)}),
    }
    refused = any(form.is_bound and form.errors for form in bound.values())
    return page_or_partial(
        request, "gridwork/teams/page.html", status=422 if refused else 200, **context | bound
    )


@staff_page(action=Action.EXPORT)
def members_export(request: HttpRequest, team_id: int) -> HttpResponse:
    """The members as a workbook."""
    return exports.members(selectors.team_page(_team(request, team_id)), request.at)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def team_edit(request: HttpRequest, team_id: int) -> HttpResponse:
    """Change a team's words and leader."""
    found = _team(request, team_id)
    names = ("kind", "name", "name_en", "leader", "phone", "purpose", "version")
    form = forms.TeamForm(
        request.POST or None, change=True, initial={name: getattr(found, name) for name in names}
    )
    if form.is_valid():
        with guarded(request, form):
            services.change_team(team=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已保存。"), "gridwork:team", found.pk)
    return page_or_partial(request, "gridwork/teams/edit.html", form=form, team=found)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def team_closing(request: HttpRequest, team_id: int) -> HttpResponse:
    """The team's last day, after a question."""
    found = _team(request, team_id)
    form = forms.DayForm(request.POST or None, initial={"to_date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            services.close_team(team=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已解散。"), "gridwork:team", found.pk)
    return confirm(
        request,
        title=gettext("解散“%(name)s”？") % {"name": found.name},
        text=gettext("队员一同离队，以往的活动和时长保留。"),
        button=gettext("解散"),
        back=reverse("gridwork:team", args=[found.pk]),
        danger=True,
        form=form,
    )


@staff_page(action=Action.MANAGE_ACTIVITIES)
@require_POST
def team_joining(request: HttpRequest, team_id: int) -> HttpResponse:
    """Somebody joins."""
    found = _team(request, team_id)
    form = forms.MemberForm(request.POST)
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            household = _household(request, found, data.pop("household"))
            services.join_team(team=found, subject=household.subject, by=request.user, at=request.at, **data)
            return done(request, gettext("已加入。"), "gridwork:team", found.pk)
    return _page(request, found, joining=form)


def _household(request: HttpRequest, found: Any, number: str) -> Any:
    """The household of that number in the team's village, or for a township's team in any village of it."""
    try:
        village = areas.village_of(found.area)
    except areas.NotInVillage:
        lines = people.households(
            request.user, on=localdate(request.at), area=found.area, search=number, per_page=2
        )
        if len(lines.lines) != 1:
            text = gettext("请填写能确定一户的编号或户主姓名。")
            raise services.BadTeam(text, place="household") from None
        return people.household_for(request.user, lines.lines[0].id, localdate(request.at))
    try:
        return people.household_by_no(village, number)
    except people.HouseholdNotFound as missing:
        raise services.BadTeam(str(missing), place="household") from missing


@staff_page(action=Action.MANAGE_ACTIVITIES)
def team_leaving(request: HttpRequest, team_id: int, member_id: int) -> HttpResponse:
    """A member's last day, after a question."""
    found = _team(request, team_id)
    with or_404():
        member = selectors.member_for(found, member_id)
    form = forms.DayForm(request.POST or None, initial={"to_date": localdate(request.at)})
    back = reverse("gridwork:team", args=[found.pk])
    if form.is_valid():
        with guarded(request, form):
            services.leave_team(member=member, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已退出。"), back)
    return confirm(
        request,
        title=gettext("%(name)s 离队？") % {"name": member.name},
        text=gettext("以往的活动和时长保留。"),
        button=gettext("离队"),
        back=back,
        form=form,
    )
