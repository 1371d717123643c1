"""Activities on the organiser's phone: the code to scan, the list, signing in by card or by name, confirming."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.activities import rules, selectors, services
from jizhi.people import selectors as people
from jizhi.posts.rules import Action
from jizhi.prints import qr
from jizhi.web.field import forms
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page

SHOWN = 30


@staff_page(action=Action.MANAGE_ACTIVITIES)
def activity_list(request: HttpRequest) -> HttpResponse:
    """What is on now and next, and what waits for its list to be confirmed."""
    rows = selectors.activities(request.user, on=localdate(request.at))
    planned = rows.filter(state=rules.ActivityState.PLANNED).order_by("starts_at")
    return page_or_partial(
        request,
        "field/activities.html",
        coming=selectors.activity_lines(planned.filter(ends_at__gte=request.at)[:SHOWN]),
        over=selectors.activity_lines(planned.filter(ends_at__lt=request.at)[:SHOWN]),
        past=selectors.activity_lines(rows.exclude(state=rules.ActivityState.PLANNED)[:5]),
    )


def _activity(request: HttpRequest, activity_id: int) -> Any:
    with or_404():
        return selectors.activity_for(request.user, activity_id, on=localdate(request.at))


@staff_page(action=Action.MANAGE_ACTIVITIES)
def activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One activity: who is there, and one box for a card, a household number or a name."""
    found = _activity(request, activity_id)
    form = forms.ScanForm(request.GET if "q" in request.GET else None)
    hits: tuple[people.HouseholdLine, ...] = ()
    by_card = False
    if form.is_valid():
        hits, by_card = _hits(found, form.cleaned_data["q"])
        if not hits:
            form.add_error("q", gettext("没有找到。请核对卡号、户号或姓名。"))
    return page_or_partial(
        request,
        "field/activity.html",
        status=200,
        page=selectors.activity_page(found),
        form=form,
        hits=hits,
        by_card=by_card,
        can_sign=found.state == rules.ActivityState.PLANNED
        and request.at >= found.starts_at - rules.OPENS_BEFORE,
        can_confirm=found.state == rules.ActivityState.PLANNED and request.at >= found.starts_at,
    )


def _hits(found: Any, text: str) -> tuple[tuple[people.HouseholdLine, ...], bool]:
    """Households of the village, whichever grid they live in, and whether a card named them."""
    try:
        card = people.household_by_code(text)
    except people.HouseholdNotFound:
        return people.households_in_village(found.village, text, limit=12), False
    if card.village_id != found.village_id:
        return (), True
    return people.households_in_village(found.village, card.no, limit=1), True


@staff_page(action=Action.MANAGE_ACTIVITIES)
@require_POST
def signing(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Sign a household's member in."""
    found = _activity(request, activity_id)
    with guarded(request):
        subject = people.subject_in_village(found.village, request.POST.get("subject", ""))
        if subject is None:
            raise Http404
        how = rules.SignInHow.CARD if request.POST.get("how") == "card" else rules.SignInHow.LIST
        services.sign_in_household(
            activity=found,
            subject=subject,
            name=request.POST.get("name", ""),
            how=how,
            by=request.user,
            at=request.at,
        )
        return done(
            request, gettext("%(name)s 已签到。") % {"name": subject.label}, "field:activity", found.pk
        )
    return redirect("field:activity", found.pk)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def code(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The code for the others' phones, large; it changes every two minutes and the page follows."""
    found = _activity(request, activity_id)
    word = rules.code_at(found.secret, request.at)
    address = request.build_absolute_uri(f"{reverse('resident:activity', args=[found.pk])}?code={word}")
    return page_or_partial(request, "field/activity_code.html", activity=found, word=word, address=address)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def code_picture(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The same as a picture."""
    found = _activity(request, activity_id)
    word = rules.code_at(found.secret, request.at)
    address = request.build_absolute_uri(f"{reverse('resident:activity', args=[found.pk])}?code={word}")
    picture = qr.svg(address, border=2)
    return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@staff_page(action=Action.MANAGE_ACTIVITIES)
def striking(request: HttpRequest, activity_id: int, attendance_id: int) -> HttpResponse:
    """Strike somebody off the list with a reason, or take that back."""
    found = _activity(request, activity_id)
    row = _row(found, attendance_id)
    back = reverse("field:activity", args=[found.pk])
    if row.state == rules.AttendanceState.STRUCK and request.method == "POST":
        with guarded(request):
            services.restore_attendance(attendance=row, by=request.user, at=request.at)
        return redirect(back)
    form = forms.StrikeForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            services.strike_attendance(attendance=row, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已划去。"), back)
    return confirm(
        request,
        title=gettext("划去 %(name)s？") % {"name": row.name},
        text=gettext("这一行留在名单上，注明原因，不计积分。"),
        button=gettext("划去"),
        back=back,
        form=form,
    )


@staff_page(action=Action.MANAGE_ACTIVITIES)
def hours(request: HttpRequest, activity_id: int, attendance_id: int) -> HttpResponse:
    """Fewer (or more) hours for somebody who came late or stayed on."""
    found = _activity(request, activity_id)
    row = _row(found, attendance_id)
    back = reverse("field:activity", args=[found.pk])
    form = forms.HoursForm(request.POST or None, initial={"hours": row.hours.normalize() + Decimal(0)})
    if form.is_valid():
        with guarded(request, form):
            services.set_hours(attendance=row, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已保存。"), back)
    return confirm(
        request,
        title=gettext("%(name)s 参加了多久？") % {"name": row.name},
        text="",
        button=gettext("保存"),
        back=back,
        form=form,
    )


def _row(found: Any, attendance_id: int) -> Any:
    with or_404():
        return selectors.attendance_for(found, attendance_id)


@staff_page(action=Action.MANAGE_ACTIVITIES)
def confirming(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The list is right: attendance goes to the panel, after a question."""
    found = _activity(request, activity_id)
    back = reverse("field:activity", args=[found.pk])
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
