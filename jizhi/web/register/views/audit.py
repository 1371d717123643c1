"""The audit trail: who did what to which record, when and where. It can only be read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from jizhi.areas import selectors as areas
from jizhi.core import trail
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.desk import listing, scope
from jizhi.web.pages import page_or_partial, staff_page
from jizhi.web.register.exports import audit as exports
from jizhi.web.register.forms.audit import AuditSearch
from jizhi.web.register.templatetags import register as words
from jizhi.web.templatetags import jizhi

EXPORTED = 20_000


def _found(request: HttpRequest) -> tuple[AuditSearch, Any]:
    today = localdate(request.at)
    villages = scope.villages(request, Action.VIEW_AUDIT)
    verbs = sorted(((verb, words.verb_words(verb)) for verb in trail.verbs()), key=lambda one: one[1])
    search = AuditSearch(request.GET, verbs=verbs, areas=[(one.code, jizhi.named(one)) for one in villages])
    paths = posts.scope_paths(request.user, Action.VIEW_AUDIT, today)
    code = search.value("area")
    scopes = [*paths, *areas.former_paths(paths)]
    rows = trail.events(
        None if request.user.is_superuser else scopes,
        within=_with_former(str(areas.area_by_code(code).path)) if code else None,
        **search.filters,
    )
    return search, rows


@staff_page(action=Action.VIEW_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """The events of the reader's areas, newest first."""
    search, rows = _found(request)
    page = listing.page_of(request, rows, trail.lines, size=50)
    return page_or_partial(
        request,
        "register/audit/list.html",
        search=search,
        page=page,
        filtered=bool(search.value("area") or any(search.filters.values())),
        places=_places(page.object_list),
        may_export=scope.may(request, Action.EXPORT),
    )


def _with_former(path: str) -> list[str]:
    """Events keep the path of their day: those of an area that was moved stand below its former paths, too."""
    return [path, *areas.former_paths([path])]


def _places(lines: list[trail.EventLine]) -> dict[str, str]:
    """Names of the areas on this page by path."""
    return areas.names_by_path({line.area_path for line in lines if line.area_path})


@staff_page(action=Action.EXPORT)
@staff_page(action=Action.VIEW_AUDIT)
def audit_export(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    lines = trail.lines(_found(request)[1][:EXPORTED])
    return exports.audit(lines, _places(lines), request.at)
