"""Staff and posts: who serves where, new accounts, posts given and ended, passwords, and what each post may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from jizhi.accounts import services as accounts
from jizhi.accounts.selectors import secret_state
from jizhi.areas import selectors as areas
from jizhi.organisations import selectors as organisations
from jizhi.posts import selectors, services
from jizhi.posts.rules import ALLOWED, Action, PostKind, grouped_actions
from jizhi.web.desk import listing, scope
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.register.exports import staff as exports
from jizhi.web.register.forms import staff as forms


def _areas(request: HttpRequest, *, grids: bool) -> list[tuple[str, str]]:
    """The areas below which the reader manages posts, in tree order, set in by depth."""
    today = localdate(request.at)
    return selectors.places(request.user, Action.MANAGE_POSTS, today, grids=grids)


def _found(request: HttpRequest) -> tuple[forms.StaffSearch, Any]:
    search = forms.StaffSearch(request.GET, areas=_areas(request, grids=False))
    code = search.value("area")
    rows = selectors.staff(
        request.user,
        on=localdate(request.at),
        area=areas.area_by_code(code) if code else None,
        kind=search.value("kind"),
        words=search.value("q"),
    )
    return search, rows


@staff_page(action=Action.MANAGE_POSTS)
def staff(request: HttpRequest) -> HttpResponse:
    """Accounts with their posts."""
    search, rows = _found(request)
    today = localdate(request.at)
    return page_or_partial(
        request,
        "register/staff/list.html",
        search=search,
        page=listing.page_of(request, rows, lambda found: selectors.staff_lines(found, today)),
        filtered=any(search.value(name) for name in ("q", "area", "kind")),
        may_export=scope.may(request, Action.EXPORT),
    )


@staff_page(action=Action.EXPORT)
def staff_export(request: HttpRequest) -> HttpResponse:
    """One post a row."""
    lines = selectors.staff_lines(_found(request)[1], localdate(request.at))
    return exports.staff(lines, request.at)


@staff_page()
def duties(request: HttpRequest) -> HttpResponse:
    """What each post may do, read off the table that the permission checks use."""
    chapters = [
        (group, [(action, [kind in ALLOWED[action] for kind in PostKind]) for action in actions])
        for group, actions in grouped_actions()
    ]
    may_manage = scope.may(request, Action.MANAGE_POSTS)
    return page_or_partial(
        request, "register/staff/duties.html", kinds=list(PostKind), chapters=chapters, may_manage=may_manage
    )


@staff_page(action=Action.MANAGE_POSTS)
@never_cache
@sensitive_post_parameters("password")
def account_new(request: HttpRequest) -> HttpResponse:
    """A new member of staff with a first post; the password is told once and changed at the first sign-in."""
    form = forms.AccountForm(
        request.POST or None,
        areas=_areas(request, grids=True),
        initial={
            "from_date": localdate(request.at),
            "area": request.GET.get("area", ""),
            "kind": request.GET.get("kind", ""),
        },
    )
    if form.is_valid():
        with guarded(request, form):
            account = _create(request, form.cleaned_data)
            context = {"account": account, "password": form.cleaned_data["password"], "is_new": True}
            return page_or_partial(request, "register/staff/password.html", **context)
    return page_or_partial(request, "register/staff/new.html", form=form)


def _create(request: HttpRequest, given: dict[str, Any]) -> Any:
    data = dict(given)
    post = services.take_on(
        kind=PostKind(data.pop("kind")),
        area=areas.area_by_code(data.pop("area")),
        by=request.user,
        at=request.at,
        **data,
    )
    return post.user


def _account(request: HttpRequest, user_id: int) -> Any:
    with or_404():
        return selectors.account_for(request.user, user_id, on=localdate(request.at))


@staff_page(action=Action.MANAGE_POSTS)
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One member of staff: the posts, past and present; a further post; the account."""
    found, today = _account(request, user_id), localdate(request.at)
    form = forms.PostForm(
        request.POST or None, areas=_areas(request, grids=True), initial={"from_date": today}
    )
    if form.is_valid():
        with guarded(request, form):
            data = dict(form.cleaned_data)
            services.assign_post(
                user=found,
                kind=PostKind(data.pop("kind")),
                area=areas.area_by_code(data.pop("area")),
                by=request.user,
                at=request.at,
                **data,
            )
            return done(request, gettext("已任职。"), "register:account", user_id)
    held = selectors.all_posts_of(found)
    return page_or_partial(
        request,
        "register/staff/account.html",
        form=form,
        account=found,
        present=[post for post in held if post.to_date is None or post.to_date >= today],
        past=[post for post in held if post.to_date is not None and post.to_date < today],
        may_manage=selectors.can_manage_account(request.user, found, today),
        secret=secret_state(found, today),
        link=organisations.link_of_account(user_id, on=today),
        may_link=found.is_active and organisations.may_link(request.user, user_id, on=today),
    )


@staff_page(action=Action.MANAGE_POSTS)
def post_end(request: HttpRequest, post_id: int) -> HttpResponse:
    """Set a post's last day, after a question."""
    today = localdate(request.at)
    with or_404():
        post = selectors.post_for(request.user, post_id, on=today)
    back = reverse("register:account", args=[post.user_id])
    form = forms.EndForm(request.POST or None, initial={"to_date": today})
    if form.is_valid():
        with guarded(request, form):
            services.end_post(post=post, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("已登记任职结束。"), back)
    return confirm(
        request,
        title=gettext("结束这项职务？"),
        text=gettext("最后一天之后不再有这项职务的权限，经办过的记录保留。"),
        button=gettext("结束任职"),
        back=back,
        danger=True,
        form=form,
    )


@staff_page(action=Action.MANAGE_POSTS)
@never_cache
@sensitive_post_parameters("password")
def password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new password for somebody who lost it, told once and changed at the next sign-in."""
    found, today = _account(request, user_id), localdate(request.at)
    selectors.check_can_manage_account(request.user, found, today)
    form = forms.PasswordForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            new = form.cleaned_data["password"]
            accounts.reset_secret(user=found, new=new, by=request.user, at=request.at)
            context = {"account": found, "password": new, "is_new": False}
            return page_or_partial(request, "register/staff/password.html", **context)
    return confirm(
        request,
        title=gettext("重设%(name)s的密码？") % {"name": found.display_name},
        text=gettext("请核实是本人。旧密码立即作废，下次登录时须改掉这个初始密码。"),
        button=gettext("重设密码"),
        back=reverse("register:account", args=[user_id]),
        form=form,
    )


@staff_page(action=Action.MANAGE_POSTS)
def account_closing(request: HttpRequest, user_id: int) -> HttpResponse:
    """Shut an account; its records stay."""
    found, today = _account(request, user_id), localdate(request.at)
    selectors.check_can_manage_account(request.user, found, today)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            accounts.close_user(user=found, by=request.user, at=request.at, **form.cleaned_data)
            return done(request, gettext("账号已停用。"), "register:account", user_id)
    return confirm(
        request,
        title=gettext("停用%(name)s的账号？") % {"name": found.display_name},
        text=gettext("停用后不能登录，经办过的记录保留。"),
        button=gettext("停用账号"),
        back=reverse("register:account", args=[user_id]),
        danger=True,
        form=form,
    )
