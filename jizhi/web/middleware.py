"""What every request carries: the moment it happened (`request.at`) and its reader's language.

Also keeps a used session alive, writing at most once a minute. No permission is decided here.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

_TOUCH_SECONDS = 60


class RequestMiddleware:
    """Sets `request.at` (aware, Asia/Shanghai) and activates the signed-in user's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.localtime()  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            _keep_alive(request)
        return self.get_response(request)


def _keep_alive(request: HttpRequest) -> None:
    """A session ends after idle time, so each use moves its end, but not each use is worth a write."""
    now = int(request.at.timestamp())  # type: ignore[attr-defined]
    if now - request.session.get("seen", 0) >= _TOUCH_SECONDS:
        request.session["seen"] = now
