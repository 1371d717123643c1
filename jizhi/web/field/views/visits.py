"""Visits on the phone: recording in three taps, one visit with what was added, one's own list, the calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.core.errors import DomainError
from jizhi.posts.rules import Action
from jizhi.visits import rules, selectors, services
from jizhi.web import pictures
from jizhi.web.field import visit_forms as forms
from jizhi.web.field.forms import PhotosForm
from jizhi.web.field.queue import queueable
from jizhi.web.field.views import place
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page

ROWS = 20
LAST = 3


@queueable
@staff_page(action=Action.KEEP_BOOK)
def visit_new(request: HttpRequest, household_id: int) -> HttpResponse:
    """One screen: the three big buttons save; topics, note, photos, time and position are there for who wants them."""
    today = localdate(request.at)
    household = place.household(request.user, household_id, today)
    form = forms.VisitForm(
        request.POST or None, request.FILES or None, initial={"request_key": forms.new_key()}
    )
    if form.is_valid():
        with guarded(request, form):
            # One that lay on the phone took place when its button was pressed, not when it arrived
            given = form.given | {"visited_at": form.given["visited_at"] or request.recorded_at}
            visit = services.record_visit(household=household, by=request.user, at=request.at, **given)
            attach(request, visit, form.cleaned_data["photos"])
            text = gettext("已记下：%(head)s家，%(how)s。")
            said = {"head": household.head_name, "how": gettext(rules.How(visit.how).label)}
            return done(request, text % said, "field:today")
    context: dict[str, Any] = {
        "household": household,
        "hows": list(rules.How),
        "classes": selectors.classes_of([household], request.user, today).get(household.pk, ()),
        "last": selectors.visits_of_household(household, limit=LAST),
        "more_open": bool(form.errors) or any(form[name].value() for name in ("note", "visited_at")),
    }
    return page_or_partial(request, "field/visits/new.html", form=form, **context)


def attach(request: HttpRequest, visit: Any, photos: list[Any]) -> None:
    """Add photos to a visit that is kept in any case; what is wrong with them becomes a banner."""
    if not photos:
        return
    try:
        services.attach_photos(visit=visit, photos=photos, by=request.user, at=request.at)
    except DomainError as refusal:
        text = gettext("照片没有加上：%(reason)s走访记录本身已经保存，可以在记录里重新加照片。")
        messages.warning(request, text % {"reason": refusal})


@staff_page()
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """One visit: what was recorded, photos, what was added."""
    page = page_of(request, visit_id)
    addition = forms.AdditionForm(initial={"request_key": forms.new_key()})
    context: dict[str, Any] = {
        "page": page,
        "line": page.line,
        "addition": addition,
        "photo_form": PhotosForm(),
    }
    return page_or_partial(request, "field/visits/visit.html", **context)


@queueable
@staff_page(action=Action.KEEP_BOOK)
def visit_change(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Put one's own visit of today right."""
    page = page_of(request, visit_id)
    if not page.may_change and request.method != "POST":
        return redirect("field:visit", visit_id)
    initial = {
        "how": page.line.how,
        "topics": list(page.line.topics),
        "note": page.line.note,
        "version": page.version,
        "request_key": forms.new_key(),
    }
    form = forms.ChangeForm(request.POST or None, initial=initial)
    if form.is_valid():
        given = form.cleaned_data
        with guarded(request, form):
            services.change_visit(
                visit=page.visit,
                version=given["version"],
                how=rules.How(given["how"]),
                topics=[rules.Topic(one) for one in given["topics"]],
                note=given["note"],
                request_key=given["request_key"],
                made_at=request.recorded_at,
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已修改。"), "field:visit", visit_id)
    return page_or_partial(request, "field/visits/change.html", form=form, page=page, line=page.line)


@queueable
@staff_page(action=Action.KEEP_BOOK)
@require_POST
def visit_addition(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Add what was forgotten or wrong; the visit itself stays."""
    page = page_of(request, visit_id)
    form = forms.AdditionForm(request.POST)
    if form.is_valid():
        with guarded(request, form):
            services.add_to_visit(
                visit=page.visit,
                text=form.cleaned_data["text"],
                request_key=form.cleaned_data["request_key"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已补充。"), "field:visit", visit_id)
    context: dict[str, Any] = {"page": page, "line": page.line, "addition": form, "photo_form": PhotosForm()}
    return page_or_partial(request, "field/visits/visit.html", form=form, status=422, **context)


@queueable
@staff_page(action=Action.KEEP_BOOK)
@require_POST
def visit_photos(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Add photos taken at the visit."""
    page = page_of(request, visit_id)
    form = PhotosForm(request.POST, request.FILES)
    if form.is_valid():
        with guarded(request):
            services.attach_photos(
                visit=page.visit,
                photos=form.cleaned_data["photos"],
                made_at=request.recorded_at,
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("照片加上了。"), "field:visit", visit_id)
    else:
        messages.error(request, gettext("请先选择照片。"))
    return redirect("field:visit", visit_id)


@staff_page()
def visit_photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo of a visit in one's scope."""
    return pictures.of_visit(request, photo_id)


@staff_page(action=Action.KEEP_BOOK)
def visits(request: HttpRequest) -> HttpResponse:
    """One's own visits, newest first."""
    search = forms.OwnSearch(request.GET)
    given = search.cleaned_data if search.is_valid() else {}
    rows = selectors.visits(
        request.user,
        on=localdate(request.at),
        own=True,
        words=given.get("q", ""),
        how=given.get("how", ""),
    )
    page: Any = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    page.object_list = selectors.lines(page.object_list)
    filtered = any(given.values())
    return page_or_partial(request, "field/visits/list.html", page=page, search=search, filtered=filtered)


@staff_page(action=Action.KEEP_BOOK)
def calendar(request: HttpRequest) -> HttpResponse:
    """The month day by day: how many are planned and done; a day opens its list."""
    today = localdate(request.at)
    month = month_of(request.GET.get("month", ""), today)
    services.ensure_plans(
        paths=selectors.keeping_paths(request.user, today), month=month, by=request.user, at=request.at
    )
    days = selectors.calendar(request.user, month, on=today)
    context: dict[str, Any] = {
        "month": month,
        "before": rules.shifted(month, -1),
        "after": rules.shifted(month, 1) if month < rules.shifted(rules.month_of(today), 1) else None,
        "weekdays": gettext("一 二 三 四 五 六 日").split(),
        "weeks": _weeks(days),
        "planned": sum(day.planned for day in days),
        "finished": sum(day.done for day in days),
        "today": today,
    }
    return page_or_partial(request, "field/visits/calendar.html", **context)


@staff_page(action=Action.KEEP_BOOK)
def day(request: HttpRequest, text: str) -> HttpResponse:
    """Who is due on one day, along the way, done or not."""
    today = localdate(request.at)
    try:
        date = dt.date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    rows = selectors.due(request.user, on=today, day=date)
    page: Any = Paginator(rows, ROWS * 2).get_page(request.GET.get("page"))
    page.object_list = selectors.due_lines(page.object_list, request.user, today)
    return page_or_partial(request, "field/visits/day.html", page=page, date=date, month=f"{date:%Y-%m}")


def month_of(text: str, today: dt.date) -> dt.date:
    """The month of `2026-06`, this one where it is not understood; not further ahead than the next."""
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return rules.month_of(today)
    return min(found, rules.shifted(rules.month_of(today), 1))


def _weeks(days: list[selectors.CalendarDay]) -> list[list[selectors.CalendarDay | None]]:
    """Days in weeks from Monday, with gaps at both ends."""
    blank = days[0].date.isoweekday() - 1
    cells = [*[None] * blank, *days]
    cells += [None] * (-len(cells) % 7)
    return [list(cells[begin : begin + 7]) for begin in range(0, len(cells), 7)]


def page_of(request: HttpRequest, visit_id: int) -> selectors.VisitPage:
    """A visit in the user's scope, or 404."""
    with or_404():
        return selectors.visit_page(request.user, visit_id, at=request.at)
