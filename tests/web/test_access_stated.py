"""Every page says who may open it, and the statement is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from jizhi.posts.rules import Action
from jizhi.web import pages

# Answers to machines: they show nothing of the village.
STATED_ELSEWHERE = {"healthz"}


def _views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _views(entry, address)
        elif isinstance(entry, URLPattern):
            yield address, entry.callback


def test_every_view_states_its_readers() -> None:
    silent = [
        address
        for address, view in _views(get_resolver())
        if address not in STATED_ELSEWHERE
        and not address.startswith("api/")  # asks every call for a key
        and not isinstance(getattr(view, "access", None), pages.Access)
    ]
    assert not silent, "views without @anyone, @signed_in, @household_page or @staff_page:\n" + "\n".join(
        silent
    )


# The storekeeper takes the shelf and what was handed out along; the history of imports shows whose they are anyway.
EXPORTED_OTHERWISE = {"goods_export", "redemptions_export", "imports_export"}


def test_every_export_asks_for_the_permission_to_export() -> None:
    exports = {
        view.__name__: view.access
        for _address, view in _views(get_resolver())
        if getattr(view, "__name__", "").endswith("_export") and view.access.who == "staff"
    }
    others = {name for name, access in exports.items() if access.action is not Action.EXPORT}
    assert len(exports) > 40 and others == EXPORTED_OTHERWISE


def _ask(view: Any, user: Any) -> HttpResponse:
    request = RequestFactory().get("/somewhere/")
    request.user, request.at = user, timezone.localtime()
    return view(request)


def _page(request: Any) -> HttpResponse:
    return HttpResponse("shown")


def test_staff_pages_refuse_households(household: Any) -> None:
    with pytest.raises(PermissionDenied):
        _ask(pages.staff_page()(_page), household)


def test_household_pages_refuse_staff(clerk: Any) -> None:
    with pytest.raises(PermissionDenied):
        _ask(pages.household_page(_page), clerk)


def test_an_action_needs_a_post(clerk: Any, superuser: Any, village: Any) -> None:
    view = pages.staff_page(action=Action.SETTLE)(_page)
    assert _ask(view, superuser).content == b"shown"
    with pytest.raises(PermissionDenied):
        _ask(view, clerk)


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    from django.contrib.auth.models import AnonymousUser

    answer = _ask(pages.staff_page()(_page), AnonymousUser())
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/staff/?next=%2Fsomewhere%2F"
    assert _ask(pages.household_page(_page), AnonymousUser())["Location"] == (
        "/sign-in/household/?next=%2Fsomewhere%2F"
    )
