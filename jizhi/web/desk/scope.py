"""Which villages a page of the desk may offer. Whoever serves one village never meets the choice.

The permission itself is checked by selectors and services; this only decides what to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.utils.timezone import localdate

from jizhi.areas import selectors as areas
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action

if TYPE_CHECKING:
    from jizhi.areas.models import Area


def villages(request: HttpRequest, action: Action = Action.VIEW_DESK) -> tuple[Area, ...]:
    """The villages in which the reader may do the action today, in tree order."""
    return areas.villages(posts.scope_paths(request.user, action, localdate(request.at)))


def village(request: HttpRequest, action: Action, code: str = "") -> Area:
    """The village of that code, or the first one where none is named. Http404 outside the reader's scope."""
    for one in villages(request, action):
        if one.code == code or not code:
            return one
    raise Http404


def may(request: HttpRequest, action: Action, area: Area | None = None) -> bool:
    """Whether the reader may do the action in the area, or anywhere."""
    today = localdate(request.at)
    if area is None:
        return bool(posts.scope_paths(request.user, action, today))
    return posts.can(request.user, action, area, today)
