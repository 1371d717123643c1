"""The area tree: what lies below what, how many grids and households; adding, renaming and closing areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors, services
from jizhi.people import selectors as people
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import scope
from jizhi.web.forms import SearchForm
from jizhi.web.pages import confirm, done, guarded, page_or_partial, staff_page
from jizhi.web.register import lookups
from jizhi.web.register.exports import areas as exports
from jizhi.web.register.forms import areas as forms
from jizhi.web.templatetags import jizhi as words

if TYPE_CHECKING:
    from jizhi.areas.models import Area


@dataclass(frozen=True)
class Node:
    """A line of the tree with the households below it; `is_open` unfolds it."""

    area: selectors.AreaNode
    households: int
    is_open: bool
    children: tuple[Node, ...]


def _tree(request: HttpRequest) -> tuple[Node, ...]:
    today = localdate(request.at)
    paths = posts.scope_paths(request.user, Action.VIEW_HOUSEHOLDS, today)
    counts = people.household_counts(paths)
    roots = selectors.tree(paths, today)
    return tuple(_node(root, counts, depth=0) for root in roots)


def _node(area: selectors.AreaNode, counts: dict[str, int], depth: int) -> Node:
    children = tuple(_node(child, counts, depth + 1) for child in area.children)
    households = counts.get(area.code, 0) + sum(child.households for child in children)
    return Node(area, households, depth < 2, children)


@staff_page(action=Action.MANAGE_AREAS)
def areas(request: HttpRequest) -> HttpResponse:
    """The tree; a search shows the areas that match."""
    search = SearchForm(request.GET)
    text = request.GET.get("q", "")
    paths = posts.scope_paths(request.user, Action.MANAGE_AREAS, localdate(request.at))
    return page_or_partial(
        request,
        "register/areas/tree.html",
        search=search,
        words=text,
        found=selectors.search_areas(text, paths, limit=50) if text.strip() else (),
        tree=() if text.strip() else _tree(request),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def areas_export(request: HttpRequest) -> HttpResponse:
    """The tree as a workbook, one area a row."""
    return exports.tree(_tree(request), request.at)


def _area(request: HttpRequest, area_id: int) -> Area:
    with lookups.or_404():
        found = selectors.area_by_id(area_id)
    if not posts.can(request.user, Action.MANAGE_AREAS, found, localdate(request.at)):
        raise Http404
    return found


@staff_page(action=Action.MANAGE_AREAS)
def area(request: HttpRequest, area_id: int) -> HttpResponse:
    """One area: its names, what lies below it, who serves there."""
    found, today = _area(request, area_id), localdate(request.at)
    form = forms.NamesForm(request.POST or None, initial={"name": found.name, "name_en": found.name_en})
    if form.is_valid():
        with guarded(request, form):
            services.rename_area(area=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已保存。"), "register:area", area_id)
        found = _area(request, area_id)
    counts = people.household_counts([found.path])
    tree = selectors.tree([found.path], today)
    return page_or_partial(
        request,
        "register/areas/area.html",
        area=found,
        form=form,
        above=selectors.ancestors(found),
        below=[_node(child, counts, 2) for child in tree[0].children] if tree else [],
        households=sum(counts.values()),
        staff=posts.posts_in(found, today)[:40],
        levels=_levels_below(found),
    )


def _levels_below(parent: Area) -> list[tuple[str, str]]:
    english = words.in_english()
    depth = parent.level.depth
    return [
        (level.key, level.title_en if english and level.title_en else level.title)
        for level in selectors.levels()
        if level.depth > depth
    ]


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
    found = _area(request, area_id)
    back = reverse("register:area", args=[area_id])
    form = forms.ClosingForm(request.POST or None, initial={"to_date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            _close(request, found, form.cleaned_data)
            return done(request, gettext("已撤销。"), back)
    return confirm(
        request,
        title=gettext("撤销%(area)s？") % {"area": words.named(found)},
        text=gettext("撤销后不再登记农户和职务，以往的记录保留。"),
        button=gettext("撤销区划"),
        back=back,
        danger=True,
        form=form,
    )


def _close(request: HttpRequest, found: Area, data: dict[str, Any]) -> None:
    if households := sum(people.household_counts([found.path]).values()):
        text = gettext("这里还登记着%(count)d户，请先转到别的网格。") % {"count": households}
        raise services.AreaNotEmpty(text)
    services.close_area(area=found, by=request.user, at=request.at, **data)
