"""The household book at the desk: read, fill in, history, print, and the classes that decide how often one visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.posts.rules import Action
from jizhi.visits import selectors, services
from jizhi.web import booking, bookprint
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import files
from jizhi.web.gridwork.exports import books as exports
from jizhi.web.gridwork.forms.visits import ClassesForm
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page

if TYPE_CHECKING:
    from jizhi.people.models import Household


def _household(request: HttpRequest, household_id: int) -> Household:
    """A household whose book the reader may see, or 404."""
    with or_404():
        return selectors.book_household(request.user, household_id, localdate(request.at))


@staff_page()
def book(request: HttpRequest, household_id: int) -> HttpResponse:
    """The whole book and the last visits."""
    household = _household(request, household_id)
    page = selectors.book_page(request.user, household, at=request.at)
    context: dict[str, Any] = {
        "household": household,
        "page": page,
        "sections": booking.sections_said(page),
        "visits": selectors.visits_of_household(household),
        "history": selectors.class_history(request.user, household, on=localdate(request.at)),
    }
    return page_or_partial(request, "gridwork/book/book.html", **context)


@staff_page()
def book_edit(request: HttpRequest, household_id: int) -> HttpResponse:
    """Fill the book in; a stale form is refused, what was typed stays on the page."""
    household = _household(request, household_id)
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
                by=request.user,
                at=request.at,
            )
            return done(request, gettext("一户一册已保存。"), "gridwork:book", household_id)
    return page_or_partial(request, "gridwork/book/edit.html", form=form, household=household)


@staff_page()
def book_history(request: HttpRequest, household_id: int) -> HttpResponse:
    """Every change: field, before, after, who, when."""
    household = _household(request, household_id)
    rows = selectors.changes(request.user, household, on=localdate(request.at))
    page = listing.page_of(
        request, rows, lambda found: booking.changes_said(selectors.change_lines(found, household))
    )
    may_export = scope.may(request, Action.EXPORT, household.area)
    context = {"page": page, "household": household, "may_export": may_export}
    return page_or_partial(request, "gridwork/book/history.html", **context)


@staff_page(action=Action.EXPORT)
def book_history_export(request: HttpRequest, household_id: int) -> HttpResponse:
    """The same changes as a workbook."""
    household = _household(request, household_id)
    if not scope.may(request, Action.EXPORT, household.area):
        raise Http404
    rows = selectors.changes(request.user, household, on=localdate(request.at))
    said = booking.changes_said(selectors.change_lines(rows, household))
    return exports.history(household, said, request.at)


@staff_page()
def book_print(request: HttpRequest, household_id: int) -> HttpResponse:
    """The book on paper, as far as the reader may see it."""
    household = _household(request, household_id)
    content = bookprint.household_book(request.user, household, at=request.at)
    answer = files.print_(f"{gettext('一户一册')}-{household.no}", content)
    answer["Cache-Control"] = "no-store"
    return answer


@staff_page()
def classes(request: HttpRequest, household_id: int) -> HttpResponse:
    """Which classes the household is in; the plan follows at once."""
    household, today = _household(request, household_id), localdate(request.at)
    if not selectors.may_keep(request.user, household.area, today):
        raise Http404
    known = selectors.classes_for(request.user, household.area, today)
    present = selectors.classes_of([household], request.user, today).get(household.pk, ())
    form = ClassesForm(
        request.POST or None,
        choices=[(one.key, booking.class_words(one)) for one in known],
        initial={"classes": [one.key for one in present]},
    )
    if form.is_valid():
        with guarded(request, form):
            services.set_classes(
                household=household, keys=form.cleaned_data["classes"], by=request.user, at=request.at
            )
            return done(request, gettext("已保存，本月走访安排随之调整。"), "gridwork:book", household_id)
    return page_or_partial(request, "gridwork/book/classes.html", form=form, household=household)
