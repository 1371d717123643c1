"""The register of posts: who serves where, what ends soon, which grids nobody serves; standing in and handing over."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.areas import selectors as areas
from jizhi.changes import services as changes
from jizhi.posts import selectors, services
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.pages import done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import posts as exports
from jizhi.web.register.forms import posts as forms


def area_of(search: forms.AreaSearch) -> Any:
    """The area chosen in a search, or none."""
    code = search.value("area")
    return areas.area_by_code(code) if code else None


def _found(request: HttpRequest) -> tuple[forms.PostSearch, Any]:
    today = localdate(request.at)
    choices = selectors.places(request.user, Action.VIEW_ORGANISATIONS, today)
    search = forms.PostSearch(request.GET, areas=choices)
    rows = selectors.register(
        request.user,
        on=today,
        area=area_of(search),
        kind=search.value("kind"),
        state=search.value("state"),
        words=search.value("q"),
    )
    return search, rows


@staff_page(action=Action.VIEW_ORGANISATIONS)
def post_list(request: HttpRequest) -> HttpResponse:
    """Posts by filter, and above them what wants looking at."""
    today = localdate(request.at)
    search, rows = _found(request)
    return page_or_partial(
        request,
        "register/posts/list.html",
        search=search,
        page=listing.page_of(request, rows, lambda found: selectors.register_lines(found, today)),
        attention=selectors.attention(request.user, on=today, area=area_of(search)),
        overloaded=selectors.overloaded(request.user, on=today, area=area_of(search), limit=5),
        may_manage=scope.may(request, Action.MANAGE_POSTS),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def posts_export(request: HttpRequest) -> HttpResponse:
    """The same rows as a workbook, which can be read in again."""
    rows = _found(request)[1]
    return exports.posts(selectors.register_lines(rows, localdate(request.at)), request.at)


def _vacant(request: HttpRequest) -> tuple[forms.AreaSearch, Any]:
    today = localdate(request.at)
    choices = selectors.places(request.user, Action.VIEW_ORGANISATIONS, today)
    search = forms.AreaSearch(request.GET, areas=choices)
    del search.fields["q"]
    return search, selectors.vacant_grids(request.user, on=today, area=area_of(search))


@staff_page(action=Action.VIEW_ORGANISATIONS)
def vacancies(request: HttpRequest) -> HttpResponse:
    """Grids that nobody serves as grid worker."""
    search, rows = _vacant(request)
    return page_or_partial(
        request,
        "register/posts/vacancies.html",
        search=search,
        page=listing.page_of(request, rows, selectors.vacant_grid_lines),
        may_manage=scope.may(request, Action.MANAGE_POSTS),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def vacancies_export(request: HttpRequest) -> HttpResponse:
    """The same grids as a workbook."""
    return exports.vacancies(selectors.vacant_grid_lines(_vacant(request)[1]), request.at)


@staff_page()
def own_posts(request: HttpRequest) -> HttpResponse:
    """The reader's own posts, past and present, and what each of today's allows."""
    today = localdate(request.at)
    held = selectors.all_posts_of(request.user)
    return page_or_partial(
        request,
        "register/posts/own.html",
        present=[
            (post, selectors.actions_of(post.kind))
            for post in held
            if post.to_date is None or post.to_date >= today
        ],
        past=[post for post in held if post.to_date is not None and post.to_date < today],
    )


def _page(request: HttpRequest, post_id: int) -> selectors.PostPage:
    with or_404():
        return selectors.post_page(request.user, post_id, on=localdate(request.at))


@staff_page()
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    """One post: holder, deputies, who came before and after, what it allows."""
    found = _page(request, post_id)
    area = areas.area_by_id(found.line.area_id)
    return page_or_partial(
        request,
        "register/posts/page.html",
        post=found,
        line=found.line,
        may_manage=scope.may(request, Action.MANAGE_POSTS, area),
    )


def _post_for(request: HttpRequest, post_id: int) -> Any:
    with or_404():
        return selectors.post_for(request.user, post_id, on=localdate(request.at))


@staff_page(action=Action.MANAGE_POSTS)
def deputy_new(request: HttpRequest, post_id: int) -> HttpResponse:
    """Let somebody stand in."""
    row, found = _post_for(request, post_id), _page(request, post_id)
    form = forms.DeputyForm(request.POST or None, initial={"from_date": localdate(request.at)})
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            deputy = selectors.staff_by_account(data.pop("username"))
            services.deputise_post(post=row, deputy=deputy, by=request.user, at=request.at, **data)
            return done(request, gettext("已指定代理。"), "register:post", post_id)
    title, note = gettext("指定代理"), gettext("代理期内有同样的权限，各处都标明“代理”；到期自动结束。")
    return form_page(request, form, title, reverse("register:post", args=[post_id]), note, line=found.line)


@staff_page(action=Action.MANAGE_POSTS)
def hand_over(request: HttpRequest, post_id: int) -> HttpResponse:
    """Hand a post over: first who and when, then what moves with it, then both in one step."""
    row, found = _post_for(request, post_id), _page(request, post_id)
    today = localdate(request.at)
    form = forms.HandOverForm(request.POST or None, initial={"last_day": today})
    successor = None
    last_day = today
    if form.is_valid():
        with guarded(request, form):
            last_day = form.cleaned_data["last_day"]
            successor = selectors.staff_by_account(form.cleaned_data["username"])
            if "confirmed" in request.POST:
                handed = changes.hand_over(
                    post=row, successor=successor, last_day=last_day, by=request.user, at=request.at
                )
                return done(request, gettext("已移交。"), "register:post", handed.begun.pk)
    return page_or_partial(
        request,
        "register/posts/hand_over.html",
        form=form,
        line=found.line,
        successor=None if form.errors else successor,
        last_day=last_day,
        work=changes.preview_hand_over(post=row, last_day=last_day),
    )


def form_page(
    request: HttpRequest, form: Any, title: str, back: str, note: str = "", **context: Any
) -> HttpResponse:
    """A plain page with one form, for whatever needs no more than that."""
    context |= {"form": form, "title": title, "back": back, "note": note}
    return page_or_partial(request, "register/posts/form.html", **context)
