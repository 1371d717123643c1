"""The household book on the phone: read by section, fill in, its history, and the classes the household is in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.visits import selectors, services
from jizhi.web import booking, bookprint
from jizhi.web.field import visit_forms as forms
from jizhi.web.field.queue import queueable
from jizhi.web.field.views import place
from jizhi.web.pages import done, guarded, page_or_partial, staff_page

ROWS = 30


@staff_page()
def book(request: HttpRequest, household_id: int) -> HttpResponse:
    """The whole book, the last visits and the way on."""
    household = place.book_household(request.user, household_id, localdate(request.at))
    page = selectors.book_page(request.user, household, at=request.at)
    context: dict[str, Any] = {
        "household": household,
        "page": page,
        "sections": booking.sections_said(page),
        "visits": selectors.visits_of_household(household),
    }
    return page_or_partial(request, "field/book/book.html", **context)


@queueable
@staff_page()
def book_edit(request: HttpRequest, household_id: int) -> HttpResponse:
    """Fill the book in; a stale form is refused with what it held."""
    household = place.book_household(request.user, household_id, localdate(request.at))
    page = selectors.book_page(request.user, household, at=request.at)
    if not page.may_keep:
        raise Http404
    form = booking.BookForm(request.POST or None, page=page)
    if form.is_valid():
        with guarded(request, form):
            services.fill_book(
                household=household,
                values=form.values,
                version=form.cleaned_data["version"],
                request_key=form.cleaned_data["request_key"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("一户一册已保存。"), "field:book", household_id)
    return page_or_partial(request, "field/book/edit.html", form=form, household=household, page=page)


@staff_page()
def book_history(request: HttpRequest, household_id: int) -> HttpResponse:
    """Every change: field, before, after, who, when."""
    today = localdate(request.at)
    household = place.book_household(request.user, household_id, today)
    rows = selectors.changes(request.user, household, on=today)
    page: Any = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    page.object_list = booking.changes_said(selectors.change_lines(page.object_list, household))
    return page_or_partial(request, "field/book/history.html", page=page, household=household)


@staff_page()
def book_print(request: HttpRequest, household_id: int) -> HttpResponse:
    """The book on paper, as far as the reader may see it."""
    household = place.book_household(request.user, household_id, localdate(request.at))
    content = bookprint.household_book(request.user, household, at=request.at)
    headers = {
        "Content-Disposition": f'inline; filename="book-{household.no}.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@queueable
@staff_page()
def classes(request: HttpRequest, household_id: int) -> HttpResponse:
    """Which classes the household is in; the plan follows at once."""
    today = localdate(request.at)
    household = place.book_household(request.user, household_id, today)
    if not selectors.may_keep(request.user, household.area, today):
        raise Http404
    known = selectors.classes_for(request.user, household.area, today)
    present = selectors.classes_of([household], request.user, today).get(household.pk, ())
    form = forms.ClassesForm(
        request.POST or None,
        classes=[(one, booking.class_words(one)) for one in known],
        initial={
            "classes": [one.key for one in present],
            "version": selectors.classes_version(household),
            "request_key": forms.new_key(),
        },
    )
    if form.is_valid():
        with guarded(request, form):
            services.set_classes(
                household=household,
                keys=form.cleaned_data["classes"],
                version=form.cleaned_data["version"],
                request_key=form.cleaned_data["request_key"],
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("已保存，本月走访安排随之调整。"), "field:book", household_id)
    context: dict[str, Any] = {
        "household": household,
        "history": selectors.class_history(request.user, household, on=today),
    }
    return page_or_partial(request, "field/book/classes.html", form=form, **context)
