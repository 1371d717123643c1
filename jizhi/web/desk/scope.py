"""Which villages a page of the desk may offer. Whoever serves one village never meets the choice.

The permission itself is checked by selectors and services; this only decides what to ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.utils.timezone import localdate

from jizhi.areas import selectors as areas
from jizhi.participants import selectors as participants
from jizhi.posts import selectors as posts
from jizhi.posts.rules import Action
from jizhi.web.templatetags import jizhi as words

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


def schemes(request: HttpRequest, among: Sequence[Area]) -> list[participants.SchemeChoice]:
    """The schemes in force anywhere among the villages, households first."""
    return participants.scheme_choices(among, localdate(request.at))


def scheme_titles(request: HttpRequest, among: Sequence[Area]) -> list[tuple[str, str]]:
    """The same as choices of a form: number and title in the reader's language."""
    return [(one.id, words.say(one.title)) for one in schemes(request, among)]


def scheme(request: HttpRequest, village: Area) -> str:
    """The scheme that `scheme` asks for, or the village's first; the households' where none is in force."""
    wanted = request.POST.get("scheme") or request.GET.get("scheme") or ""
    known = [one.id for one in schemes(request, [village])]
    if wanted and wanted not in known and wanted != participants.HOUSEHOLD_SCHEME:
        raise Http404
    return wanted or next(iter(known), participants.HOUSEHOLD_SCHEME)


def villages_around(request: HttpRequest, action: Action) -> tuple[Area, ...]:
    """As `villages`, and for whoever serves a part of a village that village, too."""
    paths = posts.scope_paths(request.user, action, localdate(request.at))
    return areas.villages_around(paths)


def one_of(among: tuple[Area, ...], code: str) -> Area:
    """The village of that code among those offered, or the first one where none is named; else Http404."""
    for one in among:
        if one.code == code or not code:
            return one
    raise Http404


def may_around(request: HttpRequest, action: Action, area: Area) -> bool:
    """Whether the reader may do the action in the area, above it, or in some part of it."""
    return posts.can_somewhere_in(request.user, action, area, localdate(request.at))


def may(request: HttpRequest, action: Action, area: Area | None = None) -> bool:
    """Whether the reader may do the action in the area, or anywhere."""
    today = localdate(request.at)
    if area is None:
        return bool(posts.scope_paths(request.user, action, today))
    return posts.can(request.user, action, area, today)
