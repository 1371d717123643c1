"""Matters on the grid worker's phone: report in under a minute, what waits for me, one matter with its next action."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jizhi.areas import selectors as areas
from jizhi.core.text import N_
from jizhi.matters import selectors, services
from jizhi.matters.rules import Channel
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web import mattering
from jizhi.web.field.forms import MatterSearch
from jizhi.web.field.queue import queueable
from jizhi.web.mattering import ReportForm, StepForm
from jizhi.web.pages import done, guarded, page_or_partial, staff_page

if TYPE_CHECKING:
    from jizhi.areas.models import Area
    from jizhi.people.models import Household

ROWS = 20
TABS = (
    ("due", N_("等我办"), "due"),
    ("accept", N_("待受理"), "to_accept"),
    ("handle", N_("我在办"), "to_handle"),
    ("recheck", N_("待复核"), "to_recheck"),
    ("close", N_("待反馈"), "to_close"),
    ("supplement", N_("待补充"), "to_supplement"),
    ("overdue", N_("已超期"), "overdue"),
)


@staff_page(action=Action.VIEW_MATTERS)
def matter_list(request: HttpRequest) -> HttpResponse:
    """What waits for me by deadline; what I reported; everything in my grids."""
    today, form = localdate(request.at), MatterSearch(request.GET)
    form.is_valid()
    what = form.cleaned_data.get("what") or "due"
    words = form.cleaned_data.get("q", "")
    if what == "all":
        rows = selectors.queue(request.user, on=today, words=words)
    elif what == "mine":
        rows = selectors.queue(request.user, on=today, words=words).filter(reported_by=request.user.pk)
    else:
        rows = selectors.waiting(request.user, what, on=today)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    work = selectors.work(request.user, today)
    context: dict[str, Any] = {
        "page": page,
        "lines": selectors.lines(page.object_list),
        "what": what,
        "tabs": [(key, title, getattr(work, name)) for key, title, name in TABS],
        "search": form,
        "may_report": bool(posts.scope_paths(request.user, Action.REPORT_MATTER, today)),
    }
    return page_or_partial(request, "field/matters.html", **context)


@queueable
@staff_page(action=Action.REPORT_MATTER)
def matter_new(request: HttpRequest) -> HttpResponse:
    """Kind, words, and if one likes a photo and the place."""
    household = _household(request)
    village = household.village if household else _village(request)
    initial = _initial(request, village, household)
    form = ReportForm(request.POST or None, request.FILES or None, village=village, initial=initial)
    if form.is_valid():
        called = bool(form.cleaned_data["reporter_name"] or form.cleaned_data["reporter_phone"])
        with guarded(request, form):
            matter = services.report_matter(
                report=replace(form.report, reported_at=request.recorded_at),
                channel=Channel.CALL if called else Channel.STAFF,
                photos=form.cleaned_data["photos"],
                by=request.user,
                at=request.at,
            )
            text = gettext("已上报，编号%(number)s。") % {"number": matter.number}
            return done(request, text, "field:matter", matter.pk)
    return page_or_partial(request, "field/matter_new.html", form=form, village=village)


def _village(request: HttpRequest) -> Area:
    """The village asked for, or the first one in which the reader may report; 404 where there is none."""
    today = localdate(request.at)
    paths = posts.scope_paths(request.user, Action.REPORT_MATTER, today)
    code = request.GET.get("village", "")
    for path in paths:
        held = areas.area_by_code(path.rpartition(".")[2])
        try:
            found: tuple[Area, ...] = (areas.village_of(held),)
        except areas.NotInVillage:
            found = areas.villages([path])
        for village in found:
            if code in ("", village.code):
                return village
    raise Http404(gettext("没有这个村，或者您不能在那里上报。"))


def _household(request: HttpRequest) -> Household | None:
    """The household from whose page one comes, where one may report."""
    number = request.GET.get("household", "")
    if not number.isdecimal() or len(number) >= 18:
        return None
    today = localdate(request.at)
    try:
        found = people.household_for(request.user, int(number), today)
    except people.HouseholdNotFound:
        return None
    return found if posts.can_somewhere_in(request.user, Action.REPORT_MATTER, found.village, today) else None


def _initial(request: HttpRequest, village: Area, household: Household | None) -> dict[str, Any]:
    """The only grid one serves, or the place of the household."""
    today, found = localdate(request.at), {}
    held = {post.area_code for post in posts.posts_of(request.user, today)}
    grids = [grid.code for grid in areas.grids_of(village) if grid.code in held]
    if len(grids) == 1:
        found["area"] = grids[0]
    if household is not None:
        found |= {"household_no": household.no, "area": household.area.code, "place": household.address}
    return found


@staff_page(action=Action.VIEW_MATTERS)
def matter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """One matter: the next action first, then the facts and the whole handling."""
    return _shown(request, mattering.page_of(request, matter_id), None)


def _shown(request: HttpRequest, page: Any, bound: StepForm | None, revealed: str = "") -> HttpResponse:
    forms = mattering.step_forms(page, localdate(request.at), bound)
    context = {"page": page, "line": page.line, "forms": forms, "form": bound, "revealed": revealed}
    return page_or_partial(request, "field/matter.html", **context)


@queueable
@staff_page(action=Action.VIEW_MATTERS)
@require_POST
def step(request: HttpRequest, matter_id: int, verb: str) -> HttpResponse:
    """Take a step with a matter."""
    return mattering.step(request, matter_id, verb, to="field:matter", shown=_shown)


@queueable
@staff_page(action=Action.HANDLE_MATTER)
@require_POST
def taking(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Take on a matter that nobody has."""
    mattering.page_of(request, matter_id)
    with guarded(request):
        mattering.take_on(request, matter_id)
        return done(request, gettext("由您办理。"), "field:matter", matter_id)
    return redirect("field:matter", matter_id)


@staff_page(action=Action.HANDLE_MATTER)
@never_cache
def phone(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The whole number of whoever reported by telephone, against a reason."""
    return mattering.phone(request, matter_id, back="field:matter", shown=_shown)


@staff_page(action=Action.VIEW_MATTERS)
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo of a matter in one's scope."""
    return mattering.photo(request, photo_id)
