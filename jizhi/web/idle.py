"""Keeps a used session alive: it ends after idle time, so each use moves its end, written at most once a minute.

How long a session may idle is a setting (staff) or set when signing in (household cards); nothing here decides it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

TOUCH_SECONDS = 60


class IdleMiddleware:
    """Stands after authentication; touches the session of a signed-in reader."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(timezone.now().timestamp())
        if request.user.is_authenticated and now - request.session.get("used", 0) >= TOUCH_SECONDS:
            request.session["used"] = now
        return self.answer(request)
