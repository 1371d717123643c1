"""Changing the grid: moving, splitting and merging areas, each with a preview that is the deed taken back.

The three pages share one template; what happens to households and posts is decided in `people.services.regrid`, what
happens to work under way in `changes.services.regrid`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors
from jizhi.areas.services import NewArea
from jizhi.changes.services import regrid as work
from jizhi.people import selectors as people
from jizhi.people.services import regrid
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.pages import done, guarded, page_or_partial, staff_page
from jizhi.web.register.forms import regrid as forms
from jizhi.web.register.views.areas import area_of, paths_of
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from jizhi.areas.models import Area


@dataclass(frozen=True)
class Shared:
    """One household, area or post and the place that was chosen for it: `name` is its field on the form."""

    name: str
    title: str
    note: str
    chosen: int


@staff_page(action=Action.MANAGE_AREAS)
def area_moving(request: HttpRequest, area_id: int) -> HttpResponse:
    """Put an area with everything below it under another parent."""
    found = area_of(request, area_id)
    parents = selectors.parents_for(found, paths_of(request))
    trails = selectors.trails(parents)
    choices = [(str(one.pk), _with_trail(trails[one.pk], one)) for one in parents]
    form = forms.MoveForm(request.POST or None, parents=choices, initial={"on": localdate(request.at)})
    by_id = {one.pk: one for one in parents}

    def change() -> regrid.Regridded:
        parent = by_id[form.cleaned_data["parent"]]
        return regrid.move_area(
            area=found, parent=parent, on=form.cleaned_data["on"], by=request.user, at=request.at
        )

    return _page(request, "move", found, form, change, gettext("已调整。"))


def _with_trail(trail: str, area: Area) -> str:
    return f"{trail} › {words.named(area)}" if trail else words.named(area)


@staff_page(action=Action.MANAGE_AREAS)
def area_splitting(request: HttpRequest, area_id: int) -> HttpResponse:
    """Make several areas of one; every household, area below and post is sent to one of them."""
    found = area_of(request, area_id)
    parent = found.parent or found
    taken = selectors.codes_like(parent.code)
    initial = {"on": localdate(request.at), "keep": "yes"}
    form = forms.SplitForm(request.POST or None, codes=forms.spare_codes(parent.code, taken), initial=initial)

    def change() -> regrid.Regridded:
        return work.split_area(
            area=found,
            parts=form.parts(),
            keep=form.cleaned_data["keep"],
            on=form.cleaned_data["on"],
            households=forms.sharing(request.POST, "household"),
            children=forms.sharing(request.POST, "child"),
            duties=forms.sharing(request.POST, "post"),
            by=request.user,
            at=request.at,
        )

    more = functools.partial(_sharing, request, found, form)
    return _page(request, "split", found, form, change, gettext("已拆分。"), more)


def _sharing(request: HttpRequest, found: Area, form: forms.SplitForm) -> dict[str, Any]:
    """What has to be shared out, with what was chosen so far."""
    result = [words.named(found)] if form.cleaned_data["keep"] else []
    result += [part.name for part in form.parts()]

    def chosen(prefix: str, first: int) -> Callable[[int], int]:
        told = forms.sharing(request.POST, prefix)
        return lambda number: told.get(number, first)

    home, child, duty = chosen("household", 0), chosen("child", 0), chosen("post", regrid.ALL)
    held = [one for one in posts.holders_at(found, localdate(request.at)) if not one.is_deputy]
    below = people.with_households(selectors.children_of(found))
    return {
        "parts": list(enumerate(result)),
        "children": [Shared(f"child-{one.id}", words.named(one), "", child(one.id)) for one in below],
        "duties": [
            Shared(f"post-{one.id}", one.name, words.label(one.kind), duty(one.id))
            for one in held
            if not one.is_deputy
        ],
        "homes": [
            Shared(f"household-{one.id}", f"{one.no} {one.head_name}", one.address, home(one.id))
            for one in people.households_at(found)
        ],
        "all_parts": regrid.ALL,
    }


@staff_page(action=Action.MANAGE_AREAS)
def area_merging(request: HttpRequest, area_id: int) -> HttpResponse:
    """Make one area of several of the same storey."""
    found = area_of(request, area_id)
    beside = {one.pk: one for one in selectors.beside(found)}
    parent = found.parent or found
    spare = forms.spare_codes(parent.code, selectors.codes_like(parent.code), 1)[0]
    form = forms.MergeForm(
        request.POST or None,
        area=(str(found.pk), words.named(found)),
        others=[(str(pk), words.named(one)) for pk, one in beside.items()],
        initial={"on": localdate(request.at), "into": str(found.pk), "code": spare},
    )

    def change() -> regrid.Regridded:
        data = form.cleaned_data
        rows = [found, *(beside[pk] for pk in data["others"])]
        into: Area | NewArea = (
            NewArea(data["code"].strip().lower(), data["name"].strip())
            if data["into"] == "new"
            else next(row for row in rows if str(row.pk) == data["into"])
        )
        return work.merge_areas(merged=rows, into=into, on=data["on"], by=request.user, at=request.at)

    return _page(request, "merge", found, form, change, gettext("已合并。"))


def _page(
    request: HttpRequest,
    verb: str,
    found: Area,
    form: Any,
    change: Callable[[], regrid.Regridded],
    told: str,
    more: Callable[[], dict[str, Any]] = dict,
) -> HttpResponse:
    """Form → preview → done. The preview carries the change out and takes it back."""
    context: dict[str, Any] = {"verb": verb, "area": found, "form": form}
    context["holding"] = people.holding(found, localdate(request.at))
    if form.is_valid():
        step = request.POST.get("step", "")
        context |= more()
        with guarded(request, form):
            if step == "confirm":
                made = change()
                return done(request, told, "register:area", made.areas[0].pk)
            if step == "preview":
                context["preview"] = regrid.rehearse(change)
            if step == "share":
                context["shares"] = True
    return page_or_partial(request, "register/areas/regrid.html", **context)
