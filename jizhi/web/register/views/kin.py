"""The kinship register: the list, declaring who is a close relative of a person, and that a relation has ended."""

from __future__ import annotations

import functools
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.people import selectors, services
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import kin as exports
from jizhi.web.register.forms import kin as forms

FOUND = 12
EXPORT_MAX = 100_000


def _found(request: HttpRequest) -> tuple[forms.KinSearch, Any]:
    search = forms.KinSearch(request.GET, villages=scope.villages(request, Action.MANAGE_HOUSEHOLDS))
    return search, selectors.kinships(request.user, on=localdate(request.at), **search.filters)


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def kin_list(request: HttpRequest) -> HttpResponse:
    """Who is declared to be whose relative, in all the reader's villages."""
    search, rows = _found(request)
    lines = functools.partial(selectors.kin_rows, request.user, on=localdate(request.at))
    context = {
        "search": search,
        "page": listing.page_of(request, rows, lines),
        "filtered": any(search.value(name) for name in search.fields),
        "several_villages": "village" in search.fields,
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "register/kin/list.html", **context)


@staff_page(action=Action.EXPORT)
def kin_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook, under the titles of its import."""
    _search, rows = _found(request)
    today = localdate(request.at)
    return exports.workbook(selectors.kin_rows(request.user, rows[:EXPORT_MAX], today), request.at)


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def kin_new(request: HttpRequest, person_id: int) -> HttpResponse:
    """Find the relative, then say what they are to the person."""
    today = localdate(request.at)
    with or_404():
        person = selectors.person_for(request.user, person_id, today)
    asked = request.GET.get("q", "")
    wanted = selectors.PersonFilter(search=asked)
    rows = selectors.persons(request.user, wanted, on=today)[: FOUND + 1] if asked else []
    lines = [line for line in selectors.person_lines(rows, today) if line.id != person.pk]
    form = forms.KinForm(request.POST or None, lines=lines[:FOUND], today=today)
    if form.is_valid():
        with guarded(request, form):
            services.declare_kin(
                person=person,
                relative=selectors.person_for(request.user, form.cleaned_data["relative"], today),
                by=request.user,
                at=request.at,
                **form.relation,
            )
            return done(request, gettext("亲属关系已登记。"), "register:person", person.pk)
    return page_or_partial(
        request, "register/kin/new.html", form=form, person=person, asked=asked, found=bool(lines)
    )


@staff_page(action=Action.MANAGE_HOUSEHOLDS)
def kin_end(request: HttpRequest, person_id: int, kinship_id: int) -> HttpResponse:
    """A relation has ended, or was declared by mistake."""
    today = localdate(request.at)
    with or_404():
        person = selectors.person_for(request.user, person_id, today)
    line = next((one for one in selectors.kin_of([person.pk]) if one.id == kinship_id), None)
    if line is None or line.to_date is not None:
        raise Http404
    form = forms.KinEndForm(request.POST or None, initial={"last_day": today})
    if form.is_valid():
        with guarded(request, form):
            services.end_kin(kinship_id=line.id, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已登记。"), "register:person", person.pk)
    return confirm(
        request,
        title=gettext("%(one)s和%(other)s的亲属关系结束？") % {"one": line.person, "other": line.relative},
        text=gettext("登记保留，以后不再因此回避；登记错了的，写登记的第一天。"),
        button=gettext("结束关系"),
        back=reverse("register:person", args=[person.pk]),
        form=form,
    )
