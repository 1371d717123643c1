"""Needs at the desk: what households ask for, publishing or refusing it, volunteers, and what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.activities import rules, selectors, services
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.gridwork.exports import activities as exports
from jizhi.web.gridwork.forms import activities as forms
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page


def _rows(request: HttpRequest) -> tuple[forms.NeedSearch, Any]:
    villages = scope.villages_around(request, Action.VIEW_ACTIVITIES)
    search = forms.NeedSearch(request.GET, villages=villages)
    return search, selectors.needs(request.user, on=localdate(request.at), **search.filters)


@staff_page(action=Action.VIEW_ACTIVITIES)
def needs(request: HttpRequest) -> HttpResponse:
    """All needs of the reader's villages."""
    search, rows = _rows(request)
    return page_or_partial(
        request,
        "gridwork/needs/list.html",
        search=search,
        page=listing.page_of(request, rows, selectors.need_lines),
        filtered=any(search.filters.values()),
        may_manage=scope.may(request, Action.MANAGE_ACTIVITIES),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def needs_export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook."""
    _search, rows = _rows(request)
    return exports.needs(selectors.need_lines(rows[:20_000]), request.at)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def need_new(request: HttpRequest) -> HttpResponse:
    """Post a need for a household without a phone, or for the village."""
    villages = scope.villages_around(request, Action.MANAGE_ACTIVITIES)
    village = scope.one_of(villages, request.GET.get("village", ""))
    form = forms.VillageNeedForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data) | {"request_key": str(form.cleaned_data["request_key"])}
            number = data.pop("household").strip()
            subject = _subject(village, number) if number else None
            found = services.post_need(
                village=village, subject=subject, by=request.user, at=request.at, **data
            )
            return done(request, gettext("需求已发布。"), "gridwork:need", found.pk)
    return page_or_partial(request, "gridwork/needs/new.html", form=form, village=village, villages=villages)


def _subject(village: Any, number: str) -> Any:
    try:
        return people.household_by_no(village, number).subject
    except people.HouseholdNotFound as missing:
        raise services.BadNeed(str(missing), place="household") from missing


def _need(request: HttpRequest, need_id: int) -> Any:
    with or_404():
        return selectors.need_for(request.user, need_id, on=localdate(request.at))


@staff_page(action=Action.VIEW_ACTIVITIES)
def need(request: HttpRequest, need_id: int) -> HttpResponse:
    """One need with its volunteers and what can be done next."""
    return _page(request, _need(request, need_id))


def _page(request: HttpRequest, found: Any, **bound: Any) -> HttpResponse:
    page = selectors.need_page(found)
    items = selectors.item_choices(found.village, localdate(request.at), request.LANGUAGE_CODE)
    helped = [one for one in page.takings if one.state == rules.TakingState.TAKEN]
    context = {
        "need": found,
        "page": page,
        "line": page.line,
        "item": next((one for one in items if one.id == found.item), None),
        "may_manage": scope.may_around(request, Action.MANAGE_ACTIVITIES, found.village),
        "opening": forms.OpenNeedForm(items=items),
        "taking": forms.TakeForForm(),
        "finishing": forms.HoursForm(takings=helped) if helped else None,
    }
    refused = any(form.is_bound and form.errors for form in bound.values())
    return page_or_partial(
        request, "gridwork/needs/page.html", status=422 if refused else 200, **context | bound
    )


@staff_page(action=Action.MANAGE_ACTIVITIES)
@require_POST
def need_opening(request: HttpRequest, need_id: int) -> HttpResponse:
    """Publish a household's need."""
    found = _need(request, need_id)
    items = selectors.item_choices(found.village, localdate(request.at), request.LANGUAGE_CODE)
    form = forms.OpenNeedForm(request.POST, items=items)
    if form.is_valid():
        with guarded(request, form):
            services.open_need(need=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("需求已发布。"), "gridwork:need", found.pk)
    return _page(request, found, opening=form)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def need_refusing(request: HttpRequest, need_id: int) -> HttpResponse:
    """Do not publish it, with the reason."""
    found = _need(request, need_id)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.refuse_need(need=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已告知农户。"), "gridwork:need", found.pk)
    return confirm(
        request,
        title=gettext("不发布这条需求？"),
        text=gettext("农户会收到您写的原因。"),
        button=gettext("不发布"),
        back=reverse("gridwork:need", args=[found.pk]),
        form=form,
    )


@staff_page(action=Action.MANAGE_ACTIVITIES)
def need_withdrawing(request: HttpRequest, need_id: int) -> HttpResponse:
    """Take it off the list, with the reason."""
    found = _need(request, need_id)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.withdraw_need(need=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("需求已撤回。"), "gridwork:need", found.pk)
    return confirm(
        request,
        title=gettext("撤回这条需求？"),
        text=gettext("已认领的志愿者会收到消息。"),
        button=gettext("撤回"),
        back=reverse("gridwork:need", args=[found.pk]),
        form=form,
    )


@staff_page(action=Action.MANAGE_ACTIVITIES)
@require_POST
def need_taking(request: HttpRequest, need_id: int) -> HttpResponse:
    """Enter a volunteer who has no phone."""
    found = _need(request, need_id)
    form = forms.TakeForForm(request.POST)
    if form.is_valid():
        with guarded(request, form):
            subject = _subject(found.village, form.cleaned_data["household"])
            services.take_need(
                need=found, subject=subject, name=form.cleaned_data["name"], by=request.user, at=request.at
            )
            return done(request, gettext("已登记。"), "gridwork:need", found.pk)
    return _page(request, found, taking=form)


@staff_page(action=Action.MANAGE_ACTIVITIES)
@require_POST
def need_finishing(request: HttpRequest, need_id: int) -> HttpResponse:
    """It is done: who helped how long."""
    found = _need(request, need_id)
    page = selectors.need_page(found)
    form = forms.HoursForm(
        request.POST, takings=[one for one in page.takings if one.state == rules.TakingState.TAKEN]
    )
    if form.is_valid():
        with guarded(request, form):
            said = [services.Help(pk, hours) for pk, hours in form.hours.items()]
            services.finish_need(need=found, helped=said, by=request.user, at=request.at)
            return done(request, gettext("已办好。"), "gridwork:need", found.pk)
    return _page(request, found, finishing=form)


@staff_page(action=Action.MANAGE_ACTIVITIES)
@require_POST
def need_counting(request: HttpRequest, need_id: int) -> HttpResponse:
    """Send the help that a household confirmed to the panel."""
    found = _need(request, need_id)
    with guarded(request):
        services.count_help(need=found, by=request.user, at=request.at)
        return done(request, gettext("已交评议会认定。"), "gridwork:need", found.pk)
    return redirect("gridwork:need", found.pk)
