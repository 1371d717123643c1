"""The area tree: storey by storey with counts, as a list by words and advice; one area; adding, renaming, closing."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.areas import selectors, services
from jizhi.people import selectors as people
from jizhi.people.services import regrid
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import areas as exports
from jizhi.web.register.forms import areas as forms
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from jizhi.areas.models import Area, Level


def paths_of(request: HttpRequest, action: Action = Action.MANAGE_AREAS) -> list[str]:
    """The reader's scope."""
    return posts.scope_paths(request.user, action, localdate(request.at))


def level_choices(levels: Any) -> list[tuple[str, str]]:
    """Levels as choices in the reader's language."""
    return [(level.key, _title(level)) for level in levels]


def _title(level: Level) -> str:
    return level.title_en if words.in_english() and level.title_en else level.title


@staff_page(action=Action.MANAGE_AREAS)
def areas(request: HttpRequest) -> HttpResponse:
    """The tree from the top of the reader's scope; words or a filter make a list of it."""
    search = forms.AreaSearch(request.GET, levels=level_choices(selectors.levels()))
    filters, today = search.filters, localdate(request.at)
    context: dict[str, Any] = {"search": search, "filtered": any(filters.values())}
    if context["filtered"]:
        rows = people.area_list(paths_of(request), on=today, **filters)
        lines = functools.partial(people.grid_lines, on=today)
        context["page"] = listing.page_of(request, rows, lines, size=50)
    else:
        tops = people.with_households(selectors.roots(paths_of(request)))
        context["tree"] = tops
        if len(tops) == 1:
            context["first"] = people.with_households(selectors.children_of(_area(request, tops[0].id)))
    context["may_export"] = scope.may(request, Action.EXPORT)
    return page_or_partial(request, "register/areas/tree.html", **context)


@staff_page(action=Action.MANAGE_AREAS)
def area_children(request: HttpRequest, area_id: int) -> HttpResponse:
    """The areas right below one, for a branch that is unfolded; without scripts the area's page shows them."""
    found = _area(request, area_id)
    if not getattr(request, "htmx", False):
        return redirect("register:area", area_id)
    below = people.with_households(selectors.children_of(found))
    return render(request, "register/areas/children.html", {"below": below, "area": found})


@staff_page(action=Action.EXPORT)
def areas_export(request: HttpRequest) -> FileResponse:
    """The tree, or the list that words and filters make of it, in the columns that can be brought back."""
    paths, today = paths_of(request, Action.EXPORT), localdate(request.at)
    filters = forms.AreaSearch(request.GET, levels=level_choices(selectors.levels())).filters
    shown = (
        selectors.table_of(people.area_list(paths, on=today, **filters)) if any(filters.values()) else None
    )
    counts = people.household_counts(paths)
    return exports.tree(selectors.table(paths, today), counts, request.at, shown)


def _area(request: HttpRequest, area_id: int) -> Area:
    with or_404():
        found = selectors.area_by_id(area_id)
    if not posts.can(request.user, Action.MANAGE_AREAS, found, localdate(request.at)):
        raise Http404
    return found


def area_of(request: HttpRequest, area_id: int) -> Area:
    """The area, if the reader may change it; for the views beside this file."""
    return _area(request, area_id)


@staff_page(action=Action.MANAGE_AREAS)
def area(request: HttpRequest, area_id: int) -> HttpResponse:
    """One area: what lies below it, who serves there, what is advised, what it was before."""
    found, today = _area(request, area_id), localdate(request.at)
    initial = {"name": found.name, "name_en": found.name_en, "on": today}
    form = forms.RenameForm(request.POST or None, initial=initial)
    if form.is_valid():
        with guarded(request, form):
            services.rename_area(area=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已保存。"), "register:area", area_id)
        found = _area(request, area_id)
    (line,) = people.grid_lines([found], today)
    return page_or_partial(
        request,
        "register/areas/area.html",
        area=found,
        line=line,
        form=form,
        above=selectors.ancestors(found),
        below=people.with_households(selectors.children_of(found)),
        staff=posts.posts_in(found, today)[:40] if found.level.is_grid else posts.holders_at(found, today),
        levels=_levels_below(found),
        outline=selectors.outline_of(found, today),
        periods=selectors.places_over_time(found),
        changes=selectors.changes_of(found),
        has_siblings=found.parent_id is not None,
    )


def _levels_below(parent: Area) -> list[tuple[str, str]]:
    return level_choices(level for level in selectors.levels() if level.depth > parent.level.depth)


@staff_page(action=Action.MANAGE_AREAS)
def area_new(request: HttpRequest, area_id: int) -> HttpResponse:
    """Add an area under this one."""
    parent = _area(request, area_id)
    initial = {"from_date": localdate(request.at), "code": parent.code}
    form = forms.AreaForm(request.POST or None, levels=_levels_below(parent), initial=initial)
    if form.is_valid():
        with guarded(request, form):
            posts.check_can(request.user, Action.MANAGE_AREAS, parent, localdate(request.at))
            services.create_area(parent=parent, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已设立。"), "register:area", parent.pk)
    return page_or_partial(request, "register/areas/new.html", form=form, parent=parent)


@staff_page(action=Action.MANAGE_AREAS)
def area_closing(request: HttpRequest, area_id: int) -> HttpResponse:
    """Close an area in which nobody is registered any more, after a question."""
    found, today = _area(request, area_id), localdate(request.at)
    back = reverse("register:area", args=[area_id])
    form = forms.ClosingForm(request.POST or None, initial={"to_date": today})
    if form.is_valid():
        with guarded(request, form):
            regrid.close_area(area=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已撤销。"), back)
    holding = people.holding(found, today)
    text = gettext("撤销后不再登记农户和职务，以往的记录保留。")
    if holding.posts:
        text += gettext("在这里的%(count)d项职务同时结束。") % {"count": holding.posts}
    return confirm(
        request,
        title=gettext("撤销%(area)s？") % {"area": words.named(found)},
        text=text,
        button=gettext("撤销区划"),
        back=back,
        danger=True,
        form=form,
    )


@staff_page(action=Action.MANAGE_AREAS)
@require_POST
def area_reopening(request: HttpRequest, area_id: int) -> HttpResponse:
    """Take a mistaken closing back; posts that ended with it are given anew."""
    found = _area(request, area_id)
    with guarded(request):
        services.reopen_area(area=found, by=request.user, at=request.at)
        return done(request, gettext("已恢复。随撤销结束的职务，请重新任命。"), "register:area", area_id)
    return redirect("register:area", area_id)
