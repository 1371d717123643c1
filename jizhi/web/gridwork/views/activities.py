"""Activities at the desk: the list, planning, changing, calling off, the sign-in list and its confirmation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.activities import rules, selectors, services
from jizhi.areas import selectors as areas
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.gridwork.exports import activities as exports
from jizhi.web.gridwork.forms import activities as forms
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page


def _rows(request: HttpRequest) -> tuple[forms.ActivitySearch, Any]:
    villages = scope.villages_around(request, Action.VIEW_ACTIVITIES)
    today = localdate(request.at)
    search = forms.ActivitySearch(request.GET, villages=villages, today=today)
    return search, selectors.activities(request.user, on=today, **search.filters)


@staff_page(action=Action.VIEW_ACTIVITIES)
def activities(request: HttpRequest) -> HttpResponse:
    """All activities of the reader's villages."""
    search, rows = _rows(request)
    return page_or_partial(
        request,
        "gridwork/activities/list.html",
        search=search,
        page=listing.page_of(request, rows, selectors.activity_lines),
        filtered=any(search.filters.values()),
        may_manage=scope.may(request, Action.MANAGE_ACTIVITIES),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def activities_export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook."""
    _search, rows = _rows(request)
    return exports.activities(selectors.activity_lines(rows[:20_000]), request.at)


def _form(request: HttpRequest, village: Any, found: Any = None) -> forms.ActivityForm:
    grids = areas.grids_of(village)
    teams = [(str(one.id), one.name) for one in selectors.teams_of_village(village)]
    items = selectors.item_choices(village, localdate(request.at), request.LANGUAGE_CODE)
    initial = forms.activity_initial(found) if found else {"version": 1, "area": village.code}
    return forms.ActivityForm(
        request.POST or None, areas=[village, *grids], teams=teams, items=items, initial=initial
    )


def _data(request: HttpRequest, form: forms.ActivityForm) -> dict[str, Any]:
    data = dict(form.cleaned_data)
    with or_404():
        team = int(data.pop("team") or 0)
        data["team"] = selectors.team_for(request.user, team, on=localdate(request.at)) if team else None
    data["request_key"] = str(data["request_key"])
    return data


@staff_page(action=Action.MANAGE_ACTIVITIES)
def activity_new(request: HttpRequest) -> HttpResponse:
    """Plan an activity."""
    villages = scope.villages_around(request, Action.MANAGE_ACTIVITIES)
    village = scope.one_of(villages, request.GET.get("village", ""))
    form = _form(request, village)
    if form.is_valid():
        with guarded(request, form):
            data = _data(request, form)
            data.pop("version")
            area = areas.area_by_code(data.pop("area"))
            found = services.plan_activity(area=area, by=request.user, at=request.at, **data)
            return done(request, gettext("活动已安排。"), "gridwork:activity", found.pk)
    return page_or_partial(
        request, "gridwork/activities/new.html", form=form, village=village, villages=villages
    )


def _activity(request: HttpRequest, activity_id: int) -> Any:
    with or_404():
        return selectors.activity_for(request.user, activity_id, on=localdate(request.at))


@staff_page(action=Action.VIEW_ACTIVITIES)
def activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One activity with its list."""
    found = _activity(request, activity_id)
    page = selectors.activity_page(found)
    items = selectors.item_choices(found.village, localdate(found.starts_at), request.LANGUAGE_CODE)
    may = scope.may_around(request, Action.MANAGE_ACTIVITIES, found.village)
    planned = found.state == rules.ActivityState.PLANNED
    return page_or_partial(
        request,
        "gridwork/activities/page.html",
        activity=found,
        page=page,
        line=page.line,
        item=next((one for one in items if one.id == found.item), None),
        may_manage=may and planned,
        can_confirm=may and planned and request.at >= found.starts_at,
        can_sign=may and planned and request.at >= found.starts_at - rules.OPENS_BEFORE,
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def attendance_export(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The list as a workbook."""
    return exports.attendance(selectors.activity_page(_activity(request, activity_id)), request.at)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def activity_edit(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Change an activity before its list is confirmed."""
    found = _activity(request, activity_id)
    form = _form(request, found.village, found)
    if form.is_valid():
        with guarded(request, form):
            data = _data(request, form)
            data.pop("area"), data.pop("request_key")
            services.change_activity(activity=found, by=request.user, at=request.at, **data)
            return done(request, gettext("已保存。"), "gridwork:activity", found.pk)
    return page_or_partial(request, "gridwork/activities/edit.html", form=form, activity=found)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def activity_cancelling(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Call an activity off, with the reason."""
    found = _activity(request, activity_id)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.cancel_activity(activity=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(
                request, gettext("活动已取消，签过到的农户会收到消息。"), "gridwork:activity", found.pk
            )
    return confirm(
        request,
        title=gettext("取消“%(title)s”？") % {"title": found.title},
        text=gettext("取消后不再签到，也不计积分。"),
        button=gettext("取消活动"),
        back=reverse("gridwork:activity", args=[found.pk]),
        danger=True,
        form=form,
    )


@staff_page(action=Action.MANAGE_ACTIVITIES)
def activity_confirming(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The list is right, after a question."""
    found = _activity(request, activity_id)
    back = reverse("gridwork:activity", args=[found.pk])
    if request.method == "POST":
        with guarded(request):
            services.confirm_activity(activity=found, by=request.user, at=request.at)
            return done(request, gettext("名单已确认，积分交评议会认定。"), back)
        return redirect(back)
    return confirm(
        request,
        title=gettext("确认这份名单？"),
        text=gettext("确认后名单不能再改，参加的人按积分细则申报，交评议会认定。"),
        button=gettext("确认名单"),
        back=back,
    )


@staff_page(action=Action.MANAGE_ACTIVITIES)
@require_POST
def activity_signing(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Key in somebody from the paper list by household number."""
    found = _activity(request, activity_id)
    with guarded(request):
        household = people.household_by_no(found.village, request.POST.get("household", ""))
        services.sign_in_household(
            activity=found,
            subject=household.subject,
            name=request.POST.get("name", ""),
            by=request.user,
            at=request.at,
        )
        return done(
            request,
            gettext("%(name)s 已签到。") % {"name": household.head_name},
            "gridwork:activity",
            found.pk,
        )
    return redirect("gridwork:activity", found.pk)
