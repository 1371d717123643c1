"""Other systems that push claims: which there are, what they may push, their keys. For township and county."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jizhi.areas import selectors as areas
from jizhi.channels import selectors, services
from jizhi.channels.rules import scheme_item, split_scheme_item
from jizhi.claims import selectors as claims
from jizhi.claims.rules import Channel
from jizhi.participants import selectors as participants
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.desk.exports import systems as exports
from jizhi.web.desk.forms.systems import KeyForm, SystemForm
from jizhi.web.forms import SearchForm
from jizhi.web.pages import confirm, done, guarded, or_404, page_or_partial, staff_page
from jizhi.web.templatetags import jizhi as words


def _found(request: HttpRequest) -> tuple[SearchForm, Any]:
    search = SearchForm(request.GET)
    search.is_valid()
    words_typed = search.cleaned_data.get("q", "").strip()
    return search, selectors.systems(request.user, on=localdate(request.at), words=words_typed)


@staff_page(action=Action.MANAGE_SYSTEMS)
def systems(request: HttpRequest) -> HttpResponse:
    """The systems of the reader's areas."""
    search, rows = _found(request)
    context = {
        "search": search,
        "page": listing.page_of(request, rows, selectors.system_lines),
        "may_export": scope.may(request, Action.EXPORT),
    }
    return page_or_partial(request, "desk/systems/list.html", **context)


@staff_page(action=Action.EXPORT)
@staff_page(action=Action.MANAGE_SYSTEMS)
def systems_export(request: HttpRequest) -> HttpResponse:
    """The same list with every key, as a workbook; secrets are nowhere to be had."""
    rows = _found(request)[1]
    return exports.workbook(selectors.system_lines(rows), selectors.keys_of_systems(rows), request.at)


@staff_page(action=Action.MANAGE_SYSTEMS)
def system_new(request: HttpRequest) -> HttpResponse:
    """Register a system."""
    today = localdate(request.at)
    paths = posts.scope_paths(request.user, Action.MANAGE_SYSTEMS, today)
    places = areas.down_to_villages(paths)
    form = SystemForm(
        request.POST or None,
        areas=[(one.code, words.named(one)) for one in places],
        items=[(scheme, list(items.items())) for scheme, items in _items(request).items()],
    )
    if form.is_valid():
        given = form.cleaned_data
        with guarded(request, form):
            row = services.register_system(
                name=given["name"], area=scope.one_of(places, given["area"]),
                items=[split_scheme_item(one) for one in given["items"]],
                per_minute=given["per_minute"], by=request.user, at=request.at,
            )  # fmt: skip
            return done(request, gettext("系统登记好了，请发一把密钥。"), "desk:system", row.pk)
    return page_or_partial(request, "desk/systems/new.html", form=form)


def _items(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Title of each scheme in force in the reader's villages → its items that may be pushed, each once."""
    villages = scope.villages(request, Action.MANAGE_SYSTEMS)
    found: dict[str, dict[str, str]] = {}
    for document in participants.documents_in_force(villages, localdate(request.at)):
        for _section, items in claims.items_of(document, Channel.SYSTEM):
            for item in items:
                under = found.setdefault(words.say(document.title), {})
                under[scheme_item(document.id, item.id)] = words.say(item.title)
    return found


def _titles(request: HttpRequest) -> dict[str, str]:
    """What a system may push, in words: scheme and item."""
    return {
        key: f"{scheme} · {title}"
        for scheme, items in _items(request).items()
        for key, title in items.items()
    }


@staff_page(action=Action.MANAGE_SYSTEMS)
def system(request: HttpRequest, system_id: int) -> HttpResponse:
    """A system with its keys and what it pushed last."""
    return _page(request, system_id)


def _system(request: HttpRequest, system_id: int) -> Any:
    with or_404():
        return selectors.system_of(request.user, system_id, on=localdate(request.at))


def _page(request: HttpRequest, system_id: int, **more: Any) -> HttpResponse:
    today = localdate(request.at)
    row = _system(request, system_id)
    context = {
        "key_form": KeyForm(),
        "system": row,
        "keys": selectors.keys_of(row),
        "pushed": selectors.last_pushed(request.user, row, on=today),
        "titles": _titles(request),
        "mine": row.owner_id == request.user.pk,
        "address": request.build_absolute_uri(reverse("api:claims")),
        "openapi": request.build_absolute_uri(reverse("api:openapi-json")),
    }
    return page_or_partial(request, "desk/systems/page.html", **context | more)


@staff_page(action=Action.MANAGE_SYSTEMS)
@require_POST
def key_new(request: HttpRequest, system_id: int) -> HttpResponse:
    """A new key; its secret stands on this one answer and nowhere else."""
    _system(request, system_id)
    form = KeyForm(request.POST)
    if form.is_valid():
        with guarded(request):
            _key, secret = services.issue_key(
                system_id=system_id, by=request.user, at=request.at, **form.cleaned_data
            )
            answer = _page(request, system_id, secret=secret)
            answer["Cache-Control"] = "no-store"
            return answer
    else:
        messages.error(request, gettext("请求不完整，没有发密钥。请在本页重新点“发一把密钥”。"))
    return redirect("desk:system", system_id)


@staff_page(action=Action.MANAGE_SYSTEMS)
def key_revocation(request: HttpRequest, system_id: int, key_id: int) -> HttpResponse:
    """The key opens nothing any more."""
    back = reverse("desk:system", args=[system_id])
    _system(request, system_id)
    if request.method == "POST":
        with guarded(request):
            services.revoke_key(key_id=key_id, system_id=system_id, by=request.user, at=request.at)
            return done(request, gettext("密钥已停用。"), back)
        return redirect(back)
    return confirm(
        request, title=gettext("停用这把密钥？"), text=gettext("停用之后，对方系统用它就推送不进来了。"),
        button=gettext("停用密钥"), back=back, danger=True,
    )  # fmt: skip


@staff_page(action=Action.MANAGE_SYSTEMS)
@require_POST
def taking_over(request: HttpRequest, system_id: int) -> HttpResponse:
    """Answer for the system from now on."""
    _system(request, system_id)
    with guarded(request):
        services.take_over_system(system_id=system_id, by=request.user, at=request.at)
        return done(request, gettext("这个系统现在由您负责。"), "desk:system", system_id)
    return redirect("desk:system", system_id)
