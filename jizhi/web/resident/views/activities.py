"""What is on in the village, signing in with the code on the spot, the village's needs, and its volunteer teams."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.activities import rules, selectors, services
from jizhi.people import selectors as people
from jizhi.web.pages import confirm, done, guarded, household_page, or_404, page_or_partial
from jizhi.web.resident import forms
from jizhi.web.resident.views import own


@household_page
def activity_list(request: HttpRequest) -> HttpResponse:
    """What is on now and next, and what the household took part in."""
    household = own.household(request)
    return page_or_partial(
        request,
        "resident/activities.html",
        upcoming=selectors.upcoming(household.village, request.at),
        attended=selectors.attendance_of_subject(household.subject.pk),
    )


def _activity(request: HttpRequest, activity_id: int) -> Any:
    with or_404():
        return selectors.activity_in_village(own.household(request).subject, activity_id)


@household_page
def activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One activity: when, where, what it counts for; signing in while it is open."""
    found, household = _activity(request, activity_id), own.household(request)
    code = request.GET.get("code", "")
    form = forms.SignInForm(
        request.POST or None, initial={"code": code, "name": household.head_name}, names=_names(request)
    )
    if form.is_valid():
        with guarded(request, form):
            services.sign_in_by_code(activity=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(
                request, gettext("已签到。名单确认后，积分交评议会认定。"), "resident:activity", found.pk
            )
    return page_or_partial(
        request,
        "resident/activity.html",
        page=selectors.activity_page(found, reader=household.subject),
        form=form,
        is_open=found.state == rules.ActivityState.PLANNED
        and rules.sign_in_is_open(found.starts_at, found.ends_at, request.at),
        choices=_item(request, found),
    )


def _names(request: HttpRequest) -> list[str]:
    household = own.household(request)
    page = people.household_page(request.user, household.pk, localdate(request.at))
    return list(dict.fromkeys([household.head_name, *(member.name for member in page.members)]))


def _item(request: HttpRequest, found: Any) -> Any:
    if not found.item:
        return None
    items = selectors.item_choices(found.village, localdate(found.starts_at), request.LANGUAGE_CODE)
    return next((one for one in items if one.id == found.item), None)


@household_page
def need_list(request: HttpRequest) -> HttpResponse:
    """What neighbours need, one's own needs, and those one took up."""
    subject = own.household(request).subject
    others, mine, taken = selectors.needs_for_household(subject, on=localdate(request.at))
    return page_or_partial(request, "resident/needs.html", others=others, mine=mine, taken=taken)


@household_page
def need_new(request: HttpRequest) -> HttpResponse:
    """Ask the village's volunteers for help."""
    household = own.household(request)
    form = forms.NeedForm(request.POST or None, today=localdate(request.at))
    if form.is_valid():
        with guarded(request, form):
            data = form.cleaned_data | {"request_key": str(form.cleaned_data["request_key"])}
            need = services.post_need(
                village=household.village, subject=household.subject, by=request.user, at=request.at, **data
            )
            return done(request, gettext("已提交，村里看过后发布。"), "resident:need", need.pk)
    return page_or_partial(request, "resident/need_new.html", form=form)


def _need(request: HttpRequest, need_id: int) -> Any:
    with or_404():
        return selectors.need_in_village(own.household(request).subject, need_id)


@household_page
def need(request: HttpRequest, need_id: int) -> HttpResponse:
    """One need: taking it up, or for one's own what each volunteer did."""
    found, subject = _need(request, need_id), own.household(request).subject
    page = selectors.need_page(found, reader=subject)
    helped = [one for one in page.takings if one.state == rules.TakingState.TAKEN]
    form = forms.HelpForm(request.POST or None, takings=helped) if page.line.is_own and helped else None
    if form is not None and form.is_valid():
        with guarded(request, form):
            said = [services.Help(pk, hours) for pk, hours in form.hours.items()]
            services.finish_need(need=found, helped=said, by=request.user, at=request.at)
            return done(request, gettext("谢谢您的确认。"), "resident:need", found.pk)
        page = selectors.need_page(found, reader=subject)
    return page_or_partial(request, "resident/need.html", page=page, line=page.line, form=form)


@household_page
@require_POST
def need_taking(request: HttpRequest, need_id: int) -> HttpResponse:
    """Take a neighbour's need up."""
    found = _need(request, need_id)
    with guarded(request):
        services.take_need(need=found, subject=own.household(request).subject, by=request.user, at=request.at)
        return done(request, gettext("已认领，请按约定的时间去。"), "resident:need", found.pk)
    return redirect("resident:need", found.pk)


@household_page
def need_giving_up(request: HttpRequest, need_id: int) -> HttpResponse:
    """Say that one cannot come after all, after a question."""
    found, subject = _need(request, need_id), own.household(request).subject
    page = selectors.need_page(found, reader=subject)
    mine = next((one for one in page.takings if one.subject_id == subject.pk), None)
    if mine is None:
        raise Http404
    back = reverse("resident:need", args=[need_id])
    if request.method == "POST":
        with guarded(request):
            taking = selectors.taking_for(found, mine.id)
            services.give_up_need(taking=taking, by=request.user, at=request.at)
            return done(request, gettext("已退出，会告诉对方。"), "resident:needs")
        return redirect(back)
    return confirm(
        request,
        title=gettext("不能去了？"),
        text=gettext("退出后名额空出来，别人可以认领。"),
        button=gettext("退出"),
        back=back,
    )


@household_page
def need_withdrawal(request: HttpRequest, need_id: int) -> HttpResponse:
    """Take one's own need back, after a question."""
    found = _need(request, need_id)
    back = reverse("resident:need", args=[need_id])
    if request.method == "POST":
        with guarded(request):
            services.withdraw_need(need=found, by=request.user, at=request.at)
            return done(request, gettext("需求已撤回。"), "resident:needs")
        return redirect(back)
    return confirm(
        request,
        title=gettext("撤回这条需求？"),
        text=gettext("已认领的志愿者会收到消息。"),
        button=gettext("撤回"),
        back=back,
    )


@household_page
def team_list(request: HttpRequest) -> HttpResponse:
    """The village's teams; joining and leaving."""
    household = own.household(request)
    lines = selectors.teams_of_village(household.village, reader=household.subject)
    return page_or_partial(request, "resident/teams.html", lines=lines)


def _team(request: HttpRequest, team_id: int) -> Any:
    with or_404():
        return selectors.team_near(own.household(request).village, team_id)


@household_page
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """One team: what it does, whom to ask; who of the household belongs to it."""
    found, household = _team(request, team_id), own.household(request)
    form = forms.JoinForm(request.POST or None, names=_names(request))
    if form.is_valid():
        with guarded(request, form):
            services.join_team(
                team=found,
                subject=household.subject,
                name=form.cleaned_data["name"],
                from_date=localdate(request.at),
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已加入。"), "resident:team", found.pk)
    mine = [one for one in selectors.team_page(found).members if one.subject_id == household.subject.pk]
    return page_or_partial(request, "resident/team.html", team=found, form=form, mine=mine)


@household_page
@require_POST
def team_leaving(request: HttpRequest, team_id: int, member_id: int) -> HttpResponse:
    """Somebody of the household leaves the team today."""
    found, household = _team(request, team_id), own.household(request)
    with guarded(request):
        member = selectors.member_for(found, member_id)
        if member.subject_id != household.subject.pk:
            raise Http404
        services.leave_team(member=member, to_date=localdate(request.at), by=request.user, at=request.at)
        return done(request, gettext("已退出。"), "resident:team", found.pk)
    return redirect("resident:team", found.pk)
