"""Every request reads as its reader and as the web role: the database's half of the scope, entered and left here.

It comes before anything asks for `request.user`, whose row is itself protected. What a scope is, `core.scope` says.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jizhi.core import scope


class ScopeMiddleware:
    """Stands after authentication and before everything that asks the database for more than the session."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        session = request.session.get(SESSION_KEY)
        try:
            scope.enter(int(session) if session else None, today)
        except (OperationalError, InterfaceError):
            return HttpResponse("the database does not answer", status=503, content_type="text/plain")
        try:
            if session and not request.user.is_authenticated:  # a session that a new password has ended
                scope.enter(None, today)
            return self.answer(request)
        finally:
            scope.leave()
