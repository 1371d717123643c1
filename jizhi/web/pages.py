"""What every view is made of: who may open it, how its page is rendered, how a refusal reaches the reader.

A view states its readers with one of `anyone`, `signed_in`, `household_page`, `staff_page`; a house test fails where
none is stated. Nothing here knows a particular page.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from jizhi.accounts.rules import UserKind
from jizhi.core.errors import DomainError
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.forms import Form

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Access:
    """Who may open a view; `action` is the permission a member of staff needs somewhere."""

    who: str
    action: Action | None = None


def anyone(view: View) -> View:
    """The page is public: no sign-in asked."""
    return _stated(view, Access("anyone"), lambda request: None)


def signed_in(view: View) -> View:
    """Any signed-in user, household or staff."""
    return _stated(view, Access("signed_in"), _ask_sign_in)


def household_page(view: View) -> View:
    """Only a household signed in by card; staff get a plain refusal."""
    return _stated(view, Access("household"), lambda request: _ask_kind(request, UserKind.HOUSEHOLD))


def staff_page(*, action: Action | None = None) -> Callable[[View], View]:
    """Staff only; with `action`, only those who may do it in at least one area today."""

    def check(request: HttpRequest) -> HttpResponse | None:
        refused = _ask_kind(request, UserKind.STAFF)
        if refused is None and action is not None:
            today = timezone.localdate(request.at)
            if not posts.scope_paths(request.user, action, today):
                raise PermissionDenied(gettext("您的职务没有这项权限。需要办理的，请联系乡镇管理员。"))
        return refused

    return lambda view: _stated(view, Access("staff", action), check)


def page_or_partial(
    request: HttpRequest, template: str, *, status: int | None = None, **context: Any
) -> HttpResponse:
    """The whole page, or for an htmx request the same page without its shell.

    htmx picks what it needs out of the answer with `hx-select`, so a swap and a reload cannot differ. A bound
    form with errors answers 422 unless `status` says otherwise.
    """
    form = context.get("form")
    refused = isinstance(form, Form) and form.is_bound and not form.is_valid()
    if status is None:
        status = 422 if refused else 200
    answer = render(request, template, context, status=status)
    if refused:
        answer.refused_form = form
    return answer


@contextmanager
def guarded(request: HttpRequest, form: Form | None = None) -> Iterator[None]:
    """Turn a service's refusal into a message on the same form, or into a banner when there is no form.

    Put the service call and the answer to success inside; after the block the view renders its page again.
    """
    try:
        yield
    except DomainError as refusal:
        if getattr(request, "queued", False):  # jizhi.web.field.queue answers it as data
            refusal.form = form
            raise
        place = getattr(refusal, "place", "")
        if form is None:
            messages.error(request, str(refusal))
        else:
            form.add_error(form.place_of(place), str(refusal))


@contextmanager
def or_404() -> Iterator[None]:
    """A selector's "no such record" is the page's 404, whether the record is missing or somebody else's."""
    try:
        yield
    except DomainError as missing:
        raise Http404(str(missing)) from missing


def done(request: HttpRequest, text: str, to: str, *args: Any, **kwargs: Any) -> HttpResponse:
    """Success: leave `text` as a banner and go to the page `to` (URL name, object or path)."""
    messages.success(request, text)
    address = resolve_url(to, *args, **kwargs)
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def confirm(
    request: HttpRequest,
    *,
    title: str,
    text: str,
    button: str,
    back: str,
    danger: bool = False,
    **context: Any,
) -> HttpResponse:
    """The plain page (or dialog, see `web/parts/confirm_link.html`) that asks before something is done by POST."""
    context |= {"title": title, "text": text, "button": button, "back": back, "danger": danger}
    return render(request, "web/pages/confirm.html", context)


def _stated(view: View, access: Access, check: Callable[[HttpRequest], HttpResponse | None]) -> View:
    @functools.wraps(view)
    def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return check(request) or view(request, *args, **kwargs)

    guarded_view.access = access
    return guarded_view


def _ask_sign_in(request: HttpRequest) -> HttpResponse | None:
    if request.user.is_authenticated:
        return None
    address = _sign_in_address(request, "signin:staff")
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _sign_in_address(request: HttpRequest, page: str) -> str:
    return f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}"


def _ask_kind(request: HttpRequest, kind: UserKind) -> HttpResponse | None:
    if not request.user.is_authenticated:
        if kind == UserKind.STAFF:
            return _ask_sign_in(request)
        return redirect(_sign_in_address(request, "signin:household"))
    if request.user.kind != kind:
        wanted = {
            UserKind.STAFF: gettext("这一页供工作人员使用，您现在是以农户身份登录的。"),
            UserKind.HOUSEHOLD: gettext("这一页供农户使用，您现在是以工作人员身份登录的。"),
        }
        raise PermissionDenied(wanted[kind])
    return None
